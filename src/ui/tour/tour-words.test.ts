import { describe, expect, it } from 'vitest';
import { captionOf, captionText, isCaptionComplete, nearness, type TourFacts } from './tour-words.ts';

const end: TourFacts = {
  caption: 3,
  subject: 'sunglasses',
  rank: 8,
  trained: 1024,
  full: 4096,
  stands: 'ended',
  step: 300,
  steps: 300,
  error: 0.0734,
  floor: 0.0733,
};
const said = (facts: Partial<TourFacts>) => captionText(captionOf({ ...end, ...facts }));
const at = (rank: number, error: number, floor = error) => said({ rank, trained: 128 * rank, error, floor });

describe('how an error lies to its floor', () => {
  it.each([
    [0.0734, 0.0733, 'at'],
    [0.0918, 0.0733, 'near'],
    [0.12, 0.0733, 'above'],
    [0.001, 0, 'at'],
    [0.009, 0, 'near'],
    [0.04, 0, 'above'],
  ] as const)('%f over %f is %s', (error, floor, words) => {
    expect(nearness(error, floor)).toBe(words);
  });
});

describe('a caption says what the run shows', () => {
  it('begins with what the picture is', () => {
    expect(said({ caption: 1 })).toBe('This owl, W₀, is what the layer already knows. It stays frozen.');
  });

  it('ends with what a rank is, and how good that is, in words that need no floor', () => {
    const means = 'Rank 8: 1,024 numbers, not 4,096.';
    expect(said({})).toBe(
      'Rank 8 means 8 columns in B and 8 rows in A. With 1,024 numbers instead of 4,096, the sunglasses already look right.',
    );
    expect(said({ error: 0.0918 })).toBe(
      `${means} The sunglasses already look right, and the error is 0.0918, nearly as low as rank 8 allows.`,
    );
    expect(said({ error: 0.2 })).toBe(
      `${means} They make rough sunglasses: the error is 0.200; the least possible at rank 8 is 0.0733.`,
    );
  });

  // Floors from an independent computation.
  it.each([
    [
      2,
      0.4638,
      'Rank 2: 256 numbers, not 4,096. They make rough sunglasses: the error is 0.464, as low as rank 2 allows.',
    ],
    [
      4,
      0.214,
      'Rank 4: 512 numbers, not 4,096. They make rough sunglasses: the error is 0.214, as low as rank 4 allows.',
    ],
    [
      6,
      0.1286,
      'Rank 6: 768 numbers, not 4,096. The sunglasses already look right, and the error is 0.129, as low as rank 6 allows.',
    ],
  ])('has a sentence for rank %i', (rank, floor, words) => {
    expect(at(rank, floor)).toBe(words);
  });

  it('says from which rank on nothing is saved', () => {
    expect(at(64, 0.0002, 0)).toBe(
      'Rank 64: 8,192 numbers, more than the 4,096 of W₀. The sunglasses look right, and the error has fallen from 1 to 0.0002.',
    );
  });

  it('a bar with shining eyes is promised of the best matrix of rank 1 only', () => {
    expect(at(1, 0.645, 0.6442)).toBe('Rank 1 is one column times one row: a dark bar, and the eyes shine through.');
    expect(at(1, 0.8, 0.6442)).toBe(
      'Rank 1 is one column times one row. The error is 0.800; the least possible at rank 1 is 0.644.',
    );
    expect(said({ rank: 1, subject: 'hat', error: 0.2854, floor: 0.2854 })).not.toContain('bar');
  });

  it('W wears the glasses once they are seen, and the caption is said once that stands there', () => {
    const facts = { ...end, caption: 2, stands: 'training' } as const;
    expect(said({ ...facts, error: 0.8 })).toBe('Only B and A are trained. Their product ΔW draws sunglasses.');
    expect(said({ ...facts, error: 0.3 })).toBe(
      'Only B and A are trained. Their product ΔW draws sunglasses, and W wears them.',
    );
    expect([0.8, 0.3].map((error) => isCaptionComplete({ ...facts, error }))).toEqual([false, true]);
  });

  it('says nothing of an end before it, and where a run stands or is looked back at', () => {
    expect(said({ stands: 'training' })).toBe('Training at rank 8.');
    expect(said({ stands: 'training', rank: 1 })).toBe('Rank 1 is one column times one row.');
    expect(said({ stands: 'on-the-way', step: 40, error: 0.214 })).toBe('At step 40 of 300 the error is 0.214.');
    expect(said({ stands: 'on-the-way', step: 0, error: 1 })).toBe('Step 0 of 300: press Train.');
    expect(said({ stands: 'diverged' })).toBe('Training has diverged.');
  });

  it('has words for the hat, whose floor is 0', () => {
    expect(said({ subject: 'hat', error: 0.012, floor: 0 })).toMatch(
      /The hat already looks right, and the error has fallen from 1 to 0\.012\.$/,
    );
    expect(said({ subject: 'hat', error: 8.95e-3, floor: 0 })).toMatch(/from 1 to 0\.00895\.$/);
  });
});
