import { describe, expect, it } from 'vitest';

import { frobenius } from '../../math/matrix.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { fromRows } from '../../math/testing/rows.ts';
import { inits } from '../inits/index.ts';
import { parseLink } from '../link/link.ts';
import { decodeData } from '../matrix-file/decode-data.ts';
import { initSettingsOf } from '../settings/availability.ts';
import { defaults } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import type { DataMatrix } from '../targets/factored-matrix.ts';
import { targets } from '../targets/index.ts';
import { editWords } from '../targets/names.ts';
import { pictures } from '../targets/pictures.ts';
import { isOwnMatrix } from '../targets/target.ts';
import { bases } from './bases.ts';
import golden from './golden-layers.json' with { type: 'json' };
import goldenSamples from './golden-samples.json' with { type: 'json' };
import { layerCache, type ProblemOptions } from './problem.ts';
import { fingerprint } from './testing/fingerprint.ts';
import { type OneModule, prepareModule } from './testing/one-module.ts';

function layerOf(e: Partial<Experiment>, options?: ProblemOptions, drawing: DataMatrix | null = null): OneModule {
  const layer = prepareModule({ ...defaults(), ...e }, drawing, options);
  if ('why' in layer) throw new Error(layer.why);
  return layer;
}

/** Of a quantised base too, W₀ and ΔW* as they were: A and B of LoftQ have every bit of Q in them. */
const hashes = ({ base, target, A, B, quantised }: OneModule) => ({
  W0: fingerprint(quantised?.base ?? base),
  target: fingerprint(quantised?.target ?? target),
  A: fingerprint(A),
  B: fingerprint(B),
});

describe('a link’s matrices', () => {
  // Recorded once. A change here breaks every link that was ever shared: it needs a new link version, not a new record.
  const large = (link: string) => {
    const { d, k } = parseLink(link).experiment;
    return Math.max(d, k) > 512;
  };
  const links = Object.entries(golden);
  it.each([
    ...links.filter(([link]) => !large(link)),
    ...partOf(
      links.filter(([link]) => large(link)),
      6,
    ),
  ])('%s has the bits it always had', async (link, recorded) => {
    const { experiment, faults } = parseLink(link);
    expect(faults).toEqual([]);
    const held = experiment.data === '' ? { drawing: null } : await decodeData(experiment.data);
    if ('fault' in held) throw new Error(held.fault);
    expect(hashes(layerOf(experiment, { vectors: false }, held.drawing))).toEqual(recorded);
  });

  it.each(Object.entries(goldenSamples))('%s has the samples it always had', (link, recorded) => {
    const { data } = layerOf(parseLink(link).experiment, { vectors: false });
    if (!data) throw new Error('a regression target has samples');
    const { size, at } = data.batches;
    const batches = Float32Array.from({ length: 40 * size }, (_, i) => at(Math.floor(i / size))[i % size]);
    expect({
      X: fingerprint(data.X),
      Y: fingerprint(data.Y),
      heldOutX: fingerprint(data.heldOut.X),
      heldOutY: fingerprint(data.heldOut.Y),
      batches: fingerprint({ rows: 40, cols: size, data: batches }),
    }).toEqual(recorded);
  });

  // The matrices of networks are shipped, and tested with their hashes.
  const layers = targets.all.filter(({ kind }) => kind !== 'network');

  it('are recorded for every target, initialisation and picture', () => {
    const links = Object.keys(golden).map((link) => parseLink(link).experiment);
    for (const { name } of layers) expect(links.some((e) => e.target === name)).toBe(true);
    for (const { name } of inits.all) expect(links.some((e) => e.init === name)).toBe(true);
    for (const { name } of bases.all)
      expect(links.some((e) => e.base === name && !targets.byName(e.target).ownBase)).toBe(true);
    for (const { name } of pictures.all)
      expect(links.some((e) => e.picture === name && e.target === 'picture')).toBe(true);
    for (const { name } of editWords.all) expect(links.some((e) => e.edit === name && e.target === 'edit')).toBe(true);
    expect(links.some((e) => e.data !== '' && e.target === 'edit')).toBe(true);
  });

  it('keep W₀ and ΔW* where rank, initialisation, scaling or optimiser change', () => {
    const matrix = { rows: 20, cols: 28, data: Float64Array.from({ length: 560 }, (_, i) => Math.sin(i)) };
    for (const it of layers) {
      const target = it.name;
      const own = isOwnMatrix(it) ? matrix : null;
      const settings = { target, d: 20, k: 28, truerank: 4, align: target === 'low-rank' ? 0.5 : null };
      const plain = hashes(layerOf({ ...settings, rank: 4 }, {}, own));
      for (const { name: init, unavailable } of partOf(inits.all, 3, layers.indexOf(it))) {
        const rank = 8;
        if (unavailable?.(initSettingsOf({ ...settings, rank }))) continue;
        const { W0, target: found } = hashes(
          layerOf({ ...settings, rank, init, alpha: 3, scaling: 'rslora', opt: 'sgd' }, {}, own),
        );
        expect([W0, found]).toEqual([plain.W0, plain.target]);
      }
    }
  });

  it('follow the seed', () => {
    const [one, two, far] = [1, 2, -Number.MAX_SAFE_INTEGER].map((seed) => hashes(layerOf({ seed })));
    for (const name of ['W0', 'target', 'A'] as const) {
      expect(new Set([one[name], two[name], far[name]]).size).toBe(3);
    }
  });

  it('at a higher rank begin with those at a lower one', () => {
    const [low, high] = [layerOf({ rank: 3, init: 'symmetric' }), layerOf({ rank: 8, init: 'symmetric' })];
    expect(low.A.data).toEqual(high.A.data.subarray(0, low.A.data.length));
    for (let i = 0; i < 64; i++) {
      expect(low.B.data.subarray(3 * i, 3 * i + 3)).toEqual(high.B.data.subarray(8 * i, 8 * i + 3));
    }
  });
});

describe('the layer', () => {
  it('has W₀ with entries of variance 1/k', () => {
    const { base } = layerOf({ d: 256, k: 64 });
    const variance = frobenius(base) ** 2 / base.data.length;
    expect(Math.abs(64 * variance - 1)).toBeLessThan(4 * Math.sqrt(2 / base.data.length));
  });

  it('knows its spectrum and largest singular values', () => {
    for (const [d, k] of [
      [1, 1],
      [1, 9],
      [9, 1],
      [16, 96],
      [96, 16],
    ]) {
      const layer = layerOf({ target: 'decay', d, k, rank: 1, init: 'both-random' });
      const { U, V } = layer.spectrum.vectors ?? { U: null, V: null };
      expect([U?.rows, U?.cols, V?.rows, V?.cols]).toEqual([d, Math.min(d, k), k, Math.min(d, k)]);
      expect(layer.spectrum.values).toHaveLength(Math.min(d, k));
      const sigma1 = [layer.A, layer.B, layer.target].map((m) => singularValues(m)[0]);
      const { facts } = layer;
      const found = [facts.a, facts.b, facts.sigma1];
      for (const i of [0, 1, 2]) expect(found[i] / sigma1[i]).toBeCloseTo(1, 12);
      expect(layer.targetNorm).toBeCloseTo(Math.sqrt(layer.spectrum.values.reduce((sum, s) => sum + s * s, 0)), 12);
    }
  });

  it('makes singular vectors only where they are wanted', () => {
    expect(layerOf({ d: 20, k: 20 }, { vectors: false }).spectrum.vectors).toBeNull();
    expect(layerOf({ d: 257, k: 300, rank: 2 }).spectrum.vectors).toBeNull();
  });

  it('is the same from a cache, whatever was asked before', () => {
    const cache = layerCache();
    const drawing = fromRows([
      [0, 1],
      [1, 1],
    ]);
    const wanted: [Partial<Experiment>, typeof drawing | null][] = [
      [{ target: 'low-rank' }, null],
      [{ target: 'low-rank', rank: 4, init: 'gaussian' }, null],
      [{ target: 'low-rank', noise: 0.2 }, null],
      [{ target: 'picture' }, null],
      [{ target: 'picture' }, drawing],
      [
        { target: 'picture' },
        fromRows([
          [0, 1],
          [1, 0.9],
        ]),
      ],
      [{ target: 'picture', d: 48 }, drawing],
      [{ target: 'low-rank', d: 48, seed: 2 }, drawing],
    ];
    for (const [changes, given] of wanted) {
      const e = { ...defaults(), ...changes };
      const [kept, fresh] = [prepareModule(e, given, { cache }), prepareModule(e, given)];
      if ('why' in kept || 'why' in fresh) throw new Error('refused');
      expect(hashes(kept)).toEqual(hashes(fresh));
      expect(kept.spectrum.values).toEqual(fresh.spectrum.values);
    }
  });

  it('makes W₀ and ΔW* once for many ranks and starts', () => {
    const cache = layerCache();
    const [one, two] = [layerOf({ rank: 2 }, { cache }), layerOf({ rank: 5, init: 'symmetric', alpha: 1 }, { cache })];
    expect(two.base).toBe(one.base);
    expect(two.target).toBe(one.target);
    expect(two.spectrum.vectors?.U).toBe(one.spectrum.vectors?.U);
  });

  it('tells what it is doing', () => {
    const seen: [string, number][] = [];
    layerOf({ d: 24, k: 24, align: 0.5, truerank: 4 }, { progress: (stage, fraction) => seen.push([stage, fraction]) });
    const stages = [...new Set(seen.map(([stage]) => stage))];
    expect(stages).toEqual([
      'W₀',
      'ΔW*',
      'singular vectors of W₀',
      'singular values of ΔW*',
      'singular vectors of ΔW*',
      'A and B',
    ]);
    for (const [, fraction] of seen) expect(fraction >= 0 && fraction <= 1).toBe(true);
  });
});

it('a regression layer of the largest size is made in seconds, its training floor not known', () => {
  const layer = layerOf(
    { target: 'regression', d: 8, k: 600, rank: 4, truerank: 4, samples: 700, batch: 16 },
    { vectors: false },
  );
  expect(layer.data?.floors.training).toBeNaN();
  expect(layer.data?.floors.heldOut).toBeGreaterThan(0);
  expect(parseLink('#v=1&target=regression&d=1025').faults).toHaveLength(1);
  expect(parseLink('#v=1&target=regression&d=1024').faults).toEqual([]);
});
