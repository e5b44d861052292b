import { describe, expect, it } from 'vitest';
import { type CaptionFacts, captionOf, nearness, spoken } from './show-words.ts';

const end: CaptionFacts = { caption: 3, subject: 'sunglasses', rank: 8, ended: true, error: 0.0734, floor: 0.0733 };
const said = (facts: Partial<CaptionFacts>) => spoken(captionOf({ ...end, ...facts }));

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
  it('is at its floor, near it, or has its distance told, in words that need no floor', () => {
    expect(said({})).toBe('Rank 8 is enough for good sunglasses. The error is as low as rank 8 allows.');
    expect(said({ error: 0.0918 })).toBe(
      'Rank 8 is enough for good sunglasses. The error is nearly as low as rank 8 allows.',
    );
    expect(said({ error: 0.2 })).toBe(
      'Rank 8 makes rough sunglasses. The error is 0.200; the least possible at rank 8 is 0.0733.',
    );
  });

  it('a bar with shining eyes is promised of the best matrix of rank 1 only', () => {
    expect(said({ rank: 1, error: 0.645, floor: 0.6442 })).toContain('a dark bar, and the eyes shine through.');
    expect(said({ rank: 1, error: 0.8, floor: 0.6442 })).toBe(
      'Rank 1 is one column times one row. The error is 0.800; the least possible at rank 1 is 0.644.',
    );
    expect(said({ rank: 1, subject: 'hat', error: 0.2854, floor: 0.2854 })).not.toContain('bar');
  });

  it('W wears the glasses once they are seen', () => {
    expect(said({ caption: 2, ended: false, error: 0.8 })).toBe(
      'Only B and A are trained. Their product ΔW draws sunglasses.',
    );
    expect(said({ caption: 2, ended: false, error: 0.3 })).toBe(
      'Only B and A are trained. Their product ΔW draws sunglasses, and W wears them.',
    );
  });

  it('says nothing of an end before it', () => {
    expect(said({ ended: false })).toBe('Training at rank 8.');
    expect(said({ ended: false, rank: 1 })).toBe('Rank 1 is one column times one row.');
  });

  it('has words for the hat, whose floor is 0, and for what is no edit', () => {
    expect(said({ subject: 'hat', error: 0.012, floor: 0 })).toBe(
      'Rank 8 is enough for a good hat. The error has fallen from 1 to 0.012.',
    );
    expect(said({ subject: 'hat', error: 8.95e-3, floor: 0 })).toMatch(/from 1 to 0\.00895\.$/);
    expect(said({ subject: null, error: 0.172, floor: 0.172 })).toBe(
      'Training at rank 8 has finished. The error is as low as rank 8 allows.',
    );
    expect(said({ subject: null, error: null, floor: null })).toBe(
      'Training at rank 8 has finished. The error is not known.',
    );
  });
});
