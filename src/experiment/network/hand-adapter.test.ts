import { describe, expect, it } from 'vitest';
import { type Stream, stream } from '../../math/random.ts';
import { fromBase64Url, toBase64Url } from '../link/deflate.ts';
import { digits } from './digits-target.ts';
import { decodeHand, encodeHand, type HandAdapter, MAX_HAND_RANK } from './hand-adapter.ts';

function drawn(rank: number, source: Stream, scale = 1): HandAdapter {
  const values = (length: number) => Float32Array.from({ length }, () => scale * source.normal());
  return { rank, scaling: 2, layers: digits.layers.map(({ d, k }) => ({ A: values(rank * k), B: values(d * rank) })) };
}

function decoded(text: string): HandAdapter {
  const result = decodeHand(text);
  if ('fault' in result) throw new Error(result.fault);
  return result.adapter;
}

const fault = (text: string) => {
  const result = decodeHand(text);
  return 'fault' in result ? result.fault : null;
};

const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));

describe('a text and back', () => {
  it.each([
    [1, 480],
    [2, 920],
    [4, 1800],
    [5, 2240],
  ])('rank %i in %i characters, every entry within half a step', (rank, length) => {
    const adapter = drawn(rank, stream(1, `adapter ${rank}`), 0.1);
    const text = encodeHand(adapter);
    expect(text).toHaveLength(length);
    const back = decoded(text);
    expect([back.rank, back.scaling]).toEqual([rank, 2]);
    for (const [i, layer] of adapter.layers.entries())
      for (const name of ['A', 'B'] as const) {
        const step = largest(layer[name]) / 127;
        const off = Array.from(layer[name], (x, at) => Math.abs(x - back.layers[i][name][at]));
        expect(largest(off)).toBeLessThanOrEqual(0.5001 * step);
      }
    expect(encodeHand(back)).toBe(text);
  });

  it('zeros stay zeros: a matrix without an adapter', () => {
    const { layers, ...rest } = drawn(2, stream(2, 'adapter'));
    const out = { A: layers[2].A, B: new Float32Array(20) };
    expect(decoded(encodeHand({ ...rest, layers: [layers[0], layers[1], out] })).layers[2].B).toEqual(out.B);
  });

  it('A of (1, −½, 0 …) is 127, −63 and 0 of 127 at its scale', () => {
    const layers = digits.layers.map(({ d, k }) => ({ A: new Float32Array(k), B: new Float32Array(d) }));
    layers[0].A.set([1, -0.5]);
    const bytes = fromBase64Url(encodeHand({ rank: 1, scaling: 2, layers }));
    // Version 1, rank 1; 2 is 0x40000000 and 1 is 0x3f800000. −63.5 is rounded towards +∞.
    expect([...bytes.subarray(0, 14)]).toEqual([1, 1, 0, 0, 0, 64, 0, 0, 128, 63, 127, 193, 0, 0]);
  });
});

it('what has no text is an error of the caller', () => {
  const good = drawn(1, stream(3, 'adapter'));
  const bad: readonly HandAdapter[] = [
    drawn(MAX_HAND_RANK + 1, stream(3, 'adapter')),
    { ...good, rank: 0 },
    { ...good, rank: 2 },
    { ...good, scaling: Number.NaN },
    { ...good, layers: [{ A: new Array(64).fill(Number.NaN), B: good.layers[0].B }, ...good.layers.slice(1)] },
  ];
  for (const adapter of bad) expect(() => encodeHand(adapter)).toThrow(RangeError);
});

describe('a text from anywhere', () => {
  const text = encodeHand(drawn(1, stream(4, 'adapter')));
  const changed = (at: number, ...values: readonly number[]) => {
    const bytes = fromBase64Url(text);
    bytes.set(values, at);
    return fault(toBase64Url(bytes));
  };

  it('is refused with a reason', () => {
    expect(fault('')).toMatch(/not base64url/);
    expect(fault('a b+/')).toMatch(/not base64url/);
    expect(fault('A'.repeat(2501))).toMatch(/2501 characters; the limit is 2500/);
    expect(fault(text.slice(0, -3))).toMatch(/cut off|bytes/);
    expect(fault('AQ')).toMatch(/rank is missing/);
    expect(changed(0, 2)).toMatch(/version is 2/);
    expect(changed(1, 0)).toMatch(/rank is 0; expected 1 to 5/);
    expect(changed(1, 200)).toMatch(/rank is 200/);
    expect(changed(1, 2)).toMatch(/360 bytes; an adapter of rank 2 has 690/);
    expect(changed(2, 0, 0, 0, 0)).toMatch(/scaling/);
    // Infinity, NaN, −1, and 3·10³⁸.
    for (const [low, high] of [
      [128, 127],
      [192, 127],
      [128, 191],
      [127, 127],
    ] as const) {
      expect(changed(2, 0, 0, low, high)).toMatch(/scaling/);
      expect(changed(6, 0, 0, low, high)).toMatch(/scale of A/);
      expect(changed(74, 0, 0, low, high)).toMatch(/scale of B/);
    }
    expect(changed(10, 128)).toMatch(/entry of A is below/);
  });

  it('never throws, and whatever it accepts is finite and of the right size', () => {
    const source = stream(5, 'fuzz');
    const good = [1, 2, 4, 5].map((rank) => fromBase64Url(encodeHand(drawn(rank, stream(rank, 'fuzzed')))));
    let accepted = 0;
    for (let i = 0; i < 1500; i++) {
      const bytes = good[source.integer(4)].slice(0, source.uniform() < 0.2 ? source.integer(2000) : undefined);
      for (let n = source.integer(4); n > 0 && bytes.length > 0; n--)
        bytes[source.integer(source.uniform() < 0.5 ? bytes.length : Math.min(bytes.length, 12))] = source.integer(256);
      const valid = toBase64Url(bytes);
      const cut = source.integer(valid.length + 1);
      const result = decodeHand(
        source.uniform() < 0.8 ? valid : valid.slice(0, cut) + String.fromCharCode(source.integer(300)),
      );
      if ('fault' in result) {
        expect(result.fault.length).toBeGreaterThan(5);
        continue;
      }
      accepted++;
      const { rank, scaling, layers } = result.adapter;
      expect(
        [scaling, ...layers.flatMap(({ A, B }) => [...Array.from(A), ...Array.from(B)])].every(Number.isFinite),
      ).toBe(true);
      expect(layers.map(({ A, B }) => [A.length, B.length])).toEqual(
        digits.layers.map(({ d, k }) => [rank * k, d * rank]),
      );
    }
    expect(accepted).toBeGreaterThan(150);
  });
});
