import { expect, it } from 'vitest';
import { fairFight, fightPicture } from './fight-curves.ts';

const SIZE = { width: 700, height: 270, font: 12, short: false };
const points = (errors: readonly (number | null)[]) => errors.map((error, i) => ({ rate: 10 ** (i - 3), error }));

it('rings the best rate of each, where its error is, and leaves out what is unknown', () => {
  const curves = [
    { name: 'OFT', strong: true, points: points([0.9, 0.4, 0.02, Number.POSITIVE_INFINITY]) },
    { name: 'LoRA', strong: false, points: points([0.8, 0.74, null, 0.75]) },
    { name: 'none', strong: false, points: points([null, null, null, null]) },
  ];
  const marks = fightPicture({ curves, rate: 0.015 }, SIZE);
  expect(marks.map(({ key }) => key).filter((key) => key.startsWith('best '))).toEqual(['best LoRA', 'best OFT']);
  expect(fairFight.describe({ curves, rate: 0.015 })).toBe(
    'Least error of each and its rate. OFT: 0.020 at rate 0.1; LoRA: 0.74 at rate 0.01.',
  );
});

it('says so before the first run', () => {
  const scene = { curves: [{ name: 'LoRA', strong: true, points: points([null]) }], rate: 0.015 };
  expect(fairFight.describe(scene)).toBe('Nothing has run yet.');
  expect(fightPicture(scene, SIZE).map(({ key }) => key)).toEqual(['sentence 0']);
});
