/** Numbers as people type them and as settings are written: point or comma, thousands, powers of ten. */

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** Longer than any number that somebody means. */
const LONGEST = 60;

/** Typed characters that stand for another one. */
function plain(text: string): string {
  return text
    .replace(/[\u2212\u2012\u2013]/g, '-')
    .replace(/⁻/g, '-')
    .replace(/⁺/g, '+')
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (c) => String(SUPERSCRIPTS.indexOf(c)))
    .trim();
}

/** "10⁻³" → "10^-3": the raised digits become a plain exponent. */
function lowered(text: string): string {
  return text.replace(/([0-9])([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)/g, '$1^$2');
}

const POWER = /^(?:(.+?)\s*[·*×]\s*|([+-])\s*)?10\s*\^\s*\(?([+-]?\d{1,4})\)?$/;
const EXPONENT = /^(.*?)[eE]([+-]?\d{1,4})$/;

/**
 * Every way to read a typed number, the likeliest first; empty where it is none. "1,024" is 1024 and else 1.024, "0,5" is
 * 0.5, "1.234,5" is 1234.5, "2·10^-3", "10⁻³" and "1e-3" are powers of ten. Overflow is no number.
 */
export function readings(typed: string): number[] {
  if (typed.length > LONGEST) return [];
  const text = plain(lowered(typed));
  const power = POWER.exec(text);
  if (power) return scaled(power[1] ?? `${power[2] ?? ''}1`, power[3]);
  const exponent = EXPONENT.exec(text);
  return exponent ? scaled(exponent[1], exponent[2]) : scaled(text, '0');
}

function scaled(mantissa: string, exponent: string): number[] {
  const values = decimals(mantissa.trim()).map((m) => Number(`${m}e${Number(exponent)}`));
  return values.filter((value, i) => Number.isFinite(value) && values.indexOf(value) === i);
}

/** The plain decimals ("-1234.5") that a text without exponent can mean. */
function decimals(text: string): string[] {
  const match = /^([+-]?)\s*([\d.,'’_\s\u00a0\u2009\u202f]+)$/.exec(text);
  if (!match || !/\d/.test(match[2])) return [];
  const [, sign, body] = match;
  const found = [grouped(body), decimal(body, '.'), decimal(body, ',')].filter((value) => value !== null);
  return found.map((value) => (sign === '-' ? `-${value}` : value));
}

/** Thousands apart, by one kind of sign throughout: "12,345", "1 234 567.8", "1.234,5"; null where they are not. */
function grouped(body: string): string | null {
  const match = /^([1-9]\d{0,2})([,.'’_\s\u00a0\u2009\u202f])(\d{3}(?:\2\d{3})*)(?:([.,])(\d*))?$/.exec(body);
  if (!match) return null;
  const [, head, by, rest, point, fraction] = match;
  if (point === by) return null;
  // One point and three digits after it is a decimal: the page itself writes points so.
  if (by === '.' && point === undefined && rest.length === 3) return null;
  return `${head}${rest.split(by).join('')}.${fraction ?? ''}0`;
}

function decimal(body: string, point: '.' | ','): string | null {
  const parts = body.split(point);
  if (parts.length > 2 || parts.some((part) => /\D/.test(part))) return null;
  return `${parts[0] || '0'}.${parts[1] ?? ''}0`;
}
