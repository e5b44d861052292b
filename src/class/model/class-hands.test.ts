import { beforeAll, describe, expect, it } from 'vitest';
import { startWasmBackend } from '../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { assetsInNode } from '../../engine/testing/assets-in-node.ts';
import type { NetworkProblem } from '../../experiment/layer/problem.ts';
import type { DigitLayer } from '../../experiment/network/forward.ts';
import { decodeHand, encodeHand } from '../../experiment/network/hand-adapter.ts';
import { summedUpdate, withUpdate } from '../../experiment/network/hands/hand-merge.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { drain } from '../../math/progress.ts';
import {
  bestSum,
  type ClassHand,
  classShare,
  exampleHand,
  type HandReadings,
  joinedHands,
  lostIn,
  measureHands,
  readClass,
  sameHands,
  withHands,
} from './class-hands.ts';
import { readLinkLines } from './entry.ts';
import {
  handNames,
  handsClaim,
  handsTable,
  lostText,
  matrixTable,
  namedRows,
  trainedClaim,
  weightText,
} from './hand-words.ts';

const COUNT = 4;
let hands: readonly ClassHand[];
let ground: { base: readonly DigitLayer[]; others: ReturnType<typeof exampleSets>['test'] };
let readings: HandReadings;
const exampleSets = (hand: number) => drain(exampleHand(hand));

beforeAll(async () => {
  const network = await assetsInNode({ target: 'digits' }, '');
  const wasm = startWasmBackend('relaxed');
  if ('missing' in wasm || !network) throw new Error('no network');
  const experiment = change(defaults(), { target: 'digits', adapt: 'hand' });
  const trained = await Promise.all(
    Array.from({ length: COUNT }, async (_, i): Promise<ClassHand> => {
      const sets = exampleSets(i);
      const run = { backends: [wasm], network, hand: sets };
      const { problem, scalings, observed } = await trainInBackground<NetworkProblem>(experiment, run);
      const { factors } = observed[observed.length - 1];
      const text = encodeHand({ rank: 4, scaling: scalings[0], layers: factors });
      const decoded = decodeHand(text);
      if ('fault' in decoded) throw new Error(decoded.fault);
      const base = problem.layers.map(({ d, k, W }) => ({ d, k, W: W.data }));
      ground = { base, others: network.digits.heldOut };
      return { id: i + 1, name: `Name ${i + 1}`, text, adapter: decoded.adapter, sets };
    }),
  );
  hands = trained;
  readings = drain(measureHands(hands, ground));
});

describe('the hands of a class', () => {
  it('each adapter reads its own hand better than none does, and the digits of other people still', () => {
    const none = readings.sums[0].row;
    for (const [i, row] of readings.alone.entries()) {
      expect(row.shares[i]).toBeGreaterThan(none.shares[i]);
      expect(row.shares[i]).toBeGreaterThanOrEqual(0.8);
      expect(row.others).toBeGreaterThan(0.93);
    }
  });

  it('weight 0 of the sum is no adapter, the first weight after it the mean, and the last the sum', () => {
    const { base, others } = ground;
    expect(readings.sums[0]).toEqual({ weight: 0, row: drain(readClass(base, hands, others)) });
    expect(readings.sums.map(({ weight }) => weightText(weight))).toEqual(['0', '1/4', '1/3', '1/2', '2/3', '1']);
    const sum = summedUpdate(hands.map(({ adapter }) => adapter));
    expect(readings.sums[1].row).toEqual(drain(readClass(withUpdate(base, sum, 1 / COUNT), hands, others)));
    expect(readings.sums.at(-1)?.row).toEqual(drain(readClass(withUpdate(base, sum), hands, others)));
  });

  it('one hand is its own mean and sum', () => {
    const one = drain(measureHands(hands.slice(0, 1), ground));
    expect(one.sums.map(({ weight }) => weight)).toEqual([0, 1]);
    expect(one.sums[1].row).toEqual(one.alone[0]);
    expect(handsClaim(one)).toBe('Each adapter reads its own hand.');
    expect(namedRows(one, null, 1, handNames(hands, false)).map(({ key }) => key)).toEqual(['own', 'none']);
  });

  it('a hand without drawings is a row without a column', () => {
    const [first, second] = hands;
    const mixed = drain(measureHands([{ ...first, sets: null }, second], ground));
    expect([mixed.columns, mixed.alone.map(({ shares }) => shares.length)]).toEqual([[second], [1, 1]]);
    const bare = drain(
      measureHands(
        hands.map((hand) => ({ ...hand, sets: null })),
        ground,
      ),
    );
    expect(handsClaim(bare)).toMatch(/^Only files hold drawings/);
    expect(Number.isNaN(classShare(bare.ties))).toBe(true);
  });

  it('the sentence names the best weight, its share and how many are lost', () => {
    const best = bestSum(readings);
    for (const { row } of readings.sums) expect(classShare(row)).toBeLessThanOrEqual(classShare(best.row));
    expect(handsClaim(readings)).toMatch(/^Each adapter reads its own hand\. All 4 in one: .*reads \d+% of the class/);
    const lost = lostIn(best.row);
    expect(handsClaim(readings)).toContain(lost === 0 ? 'loses nobody' : `loses ${lost}`);
    const row = { shares: [0.5, 1, 0.8, 0.79], others: 1 };
    const names = handNames(hands, false);
    expect(lostText(readings, { key: 'sum', name: 'sum × 1/2', row }, names)).toBe(
      'Sum × 1/2: Name 1 0.50 and Name 4 0.79 below 0.8.',
    );
    expect(trainedClaim(readings, { rank: 4, row: { shares: [1, 1, 1, 1], others: 1 } })).toMatch(
      /^One adapter of rank 4, trained on all 120 drawings, reads 1\.00 and loses nobody/,
    );
    expect(trainedClaim(readings, { why: 'It was stopped.' })).toContain('is left out: It was stopped.');
  });

  it('the tables have every share with all its digits, and no name or adapter once names are hidden', () => {
    const names = handNames(hands, true);
    const rows = namedRows(readings, null, 1 / 2, names);
    const matrix = matrixTable(readings, rows, names);
    expect(matrix.columns).toEqual(['adapter', 'hand 1', 'hand 2', 'hand 3', 'hand 4', 'mean of the hands', 'others']);
    expect(matrix.rows).toHaveLength(COUNT + 5);
    expect(matrix.rows[1]).toEqual([
      'hand 2',
      ...readings.alone[1].shares,
      classShare(readings.alone[1]),
      readings.alone[1].others,
    ]);
    const table = handsTable(readings, rows, names, true);
    expect(table.rows.map((row) => row.length)).toEqual(Array(COUNT).fill(table.columns.length));
    expect(table.rows[2].slice(0, 5)).toEqual(['hand 3', 4, 30, 20, readings.alone[2].shares[2]]);
    expect(table.rows[0].at(-1)).toBeNull();
    expect(handsTable(readings, rows, names, false).rows[0].at(-1)).toBe(hands[0].text);
    expect(JSON.stringify([matrix, table])).not.toContain('Name');
  });

  it('all drawings together are those of each', () => {
    const { training, test } = joinedHands([...hands, { ...hands[0], sets: null }]);
    expect([training.answers.length, training.inputs.length, test.answers.length]).toEqual([120, 120 * 64, 80]);
  });

  it('the same hand comes once, with the drawings if a file brings them, and no more than sixty come', () => {
    const [one] = hands;
    const linked = withHands([], [{ ...one, sets: null }], 3);
    expect(linked.hands).toEqual([{ ...one, id: 4, sets: null }]);
    expect(withHands(linked.hands, [one], 4).hands).toEqual([{ ...one, id: 4 }]);
    expect(withHands(hands, [one], 4).left).toEqual([{ what: 'Name 1', why: expect.stringContaining('already') }]);
    const many = Array.from({ length: 61 }, (_, i) => ({ ...one, name: `n${i}` }));
    const full = withHands([], many, 0);
    expect([full.hands.length, full.left]).toEqual([60, [{ what: 'n60', why: expect.stringContaining('no room') }]]);
  });

  it('a link with a hand is one without drawings, and a broken one is named', () => {
    const link = `#v=1&target=digits&adapt=hand&hand=${hands[0].text}&by=Mei`;
    expect(readLinkLines(link)).toEqual([{ name: 'Mei', text: hands[0].text, adapter: hands[0].adapter, sets: null }]);
    for (const bad of ['AQQAAIA_', '<b>', 'x'.repeat(2600)])
      expect(readLinkLines(link.replace(hands[0].text, bad))).toEqual([
        { what: 'line 1', why: expect.stringMatching(/adapter/) },
      ]);
  });
});

it('hands that are renamed are the same, so that nothing is read again', () => {
  const renamed = hands.map((one) => ({ ...one, name: `<b>${one.id}</b>` }));
  expect(sameHands(renamed, hands)).toBe(true);
  expect(sameHands(hands.slice(1), hands)).toBe(false);
  expect(sameHands([...hands].reverse(), hands)).toBe(false);
  expect(
    sameHands(
      hands.map((one) => ({ ...one, sets: null })),
      hands,
    ),
  ).toBe(false);
  expect([...handNames(renamed, false).values()]).toEqual(hands.map(({ id }) => `<b>${id}</b>`));
});
