import { describe, expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { CASE_NAMES, type CaseChart } from './case.ts';
import { CASES } from './cases.ts';
import { UNKNOWN } from './curves.ts';
import { allRuns } from './testing/train-case.ts';

const BOTH = [false, true];

const valuesOf = ({ lines, bars = [] }: CaseChart): readonly number[] => [
  ...lines.flatMap(({ points }) => points.flat()),
  ...bars.map(({ value }) => value),
];

describe('what a complaint shows', () => {
  it('is in page order, three of each group', () => {
    expect(CASES.map(({ name }) => name)).toEqual([...CASE_NAMES]);
    for (const group of new Set(CASES.map((one) => one.group)))
      expect(CASES.filter((one) => one.group === group)).toHaveLength(3);
  });

  it.each(CASES)('$name: without a run it names no figure, and has charts', (of) => {
    for (const cured of BOTH) {
      const { headline, charts } = of.evidence(new Map(), cured);
      expect(headline.includes(UNKNOWN)).toBe(true);
      expect(charts.length).toBeGreaterThan(0);
      expect(charts.flatMap(valuesOf).filter(Number.isFinite)).toEqual([]);
    }
  });

  it.each(CASES)('$name: keys are its own, and links open without a fault', (of) => {
    const keys = allRuns(of).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(of.runs.filter(({ role }) => role === 'symptom')).toHaveLength(1);
    expect(of.runs.filter(({ role }) => role === 'wrong')).toEqual([]);
    expect(of.otherwise.cases).not.toContain(of.name);
    for (const { key, link } of allRuns(of)) expect([key, parseLink(link).faults]).toEqual([key, []]);
  });
});
