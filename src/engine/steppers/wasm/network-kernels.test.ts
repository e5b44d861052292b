import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stream } from '../../../math/random.ts';
import type { ProductSize } from '../../tasks/network/kernels.ts';
import { loops32, loops64 } from '../../tasks/network/loops.ts';
import { wasmKernels } from './network-kernels.ts';

const draw = (length: number, purpose: string) => {
  const source = stream(5, purpose);
  return Float32Array.from({ length }, () => source.normal());
};

describe.each(['plain', 'relaxed'])('the %s build', (build) => {
  const module = new WebAssembly.Module(readFileSync(new URL(`network-${build}.wasm`, import.meta.url)));
  const sizes: readonly ProductSize[] = [
    { n: 64, m: 64, l: 64 },
    { n: 5, m: 11, l: 7, s: 0.3 },
    { n: 8, m: 10, l: 33, transposed: true, adds: true, s: -2 },
    { n: 1, m: 3, l: 200, transposed: true },
    { n: 7, m: 1, l: 64, adds: true },
    { n: 64, m: 4, l: 64, s: 2 },
    { n: 9, m: 14, l: 31, transposed: true, adds: true, s: 0.5 },
  ];

  it.each(sizes)('multiplies as float64 loops do: %o', (size) => {
    const { n, m, l } = size;
    const kernels = wasmKernels(module);
    const values = [draw(n * m, 'C'), draw(n * l, 'X'), draw(l * m, 'Y')];
    const [C, X, Y] = values.map((from) => {
      const to = kernels.buffer(from.length);
      to.set(from);
      return to;
    });
    kernels.product(C, X, Y, size);
    const [c, x, y] = values.map((from) => Float64Array.from(from));
    loops64.product(c, x, y, size);
    for (const at of c.keys()) expect(Math.abs(C[at] - c[at])).toBeLessThan(1e-5 * Math.sqrt(l) * 4);
  });

  it('has ReLU, sums and updates of the loops, bit for bit, and norms within rounding', () => {
    for (const opt of ['sgd', 'momentum', 'adam', 'adamw', 'signsgd', 'muon', 'polar'] as const) {
      const [one, other] = [wasmKernels(module), loops32].map((kernels) => {
        const [theta, g, h, m, v, z] = ['θ', 'g', 'h', 'm', 'v', 'z'].map((name) => {
          const values = kernels.buffer(77);
          if (name !== 'm' && name !== 'v') values.set(draw(77, name));
          return values;
        });
        const norms = [1, 2, 3].map((t) =>
          kernels.update(theta, g, [m, v], { opt, rate: 0.01, t, columns: 7, epsilon: 1e-8 }),
        );
        kernels.reluBackward(g, h);
        kernels.relu(h);
        kernels.sum(z, h, theta);
        return { arrays: [theta, g, h, m, v, z].map((x) => [...x]), norms: [...norms, kernels.norm(theta)] };
      });
      expect(one.arrays).toEqual(other.arrays);
      expect(one.arrays[2].filter((x) => x === 0).length).toBeGreaterThan(20);
      for (const [i, norm] of one.norms.entries()) expect(norm / other.norms[i]).toBeCloseTo(1, 12);
    }
  });

  // 13 positions are no whole number of vectors; scores of ±40 reach the ends of the softmax.
  it.each([
    [{ count: 2, length: 13, heads: 2, width: 8 }, 1],
    [{ count: 3, length: 16, heads: 4, width: 64 }, 1],
    [{ count: 1, length: 5, heads: 1, width: 16 }, 4],
  ] as const)('attends as float64 loops do, forth and back: %o', (shape, size) => {
    const { count, length, heads, width } = shape;
    const [numbers, entries] = [count * length * width, count * heads * length * length];
    const [one, other] = [wasmKernels(module), loops64].map((kernels) => {
      const [q, k, v, delta] = ['q', 'k', 'v', 'δ'].map((name) => {
        const to = kernels.buffer(numbers);
        to.set(draw(numbers, name).map((x) => size * x));
        return to;
      });
      const [mixed, dq, dk, dv] = Array.from({ length: 4 }, () => kernels.buffer(numbers));
      const weights = kernels.buffer(entries);
      kernels.attend({ mixed, weights }, { q, k, v }, shape);
      kernels.attendBackward(delta, weights, { q, k, v }, { q: dq, k: dk, v: dv }, shape);
      return { weights, mixed, dq, dk, dv };
    });
    for (const name of ['weights', 'mixed', 'dq', 'dk', 'dv'] as const) {
      const largest = Math.max(...Array.from(other[name], Math.abs));
      expect(largest).toBeGreaterThan(0);
      for (const [i, x] of other[name].entries()) expect(Math.abs(one[name][i] - x) / largest, name).toBeLessThan(3e-6);
    }
    const row = one.weights.subarray(0, length);
    expect([...row]).toEqual([1, ...Array(length - 1).fill(0)]);
  });

  it('normalises rows as float64 loops do, forth and back', () => {
    const [rows, width] = [7, 12];
    const [one, other] = [wasmKernels(module), loops64].map((kernels) => {
      const [x, delta, gradient, y] = ['x', 'δ', 'g', 'y'].map((name) => {
        const to = kernels.buffer(rows * width);
        to.set(draw(rows * width, name));
        return to;
      });
      const inverse = kernels.buffer64(rows);
      x.subarray(0, width).fill(0);
      kernels.normalise(y, inverse, x, width, 1e-5);
      kernels.normaliseBackward(gradient, delta, y, inverse, width);
      return { y, gradient, inverse };
    });
    for (const name of ['y', 'gradient', 'inverse'] as const)
      for (const [i, x] of other[name].entries())
        expect(Math.abs(one[name][i] - x), name).toBeLessThan(1e-6 * Math.max(1, Math.abs(x)));
    expect([...one.y.subarray(0, width)]).toEqual(Array(width).fill(0));
  });

  it('says that its memory is full', () => {
    const kernels = wasmKernels(module);
    expect(() => kernels.buffer(1 << 25)).toThrow(/does not fit/);
  });
});
