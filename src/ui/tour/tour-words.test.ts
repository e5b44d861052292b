import { describe, expect, it } from 'vitest';
import { isAtFloor, sentenceOf, sentenceText, type TourFacts } from './first-visit.tsx';

// Errors and floors from an independent computation.
const end: TourFacts = {
  ...{ subject: 'sunglasses', rank: 8, trained: 1024, full: 4096, stands: 'ended', error: 0.0734, floor: 0.0733 },
};
const said = (facts: Partial<TourFacts>, short = false) =>
  sentenceText(sentenceOf({ ...end, ...facts }, short)).replaceAll('\u00a0', ' ');
const at = (rank: number, error: number) => said({ rank, trained: 128 * rank, error, floor: error });

it.each([
  [0.0734, 0.0733, true],
  [0.0918, 0.0733, false],
  [0.001, 0, true],
  [0.04, 0, false],
])('%f over a floor of %f is at it: %s', (error, floor, is) => {
  expect(isAtFloor({ error, floor })).toBe(is);
});

describe('the sentence of a first visit', () => {
  it('begins with what LoRA does, for whatever the owl is to wear', () => {
    const until = 'two thin ones, B and A, until their product ΔW puts sunglasses on the owl.';
    expect(said({ stands: 'start' })).toBe(`LoRA leaves the large matrix W₀ as it is and trains ${until}`);
    expect(said({ stands: 'on-the-way' })).toBe(said({ stands: 'start' }));
    expect(said({ stands: 'start' }, true)).toBe(`LoRA keeps the large matrix W₀ and trains ${until}`);
    expect(said({ stands: 'start', subject: 'hat' })).toMatch(/puts a hat on the owl\.$/);
  });

  it('counts the numbers of a trained run, and asks for fewer', () => {
    expect(said({})).toBe(
      'With 1,024 numbers instead of 4,096, the sunglasses look right: a few patterns make most of them. How few will do?',
    );
    expect(said({ subject: 'hat', error: 0.012 })).toMatch(
      /, the hat looks right: a few patterns make most of it\. How few will do\?$/,
    );
    expect(at(2, 0.4638)).toBe('With 256 numbers instead of 4,096, 46% of the sunglasses are missing.');
    expect(at(32, 0.0002)).toBe('With 4,096 numbers, as many as in W₀, the sunglasses look right. How few will do?');
    expect(at(64, 0.0002)).toMatch(/^With 8,192 numbers, more than the 4,096 of W₀, the sunglasses look right\./);
  });

  it('promises a bar with shining eyes of the best matrix of rank 1 only', () => {
    expect(at(1, 0.6442)).toBe('Rank 1 is one column times one row: only a dark bar, and the eyes shine through.');
    expect(said({ rank: 1, error: 0.8, floor: 0.6442 })).toMatch(/one row: 80% of the sunglasses are missing\.$/);
    expect(said({ rank: 1, subject: 'hat', error: 0.2854, floor: 0.2854 })).toMatch(/: 29% of the hat is missing\.$/);
    expect(said({ rank: 1, stands: 'on-the-way' })).toBe('Rank 1 is one column times one row.');
  });

  it('tells of a drawing what its rank has lost', () => {
    const subject = 'own drawing';
    expect(said({ subject })).toBe('Your drawing at rank 8. Move the rank and see what gets lost.');
    expect(said({ subject: 'drawing' })).toMatch(/^This drawing at rank 8\./);
    expect(said({ subject, stands: 'on-the-way' })).toBe('Your drawing at rank 8.');
    expect(said({ subject, rank: 2, error: 0.4148 })).toBe('Your drawing at rank 2: 41% of it is missing.');
    expect(said({ subject, rank: 16, error: 1e-4 })).toBe('Your drawing at rank 16: nothing of it is missing.');
  });

  it('does not hide a divergence', () => {
    expect(said({ stands: 'diverged' })).toBe('Training has diverged.');
  });
});
