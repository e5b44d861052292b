import { expect, it } from 'vitest';
import type { Scene } from '../chart.ts';
import { madeUpScene } from '../testing/made-up-scene.ts';
import { error } from './error.ts';
import { errorPicture } from './picture.ts';

const SIZE = { width: 520, height: 240, font: 13, short: false };

/** OFT has no rank, and is kept with that of its ΔW, 64; LoRA trains as many numbers at rank 7.75. */
const scene: Scene = {
  ...madeUpScene({ rank: 8, step: 96 }),
  ended: [
    { rank: 64, error: 0.0644, method: { label: 'OFT', place: 7.75 } },
    { rank: 4, error: 0.4 },
    { rank: 8, error: 0.3 },
  ],
};
/** px from the left. */
const acrossOf = (i: number): number =>
  Number(errorPicture(scene, SIZE).find(({ key }) => key === `ended ${i}`)?.attributes.cx);

it('an earlier run of a method stands where LoRA trains as many numbers, between ranks 4 and 8', () => {
  expect(acrossOf(0)).toBeLessThan(acrossOf(2));
  expect(acrossOf(0)).toBeGreaterThan(acrossOf(1));
});

it('and is named by its method, since it may have no rank', () => {
  expect(error.describe(scene)).toContain('3 earlier runs, the best 0.0644 with OFT.');
  expect(error.describe({ ...scene, ended: scene.ended.slice(1) })).toContain('the best 0.300 at rank 8.');
  const { columns, rows } = error.table(scene);
  const best = columns.indexOf('best earlier run');
  expect(rows.flatMap((row) => (row[best] === null ? [] : [[row[0], row[best]]]))).toEqual([
    [4, 0.4],
    [8, 0.0644],
  ]);
});
