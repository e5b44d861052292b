import { expect, it } from 'vitest';
import { textFaults } from '../testing/text-faults.ts';
import { type IntrudersScene, intruders, intrudersPicture, intrudersSentence } from './intruders.ts';

const path = (rank: number | null, counts: readonly number[], size: number): IntrudersScene['paths'][number] => ({
  ...{ name: rank === null ? 'full fine-tuning' : `r = ${rank}`, kind: rank === null ? 'full' : 'lora', rank },
  points: counts.map((intruders, i) => ({ intruders, relativeSize: size * (i + 1), rate: 0.001 * 2 ** i })),
});
const scene = (changes: Partial<IntrudersScene> = {}): IntrudersScene => ({
  matrix: 'in',
  paths: [path(null, [3, 5, 7], 0.2), path(1, [1, 1, 1], 0.5), path(4, [2, 3, 5], 0.4)],
  rank: 4,
  pointed: null,
  ...changes,
});

it('compares methods at the largest size that both reach, between the ends of their runs', () => {
  // At 0.6: full 7; rank 4 halfway between 2 (at 0.4) and 3 (at 0.8).
  expect(intrudersSentence(scene())).toBe(
    'At the same size, 0.6 of W₀, full fine-tuning brings more intruders than LoRA at rank 4: 7.0 against 2.5.',
  );
  const alike = scene({ paths: [path(null, [3, 5], 0.2), path(4, [3, 5], 0.2)] });
  expect(intrudersSentence(alike)).toContain('about as many');
  const less = scene({ paths: [path(null, [0, 1], 0.2), path(4, [4, 5], 0.2)] });
  expect(intrudersSentence(less)).toContain(
    'LoRA at rank 4 brings more intruders than full fine-tuning: 5.0 against 1.0',
  );
  expect(intrudersSentence(scene({ paths: [path(4, [3, 5], 0.2)] }))).toBe('');
  // No run of rank 4 is as small as the largest of full fine-tuning.
  expect(intrudersSentence(scene({ paths: [path(null, [3], 0.1), path(4, [3, 5], 0.2)] }))).toBe('');
});

it('has its texts whole at any size, and reads a dot', () => {
  for (const size of [
    { width: 376, height: 330, font: 13, short: false },
    { width: 330, height: 260, font: 13, short: true },
    { width: 888, height: 310, font: 22, short: false },
  ])
    expect(
      textFaults(intrudersPicture(scene({ pointed: 4 }), size), size, ['label r = 4', 'label full fine-tuning'], true),
    ).toEqual([]);
  expect(intruders.readout(scene(), 4)).toBe('r = 1, rate 0.002: 1 of 10 at ‖ΔW‖/‖W₀‖ = 1');
  expect(intruders.describe(scene())).toContain('full fine-tuning: 3 of 10 at ‖ΔW‖/‖W₀‖ = 0.2');
});
