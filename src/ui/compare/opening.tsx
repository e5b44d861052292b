import { counted } from '../../experiment/numbers.ts';
import { useDispatch } from '../page.tsx';
import type { RunColumn } from './compared.ts';

const NUMBERS = ['no', 'one', 'two', 'three', 'four'];

/** While pins of a link are trained, or wait for a person to ask for it: how many are there. */
export function Opening({ columns }: { readonly columns: readonly RunColumn[] }) {
  const pins = columns.filter(({ pin }) => pin !== null);
  const done = pins.filter(({ run }) => run !== null).length;
  const waiting = pins.flatMap(({ pin, run }) => (pin?.waits && run === null ? [pin.id] : []));
  const dispatch = useDispatch();
  const all = NUMBERS[pins.length] ?? String(pins.length);
  if (waiting.length > 0)
    return (
      <p className="claim">
        This link holds {pins.length === 1 ? 'one pinned run' : `${all} pinned runs`}: {done}{' '}
        {done === 1 ? 'is' : 'are'} ready, {waiting.length} {waiting.length === 1 ? 'waits' : 'wait'} to be trained.{' '}
        <button
          type="button"
          className="link under"
          onClick={() => dispatch({ type: 'compare', does: 'wait', pins: waiting, waits: false })}
        >
          {waiting.length === 1 ? 'Train it' : 'Train them'}
        </button>
      </p>
    );
  return (
    <>
      <p className="claim">
        This link holds {pins.length === 1 ? 'one pinned run. It is' : `${all} pinned runs. They are`} being trained
        again on this device: {done} of {pins.length} {done === 1 ? 'is' : 'are'} ready.
      </p>
      <progress
        className="thin"
        value={done}
        max={pins.length}
        aria-label={`Training ${counted(pins.length, 'pinned run')}`}
      />
    </>
  );
}
