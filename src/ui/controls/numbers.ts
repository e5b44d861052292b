import { count } from '../../charts/format.ts';
import { asPower } from '../../experiment/written.ts';

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

/** A setting on screen: three significant digits, true minus, thousands comma, powers of ten where it is very small or large. */
export function shown(value: number, digits = 3): string {
  if (value === Number.POSITIVE_INFINITY) return '∞';
  if (!Number.isFinite(value)) return 'not a number';
  const rounded = Number(value.toPrecision(digits));
  return written(rounded);
}

/** A number with all its digits, as the page writes numbers; reads back as the same number. */
export function exact(value: number): string {
  return written(value, false);
}

function written(value: number, thousands = true): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size !== 0 && (size < 1e-3 || size >= 1e16)) return asPower(value);
  const [integer, fraction] = String(size).split('.');
  const apart = thousands ? integer.replace(/\B(?=(\d{3})+$)/g, ',') : integer;
  return sign + (fraction === undefined ? apart : `${apart}.${fraction}`);
}

/** A tick: whole numbers in full; powers of ten from 0.01 down, and from a million up, as such. */
export function tickText(value: number): string {
  if (value > 0 && value <= 0.01 && value.toExponential().startsWith('1e')) return asPower(value);
  return Number.isInteger(value) && value < 1e6 ? count(value) : shown(value);
}
