import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../../engine/background-runs/background-run.ts';
import { frobenius, multiply, scale, subtract, toFloat32 } from '../../../math/matrix.ts';
import { throughNf4 } from '../../../math/nf4.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { change, defaults } from '../../settings/experiment.ts';
import type { Experiment } from '../../settings/params.ts';
import { prepareModule } from '../testing/one-module.ts';

const SMALL = { d: 48, k: 40, rank: 4, truerank: 4, quant: 'nf4' } as const;

function moduleOf(changes: Partial<Experiment>) {
  const e = change(change(defaults(), { ...SMALL }), changes);
  const module = prepareModule(e, null);
  if ('why' in module) throw new Error(module.why);
  const { quantised } = module;
  if (!quantised) throw new Error('it has a quantised base');
  return { ...module, e, quantised };
}

/** √Σ_{i>r} σᵢ²(ΔW* + W₀ − Q)/‖ΔW*‖ from the matrices of another preparation. */
function floorOf(W0: Parameters<typeof subtract>[0], target: typeof W0, Q: typeof W0, rank: number): number {
  const goal = subtract(target, subtract(Q, W0));
  const beyond = [...singularValues(goal)].slice(rank).reverse();
  return Math.sqrt(beyond.reduce((sum, value) => sum + value * value, 0)) / frobenius(target);
}

const plainOf = (changes: Partial<Experiment> = {}) => {
  const found = prepareModule(change(defaults(), { ...SMALL, ...changes, quant: 'none' }), null);
  if ('why' in found) throw new Error(found.why);
  return found;
};

describe('a quantised base', () => {
  it('is W₀ through NF4, and leaves W₀, ΔW*, A and B of the same settings as they are', () => {
    const [plain, module] = [plainOf(), moduleOf({})];
    expect(module.quantised.base.data).toEqual(plain.base.data);
    expect(module.quantised.target.data).toEqual(plain.target.data);
    expect([module.A.data, module.B.data]).toEqual([plain.A.data, plain.B.data]);
    expect(module.base.data).toEqual(throughNf4(plain.base).data);
    expect(module.frozen).toBe(module.base);
    const goal = toFloat32(subtract(plain.target, subtract(module.base, plain.base)));
    for (const [i, value] of module.target.data.entries()) expect(Math.abs(value - goal.data[i])).toBeLessThan(2e-8);
  });

  it('has the floor of what the adapter has to become, as a share of ‖ΔW*‖, and that of W₀ beside it', async () => {
    for (const init of ['kaiming-uniform', 'loftq', 'qpissa', 'svd'] as const) {
      const { e, base, quantised, rank } = moduleOf({ init });
      const run = await trainInBackground({ ...e, steps: 0 }, { backends: [typescriptBackend] });
      const wanted = floorOf(quantised.base, quantised.target, base, rank);
      expect(Math.abs((run.summary.floor ?? 0) - wanted), init).toBeLessThan(1e-6);
      if (init !== 'qpissa') expect(quantised.floor).toBeCloseTo(plainFloor(rank), 6);
    }
  });

  it('starts LoftQ at the best approximation of W₀ − Q, whatever s is', () => {
    for (const alpha of [4, 16]) {
      const { A, B, base, quantised, rank, e } = moduleOf({ init: 'loftq', alpha });
      const start = scale(multiply(B, A), e.alpha / e.rank);
      const lost = subtract(quantised.base, base);
      const left = frobenius(subtract(lost, start));
      const values = [...singularValues(lost)].slice(rank).reverse();
      expect(left).toBeCloseTo(Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)), 5);
      expect(quantised.start).toBeCloseTo(left / frobenius(quantised.base), 6);
      expect(quantised.start).toBeLessThan(quantised.off);
    }
  });

  it('of QPiSSA is NF4 of W₀ less what A and B took', () => {
    const { A, B, base, quantised, e } = moduleOf({ init: 'qpissa', alpha: 2 });
    const took = scale(multiply(B, A), e.alpha / e.rank);
    expect(base.data).toEqual(throughNf4(toFloat32(subtract(quantised.base, took))).data);
    const values = singularValues(quantised.base);
    expect(frobenius(took)).toBeCloseTo(Math.hypot(...values.slice(0, e.rank)), 5);
    expect(quantised.start).toBeCloseTo(
      frobenius(subtract(subtract(base, quantised.base), scale(took, -1))) / frobenius(quantised.base),
      6,
    );
  });

  it.each([
    ['kaiming-uniform', {}],
    ['loftq', {}],
    ['qpissa', { steps: 1500 }],
    ['kaiming-uniform', { train: 'B' }],
  ] as const)('trains to its floor: %s %j', async (init, more) => {
    const { e } = moduleOf({ init, steps: 600, ...more });
    const { summary, points } = await trainInBackground(e, { backends: [typescriptBackend] });
    const { relativeError = 0, floor = 0 } = summary;
    expect((relativeError ?? 0) / (floor ?? 1)).toBeGreaterThan(0.999999);
    expect((relativeError ?? 0) / (floor ?? 1)).toBeLessThan(1.003);
    const { base, quantised, A, B } = moduleOf({ init, ...more });
    const W = subtract(base, scale(multiply(B, A), -e.alpha / e.rank));
    const off = subtract(subtract(W, quantised.base), quantised.target);
    expect(points.series.relativeError?.[0]).toBeCloseTo(frobenius(off) / frobenius(quantised.target), 5);
  });

  it('carries other methods, whose floors are shares of ‖ΔW*‖ too', async () => {
    const { e, quantised, base } = moduleOf({ method: 'shira', entries: 200, places: 'random' });
    const { summary, problem } = await trainInBackground({ ...e, steps: 400 }, { backends: [typescriptBackend] });
    const goal = subtract(quantised.target, subtract(base, quantised.base));
    const places = new Set(problem.modules[0].method?.places);
    const rest = goal.data.reduce((sum, value, i) => (places.has(i) ? sum : sum + value * value), 0);
    const wanted = Math.sqrt(rest) / frobenius(quantised.target);
    expect(summary.floor).toBeCloseTo(wanted, 6);
    expect(summary.relativeError).toBeCloseTo(wanted, 4);
  });

  it('is refused to starts that move a part of W₀, and needed by those made for it', () => {
    const why = (changes: Partial<Experiment>) => {
      const found = prepareModule(change(defaults(), { ...SMALL, ...changes }), null);
      return 'why' in found ? found.why : null;
    };
    for (const init of ['pissa', 'milora', 'olora', 'corda', 'lora-ga'] as const) {
      expect(why({ init })).toMatch(/moves a part of W₀ .* Use .*a base in full precision\./);
      expect(why({ init, quant: 'none' })).toBeNull();
    }
    for (const init of ['loftq', 'qpissa'] as const) {
      expect(why({ init })).toBeNull();
      expect(why({ init, quant: 'none' })).toMatch(/needs a quantised base\. Use a base in NF4\./);
      expect(why({ init, target: 'regression' })).toMatch(/only matrix targets have one\. Use the low-rank target/);
    }
  });
});

function plainFloor(rank: number): number {
  const { target } = plainOf();
  const beyond = [...singularValues(target)].slice(rank).reverse();
  return Math.sqrt(beyond.reduce((sum, value) => sum + value * value, 0)) / frobenius(target);
}
