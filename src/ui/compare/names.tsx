import { type FocusEvent, type KeyboardEvent, useEffect, useState } from 'react';
import { LinkButton } from '../../kit/button.tsx';
import type { PointedRun } from '../../state/compare/compare.ts';
import { isBackgroundRun, MAX_NAME_LENGTH } from '../../state/compare/pins.ts';
import { LengthLimit } from '../controls/numeric.tsx';
import { useDispatch, useLab } from '../page.tsx';
import type { RunColumn } from './run-columns.ts';

export function RunKey({ at }: { readonly at: PointedRun }) {
  const live = at === 'live';
  return (
    <svg className={live ? 'key live' : 'key'} viewBox="0 0 24 10" aria-hidden="true">
      <path d={live ? 'M0 5H18' : 'M0 5H14'} />
      <circle cx="18" cy="5" r={live ? 5 : 3.8} />
    </svg>
  );
}

/** Name of a run. That of a pin can be edited; an emptied one falls back to the default. */
export function RunName({ column: { pin, name } }: { readonly column: RunColumn }) {
  const dispatch = useDispatch();
  const [text, setText] = useState(name);
  useEffect(() => setText(name), [name]);
  if (!pin) return <b className="dw">{name}</b>;
  const commit = (event: FocusEvent<HTMLInputElement>) => {
    const typed = event.target.value;
    if (typed.trim() !== name) dispatch({ type: 'compare', does: 'name', pin: pin.id, name: typed });
    if (typed.trim() === '') setText(name);
  };
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') event.currentTarget.blur();
    if (event.key === 'Escape') setText(name);
  };
  return (
    <>
      <input
        className="name"
        aria-label="Name of this pinned run"
        maxLength={MAX_NAME_LENGTH}
        size={Math.max(4, text.length)}
        value={text}
        title={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={press}
      />
      <LengthLimit text={text === name ? '' : text} most={MAX_NAME_LENGTH} />
    </>
  );
}

/**
 * When a run leaves the table, focus moves to the same button of the next run, else the previous, else the main column.
 */
function keepFocus(button: HTMLElement, which: 'first' | 'last'): void {
  const table = button.closest('table');
  const runs = () => [...(table?.querySelectorAll<HTMLElement>('.acts > [data-run], tr[data-run]') ?? [])];
  const at = runs().findIndex((run) => run.contains(button));
  requestAnimationFrame(() => {
    if (document.activeElement && document.activeElement !== document.body) return;
    const left = table?.isConnected ? runs() : [];
    const buttons = [left[at], ...left.slice(0, Math.max(0, at)).reverse()]
      .map((run) => [...(run?.querySelectorAll<HTMLElement>('button:not(.list button)') ?? [])])
      .find((list) => list.length > 0);
    (buttons?.at(which === 'first' ? 0 : -1) ?? document.getElementById('main'))?.focus();
  });
}

export function PinActions({ column: { pin, run, name } }: { readonly column: RunColumn }) {
  const dispatch = useDispatch();
  const preparing = useLab((s) => s.next !== null);
  if (!pin) return null;
  return (
    <>
      {run && (
        <LinkButton
          aria-label={`Open in the lab: ${name}`}
          aria-disabled={preparing || undefined}
          title={
            preparing
              ? 'The run on screen is being prepared: wait a moment'
              : isBackgroundRun(run)
                ? 'Trains this run again on screen, where it can be watched, and puts the one that is there in its place'
                : 'Puts this run on screen, and the one that is there in its place'
          }
          onClick={(event) => {
            if (preparing) return;
            keepFocus(event.currentTarget, 'first');
            dispatch({ type: 'compare', does: 'make-live', pin: pin.id });
          }}
        >
          Open in the lab
        </LinkButton>
      )}
      <LinkButton
        aria-label={`Unpin: ${name}`}
        onClick={(event) => {
          keepFocus(event.currentTarget, 'last');
          dispatch({ type: 'compare', does: 'unpin', pin: pin.id });
        }}
      >
        Unpin
      </LinkButton>
    </>
  );
}
