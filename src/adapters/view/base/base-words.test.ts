import { describe, expect, it } from 'vitest';
import type { BaseFigures } from '../../file/base/base-figures.ts';
import type { BaseState } from '../../state/base-state.ts';
import { baseSentence, besideLines, missingWords } from './base-words.ts';

const of = (norm: number, baseNorm: number, lost: number): BaseFigures => ({
  ...{ norm, baseNorm, dora: null, begun: null },
  alignment: { rank: 4, inside: norm / 20, random: norm / 25, amplification: 20, leading: null },
  merged: [
    { type: 'BF16', lost, vanished: 0.25 },
    { type: 'F16', lost: Infinity, vanished: 0 },
    { type: 'NF4', lost: 1.06, vanished: 0.99 },
  ],
});

const state = (figures: BaseState['figures'], done: number | null = null): BaseState => ({
  model: { name: 'base.safetensors', index: null, files: [] },
  matched: { name: 'base.safetensors', bytes: 10, tensors: 2, found: 2 },
  figures,
  leading: null,
  reading: done === null ? null : { done, secondsLeft: null, stopped: false },
});

describe('the sentence of a file beside its base', () => {
  it('adds squares of norms and of losses over all modules', () => {
    // ‖ΔW‖ = 5 of ‖W₀‖ = 50; lost √(0.3²·3² + 0.1²·4²)/5 = 0.197.
    expect(baseSentence(state([of(3, 30, 0.3), of(4, 40, 0.1)]))).toBe(
      '‖ΔW‖ is 10% of ‖W₀‖, and 20 times what W₀ has in its directions (median). Merged into W₀ in bfloat16, its type, 20% of ΔW is lost; in NF4 106%.',
    );
  });

  it('says how far it is, and what has no figures', () => {
    expect(baseSentence(state([of(3, 30, 0.3), null], 1))).toMatch(/^So far, of 1 module: ‖ΔW‖ is 10% of ‖W₀‖, /);
    expect(baseSentence(state([null, null], 0))).toBe('The first W₀ is being read.');
    expect(baseSentence(state(['No tensor.', 'No tensor.']))).toBe('No module has figures beside W₀.');
    expect(missingWords(state(['No tensor.', of(1, 1, 1)]))).toBe('No tensor.');
    expect(missingWords(state(['No tensor.', 'Two.']))).toBe('2 modules have no figures. No tensor.');
    expect(missingWords(state([of(1, 1, 1)]))).toBeNull();
  });
});

it('a module’s lines name each type, and what is beyond it', () => {
  const lines = Object.fromEntries(besideLines(of(3, 30, 0.3)).map(({ name, value }) => [name, value]));
  expect(lines).toMatchObject({
    '‖ΔW‖/‖W₀‖': '10%',
    amplified: '20 times',
    'merging loses in bfloat16': '30%; 25% of entries stay',
    'merging loses in float16': 'beyond its range; 0% of entries stay',
    'merging loses in NF4': '106%; 99% of entries stay',
  });
});

it('the leading directions of W₀ hold so much of ΔW, give or take the bound, or are not told apart', () => {
  const shares = { left: 0.12, right: 0.345, randomLeft: 0.01, randomRight: 0.02, most: 3, error: 0 };
  const lines = (leading: NonNullable<BaseFigures['alignment']>['leading']) => {
    const { alignment, ...rest } = of(3, 30, 0.3);
    const all = besideLines({ ...rest, alignment: alignment && { ...alignment, leading } });
    return all.filter(({ name }) => name.includes('leading')).map(({ name, value }) => `${name}: ${value}`);
  };
  expect(lines(null)).toEqual([]);
  expect(lines(shares)[0]).toBe('of ΔW in leading outputs of W₀: 12% (random 1.0%)');
  expect(lines({ ...shares, error: 0.0004 })[1]).toBe('of ΔW in leading inputs of W₀: 35% ± 0.040% (random 2.0%)');
  expect(lines('close')).toEqual(['leading directions of W₀: not told apart: σ of W₀ at 4 and 5 are too close']);
});

it('a DoRA’s lines are of its own ΔW', () => {
  const dora = {
    ...{ magnitudes: Float64Array.of(1), baseMagnitudes: Float64Array.of(1) },
    ...{ magnitudeChange: 0.01, directionChange: 0.002 },
    spectrum: {
      ...{ sigma: Float64Array.of(2, 1), bounds: { upper: Float64Array.of(2.02, 1.1), rest: 0.5 } },
      ...{ rank90: 1, rank95: 2, rank99: null, stableRank: 1.5, effectiveRank: null, intruders: null },
    },
  };
  const lines = besideLines({ ...of(3, 30, 0.3), alignment: null, dora });
  const values = Object.fromEntries(lines.map(({ name, value }) => [name, value]));
  expect(values).toMatchObject({ 'rank for 90, 95, 99%': '1, 2, > 2', 'more by at most': '1.0%' });
  expect(values).not.toHaveProperty('amplified');
  const [, , norm, sigma] = besideLines({ ...of(3, 30, 0.3), begun: { start: 'PiSSA', spectrum: dora.spectrum } });
  expect([norm.name, sigma.name]).toEqual(['‖ΔW‖ of PiSSA', 'σ₁ of PiSSA']);
});
