const group = (n: number) => n.toLocaleString('en');

/** Three digits that count, "1.20", "36.7". */
const three = (value: number) => (value >= 100 ? group(Math.round(value)) : value.toPrecision(3));

/** A size in bytes for a person: 10⁶ bytes are a MB. */
export function megabytes(bytes: number): string {
  if (bytes >= 1e9) return `${three(bytes / 1e9)} GB`;
  if (bytes >= 1e5) return `${three(bytes / 1e6)} MB`;
  return bytes >= 1e3 ? `${three(bytes / 1e3)} kB` : `${bytes} bytes`;
}

/** ", about 3 s left"; nothing where it is not known or as good as over. */
export function leftWords(seconds: number | null): string {
  if (seconds === null || seconds < 0.5) return '';
  return seconds < 90 ? `, about ${Math.round(seconds)} s left` : `, about ${Math.round(seconds / 60)} min left`;
}
