/** Why a file is not read: a sentence without its full stop. */
export class ReadError extends Error {
  /** With a capital and a full stop. */
  get sentence(): string {
    return `${this.message[0].toUpperCase()}${this.message.slice(1)}.`;
  }
}

const LONGEST = 80;

/** Replaces each invisible or bidirectional character of a text from a file. */
export const visibleText = (text: string): string => text.replace(/[\p{C}\u2028\u2029]/gu, '�');

/** A name from a file, safe to show: cut, without invisible or bidirectional characters. */
export function safeName(name: string): string {
  const clean = visibleText(name.slice(0, LONGEST + 1));
  return `“${clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean}”`;
}

export const countText = (n: number): string =>
  n < 1e4 ? String(n) : n.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** "3,145,728 bytes", "1 byte". */
export const bytesText = (n: number): string => (n === 1 ? '1 byte' : `${n.toLocaleString('en-US')} bytes`);

/** "150 MB": 10⁶ bytes each. */
export function megabytesText(n: number): string {
  if (n < 1e6) return bytesText(n);
  return `${(n / 1e6).toLocaleString('en-US', { maximumFractionDigits: n < 1e8 ? 1 : 0 })} MB`;
}

/** The first duplicate; null for none. */
export function twice(names: readonly string[]): string | null {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size) ?? null;
}
