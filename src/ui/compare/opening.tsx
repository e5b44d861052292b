import { counted } from '../../experiment/numbers.ts';
import type { Column } from './compared.ts';

const NUMBERS = ['no', 'one', 'two', 'three', 'four'];

/** While pins of a link are trained: how many are there. */
export function Opening({ columns }: { readonly columns: readonly Column[] }) {
  const pins = columns.filter(({ pin }) => pin !== null);
  const done = pins.filter(({ run }) => run !== null).length;
  const all = NUMBERS[pins.length] ?? String(pins.length);
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
