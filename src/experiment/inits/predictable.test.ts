/** The two starts whose curves are known beforehand, and the size of A. */

import { describe, expect, it } from 'vitest';
import { maxAbs, multiply, subtract, toFloat64, transpose } from '../../math/matrix.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { orthogonalityError } from '../../math/testing/checks.ts';
import { prepareModule } from '../layer/testing/one-module.ts';
import { fillingOf } from '../settings/availability.ts';
import { defaults } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { inits } from './index.ts';

function moduleOf(changes: Partial<Experiment>) {
  const module = prepareModule({ ...defaults(), ...changes }, null);
  if ('why' in module) throw new Error(module.why);
  return module;
}

const SHAPES = [
  { d: 24, k: 40, rank: 6 },
  { d: 40, k: 24, rank: 24 },
  { d: 9, k: 1, rank: 1 },
] as const;

describe.each(SHAPES)('at $d × $k and rank $rank', (shape) => {
  it.each(['aligned', 'orthonormal'] as const)('%s has orthogonal rows, each of length size/√3', (init) => {
    for (const size of [1, 0.25, 3]) {
      const { A, B } = moduleOf({ ...shape, target: 'decay', init, size });
      expect(maxAbs(B)).toBe(0);
      const rows = transpose(toFloat64(A));
      const unit = { ...rows, data: rows.data.map((x) => (x * Math.sqrt(3)) / size) };
      expect(orthogonalityError(unit)).toBeLessThan(3e-7);
    }
  });

  it('row i of aligned is taken to σᵢ times a unit vector by ΔW*, and these are orthogonal', () => {
    const { A, target, spectrum } = moduleOf({ ...shape, target: 'decay', init: 'aligned' });
    const image = multiply(toFloat64(target), transpose(toFloat64(A)));
    const gram = multiply(transpose(image), image);
    const wanted = Float64Array.from({ length: shape.rank ** 2 }, (_, at) =>
      at % (shape.rank + 1) === 0 ? spectrum.values[Math.floor(at / shape.rank)] ** 2 / 3 : 0,
    );
    expect(maxAbs(subtract(gram, { ...gram, data: wanted }))).toBeLessThan(1e-6);
  });
});

it('aligned has full rank even if ΔW* has less', () => {
  const { A } = moduleOf({ d: 20, k: 16, rank: 9, truerank: 3, noise: 0, init: 'aligned' });
  for (const value of singularValues(A)) expect(value).toBeCloseTo(Math.sqrt(1 / 3), 6);
});

describe('size', () => {
  const sized = inits.all.filter(({ params }) => (params as readonly string[]).includes('size'));

  it('is for every start that trains both factors from B = 0 and A ≠ 0, and no other', () => {
    const wanted = inits.all.filter(({ filling }) => filling.B === 'zero' && filling.A !== 'zero');
    expect(sized.map(({ name }) => name)).toEqual(wanted.map(({ name }) => name));
  });

  it('multiplies A: to the bit if it is a power of two; and the words say it', () => {
    for (const { name: init } of sized) {
      const target = init === 'task-informed' ? 'regression' : 'decay';
      const small = { ...SHAPES[0], target, init } as const;
      const [plain, four] = [moduleOf(small), moduleOf({ ...small, size: 4 })];
      expect(four.A.data, init).toEqual(plain.A.data.map((x) => 4 * x));
      expect(four.facts.a / plain.facts.a).toBeCloseTo(4, 12);
      const said = fillingOf(init, { ...defaults(), ...small, size: 4 });
      expect(said).toEqual({ A: `${fillingOf(init, { ...defaults(), ...small }).A}, then times 4`, B: '0' });
    }
  });

  it('leaves every other start as it is', () => {
    for (const init of ['pissa', 'symmetric', 'init-b', 'svd'] as const) {
      const [plain, four] = [1, 4].map((size) => moduleOf({ d: 12, k: 10, rank: 4, truerank: 4, init, size }));
      expect([four.A.data, four.B.data], init).toEqual([plain.A.data, plain.B.data]);
    }
  });
});
