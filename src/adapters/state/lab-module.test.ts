import { describe, expect, it } from 'vitest';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { scalingOf } from '../../experiment/settings/rate.ts';
import type { Figures, Module } from '../file/model.ts';
import { goOnObstacle, type LabModuleFacts, labObstacle, labSettings } from './lab-module.ts';

const module: Module = {
  ...{ index: 0, name: 'mid', canonical: 'mid', kind: 'lora', d: 640, k: 1280, rank: 4, kernel: null, alpha: 4 },
  ...{ scaling: 1, rule: 'α/r', dtype: 'F16', transposed: false, magnitude: null, tensors: {}, place: null },
};
const figures: Figures = {
  ...{ sigma: Float64Array.of(2, 1), frobenius: Math.sqrt(5), rank90: 2, rank95: 2, rank99: 2, dead: 0 },
  effectiveRank: { entropy: 1.9, energy: 1.6, participation: 1.5, stable: 1.25 },
  ...{ untrained: false, finite: true, magnitudes: null },
};

describe('a module', () => {
  it.each<[string, Partial<Module>, Partial<Figures> | null, string | null]>([
    ['of 640 × 1280', {}, {}, null],
    ['of 4096 × 4096 and rank 256', { d: 4096, k: 4096, rank: 256 }, {}, null],
    ['of 10,240 rows', { d: 10_240 }, {}, 'too large: the Lab takes up to 4,096 × 4,096'],
    ['of rank 512', { d: 4096, k: 4096, rank: 512 }, {}, null],
    ['of rank 5,000', { rank: 5000 }, {}, 'too large: the Lab takes ranks up to 4,096'],
    ['of another kind', { kind: 'lokr' }, {}, 'not a pair B·A'],
    ['of experts', { kind: 'experts', experts: 8 }, {}, 'it has a pair B·A for each of 8 experts'],
    ['with magnitudes', { magnitude: 'per output' }, {}, 'with DoRA, s·B·A is not ΔW'],
    ['without α', { alpha: null, scaling: null }, {}, 'α is not known, so ΔW is not'],
    ['that is not read', {}, null, 'not read yet'],
    ['with NaN', {}, { finite: false }, 'its numbers are not finite'],
    ['that was never trained', {}, { untrained: true }, 'its ΔW is 0'],
  ])('%s can be the target of the Lab, or it is said why not', (_, changed, measured, why) => {
    const said = labObstacle({ ...module, ...changed }, measured && { ...figures, ...measured });
    expect(said).toBe(why);
  });
});

describe('continuing from one module towards another', () => {
  it.each<[string, Partial<Module>, Partial<Figures> | null, Partial<Module>, string | null]>([
    ['is possible', {}, {}, {}, null],
    ['is possible from a module that was never trained', {}, { untrained: true, frobenius: 0 }, {}, null],
    ['needs a target', {}, {}, { magnitude: 'per output' }, 'ΔW of b: with DoRA, s·B·A is not ΔW'],
    ['needs a pair', { kind: 'loha' }, {}, {}, 'B and A of a: not a pair B·A'],
    ['needs numbers', {}, { finite: false }, {}, 'B and A of a: the numbers are not finite'],
    ['needs figures', {}, null, {}, 'B and A of a: not read yet'],
    ['needs α', { scaling: null }, {}, {}, 'B and A of a: α is not known, so ΔW is not'],
    ['needs s > 0', { scaling: -1 }, {}, {}, 'B and A of a: s is not above 0, as it is in the Lab'],
    ['needs a rank up to both sides', { rank: 320 }, {}, {}, null],
    [
      'needs a rank that the Lab trains',
      { d: 2048, k: 2048, rank: 320 },
      {},
      { d: 2048, k: 2048 },
      'B and A of a: rank 320 is above 256, which the Lab trains at this size',
    ],
    ['is possible up to 4096 × 4096', { d: 4096, k: 4096, rank: 256 }, {}, { d: 4096, k: 4096, rank: 256 }, null],
    ['takes no more', { d: 4100 }, {}, { d: 4000 }, 'too large: the Lab takes up to 4,096 × 4,096'],
  ])('%s', (_, one, mine, other, why) => {
    const said = goOnObstacle(
      [{ ...module, ...one }, mine && { ...figures, ...mine }],
      [{ ...module, ...other }, figures],
    );
    expect(said).toBe(why);
  });
});

describe('the settings of a lab with a module as its target', () => {
  const of: LabModuleFacts = { d: 640, k: 1280, s: 2, rank: 16, alpha: 32, rule: 'α/r', sigma1: 0.4 };
  const lab = change(defaults(), { lr: 0.05, init: 'pissa', rank: 3 });

  it.each<[string, Partial<LabModuleFacts>, string, number, number]>([
    ['α/r', {}, 'standard', 16, 32],
    ['α/√r', { rule: 'α/√r', alpha: 8, s: 2 }, 'rslora', 16, 8],
    ['a scale', { rule: 'scale', alpha: null, s: 20 }, 'standard', 16, 320],
    ['a rank above 256', { d: 1280, rank: 320, alpha: 640 }, 'standard', 256, 512],
    ['a rank above both sides', { d: 64, k: 48, rank: 64, alpha: 128 }, 'standard', 48, 96],
  ])('have s of the file: %s', (_, changed, scaling, rank, alpha) => {
    const { changes, remarks } = labSettings({ ...of, ...changed }, defaults());
    const e = change(lab, changes);
    expect([e.scaling, e.rank, e.alpha, e.normalise, e.lr]).toEqual([scaling, rank, alpha, false, null]);
    expect(scalingOf(e)).toBeCloseTo({ ...of, ...changed }.s, 12);
    expect(remarks.length).toBe(rank === { ...of, ...changed }.rank ? 0 : 1);
  });

  it('say what is not as in the file or as it was', () => {
    const tiny = labSettings({ ...of, sigma1: 1e-5, alpha: 1e6, s: 62_500 }, lab);
    expect([tiny.changes.normalise, tiny.changes.alpha]).toEqual([true, 65_536]);
    expect(tiny.remarks).toEqual([
      'Its σ₁ is 10⁻⁵, so it is scaled to σ₁ = 1.',
      'α would be 1,000,000. The Lab uses 65,536.',
    ]);
    const large = labSettings({ ...of, d: 2048, k: 2048 }, { ...lab, init: 'milora' });
    expect(large.changes.init).toBe('kaiming-uniform');
    expect(large.remarks[0]).toContain('not possible at this size');
    expect(labSettings(of, lab).changes.init).toBe('pissa');
  });
});
