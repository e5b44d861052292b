import { expect, it } from 'vitest';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { portraitOf, portraitWords } from './captions.ts';

const owl = change(defaults(), { target: 'edit' });

it('a picture in words: what W₀ is, what W looks like, what is to be learned', () => {
  const portrait = portraitOf(owl);
  if (!portrait) throw new Error('W₀ of an edit is a picture');
  const words = (blank: boolean, aside: 'target' | 'E' = 'target') =>
    portraitWords({ portrait, blank, aside }, blank ? null : '0.312');
  expect(words(true)).toBe(
    'W₀, an owl in grey, plus ΔW, the product of B and A, gives W, the same owl. Beside them ΔW*, the sunglasses to be learned.',
  );
  expect(words(false)).toContain('gives W, the owl with sunglasses. Beside them ΔW*');
  expect(words(false)).toContain('Relative error 0.312.');
  expect(words(false, 'E')).toContain('Beside them E, what ΔW still misses of ΔW*.');
});

it('at rank 1 the sunglasses are a bar; a hat stays one', () => {
  expect(portraitOf({ ...owl, rank: 1 })?.worn).toBe('the owl behind a dark bar through which its eyes shine');
  expect(portraitOf({ ...owl, rank: 1, edit: 'hat' })?.worn).toBe('the owl with a hat');
});

it('a target that brings no W₀ is no picture', () => {
  // The last two bring their own W₀, too.
  for (const target of ['picture', 'turned-base', 'hadamard'] as const)
    expect(portraitOf(change(defaults(), { target }))).toBeNull();
});
