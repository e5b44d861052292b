import { describe, expect, it, vi } from 'vitest';
import { createStore } from './state.ts';

type Event = { readonly type: 'add' | 'engine'; readonly by: number; readonly scripted?: boolean };

function setUp() {
  const later: (() => void)[] = [];
  const store = createStore(
    0,
    (sum: number, { by }: Event) => sum + by,
    (redraw) => later.push(redraw),
  );
  return { store, later };
}

describe('the store', () => {
  it('tells each listener every pair of states in its order, also where one of them dispatches', () => {
    const { store } = setUp();
    const heard: (readonly [string, number, number, number])[] = [];
    store.react((now, before, { by }) => {
      heard.push(['first', before, now, by]);
      if (by === 1) store.dispatch({ type: 'add', by: 10 });
    });
    store.react((now, before, { by }) => heard.push(['second', before, now, by]));
    store.dispatch({ type: 'add', by: 1 });
    expect(heard).toEqual([
      ['first', 0, 1, 1],
      ['second', 0, 1, 1],
      ['first', 1, 11, 10],
      ['second', 1, 11, 10],
    ]);
    expect(store.state()).toBe(11);
  });

  it('redraws at once after what a person did, and once a turn after any number of engine events', () => {
    const { store, later } = setUp();
    const redraw = vi.fn();
    store.subscribe(redraw);
    store.dispatch({ type: 'add', by: 1 });
    expect(redraw).toHaveBeenCalledTimes(1);
    for (let i = 0; i < 3; i++) store.dispatch({ type: 'engine', by: 1 });
    expect(redraw).toHaveBeenCalledTimes(1);
    expect(later).toHaveLength(1);
    later[0]();
    expect(redraw).toHaveBeenCalledTimes(2);
    store.dispatch({ type: 'engine', by: 1 });
    expect(later).toHaveLength(2);
  });

  it('what a script did waits for no drawing', () => {
    const { store, later } = setUp();
    const redraw = vi.fn();
    store.subscribe(redraw);
    store.dispatch({ type: 'add', by: 1, scripted: true });
    expect(redraw).not.toHaveBeenCalled();
    later[0]();
    expect(redraw).toHaveBeenCalledTimes(1);
  });

  it('redraws nothing where nothing changed, and tells of the event all the same', () => {
    const { store } = setUp();
    const [redraw, listener] = [vi.fn(), vi.fn()];
    store.subscribe(redraw);
    store.react(listener);
    store.dispatch({ type: 'add', by: 0 });
    expect(redraw).not.toHaveBeenCalled();
    expect(listener).toHaveBeenCalledWith(0, 0, { type: 'add', by: 0 });
  });

  it('forgets who no longer listens, and goes on after a listener that threw', () => {
    const { store } = setUp();
    const listener = vi.fn();
    store.react(listener)();
    const off = store.react(() => {
      throw new Error('no');
    });
    expect(() => store.dispatch({ type: 'add', by: 1 })).toThrow('no');
    off();
    store.dispatch({ type: 'add', by: 2 });
    expect(store.state()).toBe(3);
    expect(listener).not.toHaveBeenCalled();
  });
});
