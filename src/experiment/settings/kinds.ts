import { allDigits } from '../numbers.ts';

/** Effect of a setting: tune the running trainer, or restart; `none`: it qualifies another setting. */
export type Effect = 'tune' | 'restart' | 'none';

export const GROUPS = ['target', 'adapter', 'start', 'optimiser', 'budget'] as const;
export type Group = (typeof GROUPS)[number];

export interface LayerSize {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
}

/** The settings that bounds and defaults may read, as far as decided (table order). */
export interface SettingsDraft extends LayerSize {
  readonly target: string;
  readonly init: string;
  readonly opt: string;
  readonly law: string;
  readonly data: string;
  readonly adapt: string;
  readonly samples: number;
  readonly modules: string;
  readonly method: string;
  readonly quant: string;
  readonly train: string;
  readonly batch: number;
  readonly precision: string;
  readonly lr: number | string | null;
}

export type ReadResult<T> = { readonly value: T } | { readonly fault: string };

/** Of a setting; a view key needs none of it. */
export interface ControlWords {
  readonly label: string;
  readonly effect: Effect;
  readonly group: Group;
}

export interface KindWords extends Partial<ControlWords> {
  /** False if the target, initialisation or optimiser does not use it; default: always active. */
  readonly active?: (e: SettingsDraft) => boolean;
  /** A link leaves out its default, so that links from before the setting stay as they were. */
  readonly omitsDefault?: (e: SettingsDraft) => boolean;
}

export type ValueOf<P> = P extends { readonly default: (e: SettingsDraft) => infer T } ? T : never;

/** Reads a value from a link, checks its bounds, and writes it back. Every parameter is one of the kinds below. */
export interface Kind<T> extends KindWords {
  readonly kind: 'integer' | 'number' | 'choice' | 'flag' | 'text';
  readonly default: (e: SettingsDraft) => T;
  /** Reads a value in link form. Never clamps: out of range is a fault. */
  readonly read: (text: string, e: SettingsDraft) => ReadResult<T>;
  /** Writes a value in link form; null if the key is omitted. */
  readonly write: (value: T) => string | null;
  /** The meaning of an omitted key: "derived". */
  readonly absent?: string;
  /** Checks a value that did not come from text, e.g. from JSON or a slider. */
  readonly check: (value: unknown, e: SettingsDraft) => ReadResult<T>;
  /** The allowed values in words: "1 to 64". */
  readonly allowed: (e: SettingsDraft) => string;
}

export interface Numeric<T> extends Kind<T> {
  readonly kind: 'integer' | 'number';
  readonly min: (e: SettingsDraft) => number;
  readonly max: (e: SettingsDraft) => number;
  readonly scale: 'log' | 'linear';
  /** Special values of a number: null for "left out", or a word for infinity. */
  readonly special?: 'null' | 'max';
}

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?$/;
/** Longer than any number that a link writes; longer text is not even examined. */
const LONGEST_NUMBER = 40;

/** A decimal number of a link: no hexadecimal, no blanks, no "Infinity", no empty text; else null. */
export const decimalOf = (text: string): number | null =>
  text.length <= LONGEST_NUMBER && DECIMAL.test(text) ? Number(text) : null;

type Bound = number | ((e: SettingsDraft) => number);
const asFunction = (bound: Bound) => (typeof bound === 'number' ? () => bound : bound);

interface NumericOptions<T> extends KindWords {
  readonly min: Bound;
  readonly max: Bound;
  readonly scale?: 'log' | 'linear';
  readonly special?: 'null' | 'max';
  readonly default: T | ((e: SettingsDraft) => T);
}

function numeric<T extends number | null>(kind: 'integer' | 'number', options: NumericOptions<T>): Numeric<T> {
  const min = asFunction(options.min);
  const max = asFunction(options.max);
  const { special } = options;
  const allowed = (e: SettingsDraft) => {
    const range = `from ${allDigits(min(e))} to ${allDigits(max(e))}`;
    return `a ${kind === 'integer' ? 'whole ' : ''}number ${range}${special === 'max' ? ', or max' : ''}`;
  };
  const check = (value: unknown, e: SettingsDraft): ReadResult<T> => {
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
    default: typeof fallback === 'function' ? (fallback as (e: SettingsDraft) => T) : () => fallback as T,
    allowed,
    check,
    read: (text, e) => {
      if (special === 'max' && text === 'max') return { value: Number.POSITIVE_INFINITY as T };
      const value = decimalOf(text);
      return value === null ? { fault: allowed(e) } : check(value, e);
    },
    write: (value) => (value === null ? null : value === Number.POSITIVE_INFINITY ? 'max' : String(value)),
  };
}

export const integer = (options: NumericOptions<number>) => numeric('integer', options);
export const number = (options: NumericOptions<number>) => numeric('number', options);

/** An optional number, null if left out; `absent` names its meaning then. */
export const optionalNumber = (options: NumericOptions<number | null> & { readonly absent: string }) =>
  numeric('number', options);

type NumbersOptions = Parameters<typeof optionalNumber>[0] & { readonly count: (e: SettingsDraft) => number };

/** An optional number, or a text of `count` of them with commas between if that is several: "0.0041,0.02". */
export function optionalNumbers({ count, ...options }: NumbersOptions): Numeric<number | string | null> {
  const one = optionalNumber(options);
  const allowed = (e: SettingsDraft) =>
    count(e) < 2 ? one.allowed(e) : `${one.allowed(e)}, or ${count(e)} with commas between, one a matrix`;
  const check = (value: unknown, e: SettingsDraft): ReadResult<number | string | null> => {
    const read = typeof value === 'string' ? severalOf(value, e) : one.check(value, e);
    return 'value' in read ? read : { fault: allowed(e) };
  };
  const severalOf = (text: string, e: SettingsDraft): ReadResult<string> => {
    const n = count(e);
    const numbers = text.length < n * (LONGEST_NUMBER + 1) ? text.split(',').map(decimalOf) : [];
    const fits = n > 1 && numbers.length === n && numbers.every((x) => x !== null && 'value' in one.check(x, e));
    return fits ? { value: numbers.join(',') } : { fault: '' };
  };
  return {
    ...one,
    default: () => null,
    allowed,
    check,
    read: (text, e) => (text.includes(',') ? check(text, e) : check(decimalOf(text) ?? Number.NaN, e)),
    write: (value) => (value === null ? null : String(value)),
  };
}

export interface ChoiceKind<T extends string> extends Kind<T> {
  readonly kind: 'choice';
  readonly options: readonly T[];
  /** Those of this experiment. */
  readonly among: (e: SettingsDraft) => readonly T[];
  readonly names: Readonly<Record<T, string>>;
}

interface ChoiceOptions<T extends string> extends KindWords {
  readonly names: Readonly<Record<T, string>>;
  /** Those of this experiment; default: all. */
  readonly among?: (e: SettingsDraft) => readonly NoInfer<T>[];
  readonly default: NoInfer<T> | ((e: SettingsDraft) => NoInfer<T>);
}

export function choice<T extends string>(options: ChoiceOptions<T>): ChoiceKind<T> {
  const values = Object.keys(options.names) as T[];
  const { among = () => values, default: usual } = options;
  const allowed = (e: SettingsDraft) => among(e).join(', ');
  const check = (value: unknown, e: SettingsDraft): ReadResult<T> => {
    const found = among(e).find((v) => v === value);
    return found === undefined ? { fault: allowed(e) } : { value: found };
  };
  return {
    ...options,
    kind: 'choice',
    options: values,
    among,
    default: typeof usual === 'function' ? usual : () => usual,
    allowed,
    check,
    read: check,
    write: (value) => value,
  };
}

export function flag(options: KindWords & { readonly default: boolean }): Kind<boolean> {
  const check = (value: unknown): ReadResult<boolean> => {
    if (value === true || value === 1 || value === '1') return { value: true };
    if (value === false || value === 0 || value === '0') return { value: false };
    return { fault: '0 or 1' };
  };
  return {
    ...options,
    kind: 'flag',
    default: () => options.default,
    allowed: () => '0 or 1',
    check,
    read: check,
    // Left out is the default.
    write: (value) => (value ? '1' : options.default ? '0' : null),
  };
}

interface TextOptions extends KindWords {
  readonly pattern: RegExp;
  readonly longest: number;
  readonly allowed: string | ((e: SettingsDraft) => string);
  /** Further conditions in this experiment. */
  readonly fits?: (text: string, e: SettingsDraft) => boolean;
}

/** Neither blank nor invisible: not a zero-width character, a tag, a filler. */
const SEEN = '[^\\s\\u2800\\p{Default_Ignorable_Code_Point}]';
const HAS_SEEN = new RegExp(SEEN, 'u');

/** A text with a visible character; else empty. */
export function nonBlankText(text: string): string {
  return HAS_SEEN.test(text) ? text : '';
}

/** Characters that control or hide others: controls, direction marks, a byte order mark, tags, unpaired surrogates. */
const STEERING =
  '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u2028-\\u202e\\u2066-\\u2069\\ufeff\\ud800-\\udfff\\u{e0000}-\\u{e007f}';
const STEERS = new RegExp(`[${STEERING}]`, 'gu');

/** A text without the characters that user texts may not have, each replaced by `instead`. */
export function cleanText(text: string, instead = ''): string {
  return text.replace(STEERS, instead);
}

/** User text: at most `longest` characters, at least one visible, none that controls how the others are shown. */
export function plainText(longest: number): RegExp {
  return new RegExp(`^(?=.*${SEEN})[^${STEERING}]{1,${longest}}$`, 'u');
}

/** Text is empty by default and then left out of the link. */
export function text(options: TextOptions): Kind<string> {
  const { allowed: words } = options;
  const allowed = typeof words === 'string' ? () => words : words;
  // A text of millions of characters is scanned once, not with every control that moves.
  let last = '';
  const matches = (value: string) => {
    if (value !== last && !options.pattern.test(value)) return false;
    last = value;
    return true;
  };
  const check = (value: unknown, e: SettingsDraft): ReadResult<string> => {
    const text = typeof value === 'string' && value.length <= options.longest ? value : null;
    const right = text === '' || (text !== null && matches(text) && (options.fits?.(text, e) ?? true));
    return right ? { value: text } : { fault: allowed(e) };
  };
  return {
    ...options,
    kind: 'text',
    default: () => '',
    allowed,
    check,
    read: (value, e) => (value === '' ? { fault: allowed(e) } : check(value, e)),
    write: (value) => (value === '' ? null : value),
  };
}
