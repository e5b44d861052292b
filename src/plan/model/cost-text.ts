import { count, trim } from '../../experiment/numbers.ts';
import { GIB } from './counts.ts';

/** "128×", "1.5×": how many times fewer; past the break-even rank no saving. */
export function savingText(fewer: number): string {
  if (fewer < 1) return 'more than full';
  if (fewer === 1) return 'as many';
  return `${fewer >= 100 ? count(Math.floor(fewer)) : trim(Math.floor(fewer * 10) / 10)}×`;
}

/** "0.25%", "12.4%", "0.0031%": two or three digits. */
export function shareText(share: number): string {
  const percent = 100 * share;
  if (percent === 0) return '0%';
  if (percent >= 10) return `${percent.toFixed(1)}%`;
  return `${Number(percent.toPrecision(2))}%`;
}

/** "33.6 MB": powers of ten, as for files. */
export function fileText(bytes: number): string {
  const units = [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const;
  const [unit, name] = units.find(([size]) => bytes >= size) ?? [1, 'bytes'];
  const value = bytes / unit;
  return `${value >= 99.95 || unit === 1 ? count(value) : value.toFixed(1)} ${name}`;
}

/** "12.6", "1,043": GiB. */
export function memoryText(bytes: number): string {
  const gib = bytes / GIB;
  return gib >= 999.5 ? count(gib) : gib.toFixed(1);
}

/** One number, or the first and the last of several: "160 to 640". */
export function spanText(values: readonly number[], write: (value: number) => string = count): string {
  const [first, last] = [Math.min(...values), Math.max(...values)];
  return first === last ? write(first) : `${write(first)} to ${write(last)}`;
}
