import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CASE_NAMES, type CaseName } from '../../experiment/settings/view.ts';
import type { CaseChart, CaseRuns, ClinicCase } from '../cases/case.ts';
import { CASES, caseByName } from '../cases/cases.ts';
import { writeByCase } from '../cases/testing/recorded-cases.ts';
import { trainCase } from '../cases/testing/train-case.ts';
import { thumbnailMarks } from './small-chart.ts';

/**
 * The small pictures of the list. UPDATE_RECORDED=1 npx vitest run src/clinic/charts/recorded trains all complaints and
 * writes them; ALL_SEEDS=1 trains and compares all, otherwise one of the quick ones is.
 */
const FILE = new URL('./recorded/small-charts.json', import.meta.url);
const read = (): Readonly<Record<string, CaseChart>> => JSON.parse(readFileSync(FILE, 'utf8'));

/** A picture is 136 px wide. */
const MOST_POINTS = 48;
/** The chart of a complaint that is not its first one. */
const OTHER: { readonly [name in CaseName]?: number } = { rank64: 1, modules: 1, size: 2 };

function pictureOf(of: ClinicCase, runs: CaseRuns): CaseChart {
  const chart = of.evidence(runs, true).charts[OTHER[of.name] ?? 0];
  const shown = chart.lines.filter(({ look }) => look !== 'reference');
  const lines = shown.map((line) => ({ ...line, points: thinned(line.points) }));
  const bars = chart.bars?.filter(({ look }) => look !== 'reference');
  return tidy({ ...chart, lines, ...(bars && { bars }) });
}

function thinned<P>(points: readonly P[]): readonly P[] {
  const every = Math.max(1, Math.ceil(points.length / MOST_POINTS));
  return points.filter((_, i) => i % every === 0 || i === points.length - 1);
}

/** Three digits are more than a small picture shows; JSON has no NaN. */
const tidy = (chart: CaseChart): CaseChart =>
  JSON.parse(JSON.stringify(chart, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(3)) : value)));

const trained = process.env.UPDATE_RECORDED || process.env.ALL_SEEDS ? CASE_NAMES : (['flat'] as const);

it.each(trained)('%s: its small picture is what its runs show', async (name) => {
  const of = caseByName(name);
  const found = pictureOf(of, await trainCase(of, ({ role }) => role !== 'wrong'));
  if (process.env.UPDATE_RECORDED) writeByCase(FILE, { ...read(), [name]: found });
  expect(found).toEqual(read()[name]);
});

describe.each(CASES)('the small picture of $name', ({ name }) => {
  it('shows a symptom, and draws inside its frame', () => {
    const chart = read()[name];
    const looks = [...chart.lines, ...(chart.bars ?? [])].map(({ look }) => look);
    expect(looks).toContain('symptom');
    const marks = thumbnailMarks(chart);
    expect(marks.length).toBeGreaterThan(2);
    for (const { attributes } of marks)
      for (const [, x, y] of String(attributes.d ?? '').matchAll(/([\d.-]+),([\d.-]+)/g)) {
        expect(Number(x)).toBeGreaterThanOrEqual(0);
        expect(Number(x)).toBeLessThanOrEqual(136);
        expect(Number(y)).toBeGreaterThanOrEqual(0);
        expect(Number(y)).toBeLessThanOrEqual(96);
      }
  });
});
