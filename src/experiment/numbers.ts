/**
 * Numbers on the page and in messages: a true minus sign, thousands apart by a comma, powers of ten as "8.1·10⁻³" and
 * never "8.1e-3".
 */

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const MINUS = '−';

/** A count, all its digits: "16,777,216". */
export function count(value: number): string {
  return (value < 0 ? MINUS : '') + thousands(String(Math.abs(Math.round(value))));
}

const thousands = (digits: string) => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** "1 number", "2 numbers": a count with its noun. */
export function plural(n: number, noun: string, write: (n: number) => string = count): string {
  return `${write(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** With a capital: "the rank" is "The rank". */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const ENDS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });

/** A place in a row: 2 is "2nd", 11 "11th", 1002 "1,002nd". */
export function ordinal(n: number): string {
  return `${count(n)}${ENDS[ordinals.select(n)]}`;
}

/** A measured value with `digits` significant digits, plain from 0.01 to 1,000, else "8.12·10⁻³". */
export function number(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'not a number';
  const sign = value < 0 ? MINUS : '';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size === Number.POSITIVE_INFINITY) return `${sign}∞`;
  // Rounded first: 999.6 is 1.00·10³ with three digits, and 0.009996 is 0.0100.
  const [mantissa, exponent] = size.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power < -2 || power > 2) return `${sign}${mantissa}·10${superscript(power)}`;
  return sign + (Number(mantissa) * 10 ** power).toFixed(Math.max(0, digits - 1 - power));
}

/** A share in percent: integers, below one percent a single digit: "25%", "0.2%", "200%". */
export function percent(fraction: number): string {
  const value = fraction * 100;
  if (value === 0) return '0%';
  return `${value < 0.95 ? trim(value, 1) : count(value)}%`;
}

/** A value in a sentence, with `digits` significant digits and a power of ten outside 10⁻⁴ … 10⁴. */
export function round(value: number, digits: number): string {
  const short = Number(value.toPrecision(digits));
  const size = Math.abs(short);
  return size === 0 || (size >= 1e-4 && size < 1e4) ? String(short) : asPower(short);
}

/** A setting or a constant next to measured values: like `number`, without trailing zeros. "32", "13.7", "0.5". */
export function trim(value: number, digits = 3): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return count(value);
  return number(value, digits)
    .replace(/(\.\d*?)0+(?=·|$)/, '$1')
    .replace(/\.(?=·|$)/, '');
}

/** A setting in its control: `digits` significant digits, powers of ten only if very small or large. */
export function display(value: number, digits = 3): string {
  if (value === Number.POSITIVE_INFINITY) return '∞';
  if (!Number.isFinite(value)) return 'not a number';
  return inFull(Number(value.toPrecision(digits)), thousands);
}

/** A tick of a control: integers in full; powers of ten from 0.01 down, and from a million up, as such. */
export function tickText(value: number): string {
  if (value > 0 && value <= 0.01 && value.toExponential().startsWith('1e')) return asPower(value);
  return Number.isInteger(value) && value < 1e6 ? count(value) : display(value);
}

/** A setting in a field: all its digits; reads back as the same number. */
export function exactText(value: number): string {
  return inFull(value, (digits) => digits);
}

function inFull(value: number, apart: (digits: string) => string): string {
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : '';
  if (size !== 0 && (size < 1e-3 || size >= 1e16)) return asPower(value);
  const [integer, fraction] = String(size).split('.');
  return sign + (fraction === undefined ? apart(integer) : `${apart(integer)}.${fraction}`);
}

/** Above it, zeros are hard to count. */
const LARGE = 1e9;

/** A number in a message about a link or a file, all its digits: 0.0052, 1000, 10⁻²⁰, 1.6·10⁻⁵. */
export function allDigits(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '−∞' : '∞';
  return String(value).includes('e') || Math.abs(value) >= LARGE ? asPower(value) : String(value).replace('-', MINUS);
}

/** All digits and a power of ten: 0.00012 is "1.2·10⁻⁴", 10³⁰ "10³⁰". */
function asPower(value: number): string {
  const [digits, exponent] = Math.abs(value).toExponential().split('e');
  const power = `10${superscript(Number(exponent))}`;
  return `${value < 0 ? MINUS : ''}${digits === '1' ? power : `${digits}·${power}`}`;
}

/** A tick of a logarithmic axis: figures near 1, else a power of ten. */
export function powerOfTen(exponent: number): string {
  if (exponent < -3 || exponent > 3) return `10${superscript(exponent)}`;
  return exponent < 0 ? (10 ** exponent).toFixed(-exponent) : count(10 ** exponent);
}

/** An integer as an exponent: −3 gives "⁻³". */
export function superscript(n: number): string {
  return String(n).replace(/./g, (c) => (c === '-' ? '⁻' : RAISED[Number(c)]));
}

/** "90 s", "45 min", "3 hours": in the usual unit. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  const hours = Math.round(seconds / 3600);
  return hours < 48 ? `${hours} hours` : `${Math.round(seconds / 86_400)} days`;
}

/** Text for a table cell: a spreadsheet takes such a beginning for a formula, and names come from outside. */
const safe = (text: string): string => (/^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** A field of CSV (RFC 4180); numbers as they are, empty for null. */
export function csvField(value: unknown): string {
  const text = value === null || value === undefined ? '' : typeof value === 'string' ? safe(value) : String(value);
  return /[",\r\n]/.test(text) ? quotedField(text) : text;
}

/** A comment line with "#", one quoted field if text behind one of its commas would be a formula. */
export function csvComment(text: string): string {
  const line = `# ${text.replace(/[\r\n]+/g, ' ')}`;
  return /[,;\t]["'\s]*[=+\-@]/.test(line) ? quotedField(line) : line;
}

const quotedField = (text: string) => `"${text.replaceAll('"', '""')}"`;
