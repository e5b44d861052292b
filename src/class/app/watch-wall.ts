import { pagePool, recordOf } from '../../app/pool.ts';
import { settingsLink } from '../../experiment/link/link.ts';
import { errorRecord } from '../../experiment/run-file/run-record.ts';
import { isExercise } from '../../experiment/settings/exercise.ts';
import type { State, Store } from '../../state/state.ts';
import { type ClassEntry, isComparable } from '../model/standings.ts';
import { type Wall, wallOf } from '../state/wall.ts';

/** ms between reports of results, each of which redraws the page. */
const EVERY = 120;

/** Trains each run of the wall from its link, on the pool, once per distinct settings. One watcher per lab. */
export function watchWall(store: Store): void {
  const going = new Map<string, () => void>();
  const found = new Map<number, ClassEntry['result']>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let since = 0;

  const emit = () => {
    timer = null;
    const wall = wallOf(store.state());
    const entries = wall.entries.map((entry) => {
      const result = found.get(entry.id);
      return result && !entry.result ? { ...entry, result } : entry;
    });
    found.clear();
    const now = performance.now();
    const spent = wall.spent + now - since;
    since = now;
    put(store, { ...wall, entries, spent });
  };

  const train = (state: State) => {
    const { wall, view, experiment, drawing } = state;
    if (view.view !== 'wall' || !wall) return;
    const reference = { experiment, view };
    const left = new Map<string, ClassEntry[]>();
    for (const entry of wall.entries) {
      if (entry.result || found.has(entry.id) || !isComparable(entry, reference)) continue;
      const key = settingsLink(entry.experiment);
      left.set(key, [...(left.get(key) ?? []), entry]);
    }
    for (const [key, cancel] of going) {
      if (left.has(key)) continue;
      going.delete(key);
      cancel();
    }
    if (left.size > 0 && going.size === 0) since = performance.now();
    for (const [key, entries] of left) {
      const [first] = entries;
      if (going.has(key) || !first) continue;
      const { done, cancel } = pagePool(store).run({ experiment: first.experiment, drawing });
      going.set(key, cancel);
      void done.then((result) => {
        if (going.get(key) !== cancel) return;
        going.delete(key);
        if ('why' in result && result.kind === 'cancelled') return;
        const answer =
          'why' in result
            ? { why: `cannot be trained here: ${result.why}` }
            : errorRecord(recordOf(result, first.experiment));
        for (const { id, experiment: e } of store.state().wall?.entries ?? [])
          if (settingsLink(e) === key) found.set(id, answer);
        timer ??= setTimeout(emit, EVERY);
      });
    }
  };

  let hands: Promise<() => void> | null = null;
  const measure = () => {
    if (wallOf(store.state()).hands.length === 0) return;
    hands ??= import('./watch-hands.ts').then(({ watchHands }) => watchHands(store));
    void hands.then((follow) => follow());
  };

  store.react((now, before, event) => {
    if (now.view.view !== 'wall') return;
    const entered = before.view.view !== 'wall';
    const { wall } = now;
    // A class link decides what counts, also if it is opened over a wall.
    if (wall && (event.type === 'opened' || (entered && wall.entries.length === 0)))
      put(store, { ...wall, decides: wall.entries.length > 0 || isExercise(now.view) ? 'link' : null });
    if (wall?.hands !== before.wall?.hands) measure();
    if (wall !== before.wall || now.experiment !== before.experiment || entered) train(store.state());
  });
  if (!store.state().wall) put(store, wallOf(store.state()));
  train(store.state());
  measure();
}

const put = (store: Store, wall: Wall) => store.dispatch({ type: 'wall', wall });
