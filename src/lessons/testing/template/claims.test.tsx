import { expect } from 'vitest';
import { claims } from '../claims.tsx';
import { trainLink } from '../train-link.ts';
import { lesson } from './lesson.tsx';

// trained(link) trains the run of a link and returns its error, floor, W₀, A and B.
const HAT = lesson.steps[0].link ?? '';
const one = trainLink(HAT);

claims(
  lesson,
  [
    {
      step: 'A pattern',
      // Verbatim; a mark is its number.
      says: 'Their product ΔW 1 has 4,096 numbers, and yet only 128 of them can be chosen.',
      shows: async () => {
        const { experiment, start } = await one;
        expect([experiment.d * experiment.k, start.A.length + start.B.length]).toEqual([4096, 128]);
        return '64 · 64 = 4096; 64 + 64 = 128';
      },
    },
    {
      step: 'A pattern',
      // … for a number that is computed on the page.
      says: 'The error stops at ….',
      shows: async () => {
        const { error, floor } = await one;
        // The exact floor at rank 1, from an independent computation.
        expect(floor[1]).toBeCloseTo(0.285, 3);
        expect(error / floor[1]).toBeLessThan(1.02);
        return error.toFixed(3);
      },
    },
    {
      step: 'Two of them',
      says: 'A second pattern costs 128 numbers more.',
      shows: async () => {
        const { start } = await trainLink(HAT, { rank: 2, steps: 1 });
        expect(start.A.length + start.B.length).toBe(256);
        return '256 − 128 = 128';
      },
    },
    {
      step: 'Two of them',
      says: 'Now it stops at ….',
      shows: async () => {
        const { error } = await trainLink(HAT, { rank: 2, alpha: 4 });
        expect(error).toBeLessThan((await one).error);
        return error.toFixed(3);
      },
    },
    {
      step: 'Questions',
      says: '384: three columns and three rows of 64.',
      shows: async () => {
        const { start } = await trainLink(HAT, { rank: 3, steps: 1 });
        expect(start.A.length + start.B.length).toBe(384);
        return '3 · 64 + 3 · 64';
      },
    },
    {
      step: 'Questions',
      says: 'Bring the error below 0.1.',
      shows: async () => {
        const { error } = await trainLink(HAT, { rank: 4, alpha: 8 });
        expect(error).toBeLessThan(0.1);
        return `${error.toFixed(3)} at rank 4`;
      },
    },
  ],
  {
    // Sentences with digits that claim nothing.
    plain: [
      'At rank 1, B is one column and A is one row.',
      'What will it look like at rank 1?',
      'Set the rank to 2.',
      'What does rank 1 mean?',
      'How many numbers does rank 3 train in a 64 × 64 layer?',
      'Each pattern is a column of 64 and a row of 64.',
    ],
  },
);
