import { describe, expect, it } from 'vitest';
import { type Matrix64, zeros } from '../../math/matrix.ts';
import { fromRows } from '../../math/testing/rows.ts';
import { prepareModule } from '../layer/testing/one-module.ts';
import { defaults } from '../settings/experiment.ts';

function layerOf(drawing: Matrix64 | null, d: number, k: number) {
  return prepareModule({ ...defaults(), target: 'picture', d, k, rank: 1 }, drawing, { vectors: false });
}

function targetOf(drawing: Matrix64 | null, d: number, k: number) {
  const layer = layerOf(drawing, d, k);
  if ('why' in layer) throw new Error(layer.why);
  return layer;
}

describe('the picture target', () => {
  it('has mean 0 and σ₁ = 1 at any size and from any drawing', () => {
    const drawing = fromRows([
      [0, 1, 0.5],
      [0.25, 0.75, 1],
    ]);
    for (const [d, k] of [
      [1, 9],
      [9, 1],
      [2, 2],
      [16, 96],
      [96, 16],
      [64, 64],
    ]) {
      for (const source of [null, drawing]) {
        const { target, spectrum } = targetOf(source, d, k);
        expect(target.data.reduce((a, b) => a + b, 0) / target.data.length).toBeCloseTo(0, 7);
        expect(spectrum.values[0]).toBeCloseTo(1, 6);
      }
    }
  });

  it('shows the drawing: lighter is larger', () => {
    // Mean 1/2, so entries ±1/2 before scaling; the matrix of ±1 with rank 1 has σ₁ = 2.
    expect(
      Array.from(
        targetOf(
          fromRows([
            [0, 1],
            [1, 0],
          ]),
          2,
          2,
        ).target.data,
      ),
    ).toEqual([-0.5, 0.5, 0.5, -0.5]);
  });

  it('is the same whatever the seed', () => {
    const [one, two] = [1, 2].map((seed) => prepareModule({ ...defaults(), target: 'picture', seed }, null));
    if ('why' in one || 'why' in two) throw new Error('refused');
    expect(one.target.data).toEqual(two.target.data);
    expect(one.base.data).not.toEqual(two.base.data);
  });

  it('refuses a picture of one shade: nothing to learn', () => {
    const grey = zeros(7, 5);
    grey.data.fill(0.3);
    for (const [drawing, d, k] of [
      [zeros(4, 4), 64, 64],
      [grey, 64, 31],
      [null, 1, 1],
    ] as const) {
      expect(layerOf(drawing, d, k)).toEqual({ why: expect.stringContaining('nothing to learn') });
    }
  });
});
