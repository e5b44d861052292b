import { expect, it } from 'vitest';
import { change, defaults } from '../settings/experiment.ts';
import { targets } from '../targets/index.ts';
import { previewOf } from './preview.ts';
import { prepareProblem } from './problem.ts';

const signless = targets.all.filter(({ sign }) => !sign);

it.each(signless)('draws a target that has no sign: $name', ({ name }) => {
  const preview = previewOf(defaults(), name, null);
  expect(preview?.values).toHaveLength((preview?.size ?? 0) ** 2);
  expect(new Set(Array.from(preview?.values ?? [])).size).toBeGreaterThan(1);
});

it('shows the very ΔW* that a run of this size learns', () => {
  const e = change(defaults(), { seed: 7, truerank: 3, noise: 0.5 });
  const tile = change(e, {
    ...{ target: 'low-rank', rank: 1, init: 'kaiming-uniform' },
    ...targets.byName('low-rank').small,
  });
  const problem = prepareProblem(tile, null);
  if ('why' in problem) throw new Error(problem.why);
  expect(Float32Array.from(previewOf(e, 'low-rank', null)?.values ?? [])).toEqual(
    problem.modules[0].wanted.matrix.data,
  );
});
