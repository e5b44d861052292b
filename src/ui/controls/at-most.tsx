/** Beside a field that takes no more characters: why typing has no effect. */
export function AtMost({ text, most }: { readonly text: string; readonly most: number }) {
  return (
    <span className="note at-most" role="status">
      {text.length >= most && `${most} characters at most`}
    </span>
  );
}
