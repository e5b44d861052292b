import { describe, expect, it } from 'vitest';
import type { ModuleMatches } from '../../file/model.ts';
import { pairFigures } from '../../file/pair/compare.ts';
import { makePair } from '../../file/testing/make-file.ts';
import type { AdaptersState, OpenedFile } from '../../state/adapters-state.ts';
import { exactRank, mergeNumbers, sumName } from '../../state/predictions.ts';
import { INITIAL_STATE } from '../../state/update-adapters.ts';
import { linearWords, pairSentence } from './pair-panel.tsx';

const one = makePair(24, 16, [4, 2, 1, 0.5], 1);
const other = makePair(24, 16, [3, 1, 0.5, 0.2], 2);
const MATCHED: ModuleMatches = {
  pairs: [[0, 0]],
  onlyFirst: [],
  onlySecond: [],
  unlike: [],
  notPairs: [[], []],
} as never;

/** Two files of one module each, without unused fields. */
function state(
  first: typeof one,
  second: typeof one,
  weights: readonly [number, number],
  rank: number | null,
): AdaptersState {
  const file = { adapter: { modules: [{ scaling: 1, rank: 4 }] }, figures: [null] } as unknown as OpenedFile;
  const figures = [pairFigures(first, 1, second, 1, weights)];
  const plan = { weights, rank, method: 'sum', density: 1, seed: 0, others: 'carried', dtype: null } as const;
  const pair = { matched: MATCHED, figures, reading: null, colour: 'cosine', chosen: 0, outlook: null, plan } as const;
  return { ...INITIAL_STATE, files: [file, file], pair };
}
const said = (s: AdaptersState) => pairSentence(s, mergeNumbers(s));

describe('the sentence over two adapters', () => {
  it('says what an adapter and itself have in common: everything, at its own rank', () => {
    expect(said(state(one, one, [1, 1], null))).toBe(
      'The two adapters do nearly the same (median cosine 1.000). Their sum needs rank 4.',
    );
    expect(said(state(one, one, [1, -1], null))).toMatch(/Their sum is zero\.$/);
  });

  it('says how far a cut sum is off, as the product formed whole has it', () => {
    const s = state(one, other, [1, 1], 4);
    const curve = mergeNumbers(s)?.curve ?? new Float64Array(0);
    expect(exactRank(curve)).toBe(8);
    const percent = Math.round(100 * (curve[4] ?? 0));
    expect(said(s)).toMatch(new RegExp(`Their sum needs rank 8; cut to rank 4, it is ${percent}% off\\.$`));
  });

  it('works against itself with the sign turned', () => {
    const turned = { B: { ...one.B, data: one.B.data.map((x) => -x) }, A: one.A };
    expect(said(state(one, turned, [1, 1], null))).toBe(
      'The two adapters work against each other (median cosine −1.000). Their sum is zero.',
    );
  });
});

it('names sums as one writes them', () => {
  const name = (a: number, b: number) =>
    sumName({ weights: [a, b], rank: null, method: 'sum', density: 1, seed: 0, others: 'carried', dtype: null });
  expect([name(1, 1), name(1, -1), name(0.5, 0.25), name(-1, 2)]).toEqual([
    'a + b',
    'a − b',
    '0.5 a + 0.25 b',
    '−a + 2 b',
  ]);
});

it.each([
  [null, 'cannot even be added'],
  [0, 'they cancel'],
  [0.2, 'they are 20% of the sum'],
  [0.99, 'as large as the sum itself'],
  [3, '3.0 times as large'],
  [Number.POSITIVE_INFINITY, 'the sum is zero'],
])('cross terms of %s are said in words', (linear, words) => {
  expect(linearWords(linear)).toContain(words);
});
