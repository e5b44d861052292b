import type { FocusEvent, KeyboardEvent, ReactNode } from 'react';
import { count, display, exactText, tickText } from '../../experiment/numbers.ts';
import { unsetText } from '../../experiment/settings/experiment.ts';
import type { Numeric } from '../../experiment/settings/kinds.ts';
import { type Experiment, type ParamKey, SETTINGS } from '../../experiment/settings/params.ts';
import { readings, useTypedNumber } from '../../kit/number-field.tsx';
import { nextTick } from '../../kit/track.ts';
import { useDispatch, useLab } from '../page.tsx';
import { numericParam, trackOf } from './track.ts';

/**
 * Typed value of a parameter (null if unknown): props of its field, and the error in what was typed. `least`: of several
 * values, which the typed one replaces.
 */
export function useField(of: ParamKey, value: number | null, least = false) {
  const e = useLab((s) => s.experiment);
  const dispatch = useDispatch();
  const text = value === null ? '' : settingText(of, value) + (least ? '…' : '');
  const { field, fault, type } = useTypedNumber({
    value: least ? null : value,
    text,
    read: (typed) => allowedReading(typed, of, e),
    onValue: (read) => {
      dispatch({ type: 'changed', changes: { [of]: read } });
      dispatch({ type: 'settled' });
    },
  });
  const onKeyDown = (event: KeyboardEvent) => {
    field.onKeyDown(event);
    if (value === null || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    const { min, max } = numericParam(of);
    const direction = event.key === 'ArrowUp' ? 1 : -1;
    // A small step stops at the bound of the table.
    const next = event.shiftKey
      ? nextTick(value, direction, trackOf(of, e, [value]))
      : trackOf(of, e, [min(e), max(e)]).smallStep(value, direction);
    dispatch({ type: 'changed', changes: { [of]: next }, group: of });
  };
  return {
    fault,
    field: {
      ...field,
      className: 'num',
      placeholder: value === null ? '…' : undefined,
      style: { width: `${Math.max(2, field.value.length) + 1}ch` },
      onFocus: (event: FocusEvent<HTMLInputElement>) => {
        if (field.value === text && value !== null && !least) type(exactText(value));
        field.onFocus(event);
      },
      onBlur: () => {
        field.onBlur();
        dispatch({ type: 'settled' });
      },
      onKeyDown,
    },
  };
}

export function settingText(of: ParamKey, value: number): string {
  return numericParam(of).kind === 'integer' ? count(value) : display(value);
}

/** A value as its control shows it: "16", "Kaiming", "independent". */
export function valueText(of: ParamKey, value: unknown): string {
  if (typeof value === 'number') return settingText(of, value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'string') return unsetText(of);
  const { names } = SETTINGS[of] as { readonly names?: Readonly<Record<string, string>> };
  return names?.[value] ?? value;
}

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

/** "a whole number from 1 to 64", with numbers formatted as on the page. */
function allowedWords(p: Numeric<unknown>, e: Experiment): string {
  const write = p.kind === 'integer' ? count : (x: number) => (x >= 1000 ? count(x) : tickText(x));
  return `a ${p.kind === 'integer' ? 'whole ' : ''}number from ${write(p.min(e))} to ${write(p.max(e))}`;
}

/** The error in what was typed; nothing if there is none. */
export function Fault({ id, children }: { readonly id?: string; readonly children: ReactNode }) {
  return (
    children && (
      <p id={id} className="wrong" role="alert">
        {children}
      </p>
    )
  );
}

export function LengthLimit({ text, most }: { readonly text: string; readonly most: number }) {
  return (
    <span className="note at-most" role="status">
      {text.length >= most && `${most} characters at most`}
    </span>
  );
}
