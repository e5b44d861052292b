import { expect, it } from 'vitest';
import { type KeptLosses, keepLosses, lossesUntil, NO_LOSSES } from './losses.ts';

const many = (count: number): KeptLosses => {
  let kept = NO_LOSSES;
  for (let t = 0; t < count; t++) kept = keepLosses(kept, t, { training: 1 / (t + 1), heldOut: 2 / (t + 1) });
  return kept;
};

it('keeps the first and the last step, whatever goes between', () => {
  const kept = many(7001);
  expect(kept.steps.length).toBeLessThanOrEqual(2000);
  expect([kept.steps[0], kept.steps.at(-1)]).toEqual([0, 7000]);
  kept.steps.forEach((t, i) => {
    expect([kept.training[i], kept.heldOut[i]]).toEqual([1 / (t + 1), 2 / (t + 1)]);
  });
});

it('thins what came after a file, and nothing of what the file held', () => {
  let kept = many(1900);
  for (let t = 1900; t < 9000; t++) kept = keepLosses(kept, t, { training: 1, heldOut: 2 }, 1899);
  expect(kept.steps.slice(0, 1900)).toEqual(many(1900).steps);
  expect(kept.steps.length).toBeLessThanOrEqual(1900 + 2000);
  expect(kept.steps.at(-1)).toBe(8999);
});

it('a step that is measured again replaces what was kept of it and of later ones', () => {
  const again = keepLosses(many(10), 6, { training: 5, heldOut: 6 });
  expect(again.steps).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect([again.training.at(-1), again.heldOut.at(-1)]).toEqual([5, 6]);
});

it('can be cut, and stays the same where nothing is cut off', () => {
  const kept = many(5);
  expect(lossesUntil(kept, 2)).toEqual({
    steps: [0, 1, 2],
    training: kept.training.slice(0, 3),
    heldOut: kept.heldOut.slice(0, 3),
  });
  expect(lossesUntil(kept, 9)).toBe(kept);
  expect(lossesUntil(kept, -1)).toEqual(NO_LOSSES);
});
