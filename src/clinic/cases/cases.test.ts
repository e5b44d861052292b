import { describe, expect, it } from 'vitest';
import { number, percent } from '../../experiment/numbers.ts';
import { SEEDS } from '../../experiment/recorded/testing/check-over-seeds.ts';
import type { Evidence } from './case.ts';
import { CASES } from './cases.ts';
import { UNKNOWN } from './curves.ts';
import { type CaseFigures, checkOf } from './testing/case-checks.ts';
import { bitsOf, type CaseOfSeed, keepCase, readRecordedCases } from './testing/recorded-cases.ts';
import { ownSeed, trainCase } from './testing/train-case.ts';

/**
 * Symptom, cure and wrong cures of each complaint over seeds 1 to 5. UPDATE_RECORDED=1 trains all and writes
 * testing/recorded.json, ALL_SEEDS=1 trains all and compares every bit; otherwise the seed of the links is trained again.
 */
const UPDATES = Boolean(process.env.UPDATE_RECORDED);
const ALL = UPDATES || Boolean(process.env.ALL_SEEDS);

const written = (x: number) => [number(x), percent(x)];

/** The headline has a figure of the runs, the first chart the symptom, and every chart something to draw. */
function expectShown({ headline, charts }: Evidence, cured: boolean, { symptom, cure, further }: CaseFigures): void {
  expect(headline).not.toContain(UNKNOWN);
  expect(headline).not.toContain('not a number');
  const told = Object.values({ ...(cured ? cure : symptom), ...further }).flatMap(written);
  expect(told.some((figure) => headline.includes(figure))).toBe(true);
  for (const { title, lines, bars = [] } of charts) {
    const values = [...lines.flatMap(({ points }) => points.flat()), ...bars.map(({ value }) => value)];
    expect([title, values.some(Number.isFinite)]).toEqual([title, true]);
  }
  const [main] = charts;
  expect([...main.lines, ...(main.bars ?? [])].map(({ look }) => look)).toContain('symptom');
}

describe.each(CASES)('$name', (of) => {
  const { figures, holds, criterion, most } = checkOf(of.name);
  const recorded = (): readonly CaseOfSeed[] => readRecordedCases()[of.name] ?? [];

  it.runIf(ALL)(
    'gives the recorded figures at each seed',
    async () => {
      const found: CaseOfSeed[] = [];
      for (const seed of SEEDS) {
        const runs = await trainCase(of, () => true, { seed });
        found.push({ ...figures(runs), bits: bitsOf(runs) });
      }
      if (UPDATES) keepCase(of.name, found);
      expect(found).toEqual(recorded());
    },
    900_000,
  );

  it.skipIf(ALL)('gives the recorded bits at its own seed', async () => {
    const runs = await trainCase(of, ({ role }) => role !== 'wrong', { most });
    const { bits, ...own } = recorded()[SEEDS.indexOf(ownSeed(of))];
    const found = bitsOf(runs);
    expect(Object.keys(found)).toContain('symptom');
    for (const [key, [first, all]] of Object.entries(found)) {
      expect([key, first]).toEqual([key, bits[key][0]]);
      if (most === undefined) expect([key, all]).toEqual([key, bits[key][1]]);
    }
    expect(own.wrong).toHaveLength(of.wrong.length);
    if (most === undefined) for (const cured of [false, true]) expectShown(of.evidence(runs, cured), cured, own);
  });

  it(`is seen and cured at all five seeds: ${criterion}`, () => {
    expect(recorded()).toHaveLength(SEEDS.length);
    expect(recorded().map(holds)).toEqual(SEEDS.map(() => true));
  });
});
