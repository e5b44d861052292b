import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PIXELS } from '../../src/experiment/network/digits.ts';
import { readWeights, WEIGHTS, type WeightsName } from '../../src/experiment/network/weights.ts';
import { partOf } from '../../src/math/testing/part-of.ts';
import { encode, main } from './main.ts';
import { accuracyOf, answersTo } from './measure.ts';
import { build, type Examples, type TaskName, taskOf, weightBytes } from './networks.ts';

const NAMES = Object.keys(WEIGHTS) as WeightsName[];
const shipped = (name: WeightsName) => readWeights(name, weightBytes(name));

function accuracy(name: WeightsName, { heldOut }: { readonly heldOut: Examples }) {
  const { net } = build(name, shipped(name));
  return accuracyOf(answersTo(net, heldOut), heldOut, net.logits.rows / net.n);
}

it('each file of the folder is in the table, with its length and hash', () => {
  expect(readdirSync('src/experiment/network/weights').sort()).toEqual(NAMES.map((name) => `${name}.f16`).sort());
  for (const name of NAMES) {
    const bytes = weightBytes(name);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect({ name, bytes: bytes.length, sha256 }).toEqual({
      name,
      bytes: WEIGHTS[name].bytes,
      sha256: WEIGHTS[name].sha256,
    });
  }
});

it('files have two bytes a number, read row by row', () => {
  expect(WEIGHTS.digits.bytes).toBe(2 * (64 * 64 + 64 * 64 + 64 * 10));
  // 17 symbols, 16 positions, 12 matrices and the head, all 64 wide or 128.
  expect(WEIGHTS.sort.bytes).toBe(137_472);
  // 1.5 is 0x3e00, −2⁻²⁴ is 0x8001.
  const bytes = weightBytes('circles');
  bytes.set([0x00, 0x3e, 0x01, 0x80]);
  const weights = readWeights('circles', bytes);
  expect([...weights.keys()]).toEqual(['in', 'hidden', 'out']);
  expect([...(weights.get('in') ?? [])].slice(0, 2)).toEqual([1.5, -(2 ** -24)]);
  expect(encode(weights)).toEqual(bytes);
  expect(() => readWeights('circles', bytes.subarray(2))).toThrow('8830 bytes are not the weights of circles');
});

describe('held-out accuracy is that of the recipes', () => {
  const accuracies: (readonly [WeightsName, answers: number, whole: number])[] = [
    ['digits', 0.97, 0.97],
    ['digits-low', 0.99, 0.99],
    ['circles', 0.99, 0.99],
    ['moons', 0.99, 0.99],
    ['spirals', 0.99, 0.99],
    ['sort', 0.99, 0.98],
    ['copy', 0.99, 0.98],
    ['base-5', 0.99, 0.98],
  ];
  it.each(partOf(accuracies, 3))('of %s', (name, answers, whole) => {
    const found = accuracy(name, taskOf(name, 1));
    expect(found.answers).toBeGreaterThan(answers);
    expect(found.whole).toBeGreaterThan(whole);
  });

  const before: (readonly [WeightsName, TaskName, low: number, high: number])[] = [
    ['digits-low', 'digits', 0.49, 0.51],
    ['circles', 'spirals', 0.4, 0.55],
    ['sort', 'sort-down', 0.03, 0.13],
    ['base-5', 'base-6', 0.4, 0.55],
  ];
  it.each(partOf(before, 2, 1))('of %s, before it is adapted to %s', (name, task, low, high) => {
    const { answers } = accuracy(name, taskOf(task, 1));
    expect(answers).toBeGreaterThan(low);
    expect(answers).toBeLessThan(high);
  });

  it.each<readonly [change: string, from: (i: number, j: number) => number, sign: number, before: number]>([
    ['rotated', (i, j) => 8 * j + 7 - i, 1, 0.11],
    ['mirrored', (i, j) => 8 * i + 7 - j, 1, 0.41],
    ['inverted', (i, j) => 8 * i + j, -1, 0.05],
  ])('of digits that are %s', (_, from, sign, before) => {
    const { inputs, answers } = taskOf('digits', 1).heldOut;
    const changed = Float32Array.from(inputs, (_, at) => {
      const [row, pixel] = [Math.floor(at / PIXELS), at % PIXELS];
      return sign * inputs[row * PIXELS + from(Math.floor(pixel / 8), pixel % 8)];
    });
    expect(Math.abs(accuracy('digits', { heldOut: { inputs: changed, answers } }).answers - before)).toBeLessThan(0.06);
  });
});

it.each(partOf(['digits', 'circles'], 2, 1))('the script makes the bytes of %s again', (name) => {
  expect(main(['--verify', name])).toBe(0);
});
