import type { PageEvent } from './events.ts';
import type { State } from './state.ts';

export interface Store<S = State, E = PageEvent> {
  readonly state: () => S;
  readonly dispatch: (event: E) => void;
  /** Called after every event with the state before and after. */
  readonly react: (listener: (now: S, before: S, event: E) => void) => () => void;
  /** For drawing: at once after a user action; at most once per turn of `later` after the engine or a script. */
  readonly subscribe: (listener: () => void) => () => void;
}

/**
 * A store. `later` defers a redraw, e.g. to the next animation frame. An event dispatched by a listener waits until all
 * listeners have handled the previous one, so that each sees every pair of states in order.
 */
export function createStore<S, E extends { readonly type: string; readonly scripted?: boolean }>(
  initial: S,
  update: (state: S, event: E) => S,
  later: (redraw: () => void) => void,
): Store<S, E> {
  let state = initial;
  let waiting = false;
  let telling = false;
  const queue: E[] = [];
  const reactors = new Set<(now: S, before: S, event: E) => void>();
  const drawers = new Set<() => void>();
  const redraw = () => {
    waiting = false;
    for (const draw of drawers) draw();
  };
  const happen = (event: E) => {
    const before = state;
    state = update(state, event);
    for (const listener of reactors) listener(state, before, event);
    if (state === before) return;
    if (event.type !== 'engine' && !event.scripted) redraw();
    else if (!waiting) {
      waiting = true;
      later(redraw);
    }
  };
  const dispatch = (event: E) => {
    queue.push(event);
    if (telling) return;
    telling = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) happen(next);
    } finally {
      telling = false;
    }
  };
  const listen =
    <T>(set: Set<T>) =>
    (listener: T) => {
      set.add(listener);
      return () => void set.delete(listener);
    };
  return { state: () => state, dispatch, react: listen(reactors), subscribe: listen(drawers) };
}
