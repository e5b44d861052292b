const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** From here on nobody counts zeros. */
const LARGE = 1e9;

/** All digits as people write them: 0.0052, 1000, 10⁻²⁰, 1.6·10⁻⁵; never "1e-20". */
export function written(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '−∞' : '∞';
  return String(value).includes('e') || Math.abs(value) >= LARGE ? asPower(value) : String(value).replace('-', '−');
}

/** The same with so many significant digits, and a power of ten outside 10⁻⁴ … 10⁴. */
export function rounded(value: number, digits: number): string {
  const short = Number(value.toPrecision(digits));
  const size = Math.abs(short);
  return size === 0 || (size >= 1e-4 && size < 1e4) ? String(short) : asPower(short);
}

/** 0.00012 is "1.2·10⁻⁴", 10³⁰ "10³⁰": all its digits. */
export function asPower(value: number): string {
  const [digits, exponent] = Math.abs(value).toExponential().split('e');
  const power = `10${superscript(Number(exponent))}`;
  return `${value < 0 ? '−' : ''}${digits === '1' ? power : `${digits}·${power}`}`;
}

/** A whole number as an exponent: −3 gives "⁻³". */
export function superscript(n: number): string {
  return String(n).replace(/./g, (c) => (c === '-' ? '⁻' : RAISED[Number(c)]));
}

const ENDS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });

/** A place in a row: 2 is "2nd", 11 "11th", 1002 "1,002nd". */
export function ordinal(n: number): string {
  return `${n.toLocaleString('en')}${ENDS[ordinals.select(n)]}`;
}
