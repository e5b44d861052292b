import { type KeyboardEvent, useState } from 'react';
import { count, exact, shown, tickText } from '../../experiment/numbers.ts';
import type { Numeric } from '../../experiment/settings/kinds.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { useDispatch, useShown } from '../page.tsx';
import { nextTick, numericParam, smallStep, type Track, trackOf } from './track.ts';
import { readings } from './typed-number.ts';

interface FieldProps {
  readonly of: ParamKey;
  readonly id: string;
  /** The value in force; null where it is not known yet. */
  readonly value: number | null;
  readonly describedBy?: string;
  readonly label?: string;
  /** What was last said to be wrong; null: nothing. */
  readonly fault: string | null;
  /** Told what is wrong with the text, or null. The sentence is shown by the control. */
  readonly onFault: (sentence: string | null) => void;
}

/**
 * What a person does about a value, and null again once a slider, undo or a preset has changed that: it is out of date.
 * Forgotten while drawing, not in an effect: where a key is held on a slow machine, what effects ask for piles up between
 * the presses until React gives up.
 */
export function useWhile<T>(value: number | null): readonly [T | null, (kept: T | null) => void] {
  const [{ at, kept }, keep] = useState<{ readonly at: number | null; readonly kept: T | null }>({
    at: value,
    kept: null,
  });
  const stale = kept !== null && at !== value;
  if (stale) keep({ at: value, kept: null });
  return [stale ? null : kept, (next) => keep({ at: value, kept: next })];
}

/** The typed value beside a slider. Takes what people write; what is not allowed stays in the field until it is mended. */
export function Field({ of, id, value, describedBy, label, fault, onFault }: FieldProps) {
  const e = useShown((s) => s.experiment);
  const dispatch = useDispatch();
  const [draft, setDraft] = useWhile<string>(value);
  const drop = () => {
    setDraft(null);
    onFault(null);
  };

  const commit = () => {
    if (draft === null) return;
    const read = allowedReading(draft, of, e);
    if (typeof read === 'string') return onFault(read);
    if (value === null || read !== value) {
      dispatch({ type: 'changed', changes: { [of]: read } });
      dispatch({ type: 'settled' });
    }
    drop();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit();
    else if (event.key === 'Escape' && draft !== null) {
      event.stopPropagation();
      event.preventDefault();
      drop();
    } else if (value !== null && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      const direction = event.key === 'ArrowUp' ? 1 : -1;
      const next = event.shiftKey ? jump(of, e, value, direction) : smallStep(value, direction, widest(of, e));
      dispatch({ type: 'changed', changes: { [of]: next }, group: of });
    }
  };
  const text = draft ?? (value === null ? '' : settingText(of, value));
  return (
    <input
      id={id}
      className="num"
      type="text"
      inputMode="decimal"
      autoComplete="off"
      spellCheck={false}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={fault !== null || undefined}
      value={text}
      placeholder={value === null ? '…' : undefined}
      style={{ width: `${Math.max(2, text.length) + 1}ch` }}
      onFocus={(event) => {
        if (draft === null && value !== null) setDraft(exact(value));
        event.currentTarget.select();
      }}
      onChange={(event) => {
        setDraft(event.currentTarget.value);
        if (fault !== null) onFault(null);
      }}
      onBlur={() => {
        commit();
        dispatch({ type: 'settled' });
      }}
      onKeyDown={onKeyDown}
    />
  );
}

/** A setting as its control shows it: whole numbers in full, others to three digits. */
export function settingText(of: ParamKey, value: number): string {
  return numericParam(of).kind === 'integer' ? count(value) : shown(value);
}

/** What was typed as an allowed value, else a sentence that says what is allowed. */
function allowedReading(typed: string, of: ParamKey, e: Experiment): number | string {
  const p = numericParam(of);
  const values = readings(typed);
  const good = values.find((value) => 'value' in p.check(value, e));
  if (good !== undefined) return good;
  const got =
    typed.trim() === ''
      ? 'Nothing was typed'
      : values.length > 0
        ? `“${cut(typed)}” is not possible`
        : `“${cut(typed)}” is not a number`;
  return `${got}: ${p.label} must be ${allowedWords(p, e)}.`;
}

const cut = (text: string) => (text.trim().length > 24 ? `${text.trim().slice(0, 24)}…` : text.trim());

/** "a whole number from 1 to 64", with numbers as the page writes them. */
function allowedWords(p: Numeric<unknown>, e: Experiment): string {
  const write = p.kind === 'integer' ? count : (x: number) => (x >= 1000 ? count(x) : tickText(x));
  return `a ${p.kind === 'integer' ? 'whole ' : ''}number from ${write(p.min(e))} to ${write(p.max(e))}`;
}

/** All that the table allows, for keys in the field. */
function widest(of: ParamKey, e: Experiment): Track {
  const p = numericParam(of);
  const track = trackOf(of, e, []);
  return { ...track, from: p.min(e), to: p.max(e) };
}

function jump(of: ParamKey, e: Experiment, value: number, direction: 1 | -1): number {
  return nextTick(value, direction, trackOf(of, e, [value]));
}
