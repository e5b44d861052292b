import { describe, expect, it } from 'vitest';
import type { DifferenceFigures, TensorChange } from '../../file/checkpoints/difference-figures.ts';
import type { ModelsState } from '../../state/models-state.ts';
import { INITIAL_STATE, updateAdapters } from '../../state/update-adapters.ts';
import { gridOfModels } from './models-grid.ts';
import { modelsRemarks, modelsSentence } from './models-words.ts';

const facts = { name: 'm', bytes: 1, tensors: 3 };

/** A model of square matrices of layer i, and what became of each. */
function models(figures: readonly (DifferenceFigures | null)[], side = 64): ModelsState {
  const pairs = figures.map((_, i) => ({
    ...{ name: `layers.${i}.q.weight`, shape: [side, side], matrix: { d: side, k: side } },
    ...{ place: { layer: `layer ${i}`, order: [i], group: 'attention', type: 'q' }, dtypes: ['F32', 'F32'] as const },
    canCountIntruders: true,
  }));
  const none = { onlyBase: [], onlyFine: [], unlike: [], notFloat: [], prefix: '' };
  const asked = updateAdapters(INITIAL_STATE, { type: 'models' });
  const opened = updateAdapters(asked, {
    type: 'models-matched',
    matched: { base: facts, fine: facts, pairs, ...none },
  });
  if (!opened.models) throw new Error('no models');
  return { ...opened.models, figures, reading: null };
}

const unchanged = (change: TensorChange): DifferenceFigures => ({
  ...{ change, norm: change === 'not finite' ? Number.NaN : 0, baseNorm: 8, fineNorm: 8, spectrum: null },
  odd: change === 'not finite' ? 'a has NaN at [0, 0]; its ΔW is not measured.' : null,
});

/** ΔW with these σ, W₀ of norm 10. */
function changed(sigma: readonly number[], rank95: number | null): DifferenceFigures {
  const norm = Math.hypot(...sigma);
  const known = { rank90: rank95, rank95, rank99: rank95, stableRank: (norm / sigma[0]) ** 2 };
  const spectrum = { sigma: Float64Array.from(sigma), bounds: null, effectiveRank: 1, intruders: null, ...known };
  return { change: 'changed', norm, baseNorm: 10, fineNorm: 10, odd: null, spectrum };
}

describe('the sentence on two models', () => {
  it('says what changed, by how much of the norm, and what half of the matrices need', () => {
    const said = modelsSentence(
      models([changed([3, 0], 1), changed([4, 0], 1), changed([1, 1], 2), unchanged('same bits')]),
    );
    // √(9 + 16 + 2) of √300.
    expect(said).toBe(
      'Fine-tuning changed 3 of 4 tensors, by 30% of their norm. Half of the 3 matrices hold 95% of ΔW in one direction, of at least 64.',
    );
  });

  it('says so if most matrices need more than the known directions', () => {
    const said = modelsSentence(models([changed([1, 1], null), changed([1, 1], null), changed([1, 0], 1)]));
    expect(said).toContain('More than half of the 3 matrices need over 2 directions for 95% of ΔW.');
  });

  it('tells nothing changed from rounding alone', () => {
    expect(modelsSentence(models([unchanged('same bits'), unchanged('same values')]))).toMatch(/^Nothing changed/);
    expect(modelsSentence(models([unchanged('rounded'), unchanged('same bits')]))).toContain('Nothing was learned.');
  });
});

describe('the grid of two models', () => {
  it('marks what did not change, and what needs more than is known', () => {
    const state = models([
      changed([2, 1], 2),
      changed([1, 1], null),
      unchanged('same bits'),
      unchanged('not finite'),
      null,
    ]);
    const { scene } = gridOfModels(state);
    expect(scene.cells.map((cell) => cell?.text)).toEqual(['2', '>2', '=', 'NaN', '']);
    expect(scene.cells[1]?.words).toBe(
      'layer 1, attention q: ΔW is 14% of W₀, more than 2 directions for 95%, σ₁ 1.00',
    );
  });

  it('names tensors that were not measured as bad', () => {
    const [first] = modelsRemarks(models([unchanged('not finite'), changed([1], 1)]));
    expect(first).toMatchObject({ tone: 'bad', names: ['a has NaN at [0, 0]; its ΔW is not measured.'] });
  });
});
