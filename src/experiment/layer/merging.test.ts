import { describe, expect, it } from 'vitest';
import {
  frobenius,
  type Matrix32,
  type Matrix64,
  maxAbs,
  multiply,
  scale,
  subtract,
  toFloat32,
} from '../../math/matrix.ts';
import { drain } from '../../math/progress.ts';
import { gaussian, type Stream, stream } from '../../math/random.ts';
import {
  type AdaptedLayer,
  BFLOAT16_ROUNDOFF,
  type MergeResult,
  mergeInSlices,
  mergingInputs,
  STORAGES,
  toBfloat16,
} from './merging.ts';

function float32(bits: readonly number[]): Float32Array {
  return new Float32Array(Uint32Array.from(bits).buffer);
}

function wrong(values: Float32Array, wanted: readonly number[]): number {
  const bits = new Uint32Array(toBfloat16(values).buffer);
  return wanted.filter((upper, i) => bits[i] !== (upper << 16) >>> 0).length;
}
const round = (x: number) => toBfloat16(Float32Array.of(x))[0];
/** All upper halves but those of NaN. */
const UPPER = Array.from({ length: 65536 }, (_, i) => i).filter((i) => (i & 0x7fff) <= 0x7f80);
const FINITE = UPPER.filter((i) => (i & 0x7fff) < 0x7f80);

describe('rounding to bfloat16', () => {
  it('keeps every bfloat16 number, infinities and both zeros included', () => {
    expect(UPPER).toHaveLength(65536 - 2 * 127);
    expect(wrong(float32(UPPER.map((i) => i << 16)), UPPER)).toBe(0);
  });

  it('goes to the even neighbour from half way, and to the nearer one from anywhere else', () => {
    const cases: readonly [number, (upper: number) => number][] = [
      [0x0001, (i) => i],
      [0x7fff, (i) => i],
      [0x8000, (i) => i + (i % 2)],
      [0x8001, (i) => i + 1],
      [0xffff, (i) => i + 1],
    ];
    for (const [lower, upper] of cases) {
      const between = float32(FINITE.map((i) => (i << 16) | lower));
      expect(wrong(between, FINITE.map(upper)), `lower half ${lower}`).toBe(0);
    }
  });

  it('keeps NaN whatever its bits, and infinity', () => {
    const nans = [0x7f800001, 0x7fffffff, 0xff800001, 0xffffffff, 0x7fc00000, 0x7f80ffff];
    for (const x of toBfloat16(float32(nans))) expect(x).toBeNaN();
    expect(round(Infinity)).toBe(Infinity);
    expect(round(-3.4e38)).toBe(-Infinity);
    expect(round(3.39e38)).toBeLessThan(Infinity);
  });

  it('errs by at most the unit roundoff, and reaches it', () => {
    let largest = 0;
    for (let x = 1; x < 2; x += 2 ** -12) largest = Math.max(largest, Math.abs(round(x) - x) / x);
    expect(largest).toBeLessThanOrEqual(BFLOAT16_ROUNDOFF);
    expect(largest).toBeGreaterThan(0.99 * BFLOAT16_ROUNDOFF);
    expect(round(1 + 2 ** -8)).toBe(1);
    expect(round(1 + 3 * 2 ** -8)).toBe(1 + 2 ** -6);
  });

  it('copies', () => {
    const x = Float32Array.of(1.001);
    toBfloat16(x);
    expect(x[0]).toBe(Math.fround(1.001));
  });
});

const draw = (rows: number, cols: number, deviation: number, source: Stream) =>
  toFloat32(scale(gaussian(rows, cols, source), deviation));

function randomLayer(seed: number): AdaptedLayer {
  const source = stream(seed, 'merging test');
  const [d, k] = [1 + source.integer(60), 1 + source.integer(90)];
  const rank = 1 + source.integer(Math.min(d, k));
  const scaling = [0.1, 1, 2, Math.SQRT2, 16][source.integer(5)];
  const size = [1e-6, 1e-3, 0.1, 1, 30][source.integer(5)];
  return {
    W: draw(d, k, 1 / Math.sqrt(k), source),
    A: draw(rank, k, 1 / Math.sqrt(k), source),
    B: draw(d, rank, size, source),
    scaling,
  };
}

const layers = Array.from({ length: 50 }, (_, seed) => randomLayer(seed));
const inputsOf = (layer: AdaptedLayer, n = 8) => mergingInputs(layer.W.cols, n, stream(1, 'merging inputs'));

const mergingOf = (...given: Parameters<typeof mergeInSlices>) => drain(mergeInSlices(...given));

function expectBounds({ outputs, unmerged, worstCase }: MergeResult): void {
  for (const { difference, bound, share } of [outputs, unmerged]) {
    expect(share).toBeLessThanOrEqual(1);
    expect(difference).toBeLessThanOrEqual(bound);
  }
  expect(outputs.bound).toBeLessThanOrEqual(worstCase);
}

describe('merging', () => {
  it.each(['float32', 'bfloat16'] as const)(
    'in %s stays below its bounds for 50 random settings, and near them',
    (name) => {
      const results = layers.map((layer) => mergingOf(layer, inputsOf(layer), STORAGES[name]));
      results.forEach(expectBounds);
      const ratios = results.map(({ outputs }) => outputs.difference / outputs.bound).sort((a, b) => a - b);
      // A bound that is a hundred times too large explains nothing.
      expect(ratios[25]).toBeGreaterThan(0.02);
      expect(Math.max(...results.map(({ unmerged }) => unmerged.share))).toBeGreaterThan(0.5);
    },
  );

  it('holds its bounds where everything cancels, vanishes or is the smallest there is', () => {
    const layer = randomLayer(7);
    const product = toFloat32(scale(multiply(layer.B, layer.A), -layer.scaling));
    const shrunk = (m: Matrix32, by: number) => toFloat32(scale(m, by));
    const cases: readonly AdaptedLayer[] = [
      { ...layer, W: product },
      { ...layer, W: shrunk(layer.W, 0) },
      { ...layer, B: shrunk(layer.B, 0) },
      { ...layer, W: shrunk(layer.W, 1e-38), A: shrunk(layer.A, 1e-22), B: shrunk(layer.B, 1e-22) },
      { ...layer, A: shrunk(layer.A, 1e-38), B: shrunk(layer.B, 1e30) },
      { ...layer, A: shrunk(layer.A, 1e15), B: shrunk(layer.B, 1e15), scaling: 1e-30 },
    ];
    for (const one of cases)
      for (const storage of Object.values(STORAGES)) expectBounds(mergingOf(one, inputsOf(one), storage));
  });

  it('explains no more than is known beforehand, in the smallest layers too', () => {
    const source = stream(1, 'smallest layers');
    for (let n = 0; n < 200; n++) {
      const [d, k] = [1 + (n % 3), 1 + (n % 2)];
      const layer = { W: draw(d, k, 1, source), A: draw(1, k, 1, source), B: draw(d, 1, 1, source), scaling: 16 };
      for (const storage of Object.values(STORAGES)) expectBounds(mergingOf(layer, inputsOf(layer), storage));
    }
  });

  it('computes what it says: outputs in float32 from the lowest index up, weights rounded once', () => {
    const f = Math.fround;
    for (const layer of layers.slice(0, 5)) {
      const { W, A, B } = layer;
      const inputs = inputsOf(layer, 3);
      const { merged, outputs } = mergingOf(layer, inputs, STORAGES.float32);
      const exact = subtract(W, scale(multiply(B, A), -layer.scaling));
      expect(maxAbs(subtract(merged, exact))).toBeLessThanOrEqual(maxAbs(merged) * 2 ** -24);
      const times = (m: Matrix32, i: number, x: (j: number) => number) => {
        let sum = 0;
        for (let j = 0; j < m.cols; j++) sum = f(sum + f(m.data[i * m.cols + j] * x(j)));
        return sum;
      };
      let largest = 0;
      for (let c = 0; c < 3; c++) {
        const x = (j: number) => inputs.data[j * 3 + c];
        const z = Array.from({ length: A.rows }, (_, p) => times(A, p, x));
        for (let i = 0; i < W.rows; i++) {
          const adapter = f(f(layer.scaling) * times(B, i, (p) => z[p]));
          largest = Math.max(largest, Math.abs(times(merged, i, x) - f(times(W, i, x) + adapter)));
        }
      }
      expect(outputs.difference).toBe(largest);
    }
  });

  it('changes nothing where there is no update', () => {
    const layer = randomLayer(3);
    const none = { ...layer, B: toFloat32(scale(layer.B, 0)) };
    const { merged, outputs, unmerged, lost } = mergingOf(none, inputsOf(none), STORAGES.float32);
    expect(merged).toEqual(layer.W);
    expect([outputs.difference, unmerged.difference, lost]).toEqual([0, 0, 0]);
    const inHalf = mergingOf(none, inputsOf(none), STORAGES.bfloat16);
    expect(inHalf.merged.data).toEqual(toBfloat16(layer.W.data));
    expect(inHalf.lost).toBe(0);
  });

  it.each([
    [0.1, 0.02],
    [0.01, 0.17],
    [0.001, 0.79],
    [0.0001, 0.98],
  ])('in bfloat16 an update of %f of the weight’s norm loses about the share %f', (size, share) => {
    const n = 128;
    const W = gaussian(n, n, stream(1, 'W'));
    const update = gaussian(n, n, stream(1, 'update'));
    // With A = I, s·B·A can be any update, a Gaussian one too.
    const B = toFloat32(scale(update, (size * frobenius(W)) / frobenius(update)));
    const layer = { W: toFloat32(W), A: toFloat32(identity(n)), B, scaling: 1 };
    const { lost } = mergingOf(layer, mergingInputs(n, 1, stream(1, 'x')), STORAGES.bfloat16);
    expect(lost / share).toBeGreaterThan(0.8);
    expect(lost / share).toBeLessThan(1.2);
    expect(mergingOf(layer, mergingInputs(n, 1, stream(1, 'x')), STORAGES.float32).lost).toBeLessThan(0.01);
  });
});

function identity(n: number): Matrix64 {
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = 1;
  return { rows: n, cols: n, data };
}
