import type { FrameMessage } from '../../engine/protocol/frame.ts';
import type { ReadyMessage, ReadyModule } from '../../engine/protocol/worker-messages.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { ModuleSeries, Series } from '../../experiment/settings/metric.ts';
import type { PageEvent } from '../events.ts';
import type { TraceEntries } from '../run/run.ts';
import { initialState, type State } from '../state.ts';
import { update } from '../update.ts';

export const engine = {
  backend: 'cpu',
  stepper: 'TypeScript',
  device: 'processor',
  emulated: false,
  why: null,
  timed: [],
} as const;

const whole = (values: Float32Array, size: number) => ({
  mean: { values, rows: size, cols: size, blockRows: 1, blockCols: 1 },
  extreme: null,
});

/** Of a layer size × size, rank 2. */
export function readyMessage(run: number, size = 4): ReadyMessage {
  const square = new Float32Array(size * size).fill(0.5);
  const module: ReadyModule = {
    name: 'W',
    facts: { a: 0.5, b: 0, sigma1: 1 },
    d: size,
    k: size,
    rank: 2,
    base: square,
    basePlane: whole(square, size),
    baseNorm: 1,
    wanted: {
      matrix: square,
      plane: whole(square, size),
      norm: 1,
      spectrum: Float64Array.from([1, 0, 0, 0]),
      known: { how: 'computed', error: 1e-15 },
      floorAtRank: 0,
    },
    A: new Float32Array(2 * size).fill(0.1),
    B: new Float32Array(2 * size),
    moved: null,
    frozenFactor: null,
  };
  return {
    type: 'ready',
    run,
    engine,
    modules: [module],
    samples: null,
    network: null,
    rate: 0.02,
    secondsPerStep: 1e-4,
    bytes: 1e6,
  };
}

/** Entries of one module from step `from` on, with these numbers in every list that is not given. */
export function entries(
  from: number,
  list: ArrayLike<number>,
  given: { readonly [name in Series | ModuleSeries]?: Float64Array } = {},
): TraceEntries {
  const all = Float64Array.from(list);
  const { loss = all, relativeError = all, ...norms } = given;
  const every = { gradNormA: all, gradNormB: all, updateNormA: all, updateNormB: all };
  return { from, series: { loss, relativeError }, modules: [{ ...every, ...norms }] };
}

/** `count` steps from `from` on, each with its own number in every list. */
export function frame(run: number, from: number, count: number, more: Partial<FrameMessage> = {}): FrameMessage {
  const { series, modules } = entries(
    from,
    Array.from({ length: count }, (_, i) => from + i),
  );
  const factors = { A: new Float32Array(8), B: new Float32Array(8), spectrum: null, alignment: null };
  return {
    ...{ type: 'frame', run, frame: 0, from, series, modules: [{ ...modules[0], ...factors }] },
    ...{ between: [], losses: null, changes: [], secondsPerStep: 1e-4 },
    ...more,
  };
}

export const play = (state: State, ...events: PageEvent[]) => events.reduce(update, state);
export const workerEvent = (message: Extract<PageEvent, { type: 'engine' }>['message']): PageEvent => ({
  type: 'engine',
  message,
});
export const openedState = {
  type: 'opened',
  experiment: defaults(),
  drawing: null,
  notices: [],
  preset: 'picture',
} satisfies PageEvent;

export function idleState(): State {
  return play(
    initialState({ backend: null, stepper: null }),
    openedState,
    workerEvent(readyMessage(1)),
    workerEvent(frame(1, 0, 1)),
  );
}

export function trainedState(): State {
  return play(idleState(), { type: 'train' }, workerEvent(frame(1, 1, 10)));
}

export function endedState(): State {
  const all = play(idleState(), { type: 'train' }, workerEvent(frame(1, 1, 300)));
  return play(all, workerEvent({ type: 'done', run: 1, order: all.run.wanted.order, ending: 'finished', step: 300 }));
}

/** A network of digits at step 0, rank 4, with 0.11 right of the new task and 0.97 of the old one. */
export function networkState(): State {
  const state = idleState();
  const set = { inputs: new Float32Array(), answers: new Uint8Array(597) };
  const experiment = change(defaults(), { target: 'digits', rank: 4, steps: 300 });
  const network = { kind: 'labelled', layers: [], heldOut: set, old: set, examples: 1200 } as const;
  const ready = { ...readyMessage(1), network };
  const losses = { steps: [0], training: [Number.NaN], heldOut: [2], accuracy: [0.11], oldAccuracy: [0.97] };
  return { ...state, experiment, run: { ...state.run, experiment, ready, losses, secondsPerStep: 1e-3 } };
}
