import type { LinkFault } from '../link/link.ts';

// Lists in a value of a link: "rank:2,alpha:4;init:pissa". A value that holds one of , ; : % is percent-encoded.

export function escapeValue(value: string): string {
  return value.replace(/[%,;:]/g, encodeURIComponent);
}

/** A piece of a list, decoded; null if its percent signs are invalid. */
export function unescapeValue(piece: string): string | null {
  try {
    return decodeURIComponent(piece);
  } catch {
    return null;
  }
}

export function pieces(text: string, separator: string): string[] {
  return text.split(separator).filter((piece) => piece !== '');
}

/** "key:rest" in two; without a colon the rest is null. */
export function splitKey(piece: string): readonly [key: string, rest: string | null] {
  const at = piece.indexOf(':');
  return at < 0 ? [piece, null] : [piece.slice(0, at), piece.slice(at + 1)];
}

export function partFault(key: string, part: string, said: string): LinkFault {
  return { kind: 'part', key, part, said };
}
