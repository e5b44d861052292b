import { describe, expect, it } from 'vitest';

import { typescriptStepper } from '../engine/steppers/typescript.ts';
import { listed, oneOf } from '../engine/testing/one-matrix.ts';
import { updateFactors } from '../engine/update.ts';
import { svd } from '../math/factor/svd.ts';
import { effectiveRank, productSpectrum, productSvd, subspaceAlignment } from '../math/spectral/spectra.ts';
import { floorOf } from './layer/floor.ts';
import { goalOf } from './layer/problem.ts';
import { prepareModule } from './layer/testing/one-module.ts';
import { parseLink } from './link/link.ts';
import { presets } from './presets.ts';
import { residualLabels } from './regression/loss.ts';
import { meanLoss } from './regression/testing/mean-loss.ts';
import { train } from './regression/testing/reference.ts';
import type { Experiment } from './settings/params.ts';
import { derivedRate } from './settings/rate.ts';
import { scalingOf } from './settings/scaling.ts';

/** Trains an experiment to the end of its budget, as the page would on the processor. */
async function run(link: string, changes: Partial<Experiment> = {}) {
  const { experiment, faults } = parseLink(link);
  expect(faults).toEqual([]);
  const e = { ...experiment, ...changes };
  const layer = prepareModule(e, null, { vectors: false });
  if ('why' in layer) throw new Error(layer.why);
  const s = scalingOf(e);
  const start = {
    d: e.d,
    k: e.k,
    rank: e.rank,
    target: goalOf(layer).data,
    A: layer.A.data,
    B: layer.B.data,
    settings: { scaling: s, opt: e.opt, lr: e.lr ?? derivedRate(e, s, layer.facts), ratio: e.ratio },
  };
  const stepper = oneOf(typescriptStepper(listed(start)));
  const first = (await stepper.measure()).entries;
  const { entries, A, B } = await stepper.steps(e.steps);
  stepper.dispose();
  const error = (loss: number) => Math.sqrt(2 * loss) / layer.targetNorm;
  const floor = floorOf(layer.spectrum.values);
  const spectrum = productSpectrum({ rows: e.d, cols: e.rank, data: B }, { rows: e.rank, cols: e.k, data: A }, s);
  return {
    start: first,
    entries,
    error: error(entries.loss[e.steps - 1]),
    startError: error(first.loss[0]),
    floor,
    rank: e.rank,
    spectrum,
    layer,
    update: updateFactors(layer, A, B, s),
  };
}

describe('the claims of the presets', () => {
  it('every preset opens without a remark and has a test below', () => {
    expect(presets.all.map((p) => p.name)).toEqual([
      'picture',
      'true-rank',
      'rank-floor',
      'dead-start',
      'flat-spectrum',
      'unused-rank',
      'rank-regularises',
      'first-step',
      // presets-merging.test.ts
      'bfloat16',
      'intruders',
    ]);
    for (const p of presets.all) expect(parseLink(p.link).faults, p.name).toEqual([]);
  });

  it('picture: within 2 % of the floor at rank 8 for seeds 1 to 5, sharper at rank 32', async () => {
    const { link } = presets.byName('picture');
    for (const seed of [1, 2, 3, 4, 5]) {
      const at8 = await run(link, { seed });
      expect(at8.error / at8.floor[8]).toBeLessThanOrEqual(1.02);
      expect(at8.error / at8.floor[8]).toBeGreaterThanOrEqual(1 - 1e-6);
    }
    const [at8, at32] = [await run(link), await run(link, { rank: 32 })];
    expect(at32.error).toBeLessThan(at8.error / 2);
  });

  it('true-rank: a steep fall to 8, then only the noise', async () => {
    const { floor, error } = await run(presets.byName('true-rank').link);
    expect(floor[4] / floor[8]).toBeGreaterThan(10);
    expect(error).toBeLessThan(0.051);
    expect(error).toBeGreaterThan(floor[8] - 1e-6);
  });

  it('rank-floor: runs end on the floor, and half of all directions leaves 0.36', async () => {
    const errors = [];
    for (const rank of [1, 4, 16]) {
      const { error, floor } = await run(presets.byName('rank-floor').link, { rank });
      expect(error / floor[rank], `rank ${rank}`).toBeLessThan(1.005);
      errors.push(error * error);
    }
    const { floor } = await run(presets.byName('rank-floor').link, { steps: 1 });
    const squares = [1, 2, 4, 8, 16, 32, 64].map((r) => floor[r] ** 2);
    const study = [0.816, 0.724, 0.617, 0.5, 0.378, 0.253, 0.127];
    squares.forEach((value, i) => {
      expect(value).toBeCloseTo(study[i], 2);
    });
    expect(floor[64]).toBeCloseTo(0.36, 2);
    expect(errors[0]).toBeGreaterThan(errors[2]);
  });

  it('dead-start: both gradients exactly zero, the error exactly 1, for ever', async () => {
    const { start, entries, error, startError } = await run(presets.byName('dead-start').link);
    for (const list of [
      start.gradNormA,
      start.gradNormB,
      entries.gradNormA,
      entries.gradNormB,
      entries.updateNormA,
      entries.updateNormB,
    ])
      expect(list.every((v) => v === 0)).toBe(true);
    expect(error).toBe(startError);
    expect(error).toBeCloseTo(1, 12);
  });

  it('flat-spectrum: the floor is √(1 − r/d), and the run does not get below it', async () => {
    const { floor, error } = await run(presets.byName('flat-spectrum').link);
    for (const r of [1, 8, 32, 63]) expect(floor[r]).toBeCloseTo(Math.sqrt(1 - r / 64), 5);
    expect(error).toBeGreaterThan(floor[8] - 1e-6);
    expect(error / floor[8]).toBeLessThan(1.01);
  });

  it('unused-rank: the effective rank settles far below the 32 allowed', async () => {
    const { spectrum, layer } = await run(presets.byName('unused-rank').link);
    expect(effectiveRank(layer.spectrum.values)).toBeLessThan(4.1);
    expect(effectiveRank(spectrum)).toBeLessThan(8);
  });

  it('first-step: along the leading directions of ΔW* from LoRA-GA’s start, not from Kaiming’s', async () => {
    const { link } = presets.byName('first-step');
    const alignment = async (changes: Partial<Experiment>) => {
      const { update, layer } = await run(link, changes);
      const [wanted, own] = [svd(layer.target), productSvd(update.left, update.right, update.scale)];
      const sides = (['U', 'V'] as const).map((side) => subspaceAlignment(wanted[side], wanted.S, own[side], own.S));
      return sides.map((values) => Array.from(values).slice(0, 8));
    };
    for (const seed of [1, 2, 3]) {
      for (const side of await alignment({ seed })) for (const value of side) expect(value).toBeGreaterThan(0.999);
      for (const side of await alignment({ seed, init: 'kaiming-uniform' })) expect(side[7]).toBeLessThan(0.5);
    }
    const [left] = await alignment({ init: 'kaiming-uniform' });
    expect(left[7]).toBeCloseTo(0.39, 2);
    const [derived] = await alignment({ lr: null });
    expect(derived[7]).toBeCloseTo(0.996, 3);
    const [adam] = await alignment({ opt: 'adam' });
    expect(adam[7]).toBeLessThan(0.99);
  });

  it('rank-regularises: the held-out loss is lowest at the true rank for seeds 1 to 5, the training loss at the largest', () => {
    const ranks = [1, 2, 4, 8, 16, 32];
    for (const seed of [1, 2, 3, 4, 5]) {
      const ends = ranks.map((rank) => fitted(presets.byName('rank-regularises').link, { rank, seed }));
      const heldOut = ends.map((end) => end.heldOut);
      expect(ranks[heldOut.indexOf(Math.min(...heldOut))]).toBe(4);
      // Each rank fits the training samples better than the one before, and at 16 better than any new ones can be.
      ends.slice(1).forEach(({ training }, i) => {
        expect(training).toBeLessThan(ends[i].training);
      });
      expect(ends[4].training).toBeLessThan(ends[4].floor);
      expect(ends[4].heldOut).toBeGreaterThan(2 * ends[4].floor);
    }
  }, 20_000);
});

/** The losses at the end of a full-batch run on samples in float64, and the floor of the held-out one. */
function fitted(link: string, changes: Partial<Experiment>) {
  const e = { ...parseLink(link).experiment, ...changes };
  const layer = prepareModule(e, null, { vectors: false });
  if ('why' in layer || !layer.data) throw new Error('no samples');
  const { A, B, base, data, facts } = layer;
  const scaling = scalingOf(e);
  const R = residualLabels(base, data);
  const settings = { scaling, opt: e.opt, lr: derivedRate(e, scaling, facts), ratio: e.ratio, steps: e.steps };
  const end = { ...train({ R, X: data.X, A, B, ...settings }), scaling };
  return {
    training: meanLoss(R, data.X, end),
    heldOut: meanLoss(residualLabels(base, data.heldOut), data.heldOut.X, end),
    floor: data.floors.heldOut,
  };
}
