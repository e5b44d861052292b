import { type ChangeEvent, type ComponentProps, type FocusEvent, type KeyboardEvent, useId, useState } from 'react';
import { count, exactText } from '../experiment/numbers.ts';

interface TypedNumberOptions<T extends number | null> {
  readonly value: T;
  /** The formatted value, in the field until something is typed. */
  readonly text: string;
  /** The typed text as an allowed value, or a sentence about the allowed values. */
  readonly read: (typed: string) => T | string;
  /** Accepts every allowed text as it is typed; otherwise on Enter, and on blur. */
  readonly live?: boolean;
  readonly onValue: (value: T) => void;
}

const UNTYPED = { draft: null, tried: false };

/**
 * A number that can be typed: the attributes of its field, and the fault of the typed text. Invalid text stays in the
 * field until it is corrected, Escape drops it, or a slider, undo or a preset has changed the value.
 */
export function useTypedNumber<T extends number | null>({
  value,
  text,
  read,
  live = false,
  onValue,
}: TypedNumberOptions<T>) {
  const [{ at, draft, tried }, put] = useState<{
    readonly at: T;
    readonly draft: string | null;
    readonly tried: boolean;
  }>({ at: value, ...UNTYPED });
  // Reset during render, not in an effect: if a key is held on a slow machine, updates from effects pile up between the
  // presses until React throws.
  const stale = !live && draft !== null && at !== value;
  if (stale) put({ at: value, ...UNTYPED });
  const typed = stale ? null : draft;
  const drop = () => put({ at: value, ...UNTYPED });
  const type = (next: string) => put({ at: value, draft: next, tried: false });
  const reading = typed === null ? null : read(typed);
  const fault = (live || tried) && typeof reading === 'string' ? reading : null;
  const take = () => {
    if (typed === null) return;
    const got = read(typed);
    if (typeof got === 'string') return put({ at: value, draft: typed, tried: true });
    if (got !== value) onValue(got);
    drop();
  };
  return {
    fault,
    type,
    field: {
      type: 'text',
      inputMode: 'decimal',
      autoComplete: 'off',
      spellCheck: false,
      value: typed ?? text,
      'aria-invalid': fault !== null || undefined,
      onFocus: (event: FocusEvent<HTMLInputElement>) => event.currentTarget.select(),
      onChange: ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
        type(currentTarget.value);
        const got = live ? read(currentTarget.value) : value;
        if (typeof got !== 'string' && got !== value) onValue(got);
      },
      onBlur: live ? drop : take,
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key === 'Enter' && !live) take();
        if (event.key !== 'Escape' || typed === null) return;
        event.stopPropagation();
        event.preventDefault();
        drop();
      },
    },
  } as const;
}

interface NumberFieldProps<T extends number | null>
  extends Omit<TypedNumberOptions<T>, 'text' | 'live'>,
    Omit<ComponentProps<'input'>, 'value'> {
  readonly text?: string;
}

/** Applies every valid text as it is typed; the fault of an invalid one is shown next to it. */
export function NumberField<T extends number | null>({ value, text, read, onValue, ...input }: NumberFieldProps<T>) {
  const own = value === null ? '' : Number.isInteger(value) ? count(value) : exactText(value);
  const { field, fault } = useTypedNumber({ value, text: text ?? own, read, live: true, onValue });
  const id = useId();
  return (
    <span className="number-field">
      <input {...field} className="num" aria-describedby={fault === null ? undefined : id} {...input} />
      {fault !== null && (
        <span id={id} className="wrong" role="alert">
          {fault}
        </span>
      )}
    </span>
  );
}

export function numberReader(min: number, max: number, whole = true): (typed: string) => number | string {
  return (typed) =>
    readings(typed).find((n) => n >= min && n <= max && (!whole || Number.isInteger(n))) ??
    `${whole ? 'a whole number ' : ''}from ${count(min)} to ${count(max)}`;
}

// Numbers as people type them and as settings are formatted: point or comma, thousands, powers of ten.

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** Longer than any meaningful number. */
const LONGEST = 60;

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
 * All readings of a typed number, the likeliest first; empty if it is not a number. "1,024" is 1024 or else 1.024,
 * "0,5" is 0.5, "1.234,5" is 1234.5, "2·10^-3", "10⁻³" and "1e-3" are powers of ten. Overflow is not a number.
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

/** Removes thousands separators if they are all the same: "12,345", "1 234 567.8", "1.234,5"; otherwise null. */
function grouped(body: string): string | null {
  const match = /^([1-9]\d{0,2})([,.'’_\s\u00a0\u2009\u202f])(\d{3}(?:\2\d{3})*)(?:([.,])(\d*))?$/.exec(body);
  if (!match) return null;
  const [, head, by, rest, point, fraction] = match;
  if (point === by) return null;
  // One point with three digits after it is a decimal: the page itself formats numbers so.
  if (by === '.' && point === undefined && rest.length === 3) return null;
  return `${head}${rest.split(by).join('')}.${fraction ?? ''}0`;
}

function decimal(body: string, point: '.' | ','): string | null {
  const parts = body.split(point);
  if (parts.length > 2 || parts.some((part) => /\D/.test(part))) return null;
  return `${parts[0] || '0'}.${parts[1] ?? ''}0`;
}
