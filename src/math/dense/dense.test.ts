import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { compile } from '../../engine/steppers/wasm/compile.mjs';
import { orthonormal, qrR, qrROfTransposed, thinQr } from '../factor/qr.ts';
import { heldMatrix } from '../held-matrix.ts';
import { frobenius, type Matrix64, maxAbs, multiply, scale, toFloat32, transpose, zeros } from '../matrix.ts';
import { reduce } from '../plane.ts';
import { multiplyInto } from '../products.ts';
import { gaussian, stream } from '../random.ts';
import { bidiagonalise, rowsOfSquare } from '../spectral/bidiagonal.ts';
import { leadingValues } from '../spectral/leading-values.ts';
import { largestSingularValue } from '../spectral/singular-values.ts';
import { denseLoops, giveDenseLoops } from './loops.ts';
import { wasmLoops } from './wasm-loops.ts';

const held = readFileSync(new URL('loops.wasm', import.meta.url));
const loops = wasmLoops(new WebAssembly.Module(held));

afterEach(() => giveDenseLoops(null));

/** The bits of the plain loops and those of the WebAssembly. */
function both<T>(make: () => T): readonly [T, T] {
  giveDenseLoops(null);
  const plain = make();
  giveDenseLoops(loops);
  return [plain, make()];
}

function expectSame(plain: readonly Float64Array[], fast: readonly Float64Array[]): void {
  expect(fast.length).toBe(plain.length);
  for (const [i, list] of plain.entries()) {
    const bits = (x: Float64Array) => Buffer.from(x.buffer, x.byteOffset, x.byteLength);
    expect(bits(fast[i]).equals(bits(list))).toBe(true);
  }
}

it('is what its source compiles to, which imports nothing', async () => {
  const bytes = await compile('plain', 'dense');
  expect(held.equals(bytes), 'loops.wasm is old: npm run wasm').toBe(true);
  expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([]);
});

it.each([loops, null])('asks for loops once, when they are needed (%#)', (made) => {
  let asked = 0;
  giveDenseLoops(() => {
    asked++;
    return made;
  });
  expect([denseLoops(8), asked]).toEqual([null, 0]);
  expect([denseLoops(1e6), denseLoops(1e6), asked]).toEqual([made, made, 1]);
});

describe('the same bits as the plain loops', () => {
  it.each([
    [33, 40, 41],
    [32, 64, 513],
    [1, 300, 111],
    [5, 3000, 3],
    // More terms and more rows than there are in the memory at a time.
    [3, 900, 2400],
    [1100, 30, 1000],
  ])('of a product %d × %d × %d that is added to', (m, n, k) => {
    giveDenseLoops(loops);
    expect(denseLoops(m * n * k)).toBe(loops);
    const source = stream(m + n + k, 'product');
    const [x, y, start] = [gaussian(m, n, source), gaussian(n, k, source), gaussian(m, k, source)];
    const [plain, fast] = both(() => {
      const out = start.data.slice();
      multiplyInto(x.data, y.data, out, m, n, k);
      return out;
    });
    expectSame([plain], [fast]);
  });

  it.each([
    ['square', gaussian(67, 67, stream(1, 'qr'))],
    ['tall', gaussian(300, 37, stream(2, 'qr'))],
    ['wide', gaussian(40, 61, stream(3, 'qr'))],
    ['small', scale(gaussian(80, 40, stream(4, 'qr')), 2 ** -500)],
    ['of rank 3', multiply(gaussian(90, 3, stream(5, 'qr')), gaussian(3, 50, stream(6, 'qr')))],
    ['zero', zeros(64, 64)],
    ['the identity', diagonal(64)],
    ['zero in some columns', multiply(gaussian(70, 60, stream(7, 'qr')), diagonal(60, 3))],
  ])('of the QR of a matrix that is %s', (_, matrix) => {
    const [plain, fast] = both(() => {
      const { Q, R } = thinQr(matrix);
      return [Q.data, R.data, qrR(matrix).data, qrROfTransposed(matrix).data, qrR(toFloat32(matrix)).data];
    });
    expectSame(plain, fast);
  });

  it.each([
    [67, 67],
    [300, 37],
  ])('of %d × %d orthonormal columns', (rows, cols) => {
    const [plain, fast] = both(() => {
      const source = stream(rows, 'orthonormal');
      return [orthonormal(rows, cols, source).data, Float64Array.of(source.normal())];
    });
    expectSame(plain, fast);
  });

  it.each([182, 197, 183])('of the bidiagonal form of a matrix of %d', (n) => {
    const matrix = gaussian(n, n, stream(n, 'bidiagonal'));
    for (let i = 0; i < n; i++) matrix.data[i] = 0;
    const [plain, fast] = both(() => {
      const { d, e } = bidiagonalise(n, rowsOfSquare(scale(matrix, 0.25).data, n));
      return [d, e];
    });
    expectSame(plain, fast);
  });

  it.each([
    [256, 264],
    [259, 261],
    [300, 223],
    [221, 302],
  ])('of %d × %d times vectors, in float32 and in float64', (rows, cols) => {
    const matrix = gaussian(rows, cols, stream(rows, 'vectors'));
    const narrow = toFloat32(matrix);
    expect(loops.timesVectors(narrow)?.times(new Float64Array(cols).fill(1)).length).toBe(rows);
    const [plain, fast] = both(() => {
      const { values, open } = leadingValues(narrow, 4);
      return [
        values,
        open,
        Float64Array.of(largestSingularValue(matrix), largestSingularValue(scale(matrix, 2 ** -400))),
      ];
    });
    expectSame(plain, fast);
  });

  it.each([
    [227, 203, 13],
    [161, 330, 8],
    [264, 256, 1],
  ])('of a matrix %d × %d that is made in their memory, beside factors of %d columns', (d, k, n) => {
    const source = stream(d, 'held');
    const [noise, U, V] = [gaussian(d, k, source), orthonormal(d, n, source), orthonormal(k, n, source)];
    const [X, Y] = [gaussian(d, n, source), gaussian(n, k, source)];
    const [plain, fast] = both(() => {
      const M = heldMatrix(d, k, n);
      for (let i = 0; i < d; i++) M.row(i).set(noise.data.subarray(i * k, (i + 1) * k));
      M.leaveOut(U, V, () => {});
      const [length, left] = [M.norm(), M.rounded(1)];
      M.join(X, Y, -0.3, () => {});
      const sums = Float64Array.of(
        length,
        M.norm(),
        M.largestValue(() => {}),
      );
      return [sums, Float64Array.from(left.data), Float64Array.from(M.rounded(0.7).data)];
    });
    expectSame(plain, fast);
    // What is left has no part in the span of U: nothing but the rounding of its entries.
    const left = { rows: d, cols: k, data: plain[1] };
    expect(maxAbs(multiply(transpose(U), left))).toBeLessThan(1e-5);
    expect(maxAbs(multiply(left, V))).toBeLessThan(1e-5);
    expect(plain[0][0]).toBeCloseTo(frobenius(left), 4);
  });

  it.each([
    [512, 512, 256],
    [300, 517, 64],
    [1030, 257, 256],
  ])('of the blocks of a picture of %d × %d in at most %d', (rows, cols, most) => {
    const matrix = toFloat32(gaussian(rows, cols, stream(rows, 'blocks')));
    // Equals in size, and what is no number.
    for (let i = 0; i < matrix.data.length; i += 3) matrix.data[i] = i % 2 === 0 ? 2 : -2;
    for (const i of [0, 5, 1000, matrix.data.length - 1]) matrix.data[i] = Number.NaN;
    matrix.data.fill(-0, 7000, 9000);
    const [plain, fast] = both(() => {
      const { mean, extreme } = reduce(matrix.data, rows, cols, most);
      return [Float64Array.from(mean.values), Float64Array.from(extreme?.values ?? [])];
    });
    expect(plain[1].includes(-2)).toBe(true);
    expectSame(plain, fast);
  });

  it('of normal numbers, whatever was drawn before', () => {
    const [plain, fast] = both(() => {
      const source = stream(-7, 'normal');
      const lists = [0, 1, 2].map((before) => {
        for (let i = 0; i < before; i++) source.normal();
        const list = new Float64Array(40_001 + before);
        source.normals(list, before === 1 ? 1 : 0.3);
        return list;
      });
      const narrow = new Float32Array(40_003);
      source.normals32(narrow, 0.1);
      return [
        ...lists,
        Float64Array.from(narrow),
        Float64Array.of(source.normal(), source.uniform(), source.integer(1e6)),
      ];
    });
    expectSame(plain, fast);
    // The mean of n of them is within 5/√n.
    const mean = plain[0].reduce((sum, x) => sum + x, 0) / plain[0].length;
    expect(Math.abs(mean)).toBeLessThan((0.3 * 5) / Math.sqrt(plain[0].length));
  });
});

/** I, or I without every `left`-th of its ones. */
function diagonal(n: number, left = n + 1): Matrix64 {
  const m = zeros(n, n);
  for (let i = 0; i < n; i++) m.data[i * (n + 1)] = (i + 1) % left === 0 ? 0 : 1;
  return m;
}
