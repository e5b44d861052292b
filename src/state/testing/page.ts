import { defaults } from '../../experiment/settings/experiment.ts';
import type { FrameMessage } from '../../protocol/frame.ts';
import type { ReadyMessage } from '../../protocol/ready.ts';
import type { PageEvent } from '../events.ts';
import { initialState, type State } from '../state.ts';
import { update } from '../update.ts';

/** Where the made-up runs are computed. */
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
export function ready(run: number, size = 4): ReadyMessage {
  const square = new Float32Array(size * size).fill(0.5);
  return {
    type: 'ready',
    run,
    engine,
    facts: { a: 0.5, b: 0, sigma1: 1 },
    d: size,
    k: size,
    rank: 2,
    base: square,
    target: square,
    planes: { base: whole(square, size), target: whole(square, size) },
    targetNorm: 1,
    baseNorm: 1,
    targetSpectrum: Float64Array.from([1, 0, 0, 0]),
    targetKnown: { how: 'computed', error: 1e-15 },
    A: new Float32Array(2 * size).fill(0.1),
    B: new Float32Array(2 * size),
    moved: null,
    frozenFactor: null,
    floorAtRank: 0,
    samples: null,
    rate: 0.02,
    secondsPerStep: 1e-4,
    bytes: 1e6,
  };
}

/** `count` steps from `from` on, each with its own number in every list. */
export function frame(run: number, from: number, count: number, more: Partial<FrameMessage> = {}): FrameMessage {
  const list = Float64Array.from({ length: count }, (_, i) => from + i);
  const norms = {
    loss: list,
    gradNormA: list,
    gradNormB: list,
    updateNormA: list,
    updateNormB: list,
    relativeError: list,
  };
  const factors = {
    A: new Float32Array(8),
    B: new Float32Array(8),
    spectrum: null,
    between: [],
    alignment: null,
    losses: null,
  };
  return { type: 'frame', run, frame: 0, from, ...norms, ...factors, changes: [], secondsPerStep: 1e-4, ...more };
}

/** A page after some events. */
export const play = (state: State, ...events: PageEvent[]) => events.reduce(update, state);
/** What a message of the worker is to the page. */
export const up = (message: Extract<PageEvent, { type: 'engine' }>['message']): PageEvent => ({
  type: 'engine',
  message,
});
/** The first thing that happens to a page. */
export const opened = {
  type: 'opened',
  experiment: defaults(),
  drawing: null,
  notices: [],
  preset: 'picture',
} satisfies PageEvent;

/** A page whose run 1 stands at step 0. */
export function idle(): State {
  return play(initialState({ backend: null, stepper: null }), opened, up(ready(1)), up(frame(1, 0, 1)));
}

/** The same after 10 steps. */
export function trained(): State {
  return play(idle(), { type: 'train' }, up(frame(1, 1, 10)));
}
