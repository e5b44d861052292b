import { beforeAll, describe, expect, it } from 'vitest';
import { error } from '../charts/error/error.ts';
import { breakEven } from '../charts/error/picture.ts';
import { number } from '../experiment/numbers.ts';
import { leastOf } from '../experiment/settings/rate.ts';
import { type Matrix32, multiply, scale, toFloat32 } from '../math/matrix.ts';
import { gaussian, stream } from '../math/random.ts';
import { singularValues } from '../math/spectral/singular-values.ts';
import { shownModule } from '../state/run/run.ts';
import { linkOf, reachOf, shownFrame } from '../state/select.ts';
import { initialState, type State } from '../state/state.ts';
import { openedState, play, workerEvent } from '../state/testing/page.ts';
import { sceneOf } from '../ui/lab-scene.ts';
import { typescriptBackend } from './backends/own-backends.ts';
import { type BackgroundRun, trainInBackground } from './background-runs/background-run.ts';
import { isPageMessage } from './protocol/check.ts';
import type { FrameMessage } from './protocol/frame.ts';
import type { MergedMessage } from './protocol/worker-messages.ts';
import { experimentOf } from './testing/derived-runs.ts';
import { TestPage } from './testing/page.ts';
import { composedBackend, experimentOn, prepareTwelve, TWELVE, twelveProblem } from './testing/twelve.ts';

const STEPS = 60;
// Two kinds of matrices have no room for rank 10: they get 8, and with it another s.
const EXPERIMENT = experimentOf({ d: 16, k: 16, rank: 10, alpha: 20, lr: 0.004, steps: STEPS, seed: 3 });
const PROBLEM = twelveProblem(EXPERIMENT);
const WATCH = { metrics: ['spectrum', 'alignment'], modules: null } as const;
const ranks = TWELVE.map(({ d, k }) => Math.min(10, d, k));
const scalings = ranks.map((rank) => 20 / rank);

async function trainedPage(experiment = EXPERIMENT) {
  const page = new TestPage(composedBackend, [], undefined, prepareTwelve);
  page.run(1, {}, { experiment, watch: WATCH });
  await page.done(page.pace(1, Number.POSITIVE_INFINITY, STEPS));
  return page;
}

const trainedAlone = (experiment = EXPERIMENT) =>
  Promise.all(
    PROBLEM.modules.map((module, i) =>
      trainInBackground(experimentOn(experiment, i), {
        backends: [typescriptBackend],
        problem: { kind: 'matrix', modules: [module] },
      }),
    ),
  );

let page: TestPage;
let frames: readonly FrameMessage[];
let last: FrameMessage;
let state: State;
let alone: readonly BackgroundRun[];

beforeAll(async () => {
  page = await trainedPage();
  alone = await trainedAlone();
  frames = page.all('frame');
  last = frames[frames.length - 1];
  const messages = page.messages
    .filter(({ type }) => type !== 'done')
    .map((message) => workerEvent(structuredClone(message)));
  state = play(initialState({ backend: null, stepper: null }), { ...openedState, experiment: EXPERIMENT }, ...messages);
});

function joined(list: (frame: FrameMessage) => Float64Array): number[] {
  const out: number[] = [];
  for (const frame of frames) out.splice(frame.from, out.length, ...list(frame));
  return out;
}

const product = (A: Float32Array, B: Float32Array, i: number) => {
  const [{ d, k }, rank] = [TWELVE[i], ranks[i]];
  return scale(multiply({ rows: d, cols: rank, data: B }, { rows: rank, cols: k, data: A }), scalings[i]);
};

const targetOf = (i: number): Matrix32 => PROBLEM.modules[i].wanted.matrix;
const square = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => sum + v * v, 0);

describe('a run of twelve matrices', () => {
  it.each(TWELVE.map(({ name }, i) => [name, i] as const))('has of %s the numbers that it has alone', (_, i) => {
    const [norms] = alone[i].points.modules;
    for (const name of ['gradNormA', 'gradNormB', 'updateNormA', 'updateNormB'] as const)
      expect(joined(({ modules }) => modules[i][name])).toEqual([...norms[name]]);
    expect({ A: last.modules[i].A, B: last.modules[i].B }).toEqual(alone[i].observed[0].factors[0]);
  });

  it('has the sum of their losses as its loss, and one error of them all', () => {
    const losses = alone.map(({ points }) => points.series.loss);
    const sums = losses[0].map((_, t) => losses.reduce((sum, list) => sum + list[t], 0));
    const whole = TWELVE.reduce((sum, _, i) => sum + square(targetOf(i).data), 0);
    for (const [t, loss] of joined(({ series }) => series.loss).entries()) expect(loss / sums[t]).toBeCloseTo(1, 12);
    expect(last.series.relativeError?.at(-1)).toBeCloseTo(Math.sqrt((2 * sums[STEPS]) / whole), 6);
  });

  it('reports each with its own size, rank and floor; the singular values are those of its own s·B·A', async () => {
    const { modules } = await page.ready(1);
    expect(modules.map(({ name, d, k, rank }) => ({ name, d, k, rank }))).toEqual(
      TWELVE.map((sizes, i) => ({ ...sizes, rank: ranks[i] })),
    );
    for (const [i, { A, B, spectrum }] of last.modules.entries()) {
      const values = singularValues(product(A, B, i)).subarray(0, ranks[i]);
      for (const [j, value] of (spectrum ?? []).entries()) expect(value).toBeCloseTo(values[j], 6);
      expect(spectrum).toHaveLength(ranks[i]);
      const sigma = singularValues(targetOf(i));
      const floor = Math.sqrt(square(sigma.subarray(ranks[i])) / square(sigma));
      expect(modules[i].wanted?.floorAtRank).toBeCloseTo(floor, 5);
    }
  });

  it('gives all but the first streams with its name in front', () => {
    for (const [i, { name, d, k }] of TWELVE.entries()) {
      const purpose = i === 0 ? 'W0' : `${name}/W0`;
      const drawn = toFloat32(scale(gaussian(d, k, stream(3, purpose)), 1 / Math.sqrt(k)));
      expect(PROBLEM.modules[i].base.data).toEqual(drawn.data);
    }
  });

  it('has the least of the rates that are derived for each', async () => {
    const automatic = { ...EXPERIMENT, lr: null, steps: 1 };
    const rates = (await trainedAlone(automatic)).map(({ summary }) => leastOf(summary.rate));
    const free = new TestPage(composedBackend, [], undefined, prepareTwelve);
    free.run(1, {}, { experiment: automatic });
    expect((await free.ready(1)).rate).toBe(Math.min(...rates));
    expect(new Set(rates).size).toBeGreaterThan(1);
  });

  it('measures each under its own s again if α changes', async () => {
    const changed = await trainedPage();
    const { opt, ratio, scaling } = EXPERIMENT;
    const tune = {
      type: 'tune',
      run: 1,
      tuning: { alpha: 40, scaling, opt, ratio, epsilon: 1e-8, steps: STEPS, lr: 0.004 },
    } as const;
    expect(isPageMessage(tune)).toBe(true);
    changed.send(tune);
    await changed.settled();
    const after = changed.all('frame').at(-1);
    for (const [i, { spectrum }] of (after?.modules ?? []).entries())
      for (const [j, value] of (spectrum ?? []).entries())
        expect(value).toBeCloseTo(2 * (last.modules[i].spectrum?.[j] ?? Number.NaN), 10);
    expect(after?.changes).toEqual([{ step: STEPS, key: 'alpha', value: 40 }]);
  });

  it('merges the one that is named, and works out only what is watched of those that are', async () => {
    const { name } = TWELVE[11];
    const { A, B } = last.modules[11];
    const merge = { type: 'merge', run: 1, order: 1, module: name, A, B, scaling: scalings[11] } as const;
    const watch = { type: 'watch', run: 1, watch: { metrics: ['spectrum'], modules: [name] } } as const;
    expect([merge, watch].every(isPageMessage)).toBe(true);
    page.send(merge);
    const merged = await page.when((m): m is MergedMessage => m.type === 'merged' && m.order === 1);
    const W = PROBLEM.modules[11].base;
    expect(merged.size).toBeCloseTo(Math.sqrt(square(product(A, B, 11).data) / square(W.data)), 6);
    const watched = new TestPage(composedBackend, [], undefined, prepareTwelve);
    watched.run(1, {}, { experiment: EXPERIMENT, watch: watch.watch });
    const first = await watched.frameAt(1, 0);
    expect(first.modules.map(({ spectrum }) => spectrum !== null)).toEqual(TWELVE.map((_, i) => i === 11));
  });
});

describe('its page', () => {
  const shown = (module: string): State => play(state, { type: 'viewed', changes: { module } });

  it('shows the first until another is chosen, by its name in the link', () => {
    expect(shownModule(state)?.name).toBe('layers.0.q');
    expect(linkOf(state)).not.toContain('module=');
    expect(linkOf(shown('layers.1.v'))).toContain('module=layers.1.v');
    expect(shownModule(shown('no such matrix'))?.name).toBe('layers.0.q');
  });

  it.each(TWELVE.map((sizes, i) => [sizes.name, i] as const))('draws %s once it is chosen', (name, i) => {
    const chosen = shown(name);
    const scene = sceneOf(chosen, 'step');
    const { d, k } = TWELVE[i];
    expect([scene.d, scene.k, scene.rank, scene.scaling]).toEqual([d, k, ranks[i], scalings[i]]);
    expect(Array.from(scene.curves.gradNormB).slice(0, STEPS + 1)).toEqual([...alone[i].points.modules[0].gradNormB]);
    expect(scene.spectrum).toEqual(last.modules[i].spectrum);
    expect(scene.alignment).toEqual(last.modules[i].alignment);
    expect(scene.target?.values).toEqual(PROBLEM.modules[i].wanted.spectrum.values);
    expect(shownFrame(chosen)).toMatchObject({ step: STEPS, A: last.modules[i].A, B: last.modules[i].B });
  });

  it('has one least error for them all', () => {
    const rests = TWELVE.map((_, i) => square(singularValues(targetOf(i)).subarray(ranks[i])));
    const whole = TWELVE.reduce((sum, _, i) => sum + square(targetOf(i).data), 0);
    expect(reachOf(state.run)?.floor).toBeCloseTo(Math.sqrt(rests.reduce((a, b) => a + b, 0) / whole), 5);
  });

  it.each(['layers.0.q', 'layers.1.v'])(
    'draws the error of all of them on the floors of all while %s is shown',
    (name) => {
      const scene = sceneOf(shown(name), 'rank', true);
      const total = (of: (i: number) => number) => TWELVE.reduce((sum, _, i) => sum + of(i), 0);
      const whole = total((i) => square(targetOf(i).data));
      const missing = total((i) => {
        const { A, B } = last.modules[i];
        const update = product(A, B, i).data;
        return square(targetOf(i).data.map((wanted, at) => update[at] - wanted));
      });
      const sigma = TWELVE.map((_, i) => singularValues(targetOf(i)));
      const trained = (rank: number) =>
        total((i) => Math.min(rank, TWELVE[i].d, TWELVE[i].k) * (TWELVE[i].d + TWELVE[i].k));
      const full = total((i) => TWELVE[i].d * TWELVE[i].k);
      const { rows } = error.table(scene);
      expect(rows.map(([rank]) => rank)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
      for (const [rank, floor, numbers, share, run] of rows.map((row) => row.map(Number))) {
        expect(floor).toBeCloseTo(Math.sqrt(total((i) => square(sigma[i].subarray(rank))) / whole), 6);
        expect([numbers, share]).toEqual([trained(rank), (100 * trained(rank)) / full]);
        expect(run).toBeCloseTo(rank === 10 ? Math.sqrt(missing / whole) : 0, 6);
      }
      expect(scene.ownFloor.value).toBeCloseTo(Number(rows[9][1]), 5);
      // Up to rank 8, which all have, they train 384 numbers a rank; together they are 3,072.
      expect(breakEven(scene)).toBe(8);
      expect(error.describe(scene)).toContain(`Relative error ${number(Math.sqrt(missing / whole))} at rank 10`);
    },
  );
});
