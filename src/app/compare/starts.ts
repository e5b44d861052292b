import { type InitName, inits } from '../../experiment/inits/index.ts';
import { obstacleTo } from '../../experiment/settings/availability.ts';
import { change, differing, following } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { StartFound, Starts } from '../../state/compare/compare.ts';
import type { State } from '../../state/state.ts';
import type { Store } from '../../state/store.ts';
import { pagePool } from '../pool.ts';
import { foundIn, observedSteps } from './record.ts';

/** What takes no longer is done without being asked for, in seconds. */
const AT_ONCE = 3;

/** The settings on screen with the automatic rate, which is that of each initialisation. */
const automatic = (e: Experiment): Experiment => ({ ...following(e), lr: null });

/** Whether these are the settings that were trained, the initialisation apart. */
function sameButStart(a: Experiment, b: Experiment): boolean {
  return differing(a, b).every((key) => key === 'init' || key === 'sigma');
}

/** How long all of them take together, about, in seconds. */
function estimate({ run, experiment }: State): number {
  const runs = inits.all.filter(({ name }) => obstacleTo(name, experiment) === null).length;
  return run.secondsPerStep * experiment.steps * runs;
}

/** Trains all initialisations with the settings on screen when their list is opened, or asks first where that takes long. */
export function watchStarts(store: Store): void {
  let cancels: (() => void)[] = [];
  let order = 0;

  const offer = (now: State) => {
    const of = automatic(now.experiment);
    const { starts } = now.compare;
    if (starts && starts.doing !== 'offered' && sameButStart(starts.of, of)) return;
    const seconds = estimate(now);
    const doing = seconds < AT_ONCE ? 'training' : 'offered';
    store.dispatch({ type: 'compare', does: 'starts', starts: { of, doing, seconds, found: new Map() } });
  };

  const train = (starts: Starts) => {
    for (const cancel of cancels) cancel();
    const [mine, began] = [++order, performance.now()];
    const { of } = starts;
    const names = inits.all.map(({ name }) => name).filter((name) => obstacleTo(name, of) === null);
    const drawing = store.state().drawings.get(of.data) ?? null;
    const found = new Map<InitName, StartFound>();
    cancels = names.map((name, i) => {
      const experiment = change(of, { init: name });
      const observe = observedSteps(experiment.steps);
      const { done, cancel } = pagePool(store).run(
        { experiment, drawing, observe, keep: ['factors'] },
        { priority: -1 },
      );
      void done.then((result) => {
        if (mine !== order) return;
        found.set(name, 'why' in result ? { why: result.why } : foundIn(result, experiment, -1e6 - i));
        const all = found.size === names.length;
        const seconds = all ? (performance.now() - began) / 1000 : starts.seconds;
        const now: Starts = { of, doing: all ? 'done' : 'training', seconds, found: new Map(found) };
        store.dispatch({ type: 'compare', does: 'starts', starts: now });
      });
      return cancel;
    });
  };

  const follow = (now: State, before: State | null) => {
    if (now.panel?.name === 'inits' && before?.panel?.name !== 'inits') offer(now);
    const { starts } = now.compare;
    const begins = starts?.doing === 'training' && starts.found.size === 0;
    if (begins && starts !== before?.compare.starts) train(starts);
  };
  store.react(follow);
  follow(store.state(), null);
}
