import { written } from '../../written.ts';
import type { Draft, Kind, Read, Words } from './kind.ts';

export interface Numeric<T> extends Kind<T> {
  readonly kind: 'integer' | 'number';
  readonly min: (e: Draft) => number;
  readonly max: (e: Draft) => number;
  readonly scale: 'log' | 'linear';
  /** How a value that is no number is written: null for "left out", or a word for infinity. */
  readonly special?: 'null' | 'max';
}

/** A decimal number as people write it: no hexadecimal, no blanks, no "Infinity", no empty text. */
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?$/;
/** Longer than any number that a link writes; what is longer is not even looked at. */
const LONGEST_NUMBER = 40;

type Bound = number | ((e: Draft) => number);
const asFunction = (bound: Bound) => (typeof bound === 'number' ? () => bound : bound);

interface NumericOptions<T> extends Words {
  readonly min: Bound;
  readonly max: Bound;
  readonly scale?: 'log' | 'linear';
  readonly special?: 'null' | 'max';
  readonly default: T | ((e: Draft) => T);
}

function numeric<T extends number | null>(kind: 'integer' | 'number', options: NumericOptions<T>): Numeric<T> {
  const min = asFunction(options.min);
  const max = asFunction(options.max);
  const { special } = options;
  const allowed = (e: Draft) => {
    const range = `${written(min(e))} to ${written(max(e))}`;
    const whole = kind === 'integer' ? ', whole numbers' : '';
    return range + whole + (special === 'max' ? ', or max' : '');
  };
  const check = (value: unknown, e: Draft): Read<T> => {
    if (special === 'null' && value === null) return { value: null as T };
    if (special === 'max' && (value === Number.POSITIVE_INFINITY || value === 'max'))
      return { value: Number.POSITIVE_INFINITY as T };
    const ok =
      typeof value === 'number' &&
      Number.isFinite(value) &&
      value >= min(e) &&
      value <= max(e) &&
      (kind === 'number' || Number.isSafeInteger(value));
    return ok ? { value: (value === 0 ? 0 : value) as T } : { fault: allowed(e) };
  };
  const fallback = options.default;
  return {
    ...options,
    kind,
    min,
    max,
    scale: options.scale ?? 'linear',
    default: typeof fallback === 'function' ? (fallback as (e: Draft) => T) : () => fallback as T,
    allowed,
    check,
    read: (text, e) => {
      if (special === 'max' && text === 'max') return { value: Number.POSITIVE_INFINITY as T };
      return text.length <= LONGEST_NUMBER && DECIMAL.test(text) ? check(Number(text), e) : { fault: allowed(e) };
    },
    write: (value) => (value === null ? null : writeNumber(value)),
  };
}

/** The shortest text that reads back as the same number. */
function writeNumber(value: number): string {
  return value === Number.POSITIVE_INFINITY ? 'max' : String(value);
}

export function integer(options: NumericOptions<number>): Numeric<number> {
  return numeric('integer', options);
}

export function number(options: NumericOptions<number>): Numeric<number> {
  return numeric('number', options);
}

/** A number that may be left out: null. `absent` says what it is then. */
export function optionalNumber(
  options: NumericOptions<number | null> & { readonly absent: string },
): Numeric<number | null> {
  return numeric('number', options);
}
