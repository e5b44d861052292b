export type Rgb = readonly [number, number, number];

/** "#1b1e22", or the "#fff" that a minifier makes of it, as red, green and blue from 0 to 255. */
export function rgb(token: string): Rgb {
  const digits = token.trim().slice(1);
  const six = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const hex = Number.parseInt(six, 16);
  return [(hex >> 16) & 255, (hex >> 8) & 255, hex & 255];
}

/** Tokens in force at an element. */
export function colours(element: Element, tokens: readonly string[]): Rgb[] {
  const style = getComputedStyle(element);
  return tokens.map((token) => rgb(style.getPropertyValue(token)));
}
