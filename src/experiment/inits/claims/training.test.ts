/** The claims on training in docs/initialisations.md and the initialisations' sentences. */

import { describe, expect, it } from 'vitest';
import { courseOf, experimentOf, layerOf, trainAtDerivedRate } from '../../../engine/testing/derived-runs.ts';
import { thinQr } from '../../../math/factor/qr.ts';
import { frobenius, type Matrix32, multiply, scale, subtract, toFloat64, transpose } from '../../../math/matrix.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { numericalRank } from '../../../math/spectral/spectra.ts';
import { partOf } from '../../../math/testing/part-of.ts';
import { floorOf } from '../../layer/floor.ts';
import { layerCache } from '../../layer/problem.ts';
import type { OneModule } from '../../layer/testing/one-module.ts';
import { initSettingsOf } from '../../settings/availability.ts';
import type { Experiment } from '../../settings/params.ts';
import { scalingOf } from '../../settings/rate.ts';
import { type InitName, inits } from '../index.ts';

const SEEDS = [1, 2, 3];
const INDEPENDENT: Partial<Experiment> = { target: 'low-rank' };
const ALIGNED: Partial<Experiment> = { target: 'low-rank', align: 1 };
const REGRESSION: Partial<Experiment> = { target: 'regression' };
const TARGETS = [INDEPENDENT, ALIGNED, REGRESSION];
const caches = new Map(TARGETS.map((target) => [target, SEEDS.map(() => layerCache())]));

interface Wanted extends Partial<Experiment> {
  readonly init: InitName;
}

function prepared(target: Partial<Experiment>, wanted: Wanted, seed = 1) {
  const e = experimentOf({ ...target, ...wanted, seed });
  return { e, layer: layerOf(e, caches.get(target)?.[SEEDS.indexOf(seed)] ?? layerCache()) };
}

const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

const unmoved = new Map<string, Promise<number>>();
/** The loss at ΔW = 0, for a layer that starts as W₀ and for one that does not. */
function lossOfNothing(target: Partial<Experiment>, wanted: Wanted, seed: number): Promise<number> {
  const nothing = prepared(target, { ...wanted, init: 'both-zero' }, seed);
  const key = JSON.stringify({ ...nothing.e, opt: null, lr: null });
  const known = unmoved.get(key) ?? courseOf(nothing.e, nothing.layer, 0).then(({ start }) => start);
  unmoved.set(key, known);
  return known;
}

/** The median over three seeds of the loss after some steps, over that at ΔW = 0; `factor` times the derived rate. */
async function loss(target: Partial<Experiment>, steps: number, wanted: Wanted, factor = 1): Promise<number> {
  const found: number[] = [];
  for (const seed of SEEDS) {
    const { e, layer } = prepared(target, wanted, seed);
    found.push((await courseOf(e, layer, steps, factor)).end / (await lossOfNothing(target, wanted, seed)));
  }
  // A rate too high for this initialisation.
  return middle(found.map((x) => (Number.isFinite(x) ? x : Number.POSITIVE_INFINITY)));
}

async function best(target: Partial<Experiment>, steps: number, wanted: Wanted): Promise<number> {
  const losses: number[] = [];
  for (const factor of [1 / 3, 1, 3]) losses.push(await loss(target, steps, wanted, factor));
  return Math.min(...losses);
}

const square = (x: number) => x * x;
const floor = (layer: OneModule, rank: number) => square(floorOf(layer.spectrum.values)[rank]);

function outsideSpan(layer: ReturnType<typeof layerOf>): number {
  const { Q } = thinQr(layer.B);
  const inside = multiply(Q, multiply(transpose(Q), toFloat64(layer.target)));
  return square(frobenius(subtract(layer.target, inside)) / layer.targetNorm);
}

/** Other sizes and ranks than d = k = 64 and r = 8 of docs/initialisations.md. */
const SIZES = [
  { d: 96, k: 48, rank: 8 },
  { d: 128, k: 128, rank: 16 },
  { d: 64, k: 64, rank: 16 },
  { d: 32, k: 32, rank: 4 },
  { d: 64, k: 64, rank: 4 },
] as const;

describe.each(partOf<(typeof SIZES)[number]>(SIZES, 5))('at any size and rank: $d × $k, r = $rank', (size) => {
  /**
   * The least loss of s·B·A for this initialisation, which must give back what it took out of W₀, over that at ΔW = 0.
   */
  const own = (layer: ReturnType<typeof layerOf>) => {
    const taken = subtract(layer.base, layer.frozen);
    const goal = subtract(layer.target, scale(taken, -1));
    return square((floorOf(singularValues(goal))[size.rank] * frobenius(goal)) / layer.targetNorm);
  };

  it('PiSSA is stuck above the floor of an independent ΔW*, and fast with SGD where ΔW* lies along its directions', async () => {
    for (const seed of SEEDS) {
      const { layer } = prepared(INDEPENDENT, { ...size, init: 'pissa' }, seed);
      expect(own(layer)).toBeGreaterThan(1.3 * floor(layer, size.rank));
      const along = prepared(ALIGNED, { ...size, init: 'pissa' }, seed).layer;
      expect(own(along)).toBeLessThan(1.35 * floor(along, size.rank));
    }
    const [pissa, random] = (['pissa', 'kaiming-uniform'] as const).map((init) =>
      loss(ALIGNED, 10, { ...size, init, opt: 'sgd' }),
    );
    expect(await pissa).toBeLessThan(0.9 * (await random));
  });

  it('LoRA-GA can end below the floor at r, and not below that at 2r', () => {
    for (const seed of SEEDS) {
      for (const target of [INDEPENDENT, ALIGNED]) {
        const { layer } = prepared(target, { ...size, init: 'lora-ga' }, seed);
        expect(own(layer)).toBeLessThan(floor(layer, size.rank));
        expect(own(layer)).toBeGreaterThan(floor(layer, 2 * size.rank));
      }
    }
  });

  it('a decaying W₀ costs MiLoRA its advantage, and leaves PiSSA where it was', () => {
    for (const seed of SEEDS) {
      const on = (base: 'gaussian' | 'decay', init: InitName, target: Partial<Experiment>) =>
        own(prepared(target, { ...size, init, base }, seed).layer);
      expect(on('decay', 'milora', INDEPENDENT)).toBeGreaterThan(on('gaussian', 'milora', INDEPENDENT) + 0.03);
      for (const base of ['gaussian', 'decay'] as const) {
        expect(on(base, 'pissa', INDEPENDENT)).toBeGreaterThan(
          1.3 * floor(prepared(INDEPENDENT, { ...size, init: 'pissa', base }, seed).layer, size.rank),
        );
        expect(on(base, 'pissa', ALIGNED)).toBeLessThan(
          1.35 * floor(prepared(ALIGNED, { ...size, init: 'pissa', base }, seed).layer, size.rank),
        );
      }
    }
  });

  it('OLoRA ends lower on a ΔW* along a decaying W₀ than on one along a Gaussian W₀, by the median', () => {
    const on = (base: 'gaussian' | 'decay') =>
      middle(SEEDS.map((seed) => own(prepared(ALIGNED, { ...size, init: 'olora', base }, seed).layer)));
    expect(on('decay')).toBeLessThan(on('gaussian'));
  });

  it('MiCA reaches about the share r/d of an independent ΔW*', () => {
    for (const seed of SEEDS) {
      const { layer } = prepared(INDEPENDENT, { ...size, init: 'mica' }, seed);
      expect(Math.abs(outsideSpan(layer) - (1 - size.rank / size.d))).toBeLessThan(0.06);
    }
  });

  it('the SVD of ΔW* is on the floor of a matrix, and both zero has no gradient', async () => {
    const { e, layer } = prepared(INDEPENDENT, { ...size, init: 'svd', opt: 'sgd' });
    const { start, end } = await courseOf(e, layer, 20);
    for (const value of [start, end]) expect(Math.abs(value / floor(layer, e.rank) - 1)).toBeLessThan(1e-4);
    const dead = prepared(INDEPENDENT, { ...size, init: 'both-zero' });
    const { entries } = await trainAtDerivedRate(dead.e, dead.layer, 5);
    expect([Math.max(...entries.gradNormA), Math.max(...entries.gradNormB)]).toEqual([0, 0]);
  });
});

describe('at the start', () => {
  it('every start that says so leaves the output as it was; those that say "perturbed" do not', async () => {
    for (const target of TARGETS) {
      for (const { name, moves, filling } of partOf(inits.all, 3, TARGETS.indexOf(target))) {
        const e = experimentOf({ ...target, init: name });
        if (inits.byName(name).unavailable?.(initSettingsOf(e))) continue;
        const { layer } = prepared(target, { init: name });
        const start = await loss(target, 0, { init: name });
        if (moves) expect(layer.moved?.output.largest, name).toBeLessThanOrEqual(layer.moved?.output.bound ?? 0);
        else expect(layer.frozen, name).toBe(layer.base);
        if (name === 'symmetric' || name === 'both-random') expect(start, name).toBeGreaterThan(1.02);
        else if (name !== 'svd') expect(Math.abs(start - 1), name).toBeLessThan(1e-5);
        if (filling.A === 'zero' || filling.B === 'zero') expect(start, name).toBe(1);
      }
    }
  });
});

describe('in training at d = k = 64 and r = 8', () => {
  it('both zero: both gradients exactly zero at every step, on matrices and on samples', async () => {
    for (const target of TARGETS) {
      const { e, layer } = prepared(target, { init: 'both-zero' });
      const { entries, A, B } = await trainAtDerivedRate(e, layer, 20);
      expect([Math.max(...entries.gradNormA), Math.max(...entries.gradNormB)]).toEqual([0, 0]);
      expect([frobenius({ ...layer.A, data: A }), frobenius({ ...layer.B, data: B })]).toEqual([0, 0]);
    }
  });

  it('SVD of ΔW*: on the floor of a matrix target, where training cannot improve; of samples it can', async () => {
    for (const target of [INDEPENDENT, ALIGNED]) {
      const { e, layer } = prepared(target, { init: 'svd', opt: 'sgd' });
      const { start, end } = await courseOf(e, layer, 100);
      for (const value of [start, end]) expect(Math.abs(value / floor(layer, e.rank) - 1)).toBeLessThan(1e-4);
      const adam = await courseOf({ ...e, opt: 'adam' }, layer, 10);
      expect(adam.end).toBeGreaterThan(1.5 * start);
    }
    const { e, layer } = prepared(REGRESSION, { init: 'svd', opt: 'sgd' });
    const { start, end } = await courseOf(e, layer, 60);
    expect(end).toBeLessThan(0.99 * start);
  });

  it('PiSSA: ahead of a random start where ΔW* lies along its directions, far above it at every rate where not', async () => {
    const pissa: Wanted = { init: 'pissa' };
    const random: Wanted = { init: 'kaiming-uniform' };
    for (const opt of ['adam', 'sgd'] as const) {
      expect(await best(ALIGNED, 10, { ...pissa, opt })).toBeLessThan(
        0.9 * (await best(ALIGNED, 10, { ...random, opt })),
      );
      expect(await best(INDEPENDENT, 100, { ...pissa, opt })).toBeGreaterThan(0.5);
      expect(await best(INDEPENDENT, 100, { ...random, opt })).toBeLessThan(0.01);
      const [one, other] = [await best(ALIGNED, 200, { ...pissa, opt }), await best(ALIGNED, 200, { ...random, opt })];
      expect(Math.abs(one / other - 1)).toBeLessThan(0.05);
    }
  });

  it('CorDA: PiSSA bit for bit on matrices; another start with coloured inputs, and there a better one', async () => {
    const [same, plain] = (['corda', 'pissa'] as const).map((init) => prepared(INDEPENDENT, { init }).layer);
    expect(same.A.data).toEqual(plain.A.data);
    expect(same.B.data).toEqual(plain.B.data);
    expect(await loss(REGRESSION, 100, { init: 'corda' })).toBeLessThan(await loss(REGRESSION, 100, { init: 'pissa' }));
  });

  it('MiLoRA has little to give back: near the floor of an independent ΔW*, where PiSSA and OLoRA stay high', async () => {
    expect(await loss(INDEPENDENT, 200, { init: 'milora' })).toBeLessThan(0.02);
    for (const init of ['pissa', 'olora'] as const) expect(await loss(INDEPENDENT, 200, { init })).toBeGreaterThan(0.5);
  });

  it('LoRA-GA: ahead of all that know nothing of ΔW*, and in the end between the floors at r and at 2r', async () => {
    for (const target of [INDEPENDENT, ALIGNED]) {
      const others = ['kaiming-uniform', 'gaussian', 'pissa', 'milora', 'olora', 'orthogonal'] as const;
      const ahead = await loss(target, 10, { init: 'lora-ga' });
      for (const init of others) expect(ahead, init).toBeLessThan(await loss(target, 10, { init }));
      const { e, layer } = prepared(target, { init: 'lora-ga', opt: 'sgd' });
      const { end } = await courseOf(e, layer, 200);
      expect(end).toBeLessThan(floor(layer, e.rank));
      expect(end).toBeGreaterThan(floor(layer, 2 * e.rank));
    }
  });

  it('LoRA-GA: the gradient of few samples leads to an initialisation that ends far above a random one, that of all does better', async () => {
    const few = await loss(REGRESSION, 100, { init: 'lora-ga', batch: 16 });
    const { floors: all } = prepared(REGRESSION, { init: 'lora-ga', batch: 256 }).layer.data ?? {};
    const { floors: some } = prepared(REGRESSION, { init: 'lora-ga', batch: 16 }).layer.data ?? {};
    expect(few).toBeGreaterThan(3 * (await loss(REGRESSION, 100, { init: 'kaiming-uniform', batch: 16 })));
    expect((all?.training ?? 1) / (some?.training ?? 0)).toBeLessThan(0.5);
  });

  it('the smaller the random start, the sooner at the derived rate: Kaiming uniform, Kaiming normal, Gaussian', async () => {
    for (const target of TARGETS) {
      const [uniform, normal, gaussian] = [
        await loss(target, 10, { init: 'kaiming-uniform' }),
        await loss(target, 10, { init: 'kaiming-normal' }),
        await loss(target, 10, { init: 'gaussian' }),
      ];
      expect(uniform).toBeLessThan(normal);
      expect(normal).toBeLessThan(gaussian);
    }
  });

  it('orthogonal: A and B start with rank r/2 each and train to the floor all the same', async () => {
    const { e, layer } = prepared(INDEPENDENT, { init: 'orthogonal', opt: 'sgd' });
    const { A, B, summary } = await trainAtDerivedRate(e, layer, 200);
    const rank = (m: Matrix32) => numericalRank(singularValues(m), m.rows, m.cols);
    expect([rank({ ...layer.A, data: A }), rank({ ...layer.B, data: B })]).toEqual([e.rank, e.rank]);
    const end = summary.loss / (0.5 * square(layer.targetNorm));
    expect(end / floor(layer, e.rank)).toBeLessThan(1.02);
    expect(scalingOf(e) * Math.max(...multiply(layer.B, layer.A).data.map(Math.abs))).toBeLessThan(1e-6);
  });

  it('task-informed: at condition number 10 behind a random start in the first steps, level with it later', async () => {
    const [informed, random] = ['task-informed', 'kaiming-uniform'] as const;
    expect(await loss(REGRESSION, 10, { init: informed })).toBeGreaterThan(
      await loss(REGRESSION, 10, { init: random }),
    );
    const later = (await loss(REGRESSION, 100, { init: informed })) / (await loss(REGRESSION, 100, { init: random }));
    expect(Math.abs(later - 1)).toBeLessThan(0.15);
  });

  it('MiCA: ends at the part of ΔW* outside the span of the frozen B, and not below', async () => {
    for (const target of [INDEPENDENT, ALIGNED]) {
      const { e, layer } = prepared(target, { init: 'mica', opt: 'sgd' });
      const bound = outsideSpan(layer);
      const { end } = await courseOf(e, layer, 200);
      expect(end).toBeGreaterThan(bound * (1 - 1e-5));
      expect(end).toBeLessThan(bound * 1.01);
      expect(bound).toBeGreaterThan(0.8);
    }
  });
});
