import type { Bridge } from '../engine/bridge/bridge.ts';
import type { PageMessage, Watch } from '../engine/protocol/page-messages.ts';
import { USUAL_EPSILON } from '../experiment/optimisers.ts';
import { isHand } from '../experiment/settings/bounds.ts';
import { isActive } from '../experiment/settings/experiment.ts';
import { CHART_METRICS, METRICS, type Metric } from '../experiment/settings/metric.ts';
import type { Tuning } from '../experiment/settings/params.ts';
import { labOf, type Page } from '../state/page.ts';
import { rateOf } from '../state/select.ts';
import type { State } from '../state/state.ts';

const ALL_NEEDS: readonly Metric[] = Object.values(CHART_METRICS).flat();

/** The metrics of the charts and the matrix strip: the user may turn to any of them, and look back at any step. */
const WATCH: Watch = {
  metrics: METRICS.filter((metric) => metric === 'extremes' || ALL_NEEDS.includes(metric)),
  modules: null,
};

/** Interval of frames of a run at full speed: enough for a moving picture, and the rest of the time is the run's. */
const FULL_SPEED_MS = 40;
/** Frames of a larger layer take longer than that, and its blocks are measured as often as it has frames. */
const SMALL_SIDE = 256;
/** The same for a larger layer that a script trains: to draw one takes as long as dozens of its steps. */
const LARGE_MS = 100;
/** The same for a hidden page: the frames that are kept to look back. */
const HIDDEN_MS = 1000;

function watchOf({ run, hidden }: State): Watch {
  if (run.status !== 'training' || run.wanted.pace !== Number.POSITIVE_INFINITY) return WATCH;
  const large = run.modules.some(({ d, k }) => Math.max(d, k) > SMALL_SIDE);
  if (!run.scripted && large) return WATCH;
  return { ...WATCH, every: hidden && run.scripted ? HIDDEN_MS : large ? LARGE_MS : FULL_SPEED_MS };
}

function tuningOf(state: State): Tuning | null {
  const { alpha, scaling, opt, ratio, steps, epsilon } = state.experiment;
  const lr = rateOf(state);
  return lr === null ? null : { alpha, scaling, opt, ratio, steps, lr, epsilon: epsilon ?? USUAL_EPSILON };
}

function tunes(now: Tuning, before: Tuning): boolean {
  return (Object.keys(now) as (keyof Tuning)[]).some((key) => now[key] !== before[key]);
}

/** The only place that sends to the worker. */
export function updateWorker(bridge: Bridge, now: Page, before: Page): void {
  if (now === before) return;
  const gone = before.sessions.filter(({ session }) => now.sessions.every((one) => one.session !== session));
  for (const { session } of gone) bridge.send({ type: 'leave', session });
  for (const { session } of now.sessions) tellOf(bridge, labOf(now, session), labOf(before, session));
}

function tellOf(bridge: Bridge, now: State, before: State): void {
  const send = (message: PageMessage) => bridge.send(message);
  const { next, run, choice } = now;
  const given = before.next !== null && next === null && run.number !== before.next.run.number;
  // A cancelled preparation, or another back end chosen by hand: the worker may be busy.
  if (given && now.run.workerStep === -1) bridge.stop(now.session);
  if (choice !== before.choice) bridge.stop(now.session);
  if (next && next.run.number !== before.next?.run.number) {
    if (before.next?.run.progress) bridge.stop(now.session);
    const experiment = next.run.replay || next.run.recorded ? next.run.experiment : now.experiment;
    send({
      type: 'run',
      run: next.run.number,
      session: now.session,
      page: document.baseURI,
      // The text of a matrix may have millions of characters; the worker gets its decoded content, if that is used.
      experiment: {
        ...experiment,
        data: '',
        lr: next.run.replay || next.run.recorded ? next.run.rate : experiment.lr,
      },
      choice,
      drawing: isActive('data', experiment) ? now.drawing : null,
      hand: isHand(experiment) ? (next.run.hand ?? now.hand?.sets) : null,
      watch: WATCH,
      replay: next.run.replay,
    });
    return;
  }
  const { merge } = now;
  if (merge && merge.order !== before.merge?.order) {
    const { run: of, order, module, A, B, scaling } = merge;
    send({ type: 'merge', run: of, order, module, A, B, scaling });
  }
  if (next?.behind && next.run.wanted.order !== before.next?.run.wanted.order) {
    const { pace, until, order } = next.run.wanted;
    send({ type: 'pace', run: next.run.number, order, pace, until });
  }
  // A run that the worker no longer has is requested again before it continues.
  if (next || run.workerStep === -1) return;
  // A frame changes neither settings nor the inputs of the derived rate.
  const tuning = now.experiment === before.experiment && now.run.number === before.run.number ? null : tuningOf(now);
  const old = tuning && before.run.number === run.number ? tuningOf(before) : null;
  // After a repetition, settings changed in the meantime apply.
  const repeated = run.number !== before.run.number && run.replay !== null;
  if (tuning && (repeated || (old && tunes(tuning, old)))) send({ type: 'tune', run: run.number, tuning });
  const watch = watchOf(now);
  const watched = run.number === before.run.number ? watchOf(before) : WATCH;
  if (watch.every !== watched.every) send({ type: 'watch', run: run.number, watch });
  const asks =
    run.number === before.run.number ? run.wanted.order !== before.run.wanted.order : run.status === 'training';
  if (asks) {
    const { pace, until, order } = run.wanted;
    send({ type: 'pace', run: run.number, order, pace, until });
  }
}
