import { describe, expect, it } from 'vitest';
import golden from '../../math/golden/worked-example.json' with { type: 'json' };
import { stream } from '../../math/random.ts';
import { largestDifference } from '../one-step/one-step.ts';
import { fourDecimals } from '../slow-motion/product-line.tsx';
import { readTypedNumber } from './figure.tsx';
import { workedLine } from './lesson.tsx';
import {
  differenceGradients,
  EXAMPLE,
  type ExampleInputs,
  MOST_READERS,
  neighbourPlace,
  numbersOf,
  type ProductPlace,
  SETTINGS,
  STAGES_BY_HAND,
  workedExample,
} from './worked-example.ts';

const column = (M: readonly (readonly number[])[]) => M.map(([v]) => v);
const written = (M: readonly (readonly number[])[]) => M.map((row) => row.map(fourDecimals));

describe('the worked example', () => {
  it('is the golden one, and the page writes it digit by digit', () => {
    const [first] = golden.steps;
    const { A, B } = first;
    expect(EXAMPLE).toEqual({ W0: golden.W0, A, B, x: column(golden.x), delta: column(golden.upstream) });
    expect([SETTINGS.alpha, SETTINGS.rank, SETTINGS.rate]).toEqual([golden.alpha, golden.rank, golden.learningRate]);
    expect(SETTINGS.scaling).toBe(golden.alpha / golden.rank);
    for (const [n, step] of workedExample(EXAMPLE).steps.entries()) {
      const known = golden.steps[n];
      for (const name of ['A', 'B', 'gradA', 'gradB'] as const)
        expect(written(step[name])).toEqual(written(known[name]));
      expect(step.z.map(fourDecimals)).toEqual(column(known.intermediate).map(fourDecimals));
      expect(step.scaled.map(fourDecimals)).toEqual(column(known.update).map(fourDecimals));
      expect(step.h.map(fourDecimals)).toEqual(column(known.output).map(fourDecimals));
    }
    expect(workedExample(EXAMPLE).losses.map(fourDecimals)).toEqual(['2.5', '−8.6563', '−49.0977']);
  });

  it('agrees with central differences to 1e-6 in both steps, whatever is typed in', () => {
    const random = stream(9, 'typed in');
    const numbers = (n: number) => Array.from({ length: n }, () => Math.round(random.normal() * 3e3) / 1e3);
    const matrix = (m: number, n: number) => Array.from({ length: m }, () => numbers(n));
    for (let run = 0; run < 40; run++) {
      const typed: ExampleInputs = {
        W0: matrix(3, 4),
        A: matrix(2, 4),
        B: matrix(3, 2),
        x: numbers(4),
        delta: numbers(3),
      };
      for (const step of workedExample(typed).steps) {
        const found = differenceGradients(typed, step);
        expect(largestDifference(found.A, step.gradA)).toBeLessThan(1e-6);
        expect(largestDifference(found.B, step.gradB)).toBeLessThan(1e-6);
      }
    }
  });
});

describe('the picture of it', () => {
  it('reads numbers as people type them, and says what is none', () => {
    const texts = ['2', '-1,5', '−0.25', '1e-3', '', 'two', '1e6'];
    expect(texts.map(readTypedNumber)).toEqual([
      2,
      -1.5,
      -0.25,
      0.001,
      'A number is missing.',
      '“two” is not a number.',
      'Numbers from −1,000 to 1,000 fit here.',
    ]);
  });

  it('leads from the first number of the first step to the last of the second, and back', () => {
    const all: ProductPlace[] = [];
    for (let at: ProductPlace | null = { step: 1, stage: 'z', product: 0 }; at; at = neighbourPlace(at, 1))
      all.push(at);
    expect(all).toHaveLength(2 * (2 + 3 + 3 + 6 + 8 + 14));
    expect(new Set(all.map(({ stage }) => stage)).size).toBe(STAGES_BY_HAND.length);
    const back: ProductPlace[] = [];
    for (let at: ProductPlace | null = all[all.length - 1]; at; at = neighbourPlace(at, -1)) back.unshift(at);
    expect(back).toEqual(all);
  });
});

it('writes out a number of the picture as on paper', () => {
  const line = (head: string, step: 1 | 2, stage: ProductPlace['stage'], product: number) =>
    workedLine(head, { step, stage, product }, EXAMPLE);
  expect(line('z₁', 1, 'z', 0)).toBe('z₁ = 0.5·1 − 0.5·2 + 1·(−1) + 0·0.5 = −1.5');
  expect(line('h₁', 1, 'h', 0)).toBe('h₁ = 4 + 2·0 = 4');
  expect(line('∂L/∂B₂₁', 1, 'gradB', 2)).toBe('∂L/∂B₂₁ = 2·(−2)·(−1.5) = 6');
  expect(line('∂L/∂A₁₂', 1, 'gradA', 1)).toBe('∂L/∂A₁₂ = 2·0·2 = 0');
  expect(line('B₁₁', 1, 'update', 0)).toBe('B₁₁ = 0 − 0.1·(−3) = 0.3');
  expect(line('∂L/∂A₁₂', 2, 'gradA', 1)).toBe('∂L/∂A₁₂ = 2·1.575·2 = 6.3');
});

it('has numbers for every student: other ones, always the same, as easy as the example', () => {
  const all = Array.from({ length: MOST_READERS }, (_, i) => numbersOf(i + 1));
  expect(numbersOf(7)).toEqual(all[6]);
  expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(MOST_READERS);
  for (const { W0, A, B, x, delta } of all) {
    expect([W0.length, W0[0].length, A.length, x.length, delta.length]).toEqual([3, 4, 2, 4, 3]);
    expect(B).toEqual(EXAMPLE.B);
    const drawn = [...W0.flat(), ...A.flat(), ...x, ...delta];
    expect(drawn.every((v) => v !== 0 && Math.abs(v) <= 2 && Number.isInteger(2 * v))).toBe(true);
    // What they are asked for is written in four decimals without rounding.
    const { steps } = workedExample({ W0, A, B, x, delta });
    for (const value of [steps[0].z[1], steps[0].gradB[0][1], steps[1].gradA[1][2]])
      expect(Number(value.toFixed(4))).toBeCloseTo(value, 10);
  }
});
