import { expect, it } from 'vitest';
import { svd } from '../../math/factor/svd.ts';
import { zeros32 } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { builtTargets } from './build.ts';
import type { TargetContext, TargetSettings } from './target.ts';

const settings: TargetSettings = {
  ...{ d: 9, k: 12, truerank: 4, shape: 'equal', noise: 0, align: null },
  ...{ law: 'power', rate: 1, picture: 'owl', edit: 'hat', normalise: true },
};

function updateOf(other: Partial<TargetSettings>, seed = 1) {
  const context: TargetContext = {
    settings: { ...settings, ...other },
    stream: (purpose) => stream(seed, purpose),
    baseTriplets: () => svd(zeros32(9, 12)),
    drawing: null,
    progress: () => {},
  };
  const built = builtTargets.regression(context);
  if ('why' in built) throw new Error(built.why);
  return built.matrix;
}

it('ΔW* of regression has `truerank` singular values of 1, whatever other targets’ settings say', () => {
  singularValues(updateOf({})).forEach((value, i) => {
    expect(value).toBeCloseTo(i < 4 ? 1 : 0, 6);
  });
  expect(updateOf({ shape: 'geometric', noise: 0.3, align: 0.5 })).toEqual(updateOf({}));
  expect(updateOf({}, 2)).not.toEqual(updateOf({}));
});
