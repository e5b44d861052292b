/** Numbers as the page prints them: true minus sign, thousands comma, "8.1·10⁻³", never "1e-3". */

import { format } from 'd3-format';
import { superscript } from '../experiment/written.ts';

const MINUS = '−';

/**
 * A measured value with so many significant digits, zeros kept so that a live read-out does not jump about. Plain from
 * 0.01 up to 1,000, "8.12·10⁻³" outside.
 */
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

/** A setting or a constant: at most so many significant digits, without zeros at the end. "32", "13.7", "0.5". */
export function trimmed(value: number, digits = 3): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return count(value);
  return number(value, digits)
    .replace(/(\.\d*?)0+(?=·|$)/, '$1')
    .replace(/\.(?=·|$)/, '');
}

/** A count, all its digits: "16,777,216". */
export const count = format(',d');

/** "1 number", "2 numbers": a count with its noun. */
export function counted(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** A share in percent: whole numbers, below one percent a single digit: "25 %", "0.2 %", "200 %". */
export function percent(fraction: number): string {
  const value = fraction * 100;
  if (value === 0) return '0 %';
  return `${value < 0.95 ? trimmed(value, 1) : count(value)} %`;
}

/** A tick of a logarithmic axis, a power of ten: in figures near 1, as a power further away. */
export function powerOfTen(exponent: number): string {
  if (exponent < -3 || exponent > 3) return `10${superscript(exponent)}`;
  return exponent < 0 ? (10 ** exponent).toFixed(-exponent) : count(10 ** exponent);
}
