import { describe, expect, it } from 'vitest';
import { galleryRun } from './gallery-run.ts';
import { regressionScene } from './regression-run.ts';
import { factorUpdater } from './training.ts';

const SETTINGS = { d: 2, k: 2, rank: 1, alpha: 1, rate: 0.1, steps: 1, zeroAtStart: 'B' } as const;
const column = (...data: number[]) => ({ rows: data.length, cols: 1, data: Float64Array.from(data) });

describe('a factor that is moved', () => {
  it('by SGD goes the rate times the gradient', () => {
    const factor = column(1, 2);
    expect(factorUpdater({ ...SETTINGS, optimiser: 'sgd' }, factor)(column(3, -4))).toBeCloseTo(0.5, 12);
    expect([...factor.data]).toEqual([0.7, 2.4]);
  });

  it('by Adam goes the rate, whatever the size of a gradient that stays the same', () => {
    const factor = column(1, 1);
    const move = factorUpdater({ ...SETTINGS, optimiser: 'adam' }, factor);
    for (let t = 1; t <= 5; t++) {
      expect(move(column(1e3, -1e-3))).toBeCloseTo(0.1 * Math.SQRT2, 5);
      expect(factor.data[0]).toBeCloseTo(1 - 0.1 * t, 5);
      expect(factor.data[1]).toBeCloseTo(1 + 0.1 * t, 5);
    }
  });
});

describe('the run of the gallery', () => {
  it('has gradients that say by how much the loss falls, and starts as it is told', () => {
    const rate = 1e-5;
    const { curves } = galleryRun({
      d: 12,
      k: 9,
      rank: 3,
      alpha: 3,
      optimiser: 'sgd',
      rate,
      steps: 4,
      zeroAtStart: null,
    });
    for (let t = 0; t < 4; t++) {
      const square = curves.gradNormA[t] ** 2 + curves.gradNormB[t] ** 2;
      expect((curves.loss[t] - curves.loss[t + 1]) / (rate * square)).toBeCloseTo(1, 3);
      expect(curves.updateNormA[t]).toBeCloseTo(rate * curves.gradNormA[t], 14);
    }
    const zero = galleryRun({ d: 12, k: 9, rank: 3, steps: 1 });
    expect([zero.curves.gradNormA[0], zero.curves.relativeError[0]]).toEqual([0, 1]);
    expect(zero.curves.gradNormB[0]).toBeGreaterThan(0);
  });

  it('never gets below its floor, and ends near it', () => {
    const { curves, target, settings } = galleryRun({ d: 12, k: 9, rank: 3, rate: 0.02, steps: 300 });
    const floor = target.floor[settings.rank];
    for (let t = 0; t < curves.length; t++) expect(curves.relativeError[t]).toBeGreaterThan(floor - 1e-12);
    expect(curves.relativeError[curves.length - 1]).toBeLessThan(1.05 * floor);
  });
});

describe('the run on samples', () => {
  it('falls towards the smallest loss within reach and not below it; with all samples a step’s loss is that of training', () => {
    const { curves, samples } = regressionScene({
      d: 8,
      k: 8,
      rank: 2,
      truerank: 2,
      samples: 40,
      batch: 40,
      steps: 200,
    });
    const { losses, floors } = samples ?? expect.unreachable();
    expect(losses.steps.at(-1)).toBe(200);
    losses.steps.forEach((step, i) => {
      expect(losses.training[i] / curves.loss[step]).toBeCloseTo(1, 10);
      expect(losses.training[i]).toBeGreaterThan((floors.training ?? 0) * (1 - 1e-9));
    });
    expect(losses.training[losses.steps.length - 1]).toBeLessThan(0.2 * losses.training[0]);
  });
});
