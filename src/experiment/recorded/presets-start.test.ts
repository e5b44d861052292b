import { describe, expect, it } from 'vitest';
import { svd } from '../../math/factor/svd.ts';
import { productSvd } from '../../math/spectral/product-svd.ts';
import { subspaceAlignment } from '../../math/spectral/subspaces.ts';
import type { Experiment } from '../settings/params.ts';
import type { SmallLine } from './small-picture.ts';
import { checkOverSeeds } from './testing/check-over-seeds.ts';
import { curve, errorAfterCut, trainPreset } from './testing/preset-run.ts';

const KAIMING = { init: 'kaiming-uniform' } as const;

async function line(preset: string, changes: Partial<Experiment>, label: string, look: SmallLine['look']) {
  return { label, look, points: curve((await trainPreset(preset, changes)).errors) };
}

describe('how it begins', () => {
  it('dead-start: both gradients exactly zero, the error exactly 1, for ever', async () => {
    const measure = async (seed: number) => {
      const { points, error, errors } = await trainPreset('dead-start', { seed });
      const norms = [...points.gradNormA, ...points.gradNormB];
      expect(norms.length).toBe(2 * 301);
      expect(error).toBe(errors[0]);
      return {
        figures: { 'largest gradient': Math.max(...norms), error },
        holds: norms.every((v) => v === 0) && Math.abs(error - 1) < 1e-12,
      };
    };
    await checkOverSeeds('dead-start', measure, async () => ({
      kind: 'lines',
      axis: 'error, 300 steps',
      high: 1.1,
      lines: [
        await line('dead-start', {}, 'A = B = 0', 'dw'),
        await line('dead-start', { ...KAIMING, steps: 300 }, 'Kaiming', 'ink-3'),
      ],
    }));
  });

  it('zero-start: random B gains nothing in 20 steps, PEFT’s is behind, and only LoRA-GA is ahead', async () => {
    const measure = async (seed: number) => {
      const at20 = async (init: Experiment['init']) => (await trainPreset('zero-start', { seed, init })).errors[20];
      const zero = await at20('kaiming-uniform');
      const random = await at20('symmetric');
      const peft = await at20('both-random');
      const informed = await at20('lora-ga');
      return {
        figures: {
          'error after 20 steps: B = 0': zero,
          'both random, σ = 0.05': random,
          'PEFT’s': peft,
          'LoRA-GA': informed,
        },
        holds: Math.abs(zero / random - 1) < 0.15 && peft > 1 && informed < 0.8 * zero,
      };
    };
    await checkOverSeeds('zero-start', measure, async () => ({
      kind: 'lines',
      axis: 'error, 60 steps',
      high: 1.3,
      lines: [
        await line('zero-start', {}, 'B = 0', 'dw'),
        await line('zero-start', { init: 'symmetric' }, 'random', 'ink-3'),
        await line('zero-start', { init: 'lora-ga' }, 'LoRA-GA', 'ink'),
      ],
    }));
  });

  it('own-floors: each ends at the floor of what it has to give back', async () => {
    const inits = ['pissa', 'milora', 'olora', 'lora-ga'] as const;
    const measure = async (seed: number) => {
      const figures: Record<string, number> = {};
      let holds = true;
      for (const init of inits) {
        const run = await trainPreset('own-floors', { seed, init });
        const floor = run.ownFloor();
        figures[NAMES[init]] = run.error;
        figures[`floor of ${NAMES[init]}`] = floor;
        holds &&= run.error / floor < 1.02 && run.error / floor > 1 - 1e-4;
      }
      return { figures, holds };
    };
    const lines = [await line('own-floors', {}, 'Kaiming', 'dw')];
    for (const init of inits) lines.push(await line('own-floors', { init }, NAMES[init], 'ink'));
    await checkOverSeeds('own-floors', measure, async () => ({
      kind: 'lines',
      axis: 'error, 200 steps',
      high: 1.05,
      lines,
    }));
  });

  it('pissa: with SGD ahead of Kaiming’s after 10 steps, level after 100; less so at another rate or with Adam', async () => {
    const measure = async (seed: number) => {
      const pissa = await trainPreset('pissa', { seed });
      const kaiming = await trainPreset('pissa', { seed, ...KAIMING });
      for (const { error } of [pissa, kaiming]) expect(Math.abs(error - 0.044)).toBeLessThan(0.001);
      const faster = await trainPreset('pissa', { seed, ...KAIMING, steps: 10 }, { factor: 3 });
      expect(faster.error).toBeLessThan(0.29);
      const adam = async (init: 'pissa' | 'kaiming-uniform') =>
        (await trainPreset('pissa', { seed, init, opt: 'adam', steps: 10 })).error;
      expect(await adam('pissa')).toBeCloseTo(0.31, 1);
      expect(await adam('kaiming-uniform')).toBeCloseTo(0.54, 1);
      const [early, late] = [pissa.errors[10], kaiming.errors[10]];
      return {
        figures: {
          'after 10 steps: PiSSA': early,
          Kaiming: late,
          'after 100: PiSSA': pissa.error,
          'Kaiming ': kaiming.error,
        },
        holds: early < 0.08 && late > 0.59 && late < 0.7,
      };
    };
    await checkOverSeeds('pissa', measure, async () => ({
      kind: 'lines',
      axis: 'error, 100 steps',
      high: 1.1,
      lines: [await line('pissa', {}, 'PiSSA', 'dw'), await line('pissa', KAIMING, 'Kaiming', 'ink-3')],
    }));
  });

  it('pissa-against: stops at its own floor of about 0.84, where Kaiming’s gets to the rank’s', async () => {
    const measure = async (seed: number) => {
      const own = await trainPreset('pissa-against', { seed });
      const floor = own.ownFloor();
      const kaiming = (await trainPreset('pissa-against', { seed, ...KAIMING })).error;
      const half = await trainPreset('pissa-against', { seed, align: 0.5, steps: 1 });
      expect(Math.abs(half.ownFloor() - 0.5)).toBeLessThan(0.03);
      expect((await trainPreset('pissa-against', { seed, rank: 32, steps: 1 })).ownFloor()).toBeLessThan(0.8 * floor);
      return {
        figures: { PiSSA: own.error, 'its floor': floor, Kaiming: kaiming },
        holds: own.error / floor < 1.001 && Math.abs(floor - 0.84) < 0.02 && Math.abs(kaiming - 0.044) < 0.001,
      };
    };
    await checkOverSeeds('pissa-against', measure, async () => ({
      kind: 'lines',
      axis: 'error, 300 steps',
      high: 1.1,
      lines: [await line('pissa-against', {}, 'PiSSA', 'dw'), await line('pissa-against', KAIMING, 'Kaiming', 'ink-3')],
    }));
  });

  it('first-step: along the leading directions of ΔW* from LoRA-GA’s initialisation, not from Kaiming’s', async () => {
    const alignment = async (changes: Partial<Experiment>) => {
      const { update, module } = await trainPreset('first-step', changes);
      const { left, right, scale } = update();
      const [wanted, own] = [svd(module.wanted.matrix), productSvd(left, right, scale)];
      const sides = (['U', 'V'] as const).map((side) => subspaceAlignment(wanted[side], wanted.S, own[side], own.S));
      return sides.map((values) => Array.from(values).slice(0, 8));
    };
    const measure = async (seed: number) => {
      const informed = (await alignment({ seed })).flat();
      const kaiming = await alignment({ seed, ...KAIMING });
      return {
        figures: { 'LoRA-GA, least match': Math.min(...informed), 'Kaiming, i = 8': kaiming[0][7] },
        holds: informed.every((value) => value > 0.999) && kaiming.every((side) => side[7] < 0.5),
      };
    };
    const [left] = await alignment(KAIMING);
    expect(left[7]).toBeCloseTo(0.39, 2);
    const [derived] = await alignment({ lr: null });
    expect(derived[7]).toBeCloseTo(0.996, 3);
    const [adam] = await alignment({ opt: 'adam' });
    expect(adam[7]).toBeLessThan(0.99);
    const [own] = await alignment({});
    const points = (values: readonly number[]) => values.map((value, i) => [i + 1, value] as const);
    await checkOverSeeds('first-step', measure, async () => ({
      kind: 'lines',
      axis: 'match with ΔW*, i = 1 … 8',
      high: 1.05,
      lines: [
        { label: 'LoRA-GA', look: 'dw', points: points(own) },
        { label: 'Kaiming', look: 'ink-3', points: points(left) },
      ],
    }));
  });
});

describe('another rank', () => {
  it('cut: at rank 64 and cut to 32, a run is at the floor of rank 32; one at rank 32 is not', async () => {
    const measure = async (seed: number) => {
      const low = await trainPreset('cut', { seed });
      const high = await trainPreset('cut', { seed, rank: 64, alpha: 64 });
      const after = errorAfterCut(high, 32);
      const floor = low.floors[32];
      return {
        figures: { 'trained at 32': low.error, 'at 64, cut to 32': after, 'floor at 32': floor },
        holds: after < 1.01 * floor && low.error > 1.2 * floor,
      };
    };
    const observe = [2, 5, 10, 15, 20, 30, 40, 60, 80, 100, 150, 200, 250];
    const low = await trainPreset('cut');
    const high = await trainPreset('cut', { rank: 64, alpha: 64 }, { observe });
    // If the spectrum falls slowly both end at the floor: the gain is in speed.
    const decay = { target: 'decay', law: 'power', rate: 0.5, d: 128, k: 128 } as const;
    const slow = await trainPreset('cut', decay);
    const wide = await trainPreset('cut', { ...decay, rank: 64, alpha: 64 }, { observe: [20] });
    expect(errorAfterCut(wide, 32) / slow.error).toBeCloseTo(1, 2);
    expect(errorAfterCut(wide, 32, wide.observed[0]) / slow.errors[20]).toBeLessThan(0.98);
    await checkOverSeeds('cut', measure, async () => ({
      kind: 'lines',
      axis: 'error (log), 300 steps',
      ...{ low: 0.01, high: 1 },
      lines: [
        { label: 'at 32', look: 'ink-3', points: curve(low.errors) },
        {
          label: '64 → 32',
          look: 'dw',
          points: high.observed.map((at) => [at.step, errorAfterCut(high, 32, at)] as const),
        },
      ],
      level: { value: low.floors[32], label: 'floor', look: 'dwt' },
    }));
  });

  it('same-directions: what rank 8 finds, rank 64 finds first', async () => {
    const directions = async (changes: Partial<Experiment>) => {
      const { left, right, scale } = (await trainPreset('same-directions', changes)).update();
      return productSvd(left, right, scale);
    };
    const overlap = async (seed: number) => {
      const [low, high] = [await directions({ seed }), await directions({ seed, rank: 64 })];
      return Array.from(subspaceAlignment(low.U, low.S, high.U, high.S)).slice(0, 8);
    };
    const measure = async (seed: number) => {
      const found = await overlap(seed);
      return { figures: { 'φ(4, 4)': found[3], 'φ(8, 8)': found[7] }, holds: found[3] > 0.99 && found[7] < 0.9 };
    };
    const found = await overlap(1);
    await checkOverSeeds('same-directions', measure, async () => ({
      kind: 'lines',
      axis: 'φ(i, i), i = 1 … 8',
      high: 1.05,
      lines: [{ label: '8 and 64', look: 'dw', points: found.map((value, i) => [i + 1, value] as const) }],
    }));
  });
});

const NAMES = { pissa: 'PiSSA', milora: 'MiLoRA', olora: 'OLoRA', 'lora-ga': 'LoRA-GA' } as const;
