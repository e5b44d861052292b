import type { CaseChart, CaseName, Evidence } from '../../src/clinic/cases/case.ts';
import RECORDED from './recorded/evidence.json' with { type: 'json' };

type RecordedPoint = readonly [x: number, y: number | null];
interface RecordedChart extends Omit<CaseChart, 'lines'> {
  readonly lines: readonly (Omit<CaseChart['lines'][number], 'points'> & {
    readonly points: readonly RecordedPoint[];
  })[];
}
export interface RecordedEvidence {
  readonly headline: string;
  readonly charts: readonly RecordedChart[];
}

/** JSON has no NaN: a gap is null there. */
export function evidenceOf({ headline, charts }: RecordedEvidence): Evidence {
  const lines = (chart: RecordedChart) =>
    chart.lines.map((line) => ({ ...line, points: line.points.map(([x, y]) => [x, y ?? Number.NaN] as const) }));
  return { headline, charts: charts.map((chart) => ({ ...chart, lines: lines(chart) })) };
}

/** What the runs of a case show with its remedy switched on, as recorded by recorded-evidence.test.ts. */
export const recordedEvidence = (name: CaseName): Evidence =>
  evidenceOf((RECORDED as unknown as Readonly<Record<CaseName, RecordedEvidence>>)[name]);
