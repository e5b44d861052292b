import { expect, it } from 'vitest';
import { initialPage, labStore, updatePage } from '../../state/page.ts';
import { createStore } from '../../state/state.ts';
import { keepTeaching } from './teaching.ts';

const KEY = 'lora-explorer/teaching';

/** The plan after a reload of a window that has kept a text; and the window's storage. */
function reloaded(text: string | null) {
  const kept = new Map(text === null ? [] : [[KEY, text]]);
  const sessionStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  };
  Object.assign(globalThis, { sessionStorage });
  const store = labStore(
    createStore(initialPage({ backend: null, stepper: null }), updatePage, () => {}),
    0,
  );
  keepTeaching(store);
  return { store, kept };
}

it('a plan that is taught outlasts a reload, with its line', () => {
  const { store, kept } = reloaded(null);
  expect(store.state().teaching).toEqual({ plan: 'owl', line: null });
  store.dispatch({ type: 'teaching', teaching: { plan: 'choosing', line: 2 } });
  expect(reloaded(kept.get(KEY) ?? null).store.state().teaching).toEqual({ plan: 'choosing', line: 2 });
});

it.each(['', 'owl', 'owl:-1', 'owl:200', 'owl:1e9', '__proto__:1', '<b>:1', 'owl:2:3'])('%j is no plan', (text) => {
  expect(reloaded(text).store.state().teaching).toEqual({ plan: 'owl', line: null });
});
