import { describe, expect, it } from 'vitest';
import type { DigitSet } from '../../../experiment/network/digits.ts';
import { decodeHand, encodeHand } from '../../../experiment/network/hand-adapter.ts';
import { SAMPLE_HANDS, type Steadiness, UNSTEADINESS } from '../../../experiment/network/sample-hands.ts';
import { drawingsOf, scribbles, WRITERS } from '../../../experiment/network/testing/writers.ts';
import { leadingProductSvd } from '../../../math/spectral/product-svd.ts';
import {
  type AdaptedDigits,
  adaptedToHand,
  DIGITS,
  digitAccuracy,
  digitAnswers,
  PRETRAINED,
} from './testing/train-digits.ts';

const testOf = (writer: (typeof WRITERS)[number], by: Steadiness = 'steady') =>
  drawingsOf(writer, by, { first: 5, count: 20 });

/** The adapter after its way through the text of a link. */
function throughText({ layers, adapter }: AdaptedDigits): AdaptedDigits {
  if (!adapter) throw new Error('no adapter');
  const result = decodeHand(encodeHand(adapter));
  if ('fault' in result) throw new Error(result.fault);
  return { layers, adapter: result.adapter };
}

function changedAnswers(weights: AdaptedDigits, set: DigitSet): number {
  const [before, after] = [weights, throughText(weights)].map((each) => digitAnswers(each, set));
  return before.filter((digit, i) => digit !== after[i]).length;
}

describe('an adapter for a hand', async () => {
  const writer = WRITERS[2];
  const [mine, test] = [drawingsOf(writer, 'steady'), testOf(writer)];
  const mixed = await adaptedToHand(mine, { method: 4, upright: 50, seed: 1 });

  it('reads it, and with upright digits in each batch still reads everybody else', () => {
    expect(digitAccuracy(PRETRAINED, DIGITS.heldOut)).toBeGreaterThan(0.95);
    expect(digitAccuracy(PRETRAINED, test)).toBeLessThan(0.75);
    expect(digitAccuracy(mixed, test)).toBeGreaterThan(0.95);
    expect(digitAccuracy(mixed, DIGITS.heldOut)).toBeGreaterThan(0.94);
  });

  it('forgets the others with that hand alone', async () => {
    const alone = await adaptedToHand(mine, { method: 4, upright: 0, seed: 1 });
    expect(digitAccuracy(alone, test)).toBeGreaterThan(0.95);
    expect(digitAccuracy(alone, DIGITS.heldOut)).toBeLessThan(digitAccuracy(mixed, DIGITS.heldOut) - 0.02);
  });

  it('gives the same answers after 8 bits, one in a hundred at most changed', () => {
    expect(changedAnswers(mixed, test)).toBeLessThanOrEqual(2);
    expect(changedAnswers(mixed, DIGITS.heldOut)).toBeLessThanOrEqual(5);
  });
});

it('rank 1 that is trained for a code reads more than rank 4 cut to its first direction', async () => {
  const cases = [WRITERS[3], WRITERS[7]].map((writer) => ({
    mine: drawingsOf(writer, 'unsteady', { count: 3 }),
    test: drawingsOf(writer, 'unsteady', { first: 5, count: 10 }),
  }));
  for (const { mine, test } of cases) {
    const [one, four] = await Promise.all(
      [1, 4].map((method) => adaptedToHand(mine, { method, upright: 50, seed: 1 })),
    );
    expect(digitAccuracy(throughText(one), test)).toBeGreaterThan(digitAccuracy(cutToOne(four), test));
  }
});

/** The adapter of rank 1 that is nearest to this one, matrix by matrix. */
function cutToOne({ layers, adapter }: AdaptedDigits): AdaptedDigits {
  if (!adapter) throw new Error('no adapter');
  const { rank, scaling } = adapter;
  const cut = adapter.layers.map(({ A, B }) => {
    const factors = [
      { rows: B.length / rank, cols: rank, data: Float64Array.from(B) },
      { rows: rank, cols: A.length / rank, data: Float64Array.from(A) },
    ] as const;
    const { U, S, V } = leadingProductSvd(...factors, scaling, 1);
    return { A: V.data.map((x) => S[0] * x), B: U.data };
  });
  return { layers, adapter: { rank: 1, scaling: 1, layers: cut } };
}

it.each(Object.entries(SAMPLE_HANDS))('the sample hand %s is misread before and read after', async (name, writer) => {
  const test = testOf(writer);
  const after = await adaptedToHand(drawingsOf(writer, 'steady', { count: 3 }), { method: 4, upright: 50, seed: 1 });
  const [before, now] = [digitAccuracy(PRETRAINED, test), digitAccuracy(after, test)];
  if (process.env.HANDS) console.log(name, before, now, digitAccuracy(after, DIGITS.heldOut));
  expect(before).toBeLessThan(0.9);
  expect(now).toBeGreaterThan(0.95);
});

/** "median [least–most]". */
function summary(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
  return `${middle.toFixed(3)} [${sorted[0].toFixed(2)}–${sorted[sorted.length - 1].toFixed(2)}]`;
}

/** HANDS=1 npx vitest run src/engine/tasks/network/hand.test.ts prints the table of all writers, in some ten minutes. */
describe.runIf(process.env.HANDS)('all writers', () => {
  const all = (by: Steadiness, of: Parameters<typeof drawingsOf>[2] = {}) =>
    WRITERS.map((writer) => ({ mine: drawingsOf(writer, by, of), test: testOf(writer, by) }));
  const conditions = {
    ...Object.fromEntries((Object.keys(UNSTEADINESS) as Steadiness[]).map((by) => [by, all(by)])),
    '1 a digit': all('steady', { count: 1 }),
    '3 a digit': all('steady', { count: 3 }),
    'no 7': all('steady', { digits: [0, 1, 2, 3, 4, 5, 6, 8, 9] }),
    scribbles: WRITERS.map((writer) => ({ mine: scribbles(writer.seed), test: testOf(writer) })),
  };

  it.each(Object.entries(conditions))('%s', { timeout: 1_200_000 }, async (name, cases) => {
    const rows = [`${name}: before ${summary(cases.map(({ test }) => digitAccuracy(PRETRAINED, test)))}`];
    for (const upright of [0, 50])
      for (const method of ['full', 1, 4] as const) {
        const after: AdaptedDigits[] = [];
        for (const { mine } of cases) after.push(await adaptedToHand(mine, { method, upright, seed: 1 }));
        const [read, old] = [
          after.map((weights, i) => digitAccuracy(weights, cases[i].test)),
          after.map((weights) => digitAccuracy(weights, DIGITS.heldOut)),
        ];
        const sevens = after.map((weights, i) => digitAccuracy(weights, only(cases[i].test, 7)));
        const answers = cases[0].test.answers.length + DIGITS.heldOut.answers.length;
        const changed = after.map((weights, i) =>
          method === 'full' ? 0 : changedAnswers(weights, cases[i].test) + changedAnswers(weights, DIGITS.heldOut),
        );
        rows.push(
          `${method}${upright ? ' + upright' : ''}: read ${summary(read)}, old ${summary(old)}, of 7s ${summary(sevens)}, ` +
            `8 bits change ${changed.join(' ')} of ${answers} answers`,
        );
        for (const share of [...read, ...old]) expect(share).toBeGreaterThan(0);
      }
    console.log(rows.join('\n'));
  });
});

function only({ inputs, answers }: DigitSet, digit: number): DigitSet {
  const rows = [...answers.keys()].filter((row) => answers[row] === digit);
  return {
    inputs: Float32Array.from(rows.flatMap((row) => [...inputs.subarray(row * 64, row * 64 + 64)])),
    answers: Uint8Array.from(rows, () => digit),
  };
}
