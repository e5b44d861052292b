import { type InitName, inits } from '../../experiment/inits/index.ts';
import { experimentOf, pinOf, readPins, writePins } from '../../experiment/plan/pins.ts';
import { initObstacle } from '../../experiment/settings/availability.ts';
import { isExercise } from '../../experiment/settings/exercise.ts';
import { change, diffKeys, withAutoRate } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { InitComparison, InitResult, PinnedRun, PinRequest } from '../../state/compare/compare.ts';
import { longRunNotice } from '../../state/notices.ts';
import { isComparing } from '../../state/places.ts';
import { lastStep } from '../../state/run/run.ts';
import type { State, Store } from '../../state/state.ts';
import { pinsNotice } from '../../state/sweep/plan.ts';
import { trainedExperiment } from '../../ui/words/run-names.ts';
import { pagePool, recordOf } from '../pool.ts';

/** Observed steps per run: enough for a curve. */
const OBSERVED = 60;

/** Steps at which spectra of a run are measured, ascending: dense at the beginning, where most changes. */
export function observedSteps(budget: number, points = OBSERVED): number[] {
  const share = (i: number) => i / (points - 1);
  const steps = Array.from({ length: points }, (_, i) => Math.round((budget * share(i) * (1 + 2 * share(i))) / 3));
  return [...new Set(steps)].filter((step) => step < budget);
}

/** Seconds of training that need no request. */
const AT_ONCE = 3;

/** The settings on screen with the automatic rate of each initialisation. */
const automatic = (e: Experiment): Experiment => ({ ...withAutoRate(e), lr: null });

/** Whether these are the trained settings, except for the initialisation. */
function sameButStart(a: Experiment, b: Experiment): boolean {
  return diffKeys(a, b).every((key) => key === 'init' || key === 'sigma');
}

function estimate({ run, experiment }: State): number {
  const runs = inits.all.filter(({ name }) => initObstacle(name, experiment) === null).length;
  return run.secondsPerStep * experiment.steps * runs;
}

/** Trains all initialisations with the settings on screen when their list is opened; asks first if that takes long. */
function watchStarts(store: Store): void {
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

  const train = (starts: InitComparison) => {
    for (const cancel of cancels) cancel();
    const [mine, began] = [++order, performance.now()];
    const { of } = starts;
    const names = inits.all.map(({ name }) => name).filter((name) => initObstacle(name, of) === null);
    const drawing = store.state().drawings.get(of.data) ?? null;
    const found = new Map<InitName, InitResult>();
    cancels = names.map((name) => {
      const experiment = change(of, { init: name });
      const observe = observedSteps(experiment.steps);
      const { done, cancel } = pagePool(store).run(
        { experiment, drawing, observe, keep: ['factors'] },
        { priority: -1 },
      );
      void done.then((result) => {
        if (mine !== order) return;
        found.set(name, 'why' in result ? { why: result.why } : recordOf(result, experiment));
        const all = found.size === names.length;
        const seconds = all ? (performance.now() - began) / 1000 : starts.seconds;
        const now: InitComparison = { of, doing: all ? 'done' : 'training', seconds, found: new Map(found) };
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

function askedBy({ view, experiment }: State): PinRequest[] {
  const live = withAutoRate(experiment);
  return readPins(view.compare, live).pins.map((pin) => ({ own: pin.name, experiment: experimentOf(pin, live) }));
}

/** The pins as text of a link; a run that stands before its end keeps its steps. */
function textOf({ compare, experiment }: State): string {
  const live = withAutoRate(experiment);
  return writePins(
    compare.pins.map((pin) => pinOf(trainedExperiment(pin), live, pin.own)),
    live,
  );
}

/** Whether a pin needs training: all of it, or only the part of its ΔW that its lab could not observe. */
function isWanted({ run, experiment }: PinnedRun): boolean {
  if (!run) return true;
  const known = run.update !== null || run.changes.length > 0 || run.status === 'diverged';
  return inits.byName(experiment.init).moves === true && !known;
}

/** Whether the run on screen, at step 0 next to the pins of its link, is short and nothing else starts it. */
function isToTrain(now: State): boolean {
  const { view, hidden, run } = now;
  const watched = isComparing(now) && !isExercise(view);
  return watched && !hidden && run.status === 'idle' && lastStep(run) <= 0 && longRunNotice(now) === null;
}

/** Keeps pins and link in sync; trains the pins of a link once the matrices of the run on screen exist. */
export function watchPins(store: Store): void {
  /** Runs in training, or that failed, by the id of their pin. */
  const asked = new Map<number, () => void>();
  /** True after a link with pins was opened: the run next to them is trained too, once it is ready. */
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
    // Short runs do not wait for long ones.
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
      const experiment = trainedExperiment(pin);
      const drawing = drawings.get(experiment.data) ?? null;
      const observe = observedSteps(experiment.steps);
      const job = { experiment, drawing, observe, keep: ['factors'] } as const;
      // Pins are visible, so they precede the cells of a sweep.
      const { done, cancel } = pagePool(store).run(job, { priority: 1 });
      asked.set(pin.id, cancel);
      void done.then((result) => {
        if (asked.get(pin.id) !== cancel) return;
        if (!('why' in result)) {
          const trained = recordOf(result, experiment);
          // Of a run from a lab, train only the part that the lab could not observe.
          const run = pin.run ? { ...pin.run, update: trained.update } : trained;
          store.dispatch({ type: 'compare', does: 'trained', pin: pin.id, run });
        } else if (!pin.run && result.kind !== 'cancelled')
          store.dispatch({ type: 'compare', does: 'failed', pin: pin.id, why: result.why });
      });
    }
  };

  watchStarts(store);
  store.react((now, before, event) => follow(now, before, event.type === 'opened'));
  follow(store.state(), null, false);
}
