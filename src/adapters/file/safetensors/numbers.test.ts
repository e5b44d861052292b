import { describe, expect, it } from 'vitest';
import type { FloatType, OutputType } from '../model.ts';
import { fromBytes, roundToType, toBytes } from './numbers.ts';

const words = new Uint32Array(1);
const single = new Float32Array(words.buffer);
const ofBits = (bits: number) => {
  words[0] = bits;
  return single[0];
};

/** Widens a float's bits to those of a float32; subnormal numbers are shifted until the leading one is first. */
function widened(pattern: number, exponent: number, mantissa: number, infinities: boolean): number {
  const sign = (pattern >>> (exponent + mantissa)) << 31;
  let e = (pattern >>> mantissa) & ((1 << exponent) - 1);
  let m = pattern & ((1 << mantissa) - 1);
  const ones = (1 << exponent) - 1;
  if (e === ones && (infinities || m === (1 << mantissa) - 1))
    return ofBits(sign | 0x7f800000 | (m << (23 - mantissa)));
  const move = 128 - (1 << (exponent - 1));
  if (e === 0 && m === 0) return ofBits(sign);
  if (e === 0) {
    e = 1;
    while (!(m & (1 << mantissa))) {
      m <<= 1;
      e--;
    }
    m &= (1 << mantissa) - 1;
  }
  return ofBits(sign | ((e + move) << 23) | (m << (23 - mantissa)));
}

const all16 = () => new Uint8Array(Uint16Array.from({ length: 1 << 16 }, (_, i) => i).buffer);
const all8 = () => Uint8Array.from({ length: 256 }, (_, i) => i);

describe('every bit pattern', () => {
  it.each<[FloatType, Uint8Array<ArrayBuffer>, (pattern: number) => number]>([
    ['F16', all16(), (pattern) => widened(pattern, 5, 10, true)],
    ['BF16', all16(), (pattern) => ofBits(pattern << 16)],
    ['F8_E4M3', all8(), (pattern) => widened(pattern, 4, 3, false)],
    // It is the first half of a float16.
    ['F8_E5M2', all8(), (pattern) => widened(pattern << 8, 5, 10, true)],
  ])('of %s is read exactly', (type, bytes, value) => {
    const values = fromBytes(bytes, type);
    expect(values.findIndex((read, i) => !Object.is(read, value(i)))).toBe(-1);
  });

  it.each<[FloatType, number, number]>([
    ['F16', 0x3c01, 1 + 2 ** -10],
    ['F16', 0xfbff, -65504],
    ['F16', 0x0001, 2 ** -24],
    ['BF16', 0x3f81, 1 + 2 ** -7],
    ['BF16', 0x0001, 2 ** -133],
    ['F8_E4M3', 0x7e, 448],
    ['F8_E4M3', 0x01, 2 ** -9],
    ['F8_E5M2', 0x7b, 57344],
    ['F8_E5M2', 0x01, 2 ** -16],
  ])('%s %i is %f', (type, pattern, value) => {
    expect(
      fromBytes(type.startsWith('F8') ? Uint8Array.of(pattern) : Uint8Array.of(pattern & 255, pattern >> 8), type)[0],
    ).toBe(value);
  });
});

it.each<[string, number[], number[]]>([
  ['F64', [0, 0, 0, 0, 0, 0, 0xf8, 0xbf], [-1.5]],
  ['F32', [0, 0, 0x20, 0xc0, 1, 0, 0, 0], [-2.5, 2 ** -149]],
  ['BOOL', [0, 1], [0, 1]],
  ['U8', [255], [255]],
  ['I8', [255, 128, 127], [-1, -128, 127]],
  ['I16', [0, 128], [-32768]],
  ['U16', [0, 128], [32768]],
  ['I32', [0, 0, 0, 128], [-(2 ** 31)]],
  ['U32', [255, 255, 255, 255], [2 ** 32 - 1]],
  ['I64', [255, 255, 255, 255, 255, 255, 255, 255], [-1]],
  ['U64', [0, 0, 0, 0, 0, 0, 32, 0], [2 ** 53]],
])('%s is read from little-endian bytes, wherever they lie', (type, bytes, values) => {
  expect([...fromBytes(Uint8Array.from(bytes), type)]).toEqual(values);
  expect([...fromBytes(Uint8Array.from([9, ...bytes, 9]).subarray(1, 1 + bytes.length), type)]).toEqual(values);
});

/** The two neighbouring float64. */
function beside(value: number): readonly [number, number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  return [bits - 1n, bits + 1n].map((near) => {
    view.setBigUint64(0, near);
    return view.getFloat64(0);
  }) as [number, number];
}

describe.each<[OutputType, number]>([
  ['F16', 0x7c00],
  ['BF16', 0x7f80],
])('%s', (type, infinity) => {
  const written = (values: number[]) => {
    const bytes = toBytes(values, type);
    return new Uint16Array(bytes.buffer);
  };
  const positive = [...fromBytes(all16(), type).slice(0, infinity)];

  it('writes each of its numbers as it was', () => {
    const bits = written([...fromBytes(all16(), type)]);
    const isNone = (pattern: number) => (pattern & 0x7fff) > infinity;
    expect(bits.findIndex((pattern, i) => (isNone(i) ? !isNone(pattern) : pattern !== i))).toBe(-1);
  });

  it('rounds at every middle to the even one, beside it to the nearer one, and once', () => {
    // Beyond the largest number the next step would be infinity.
    const next = [...positive.slice(1), 2 * positive[infinity - 1] - positive[infinity - 2]];
    const middles = positive.map((value, i) => (value + next[i]) / 2);
    expect(written(middles)).toEqual(Uint16Array.from(positive, (_, i) => i + (i & 1)));
    expect(written(middles.map((middle) => beside(middle)[0]))).toEqual(Uint16Array.from(positive, (_, i) => i));
    expect(written(middles.map((middle) => beside(middle)[1]))).toEqual(Uint16Array.from(positive, (_, i) => i + 1));
    expect(written(middles.map((middle) => -middle))).toEqual(
      Uint16Array.from(positive, (_, i) => 0x8000 | (i + (i & 1))),
    );
  });

  it('has infinities, zeros with a sign and the smallest of float64', () => {
    const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 5e-324, 1.7e308];
    expect([...written(values)]).toEqual([infinity, infinity | 0x8000, 0, 0x8000, 0, infinity]);
  });
});

it('tells what is left of numbers', () => {
  expect(roundToType([0.1, 1e-3], 'BF16')).toEqual(Float32Array.of(ofBits(0x3dcd0000), ofBits(0x3a830000)));
  expect(roundToType([0.1], 'F32')[0]).toBe(Math.fround(0.1));
});
