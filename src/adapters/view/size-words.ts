import { count, display } from '../../experiment/numbers.ts';

/** Three significant digits, "1.20", "36.7". */
const three = (value: number) => (value >= 100 ? count(value) : value.toPrecision(3));

/** A size in bytes for a person, number and unit: 10⁶ bytes are a MB. */
export function sizeParts(bytes: number): readonly [number: string, unit: string] {
  if (bytes >= 1e9) return [three(bytes / 1e9), 'GB'];
  if (bytes >= 1e5) return [three(bytes / 1e6), 'MB'];
  return bytes >= 1e3 ? [three(bytes / 1e3), 'kB'] : [String(bytes), 'bytes'];
}

export const megabytes = (bytes: number): string => sizeParts(bytes).join(' ');

/** ", about 3 s left"; '' if it is unknown or as good as over. */
export function timeLeftWords(seconds: number | null): string {
  if (seconds === null || seconds < 0.5) return '';
  return seconds < 90 ? `, about ${Math.round(seconds)} s left` : `, about ${Math.round(seconds / 60)} min left`;
}

/** A relative error: three digits after the point, and its power of ten if that would be 0.000. */
export function errorWords(error: number): string {
  return error === 0 || error >= 0.001 ? error.toFixed(error === 0 ? 0 : 3) : display(error, 2);
}
