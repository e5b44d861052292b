import type { PageEvent } from './events.ts';
import type { State } from './state.ts';

export interface Store {
  readonly state: () => State;
  readonly dispatch: (event: PageEvent) => void;
  /** Called after every event with the state before and after. */
  readonly react: (listener: (now: State, before: State, event: PageEvent) => void) => () => void;
  /** For drawing: called at once after what a person did, and at most once a turn of `later` after engine events. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** The page's one store. `later` defers a redraw, e.g. to the next animation frame. */
export function createStore(
  initial: State,
  update: (state: State, event: PageEvent) => State,
  later: (redraw: () => void) => void,
): Store {
  let state = initial;
  let waiting = false;
  const reactors = new Set<(now: State, before: State, event: PageEvent) => void>();
  const drawers = new Set<() => void>();
  const redraw = () => {
    waiting = false;
    for (const draw of drawers) draw();
  };
  const dispatch = (event: PageEvent) => {
    const before = state;
    state = update(state, event);
    for (const listener of reactors) listener(state, before, event);
    if (state === before) return;
    if (event.type !== 'engine') redraw();
    else if (!waiting) {
      waiting = true;
      later(redraw);
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
