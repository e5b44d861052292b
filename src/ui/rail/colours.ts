export type Rgb = readonly [number, number, number];

/** Tokens in force at an element, as red, green and blue from 0 to 255. They are written as six hexadecimal digits. */
export function colours(element: Element, tokens: readonly string[]): Rgb[] {
  const style = getComputedStyle(element);
  return tokens.map((token) => {
    const hex = Number.parseInt(style.getPropertyValue(token).trim().slice(1), 16);
    return [(hex >> 16) & 255, (hex >> 8) & 255, hex & 255];
  });
}
