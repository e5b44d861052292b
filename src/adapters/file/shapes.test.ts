import { describe, expect, it } from 'vitest';
import type { ModuleKind, Part } from './model.ts';
import { shapeOf } from './shapes.ts';

function shape(kind: ModuleKind, parts: Partial<Record<Part, readonly number[]>>, transposed = false) {
  const tensors = Object.entries(parts).map(([part, sides]) => {
    return [part, { name: part, dtype: 'F32', shape: sides, from: 0, to: 0 }] as const;
  });
  return shapeOf(kind, Object.fromEntries(tensors), transposed);
}

describe('shapes', () => {
  it('of convolutions in one, two and three dimensions', () => {
    expect(shape('lora', { down: [4, 8, 3], up: [16, 4, 1] })).toEqual({ d: 16, k: 24, rank: 4, kernel: [1, 3] });
    expect(shape('lora', { down: [4, 8, 3, 2], up: [16, 4, 1, 1] })).toEqual({ d: 16, k: 48, rank: 4, kernel: [3, 2] });
    expect(shape('lora', { down: [4, 8, 2, 3, 5], up: [16, 4, 1, 1, 1] })).toEqual({
      d: 16,
      k: 240,
      rank: 4,
      kernel: [6, 5],
    });
    expect(shape('lora', { down: [4, 8, 1, 1], up: [16, 4, 1, 1] })).toMatchObject({ k: 8, kernel: [1, 1] });
  });

  it('that do not fit say which they are', () => {
    for (const [parts, why] of [
      [{ down: [2, 4] }, 'B (up) is missing.'],
      [{ up: [2, 4] }, 'A (down) is missing.'],
      [{ down: [4, 320], up: [320, 8] }, 'The shapes do not match: A is 4 × 320, B is 320 × 8.'],
      [{ down: [4], up: [320, 4] }, 'The shapes do not match: A is 4, B is 320 × 4.'],
      [{ down: [4, 3], up: [3, 4, 3, 3] }, 'The shapes do not match: A is 4 × 3, B is 3 × 4 × 3 × 3.'],
      [{ down: [0, 3], up: [3, 0] }, 'It is empty: 3 × 3 of rank 0.'],
      [{ down: [2, 3, 1, 1], mid: [2, 3, 3, 3], up: [3, 2, 1, 1] }, 'the factor between them is 2 × 3 × 3 × 3.'],
    ] as const) {
      expect(shape('lora', parts)).toContain(why);
    }
    expect(shape('lora', { down: [64, 8, 2], up: [8, 512, 8] }, true)).toContain('do not match');
    expect(shape('loha', { w1a: [4, 2], w1b: [2, 5], w2a: [4, 3], w2b: [3, 6] })).toContain('do not match');
    expect(shape('lokr', { w1: [2, 2], w2a: [4, 2] })).toContain('missing');
  });

  it('beyond what can be measured in time are left alone', () => {
    for (const parts of [
      { down: [5000, 10], up: [10, 5000] },
      { down: [64, 3e6], up: [10, 64] },
      { down: [4096, 36_000], up: [36_000, 4096] },
      { down: [4000, 1e4, 1, 1], mid: [4000, 4000, 1, 1], up: [10, 4000, 1, 1] },
    ]) {
      expect(typeof shape('lora', parts)).toBe('string');
    }
    expect(typeof shape('loha', { w1a: [1e6, 1], w1b: [1, 1e6], w2a: [1e6, 1], w2b: [1, 1e6] })).toBe('string');
    expect(typeof shape('lokr', { w1a: [9, 5000], w1b: [5000, 9], w2a: [4, 2], w2b: [2, 4] })).toBe('string');
    // The largest layers of real models: a vocabulary, and a full rank.
    expect(shape('lora', { down: [256, 262_144], up: [8192, 256] })).toMatchObject({ rank: 256 });
    expect(shape('lora', { down: [4096, 4096], up: [4096, 4096] })).toMatchObject({ rank: 4096 });
    expect(shape('lokr', { w1: [1000, 1000], w2: [1000, 1000] })).toMatchObject({ d: 1e6, k: 1e6 });
  });
});
