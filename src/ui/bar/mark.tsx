/** B and A at the corner of their product: the parts of the page's icon (public/icon.svg), in a square of 16. */
export const MARK: readonly { readonly part: 'a' | 'b' | 'dw'; readonly opacity: number; readonly d: string }[] = [
  { part: 'b', opacity: 1, d: 'M0 4h3v12H0z' },
  { part: 'a', opacity: 1, d: 'M4 0h12v3H4z' },
  { part: 'dw', opacity: 1, d: 'M4 4h4v4H4zM12 4h4v4h-4zM4 12h4v4H4zM12 12h4v4h-4z' },
  { part: 'dw', opacity: 0.45, d: 'M8 4h4v4H8zM4 8h4v4H4zM12 8h4v4h-4zM8 12h4v4H8z' },
  { part: 'dw', opacity: 0.16, d: 'M8 8h4v4H8z' },
];

/** The mark in the theme's colours. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 16 16" aria-hidden="true">
      {MARK.map(({ part, opacity, d }) => (
        <path key={d} className={part} opacity={opacity} d={d} />
      ))}
    </svg>
  );
}
