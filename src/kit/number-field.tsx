import { type ChangeEvent, type ComponentProps, type FocusEvent, type KeyboardEvent, useId, useState } from 'react';
import { count, exact } from '../experiment/numbers.ts';
import { readings } from './readings.ts';

interface TypedNumber<T extends number | null> {
  readonly value: T;
  /** The value in words, in the field until something is typed. */
  readonly text: string;
  /** What was typed as an allowed value, or a sentence that says what is allowed. */
  readonly read: (typed: string) => T | string;
  /** Takes every allowed text as it is typed; else on Enter, and when the field is left. */
  readonly live?: boolean;
  readonly onValue: (value: T) => void;
}

const UNTYPED = { draft: null, tried: false };

/**
 * A number that can be typed over: the attributes of its field, and what is wrong with what was typed. What is not allowed
 * stays in the field until it is mended, Escape drops it, or a slider, undo or a preset has changed the value.
 */
export function useTyped<T extends number | null>({ value, text, read, live = false, onValue }: TypedNumber<T>) {
  const [{ at, draft, tried }, put] = useState<{
    readonly at: T;
    readonly draft: string | null;
    readonly tried: boolean;
  }>({ at: value, ...UNTYPED });
  // Forgotten while drawing, not in an effect: if a key is held on a slow machine, what effects ask for piles up between
  // the presses until React gives up.
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
  extends Omit<TypedNumber<T>, 'text' | 'live'>,
    Omit<ComponentProps<'input'>, 'value'> {
  readonly text?: string;
}

/** A number to be typed, taken as it is typed. What is not allowed is said beside it, and changes nothing. */
export function NumberField<T extends number | null>({ value, text, read, onValue, ...input }: NumberFieldProps<T>) {
  const own = value === null ? '' : Number.isInteger(value) ? count(value) : exact(value);
  const { field, fault } = useTyped({ value, text: text ?? own, read, live: true, onValue });
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

/** Reads a number between two bounds. */
export function numberWithin(min: number, max: number, whole = true): (typed: string) => number | string {
  return (typed) =>
    readings(typed).find((n) => n >= min && n <= max && (!whole || Number.isInteger(n))) ??
    `${whole ? 'a whole number ' : ''}from ${count(min)} to ${count(max)}`;
}
