import { inits } from '../../experiment/inits/index.ts';
import { experimentOf, pinOf, readPins, writePins } from '../../experiment/plan/pins.ts';
import { isExercise } from '../../experiment/settings/exercise.ts';
import { following } from '../../experiment/settings/experiment.ts';
import type { Asked, Pinned } from '../../state/compare/compare.ts';
import { pinsNotice } from '../../state/compare/pin-cost.ts';
import { longRunNotice } from '../../state/notices.ts';
import { lastStep } from '../../state/run/run.ts';
import type { State } from '../../state/state.ts';
import type { Store } from '../../state/store.ts';
import { asTrained } from '../../ui/words/run-names.ts';
import { pagePool } from '../pool.ts';
import { foundIn, observedSteps } from './record.ts';
import { watchStarts } from './starts.ts';

/** The pins of a link beside its settings. */
function askedBy({ view, experiment }: State): Asked[] {
  const live = following(experiment);
  return readPins(view.compare, live).pins.map((pin) => ({ own: pin.name, experiment: experimentOf(pin, live) }));
}

/** The pins as a link holds them beside the settings on screen; a run that stands before its end keeps its steps. */
function textOf({ compare, experiment }: State): string {
  const live = following(experiment);
  return writePins(
    compare.pins.map((pin) => pinOf(asTrained(pin), live, pin.own)),
    live,
  );
}

/** Whether something of a pin is to be trained: all of it, or what its lab could not see of its ΔW. */
function isWanted({ run, update, experiment }: Pinned): boolean {
  if (!run) return true;
  const known = update !== null || run.changes.length > 0 || run.status === 'diverged';
  return inits.byName(experiment.init).moves === true && !known;
}

/** Whether the run on screen stands at step 0 beside the pins of its link, nobody else decides when it trains, and it is soon over. */
function isToTrain(now: State): boolean {
  const { screen, view, hidden, run } = now;
  const watched = screen === 'compare' && (view.view === 'lab' || view.view === 'present') && !isExercise(view);
  return watched && !hidden && run.status === 'idle' && lastStep(run) <= 0 && longRunNotice(now) === null;
}

/**
 * Keeps pins and the link in step, and trains in the background what is known of pins by their settings alone: those of a
 * link, once the matrices of the run on screen exist.
 */
export function watchPins(store: Store): void {
  /** Runs that are being trained, or that could not be, by the number of their pin. */
  const asked = new Map<number, () => void>();
  /** A link with pins was opened: the run that they stand beside is trained too, once it is ready. */
  let first = false;

  const follow = (now: State, before: State | null, opened: boolean) => {
    if (opened || (before === null && now.compare.pins.length === 0)) {
      if (now.view.compare !== '') {
        const pins = askedBy(now);
        first = pins.length > 0;
        return store.dispatch({ type: 'compare', does: 'open', pins });
      }
    }
    if (now.compare.pins !== before?.compare.pins || now.experiment !== before.experiment) {
      const compare = textOf(now);
      if (compare !== now.view.compare) store.dispatch({ type: 'viewed', changes: { compare } });
    }
    if (now.compare.pins !== before?.compare.pins || now.run.ready !== before.run.ready) train(now);
    if (first && now.next === null && now.run.ready) {
      first = false;
      if (isToTrain(now)) store.dispatch({ type: 'train', atOnce: true });
    }
  };

  const train = (now: State) => {
    const { compare, run, drawings, notices } = now;
    for (const [id, cancel] of asked) {
      if (compare.pins.some((pin) => pin.id === id)) continue;
      cancel();
      asked.delete(id);
    }
    const question = notices.find(({ about }) => about === 'pins');
    if (question && !compare.pins.some(({ waits }) => waits)) store.dispatch({ type: 'dismiss', id: question.id });
    if (!run.ready) return;
    const wanted = compare.pins.filter((pin) => !asked.has(pin.id) && isWanted(pin));
    const fresh = wanted.filter(({ waits }) => waits === undefined);
    // What is soon done need not wait for what is not.
    const heavy = fresh.filter((pin) => pinsNotice(now, [pin]));
    const asks = heavy.length > 0 ? heavy : pinsNotice(now, fresh) ? fresh : [];
    if (asks.length > 0) {
      const notice = pinsNotice(now, [...wanted.filter(({ waits }) => waits), ...asks]);
      if (notice) store.dispatch({ type: 'notice', notice });
      // Comes back here, with pins that wait.
      return store.dispatch({ type: 'compare', does: 'wait', pins: asks.map(({ id }) => id), waits: true });
    }
    for (const pin of wanted) {
      if (pin.waits === true) continue;
      const experiment = asTrained(pin);
      const drawing = drawings.get(experiment.data) ?? null;
      const observe = observedSteps(experiment.steps);
      const job = { experiment, drawing, observe, keep: ['factors'] } as const;
      // A pin is looked at: it goes before the cells of a sweep.
      const { done, cancel } = pagePool(store).run(job, { priority: 1 });
      asked.set(pin.id, cancel);
      void done.then((result) => {
        if (asked.get(pin.id) !== cancel) return;
        if (!('why' in result)) {
          const { run: trained, floor, update } = foundIn(result, experiment, -pin.id);
          const found = pin.run ? { update } : { run: trained, floor, update };
          store.dispatch({ type: 'compare', does: 'trained', pin: pin.id, found });
        } else if (!pin.run && result.kind !== 'cancelled')
          store.dispatch({ type: 'compare', does: 'failed', pin: pin.id, why: result.why });
      });
    }
  };

  watchStarts(store);
  store.react((now, before, event) => follow(now, before, event.type === 'opened'));
  follow(store.state(), null, false);
}
