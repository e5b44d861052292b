import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../file/figures.ts';
import type { Figures, Module, ModuleKind } from '../../file/model.ts';
import { overviewSentence } from './overview-sentence.ts';

/** A module with this spectrum, by diagonal factors. */
function moduleOf(index: number, sigma: readonly number[], kind: ModuleKind = 'lora'): [Module, Figures] {
  const r = sigma.length;
  const matrix = (of: (i: number) => number) => ({
    rows: r,
    cols: r,
    data: Float64Array.from({ length: r * r }, (_, i) => (i % (r + 1) === 0 ? of(i / (r + 1)) : 0)),
  });
  const figures = figuresOf({ B: matrix((i) => sigma[i]), A: matrix(() => 1) }, 1);
  const module: Module = {
    index,
    name: `m${index}`,
    canonical: `m${index}`,
    kind,
    d: r,
    k: r,
    rank: r,
    kernel: null,
    alpha: r,
    scaling: 1,
    rule: 'α/r',
    dtype: 'F32',
    transposed: false,
    magnitude: null,
    tensors: {},
    place: null,
  };
  return [module, figures];
}

const FLAT4 = [1, 1, 1, 1];
const STEEP4 = [1, 0.1, 0.1, 0.1];

function said(spectra: readonly (readonly number[])[], read = spectra.length, kinds: readonly ModuleKind[] = []) {
  const made = spectra.map((sigma, i) => moduleOf(i, sigma, kinds[i]));
  return overviewSentence(
    { modules: made.map(([module]) => module) },
    made.map(([, figures], i) => (i < read ? figures : null)),
  );
}

describe('the sentence on top', () => {
  it('speaks of s·B·A where that is not ΔW, with DoRA’s magnitudes or a start from W₀', () => {
    for (const odd of [{ magnitude: 'per output' }, { start: 'PiSSA' }] as const) {
      const [module, figures] = moduleOf(0, FLAT4);
      expect(overviewSentence({ modules: [{ ...module, ...odd }] }, [figures])).toBe(
        'The one module of this file has an s·B·A of at most r = 4 directions. For 95% of the energy of s·B·A, it needs all four.',
      );
    }
  });

  it.each<readonly [string, readonly (readonly number[])[], string]>([
    [
      'one rank',
      [FLAT4, FLAT4, STEEP4],
      'Each of 3 modules changed in at most r = 4 directions. For 95% of the energy of ΔW, 2 need all four, 1 one or two.',
    ],
    [
      'more than words are used for',
      [
        [1, 1, 1, 1, 1, 1],
        [1, 0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 0],
      ],
      'Each of 3 modules changed in at most r = 6 directions. For 95% of the energy of ΔW, 1 needs all 6, 2 need at most 3.',
    ],
    [
      'all of them',
      [FLAT4, FLAT4],
      'Each of 2 modules changed in at most r = 4 directions. For 95% of the energy of ΔW, each needs all four.',
    ],
    [
      'none of them',
      [STEEP4, [1, 1, 1, 0.1]],
      'Each of 2 modules changed in at most r = 4 directions. For 95% of the energy of ΔW, none needs more than three, and 1 needs one or two.',
    ],
    [
      'the same number',
      [STEEP4, STEEP4],
      'Each of 2 modules changed in at most r = 4 directions. For 95% of the energy of ΔW, each needs one.',
    ],
    [
      'one module',
      [FLAT4],
      'The one module of this file changed in at most r = 4 directions. For 95% of the energy of ΔW, it needs all four.',
    ],
    [
      'one module, steep',
      [STEEP4],
      'The one module of this file changed in at most r = 4 directions. For 95% of the energy of ΔW, it needs one.',
    ],
    ['rank one', [[1], [2]], 'Each of 2 modules changed in at most r = 1 direction.'],
    [
      'rank two',
      [
        [1, 1],
        [1, 0.1],
      ],
      'Each of 2 modules changed in at most r = 2 directions. For 95% of the energy of ΔW, 1 needs both, 1 one.',
    ],
    [
      'several ranks',
      [FLAT4, [1, 0.1], Array(8).fill(1)],
      'Each of 3 modules changed in at most r directions, with r from 2 to 8. For 95% of the energy of ΔW, 2 need all of theirs, 1 at most half its rank.',
    ],
    [
      'several ranks, one of them all',
      [FLAT4, [1, 0.1], [1, 0.1, 0.1, 0.1]],
      'Each of 3 modules changed in at most r directions, with r from 2 to 4. For 95% of the energy of ΔW, 1 needs all of its own, 2 at most half their rank.',
    ],
    [
      'zeros',
      [FLAT4, [0, 0, 0, 0]],
      'Each of 2 modules changed in at most r = 4 directions; one unchanged. For 95% of the energy of ΔW, the one that changed needs all four.',
    ],
    [
      'nothing but zeros',
      [
        [0, 0],
        [0, 0],
      ],
      'None of the 2 modules has changed anything: every ΔW is 0.',
    ],
    [
      'not a number',
      [FLAT4, FLAT4, [Number.NaN, 1, 1, 1]],
      'Each of 3 modules changed in at most r = 4 directions; one contains NaN. For 95% of the energy of ΔW, each needs all four.',
    ],
    [
      'nothing finite',
      [[Number.NaN, 1]],
      'The one module of this file contains NaN or infinity, so nothing can be measured.',
    ],
    ['no modules', [], 'This file has no adapted modules.'],
  ])('%s', (_, spectra, sentence) => {
    expect(said(spectra)).toBe(sentence);
  });

  it('says of ranks what the header says, before anything is read, and how far reading is', () => {
    expect(said([FLAT4, STEEP4, FLAT4], 0)).toBe(
      'Each of 3 modules changed in at most r = 4 directions. 0 of 3 modules are read so far.',
    );
    expect(said([FLAT4, STEEP4, FLAT4, FLAT4], 3)).toBe(
      'Each of 4 modules changed in at most r = 4 directions. For 95% of the energy of ΔW, 2 need all four, 1 one or two. 3 of 4 modules are read so far.',
    );
  });

  it('counts pairs, and says so of other kinds', () => {
    expect(said([FLAT4, FLAT4, FLAT4], 3, ['lora', 'lora', 'lokr'])).toBe(
      'Each of 2 modules changed in at most r = 4 directions. For 95% of the energy of ΔW, each needs all four. 1 module of another kind is shown, but not counted here.',
    );
    expect(said([FLAT4, FLAT4], 2, ['loha', 'full'])).toBe(
      'None of the 2 modules is a pair B·A: they are shown, but cannot be cut or merged.',
    );
  });
});
