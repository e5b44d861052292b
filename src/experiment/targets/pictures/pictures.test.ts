import { describe, expect, it } from 'vitest';
import { frobenius, type Matrix64, multiply, scale, subtract, transpose } from '../../../math/matrix.ts';
import { partOf } from '../../../math/testing/part-of.ts';
import { floorOf } from '../../layer/floor.ts';
import { type OneModule, prepareModule } from '../../layer/testing/one-module.ts';
import { defaults } from '../../settings/experiment.ts';
import { derivedRate } from '../../settings/rate.ts';
import { pictures } from '../pictures.ts';

const start = (picture: (typeof pictures.all)[number]['name'], seed: number) => ({
  ...defaults(),
  target: 'picture' as const,
  picture,
  seed,
});

/** ‖ΔW − ΔW*‖_F/‖ΔW*‖_F after Adam, in float64 with PyTorch's conventions. */
function errorAfter(layer: OneModule, s: number, lr: number, steps: number): number {
  const factors = [layer.A, layer.B].map((m) => scale(m, 1));
  const [A, B] = factors;
  const moments = factors.map((f) => ({ m: new Float64Array(f.data.length), v: new Float64Array(f.data.length) }));
  const residual = () => subtract(scale(multiply(B, A), s), layer.target);
  for (let t = 1; t <= steps; t++) {
    const E = residual();
    const gradients = [multiply(transpose(B), E), multiply(E, transpose(A))].map((g) => scale(g, s));
    for (const n of [0, 1]) adam(factors[n], gradients[n], moments[n], lr, t);
  }
  return frobenius(residual()) / layer.targetNorm;
}

function adam(f: Matrix64, g: Matrix64, { m, v }: { m: Float64Array; v: Float64Array }, lr: number, t: number) {
  for (let i = 0; i < m.length; i++) {
    m[i] = 0.9 * m[i] + 0.1 * g.data[i];
    v[i] = 0.999 * v[i] + 0.001 * g.data[i] ** 2;
    f.data[i] -= (lr * (m[i] / (1 - 0.9 ** t))) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8);
  }
}

describe.each(pictures.all.map((p) => p.name))('%s', (name) => {
  it('is learned down to the floor at rank 8 within 300 steps, whatever the seed', () => {
    for (const seed of partOf([1, 2, 3, 4, 5], 5, name.length)) {
      const e = start(name, seed);
      const layer = prepareModule(e, null, { vectors: false });
      if ('why' in layer) throw new Error(layer.why);
      expect(e).toMatchObject({ d: 64, k: 64, rank: 8, alpha: 16, init: 'kaiming-uniform', opt: 'adam', steps: 300 });
      const error = errorAfter(layer, 2, derivedRate(e, 2, layer.facts), 300);
      const ratio = error / floorOf(layer.spectrum.values)[8];
      expect(ratio).toBeGreaterThan(1 - 1e-6);
      expect(ratio).toBeLessThan(1.02);
    }
  });

  it('is blurred at rank 8 and sharp at rank 32', () => {
    const layer = prepareModule(start(name, 1), null, { vectors: false });
    if ('why' in layer) throw new Error(layer.why);
    const floor = floorOf(layer.spectrum.values);
    expect(floor[8]).toBeGreaterThan(0.1);
    expect(floor[8]).toBeLessThan(0.25);
    expect(floor[32]).toBeLessThan(floor[8] / 5);
  });

  it('has grey levels between 0 and 1', () => {
    const { shade } = pictures.byName(name);
    const grid = Array.from({ length: 201 }, (_, i) => i / 200);
    const greys = grid.flatMap((y) => grid.map((x) => shade(x, y)));
    expect(greys.every((grey) => grey >= 0 && grey <= 1)).toBe(true);
  });
});
