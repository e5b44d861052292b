import { describe, expect, it } from 'vitest';
import { cos, exp, exponent, log, pow, sin } from '../elementary.ts';
import { stream } from '../random.ts';
import { exactExp, exactLog, exactPow, ulpDistance } from '../testing/exact-values.ts';

/** The units in the last place between two float64 numbers, 0 for two NaN. */
function between(x: number, y: number): number {
  if (Object.is(x, y)) return 0;
  const view = new DataView(new ArrayBuffer(16));
  view.setFloat64(0, x);
  view.setFloat64(8, y);
  const ordered = (at: number) => {
    const bits = view.getBigInt64(at);
    return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
  };
  return Number.isNaN(x) || Number.isNaN(y) ? Infinity : Math.abs(Number(ordered(0) - ordered(8)));
}

function worst(points: readonly number[], error: (x: number) => number): { error: number; at: number } {
  return points.map((x) => ({ error: error(x), at: x })).reduce((a, b) => (b.error > a.error ? b : a));
}

const source = stream(11, 'points');
/** `count` numbers of both signs, their sizes spread evenly over the powers of two from 2^low to 2^high. */
function spread(count: number, low: number, high: number, signed: boolean): number[] {
  return Array.from({ length: count }, () => {
    const size = (1 + source.uniform()) * 2 ** (low + source.integer(high - low));
    return signed && source.uniform() < 0.5 ? -size : size;
  });
}
const uniform = (count: number, low: number, high: number) =>
  Array.from({ length: count }, () => low + (high - low) * source.uniform());

const NEAR_ONE = [1, 1 + 2 ** -52, 1 - 2 ** -53, 1 + 1e-10, 1 - 1e-10, 1.41, Math.SQRT2, Math.SQRT1_2, 0.705, 0.71];
const SUBNORMAL = [5e-324, 1e-323, 1e-310, 2.2250738585072014e-308, 2.225073858507201e-308];
const SPECIAL = [0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1e300, -1e300, Infinity, -Infinity, Number.NaN, ...SUBNORMAL];

describe('against exact values', () => {
  it('log is within one unit in the last place', () => {
    const points = [
      ...NEAR_ONE,
      ...SUBNORMAL,
      1.7976931348623157e308,
      ...uniform(150, 0.5, 2),
      ...spread(150, -1074, 1023, false),
    ];
    expect(worst(points, (x) => (x === 1 ? Math.abs(log(x)) : ulpDistance(log(x), exactLog(x)))).error).toBeLessThan(1);
  });

  it('exp is within one unit in the last place', () => {
    const edges = [709.78, -708.3, -740, -745, 1e-20, -1e-20, 0.3465, 0.3466, -0.3466];
    const points = [...edges, ...uniform(80, -1, 1), ...uniform(80, -745, 709.7)];
    // A subnormal result is rounded twice.
    expect(worst(points, (x) => ulpDistance(exp(x), exactExp(x))).error).toBeLessThan(1.01);
    expect(
      worst(
        points.filter((x) => x > -708),
        (x) => ulpDistance(exp(x), exactExp(x)),
      ).error,
    ).toBeLessThan(0.8);
  });

  it('pow is within one unit in the last place', () => {
    const bases = [...uniform(25, 0, 3), ...spread(25, -300, 300, false)];
    let largest = 0;
    for (const x of bases) {
      for (const y of [-2.5, -1, 0.5, 1, 3, source.uniform() * 600 - 300]) {
        const size = y * Math.log2(x);
        if (size > -1020 && size < 1023) largest = Math.max(largest, ulpDistance(pow(x, y), exactPow(x, y)));
      }
    }
    expect(largest).toBeLessThan(0.8);
  });

  it('pow is exact where the answer is a short number', () => {
    for (let n = -20; n <= 20; n++) expect(pow(2, n)).toBe(n < 0 ? 1 / 2 ** -n : 2 ** n);
    expect([pow(3, 4), pow(10, 15), pow(0.5, 3), pow(-3, 3)]).toEqual([81, 1e15, 0.125, -27]);
    for (const x of uniform(100, 0, 50)) expect(pow(x, 1)).toBe(x);
  });
});

describe('against Math', () => {
  const pairs = [
    ['log', log, Math.log],
    ['exp', exp, Math.exp],
  ] as const;

  it.each(pairs)('%s agrees on special values', (_, own, theirs) => {
    for (const x of SPECIAL) expect(between(own(x), theirs(x)), `at ${x}`).toBeLessThanOrEqual(1);
  });

  it.each(pairs)('%s agrees within two units in the last place on many points', (_, own, theirs) => {
    const points = [...uniform(20000, -800, 800), ...uniform(20000, -2, 2), ...spread(20000, -1074, 1023, true)];
    expect(worst(points, (x) => between(own(x), theirs(x))).error).toBeLessThanOrEqual(2);
  });

  it('pow agrees on special values', () => {
    const exponents = [...SPECIAL, 1 / 3, 1e-300, 1e300, 9007199254740992, 4503599627370497, -745.2, 1023, -1074];
    for (const x of [...SPECIAL, 1 + 2 ** -52, 1 - 2 ** -53, 10, -10]) {
      for (const y of exponents) {
        expect(between(pow(x, y), x ** y), `${x} to the ${y}: ${pow(x, y)} for ${x ** y}`).toBeLessThanOrEqual(2);
      }
    }
  });

  it('pow agrees within two units in the last place on many points', () => {
    const bases = spread(20000, -1000, 1000, false);
    expect(
      worst(bases, (x) => {
        const y = (source.uniform() * 1400 - 700) / Math.log2(x);
        return Math.abs(y) < 1e300 ? between(pow(x, y), x ** y) : 0;
      }).error,
    ).toBeLessThanOrEqual(2);
  });
});

/** x, sin x, cos x in 40 digits by mpmath, rounded to float64. */
const TURNS: readonly (readonly [x: number, sine: number, cosine: number])[] = [
  [0.1, 0.09983341664682815, 0.9950041652780258],
  [0.5, 0.479425538604203, 0.8775825618903728],
  [0.785, 0.706825181105366, 0.7073882691671998],
  [1, 0.8414709848078965, 0.5403023058681398],
  [1.5707963267948966, 1, 6.123233995736766e-17],
  [2, 0.9092974268256817, -0.4161468365471424],
  [Math.PI, 1.2246467991473532e-16, -1],
  [4.5, -0.977530117665097, -0.2107957994307797],
  [7.853981633974483, 1, 3.061616997868383e-16],
  [-3.3, 0.1577456941432482, -0.9874797699088649],
  [100, -0.5063656411097588, 0.8623188722876839],
  [-12345.678, 0.7040813137533816, 0.7101193587160628],
  [999999.5, -0.756251087561678, 0.654281508650351],
];

describe('sine and cosine', () => {
  it.each(TURNS)('of %d are within two units in the last place', (x, sine, cosine) => {
    expect(Math.abs(sin(x) - sine)).toBeLessThanOrEqual(2 ** (exponent(sine) - 51));
    expect(Math.abs(cos(x) - cosine)).toBeLessThanOrEqual(2 ** (exponent(cosine) - 51));
  });

  it('are odd and even, and NaN where the reduction would be inexact', () => {
    for (const [x] of TURNS) expect([sin(-x), cos(-x)]).toEqual([-sin(x), cos(x)]);
    expect([sin(0), cos(0), sin(1e6), cos(Number.NaN)]).toEqual([0, 1, Number.NaN, Number.NaN]);
  });
});
