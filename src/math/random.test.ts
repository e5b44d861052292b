import { describe, expect, it } from 'vitest';
import { gaussian, type Stream, stream, xoshiro } from './random.ts';

function draws(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw);
}

const mean = (x: readonly number[]) => x.reduce((sum, value) => sum + value, 0) / x.length;
const moment = (x: readonly number[], k: number) => mean(x.map((value) => value ** k));

/** The largest gap between the empirical distribution and F, times √n: 1.95 has probability 0.1%. */
function kolmogorovSmirnov(x: readonly number[], F: (value: number) => number): number {
  const sorted = [...x].sort((a, b) => a - b);
  const gaps = sorted.map((value, i) => Math.max(F(value) - i / x.length, (i + 1) / x.length - F(value)));
  return Math.max(...gaps) * Math.sqrt(x.length);
}

/** The normal distribution function, by its series around 0. */
function normalDistribution(x: number): number {
  let sum = x;
  for (let term = x, n = 3; Math.abs(term) > 1e-17; n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

describe('a stream, link version 1', () => {
  // Every link ever shared relies on these numbers. They come from a second implementation in another language.
  it.each([
    [0, '', [1967654549, 3381508439, 651628001, 2904496602]],
    [1, 'W0', [1929413413, 613636484, 3932833555, 3105241978]],
    [-1, 'target', [2944293298, 1577831404, 3418612202, 969984995]],
    [4294967301, 'A', [3096901037, 1602047950, 1984208075, 4126975036]],
    [9007199254740991, 'noise', [1888758989, 3662367565, 3828218245, 3922715923]],
  ])('of seed %d and purpose "%s" never changes', (seed, purpose, wanted) => {
    expect(draws(4, stream(seed, purpose).uint32)).toEqual(wanted);
  });

  it('has uniform and normal numbers that never change', () => {
    expect(draws(3, stream(1, 'W0').uniform)).toEqual([0.4492265667235358, 0.9156841689571401, 0.9877412165859298]);
    expect(draws(6, stream(1, 'W0').normal)).toEqual([
      -0.10209735954202194, 0.8358752464670673, 0.15575793040359434, -0.03026406682813503, 1.2833960912393667,
      -1.7697316906621305,
    ]);
    expect(draws(6, () => stream(1, 'W0').integer(10))).toEqual([3, 3, 3, 3, 3, 3]);
    const source = stream(1, 'W0');
    expect(draws(6, () => source.integer(10))).toEqual([3, 4, 5, 8, 9, 6]);
    const wide = stream(1, 'W0');
    expect(draws(3, () => wide.integer(2 ** 40 + 1))).toEqual([70406782726, 313044253600, 633369566041]);
  });

  it('is driven by the published generator', () => {
    // The test vector of the authors' C code for the state 1, 2, 3, 4.
    const wanted = [11520, 0, 5927040, 70819200, 2031721883, 1637235492];
    expect(draws(6, xoshiro(new Int32Array([1, 2, 3, 4])).next)).toEqual(wanted);
  });
});

it('fills arrays of both types with the numbers of its calls, in float32 rounded once more', () => {
  const [one, wide, narrow] = [stream(5, 'W0'), stream(5, 'W0'), stream(5, 'W0')];
  const wanted = Float64Array.from({ length: 7 }, () => 0.3 * one.normal());
  const [doubles, singles] = [new Float64Array(7), new Float32Array(7)];
  wide.normals(doubles, 0.3);
  narrow.normals32(singles, 0.3);
  expect(doubles).toEqual(wanted);
  expect(singles).toEqual(Float32Array.from(wanted));
  expect(narrow.normal()).toBe(one.normal());
});

describe('seeds and purposes', () => {
  it('all give streams of their own', () => {
    const seeds = [
      0,
      1,
      -1,
      2,
      2 ** 31,
      2 ** 32,
      2 ** 32 + 1,
      -(2 ** 32),
      2 ** 52,
      Number.MAX_SAFE_INTEGER,
      -Number.MAX_SAFE_INTEGER,
    ];
    const purposes = ['', 'A', 'B', 'AB', 'BA', 'W0', 'target', 'noise', 'a', '\u0100A'];
    const starts = seeds.flatMap((seed) => purposes.map((purpose) => draws(4, stream(seed, purpose).uint32).join()));
    expect(new Set(starts).size).toBe(seeds.length * purposes.length);
    expect(stream(-0, 'A').uint32()).toBe(stream(0, 'A').uint32());
  });

  it.each([
    ['two purposes', stream(5, 'A'), stream(5, 'B')],
    ['neighbouring seeds', stream(5, 'A'), stream(6, 'A')],
    ['seeds that differ above 32 bits', stream(5, 'A'), stream(5 + 2 ** 40, 'A')],
  ])('of %s are uncorrelated', (_, one, other) => {
    const n = 20000;
    const x = draws(n, one.normal);
    const y = draws(n, other.normal);
    for (let lag = 0; lag < 4; lag++) {
      const correlation = mean(x.slice(lag).map((value, i) => value * y[i]));
      expect(Math.abs(correlation) * Math.sqrt(n)).toBeLessThan(3.5);
    }
  });

  it('must be safe integers', () => {
    for (const seed of [0.5, Number.NaN, Infinity, 2 ** 53]) expect(() => stream(seed, 'A')).toThrow(RangeError);
  });
});

describe('uniform numbers', () => {
  const x = draws(50000, stream(3, 'uniform').uniform);

  it('are even on [0, 1)', () => {
    expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...x)).toBeLessThan(1);
    expect(kolmogorovSmirnov(x, (value) => value)).toBeLessThan(1.95);
  });

  it('use all 53 bits', () => {
    const odd = x.filter((value) => (value * 2 ** 53) % 2 === 1).length / x.length;
    expect(odd).toBeGreaterThan(0.48);
    expect(odd).toBeLessThan(0.52);
  });
});

describe('normal numbers', () => {
  const x = draws(50000, stream(3, 'normal').normal);

  it('have the moments of the normal distribution', () => {
    // Within four standard errors each.
    expect(Math.abs(mean(x))).toBeLessThan(4 * Math.sqrt(1 / x.length));
    expect(Math.abs(moment(x, 2) - 1)).toBeLessThan(4 * Math.sqrt(2 / x.length));
    expect(Math.abs(moment(x, 3))).toBeLessThan(4 * Math.sqrt(15 / x.length));
    expect(Math.abs(moment(x, 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / x.length));
  });

  it('have its distribution', () => {
    expect(kolmogorovSmirnov(x, normalDistribution)).toBeLessThan(1.95);
  });

  it('are uncorrelated with their neighbours', () => {
    for (let lag = 1; lag <= 4; lag++) {
      const correlation = mean(x.slice(lag).map((value, i) => value * x[i]));
      expect(Math.abs(correlation) * Math.sqrt(x.length)).toBeLessThan(3.5);
    }
  });

  it('fill a matrix row by row, the same however many follow', () => {
    const few = gaussian(3, 5, stream(3, 'normal'));
    const many = gaussian(7, 5, stream(3, 'normal'));
    expect(many.data.subarray(0, 15)).toEqual(few.data);
    expect(Array.from(few.data)).toEqual(x.slice(0, 15));
  });
});

describe('whole numbers', () => {
  it.each([1, 2, 3, 6, 10, 97])('below %d are equally likely', (n) => {
    const source = stream(9, 'integer');
    const count = new Array<number>(n).fill(0);
    const total = 2000 * n;
    for (let i = 0; i < total; i++) count[source.integer(n)]++;
    const chiSquare = count.reduce((sum, c) => sum + (c - 2000) ** 2 / 2000, 0);
    // Mean n − 1, variance 2(n − 1); four standard deviations.
    expect(chiSquare).toBeLessThanOrEqual(n - 1 + 4 * Math.sqrt(2 * Math.max(n - 1, 0)));
  });

  it.each([3 * 2 ** 30, 2 ** 32, 2 ** 32 + 1, 3 * 2 ** 51, Number.MAX_SAFE_INTEGER])('below %d are even too', (n) => {
    // Plain remainders would favour the lower third of 3·2^30.
    const source: Stream = stream(9, 'wide');
    const x = draws(20000, () => source.integer(n));
    expect(x.every((value) => Number.isSafeInteger(value) && value >= 0 && value < n)).toBe(true);
    expect(kolmogorovSmirnov(x, (value) => value / n)).toBeLessThan(1.95);
  });

  it('need a range', () => {
    for (const n of [0, -1, 1.5, Number.NaN, 2 ** 53]) expect(() => stream(1, 'A').integer(n)).toThrow(RangeError);
  });
});
