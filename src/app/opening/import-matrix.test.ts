import { expect, it } from 'vitest';
import type { OwnReading } from '../../experiment/matrix-file/matrix-source.ts';
import { createStore, initialState, type Panel } from '../../state/state.ts';
import { update } from '../../state/update.ts';
import { importMatrix } from '../commands.ts';

function setUp() {
  const store = createStore(initialState({ backend: null, stepper: null }), update, () => {});
  const readings: { readonly wanted: AbortSignal; readonly answer: (read: OwnReading) => void }[] = [];
  const read = (_: unknown, wanted: AbortSignal) =>
    new Promise<OwnReading | null>((answer) => readings.push({ wanted, answer }));
  const show = (panel: Panel | null) => store.dispatch({ type: 'panel', panel });
  return { store, readings, show, bring: (text: string) => importMatrix(text, store, read) };
}
const empty: Panel = { name: 'matrix', read: null };

it('shows what it read', async () => {
  const { store, readings, bring } = setUp();
  const brought = bring('x');
  expect(store.state().panel).toEqual({ name: 'matrix', read: 'reading' });
  readings[0].answer({ fault: 'found x.' });
  await brought;
  expect(store.state().panel).toEqual({ name: 'matrix', read: { fault: 'found x.' } });
});

it.each([
  ['the text is cleared', empty],
  ['the panel is closed', null],
])('stops reading when %s, also where the panel is open afresh by then', async (_, panel) => {
  const { store, readings, show, bring } = setUp();
  const brought = bring('x');
  show(panel);
  expect(readings[0].wanted.aborted).toBe(true);
  show(empty);
  readings[0].answer({ fault: 'found x.' });
  await brought;
  expect(store.state().panel).toEqual(empty);
});

it('reads the last of two', async () => {
  const { store, readings, bring } = setUp();
  const both = [bring('x'), bring('y')];
  expect(readings.map(({ wanted }) => wanted.aborted)).toEqual([true, false]);
  readings[1].answer({ fault: 'found y.' });
  readings[0].answer({ fault: 'found x.' });
  await Promise.all(both);
  expect(store.state().panel).toEqual({ name: 'matrix', read: { fault: 'found y.' } });
});
