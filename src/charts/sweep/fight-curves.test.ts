import { expect, it } from 'vitest';
import { fairFight, fightPicture } from './fight-curves.ts';
import { errorBySize, sizePicture } from './size-curves.ts';

const SIZE = { width: 700, height: 270, font: 12, short: false };
const range = (median: number) => ({ median, low: 0.9 * median, high: 1.1 * median });
const points = (errors: readonly (number | null)[]) =>
  errors.map((error, i) => ({ at: 10 ** (i - 3), end: error === null ? null : range(error) }));

it('rings the best rate of each, where its median is, and leaves out what is unknown', () => {
  const curves = [
    { name: 'OFT', look: 'chosen' as const, points: points([0.9, 0.4, 0.02, Number.POSITIVE_INFINITY]) },
    { name: 'LoRA', look: 'first' as const, points: points([0.8, 0.7404, null, 0.74]) },
    { name: 'none', look: 'other' as const, points: points([null, null, null, null]) },
  ];
  const marks = fightPicture({ curves, rate: 0.015 }, SIZE);
  expect(marks.map(({ key }) => key).filter((key) => key.startsWith('best '))).toEqual(['best LoRA', 'best OFT']);
  expect(fairFight.describe({ curves, rate: 0.015 })).toBe(
    'Least error of each and its rate. OFT: 0.020 at rate 0.1; LoRA: 0.74 at rate 0.01.',
  );
});

it('says so before the first run', () => {
  const scene = { curves: [{ name: 'LoRA', look: 'chosen' as const, points: points([null]) }], rate: 0.015 };
  expect(fairFight.describe(scene)).toBe('Nothing has run yet.');
  expect(fightPicture(scene, SIZE).map(({ key }) => key)).toEqual(['sentence 0']);
});

it('draws floors dashed and what was found dotted, and rings what has run', () => {
  const at = (x: number, floor: number | null, end: number | null) => ({
    at: x,
    floor,
    end: end === null ? null : range(end),
  });
  const curves = [
    { name: 'LoRA', strong: true, isFound: false, points: [at(128, 0.9, 0.95), at(1024, 0.5, null)] },
    { name: 'HiRA', strong: false, isFound: true, points: [at(128, 0.8, null), at(1024, 0.4, null)] },
    { name: 'IA³', strong: false, isFound: false, points: [at(64, 0.7, null)] },
    { name: 'DoRA', strong: false, isFound: true, points: [at(192, null, null)] },
  ];
  const scene = { curves, ticks: [128, 1024], budget: 1024 };
  const marks = sizePicture(scene, SIZE);
  const look = (key: string) => String(marks.find((mark) => mark.key === key)?.attributes.class);
  expect(look('floors LoRA')).toContain('dashed');
  expect(look('floors HiRA')).toContain('sparse');
  expect(look('floors HiRA')).not.toContain('dashed');
  expect(marks.filter(({ key }) => key.startsWith('run '))).toHaveLength(1);
  const [above, floor] = ['run LoRA 128', 'floors IA³'].map((key) => marks.find((mark) => mark.key === key));
  expect([above, floor]).not.toContain(undefined);
  expect(errorBySize.describe(scene)).toBe(
    'The least error of each at its largest size. LoRA: 0.50 with 1,024 parameters; HiRA: 0.40 with 1,024 parameters, lowest found; IA³: 0.70 with 64 parameters.',
  );
  expect(errorBySize.describe({ ...scene, curves: [curves[3]] })).toBe('No error is known yet.');
});
