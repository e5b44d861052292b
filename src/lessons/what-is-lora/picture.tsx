/** W₀, and beside it B, A and their product. */
export function Picture() {
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      <rect className="w0 fill" x="1" y="2" width="36" height="36" />
      <path className="b fill" d="M50 6h5v32h-5z" />
      <path className="a fill" d="M56 1h29v4H56z" />
      <rect className="dw dotted" x="56.5" y="6.5" width="28" height="31" />
    </svg>
  );
}
