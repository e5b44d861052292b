import { describe, expect, it } from 'vitest';
import { zeros } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { inits } from '../inits/index.ts';
import { defaults } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { floorFromValues, floorOf } from './floor.ts';
import { layerCache, type ProblemOptions } from './problem.ts';
import { type OneModule, prepareModule } from './testing/one-module.ts';

/** A size above full spectra in the page, and below in the tests. */
const SIDES = { d: 1100, k: 520 };

const drawing = zeros(40, 60);
const shades = stream(1, 'drawing');
for (let i = 0; i < drawing.data.length; i++) drawing.data[i] = Math.round(255 * shades.uniform()) / 255;

function layerOf(changes: Partial<Experiment>, drawn = false, options: ProblemOptions = {}): OneModule {
  const layer = prepareModule({ ...defaults(), ...SIDES, ...changes }, drawn ? drawing : null, options);
  if ('why' in layer) throw new Error(layer.why);
  return layer;
}

type Case = [string, OneModule['spectrum']['how'], Partial<Experiment>, boolean?];
const CASES: Case[] = [
  ['a low rank in noise', 'leading', { target: 'low-rank', noise: 0.05 }],
  ['a low rank under noise', 'leading', { target: 'low-rank', noise: 3, shape: 'geometric' }],
  ['more equal directions than are looked for', 'leading', { target: 'low-rank', truerank: 100, noise: 0.01 }],
  ['a low rank, wide', 'constructed', { target: 'low-rank', noise: 0, shape: 'geometric', d: 520, k: 1100 }],
  ['geometric decay', 'leading', { target: 'decay', law: 'geometric', rate: 0.8 }],
  ['a decay that the tail outweighs', 'leading', { target: 'decay', law: 'power', rate: 0.1 }],
  ['a rotation', 'constructed', { target: 'rotation' }],
  ['orthonormal rows', 'constructed', { target: 'rotation', d: 520, k: 1100 }],
  ['a picture', 'leading', { target: 'picture' }],
  ['a drawing', 'leading', { target: 'picture' }, true],
];

describe('a layer above the size of a full spectrum', () => {
  it.each(partOf(CASES, 10, 8))('of %s knows its values within the error it gives', (_, how, changes, drawn) => {
    const { spectrum, target, targetNorm, facts } = layerOf(changes, drawn);
    const all = singularValues(target);
    expect(spectrum.how).toBe(how);
    expect(spectrum.values).toHaveLength(how === 'leading' ? 64 : all.length);
    expect(spectrum.error).toBeLessThan(0.1);
    const max = spectrum.error * all[0];
    for (const [i, value] of spectrum.values.entries()) expect(Math.abs(value - all[i])).toBeLessThanOrEqual(max);
    expect(Math.abs(facts.sigma1 / all[0] - 1)).toBeLessThan(1e-6);

    const [found, wanted] = [floorFromValues(spectrum, targetNorm), floorOf(all)];
    expect(found).toHaveLength(spectrum.values.length + 1);
    for (const [i, floor] of found.entries()) {
      // σ_j and the rest count with their squares, so small floors are known to the root of the error.
      const open = Math.max(spectrum.error, 2e-6);
      expect(Math.abs(floor - wanted[i])).toBeLessThan(wanted[i] > 1e-3 ? open : 1e-4);
    }
  });

  it('has every start that is offered', () => {
    const cache = layerCache();
    const sides = { d: 540, k: 520 };
    const setting = { ...sides, rank: 16 };
    for (const { name, unavailable } of partOf(inits.all, 6, 1)) {
      if (unavailable?.(setting)) continue;
      const { A, B, facts } = layerOf({ ...sides, rank: 16, init: name, noise: 0 }, false, { cache });
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([16, sides.k, sides.d, 16]);
      expect(Number.isFinite(facts.a + facts.b)).toBe(true);
    }
  });

  it('tells how far it is: fractions of a stage never fall', () => {
    const thin = { d: 600, k: 80 };
    const kinds = [
      { target: 'low-rank' },
      { target: 'decay', ...thin },
      { target: 'decay' },
      { target: 'rotation', ...thin },
      { target: 'picture' },
    ] as const;
    for (const changes of partOf<(typeof kinds)[number]>(kinds, 5, 1)) {
      const stages = new Map<string, number[]>();
      layerOf(changes, false, {
        vectors: false,
        progress: (stage, fraction) => stages.set(stage, [...(stages.get(stage) ?? []), fraction]),
      });
      expect([...stages.keys()]).toEqual(['W₀', 'ΔW*', 'singular values of ΔW*', 'A and B']);
      for (const seen of stages.values()) {
        expect(seen.every((x, i) => x >= 0 && x <= 1 && (i === 0 || x >= seen[i - 1]))).toBe(true);
      }
    }
  });
});
