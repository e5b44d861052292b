/** Up to four decimals, as in a calculation by hand: "−0.5313", "2", "0". */
export function fourDecimals(value: number): string {
  const short = Number(value.toFixed(4));
  return short === 0 ? '0' : String(short).replace('-', '−');
}

/** Three decimals, kept, in a picture of many numbers; a whole number without them. */
export function threeDecimals(value: number): string {
  if (Number.isInteger(value)) return fourDecimals(value);
  const text = value.toFixed(3);
  return Number(text) === 0 ? '0.000' : text.replace('-', '−');
}

/** In a product: a negative factor stands in brackets. */
export const asFactor = (text: string) => (text.startsWith('−') ? `(${text})` : text);
