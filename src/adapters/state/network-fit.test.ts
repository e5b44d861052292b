import { expect, it } from 'vitest';
import { scalingOf } from '../../experiment/settings/rate.ts';
import type { Figures, Module } from '../file/model.ts';
import { isOfNetwork, networkFit } from './network-fit.ts';

function module(name: string, d: number, k: number, changes: Partial<Module> = {}): Module {
  return {
    ...{ index: 0, name, canonical: name, kind: 'lora', d, k, rank: 4, kernel: null, alpha: 8, scaling: 2 },
    ...{ rule: 'α/r', dtype: 'F32', transposed: false, magnitude: null, tensors: {}, place: null },
    ...changes,
  };
}
const figures: Figures = {
  ...{ sigma: Float64Array.of(2, 1), frobenius: Math.sqrt(5), rank90: 2, rank95: 2, rank99: 2, dead: 0 },
  effectiveRank: { entropy: 1.9, energy: 1.6, participation: 1.5, stable: 1.25 },
  ...{ untrained: false, finite: true, magnitudes: null },
};
function experimentsOf(modules: readonly Module[]) {
  const fit = networkFit(modules, [figures]);
  if ('why' in fit) throw new Error(fit.why);
  return fit.experiments;
}
const digits = [module('in', 64, 64), module('hidden', 64, 64), module('out', 10, 64)];

it('finds the network by names and shapes, with all its tasks, and takes rank and s from the file', () => {
  const found = experimentsOf(digits);
  expect(found.map(({ target, adapt }) => `${target} ${adapt}`)).toEqual(
    ['rotate', 'mirror', 'invert', 'shuffle', 'relabel', 'zero-to-nine', 'five-to-nine'].map(
      (adapt) => `digits ${adapt}`,
    ),
  );
  for (const e of found) expect([e.rank, scalingOf(e), e.modules]).toEqual([4, 2, '']);
  expect(experimentsOf([module('in', 64, 3), module('out', 2, 64)])[0]).toMatchObject({
    ...{ target: 'classifier', modules: 'in,out' },
  });
  const qv = ['0.q', '0.v', '1.q', '1.v'].map((name) => module(name, 64, 64, { rule: 'α/√r', alpha: 4 }));
  const decoder = experimentsOf(qv);
  expect(decoder.map(({ adapt, modules }) => [adapt, modules])).toEqual(
    ['sort-down', 'copy-reverse', 'base-6'].map((adapt) => [adapt, 'q,v']),
  );
  expect(scalingOf(decoder[0])).toBe(2);
  // The matrix that two networks have is tried on both.
  expect(new Set(experimentsOf([module('hidden', 64, 64)]).map(({ target }) => target))).toEqual(
    new Set(['digits', 'classifier']),
  );
});

it('says what fits if a name, a shape or a rank does not', () => {
  const whyOf = (modules: readonly Module[], measured: readonly (Figures | null)[] = [figures]) => {
    const fit = networkFit(modules, measured);
    return 'why' in fit ? fit.why : null;
  };
  expect(whyOf([module('in', 64, 32)])).toBe(
    'in of the file is 64 × 32; that of the digits network is 64 × 64. What fits: digits: in 64 × 64, hidden 64 × 64 and out 10 × 64, rank 1 to 64; classifier: in 64 × 3, hidden 64 × 64 and out 2 × 64, rank 1 to 64.',
  );
  expect(whyOf([module('0.q', 64, 48)])).toMatch(
    /^0\.q of the file is 64 × 48; .* in each of 2 blocks, called 0\.q to 1\.down, rank 1 to 64\.$/,
  );
  expect(whyOf([module('0.q', 64, 64, { rank: 65 })])).toMatch(/^The file has rank 65; here it is at most 64\./);
  expect(whyOf([module('layers.0.q_proj', 64, 64)])).toMatch(/has no matrix called layers\.0\.q_proj/);
  expect(whyOf([module('in', 64, 64, { scaling: null })])).toBe('α is not known, so neither is ΔW.');
  expect(whyOf([module('in', 64, 64, { magnitude: 'per output' })])).toMatch(/DoRA/);
  expect(whyOf(digits, [null])).toBe('in is not read yet.');
  expect(whyOf(digits, [{ ...figures, finite: false }])).toMatch(/not finite/);
  expect([isOfNetwork(digits), isOfNetwork([module('in', 1, 1)]), isOfNetwork([module('mid', 64, 64)])]).toEqual([
    ...[true, true, false],
  ]);
});
