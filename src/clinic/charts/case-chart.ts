import { cached } from '../../experiment/layer/cached.ts';
import { count, number, trim } from '../../experiment/numbers.ts';
import type { ReadableChart, Size, Table } from '../../kit/chart/chart.ts';
import { drawing } from '../../kit/chart/picture.ts';
import type { CaseChart } from '../cases/case.ts';
import { barLayout, type CaseLine, type CaseScene, casePicture, lineLayout, placesOf } from './case-picture.ts';

const places = cached(placesOf);

const nameOf = ({ label }: Pick<CaseLine, 'label'>) => label.split(': ')[0];
const placeText = (at: number) => (Number.isInteger(at) ? count(at) : trim(at));
const valueText = (value: number) => (Number.isFinite(value) ? number(value) : 'none');

/** Rows of the table that a line has: a longer one is thinned. */
const MOST_ROWS = 60;

/** A chart of a complaint: its lines over their axis, or its bars. */
export const caseChart: ReadableChart<CaseScene> = {
  name: 'case',
  title: 'What the runs show',
  help: ({ chart }) => chart.about,
  draw: drawing(casePicture),
  places: ({ chart, pointed }) => {
    const last = (chart.bars ? chart.bars.length : places(chart).length) - 1;
    return { first: 0, last, start: Math.max(0, last), at: pointed };
  },
  locate: ({ chart }, size, x) => {
    const at = centresOf(chart, size);
    if (at.length === 0) return null;
    return at.reduce((best, one, i) => (Math.abs(one - x) < Math.abs(at[best] - x) ? i : best), 0);
  },
  readout: ({ chart }, at) => {
    if (chart.bars) {
      const { label, text } = chart.bars[at];
      return `${label}: ${text}`;
    }
    const place = places(chart)[at];
    const read = chart.lines.flatMap((line) => {
      const point = line.points.find(([x]) => x === place);
      return point ? [`${nameOf(line)} ${valueText(point[1])}`] : [];
    });
    return `${chart.x.label} ${placeText(place)}: ${read.join(' · ')}`;
  },
  describe: ({ chart }) => {
    if (chart.bars) return `${chart.title}. ${chart.bars.map(({ label, text }) => `${label}: ${text}`).join('; ')}.`;
    const parts = chart.lines.flatMap((line) => {
      const known = line.points.filter(([, value]) => Number.isFinite(value));
      const [first, last] = [known[0], known.at(-1)];
      if (!first || !last) return [];
      const ends = `from ${valueText(first[1])} at ${chart.x.label} ${placeText(first[0])} to ${valueText(last[1])} at ${placeText(last[0])}`;
      return [`${nameOf(line)}: ${ends}`];
    });
    return parts.length === 0 ? `${chart.title}. Training.` : `${chart.title}. ${parts.join('; ')}.`;
  },
  table: ({ chart }) => tableOf(chart),
};

/** px from the left of each place that can be read. */
function centresOf(chart: CaseChart, size: Size): readonly number[] {
  if (chart.bars) {
    const { margin, slot } = barLayout(chart, chart.bars.length, size);
    return chart.bars.map((_, i) => margin + (i + 0.5) * slot);
  }
  const all = places(chart);
  return all.length === 0 ? [] : all.map(lineLayout(chart, size).x.scale);
}

function tableOf({ x, y, lines, bars }: CaseChart): Table {
  if (bars) return { columns: ['', y.label], rows: bars.map(({ label, text }) => [label, text]) };
  const all = placesOf({ x, lines });
  const every = Math.max(1, Math.ceil(all.length / MOST_ROWS));
  // NaN breaks a line.
  const values = lines.map(({ points }) => new Map(points.filter(([, value]) => !Number.isNaN(value))));
  const short = values.filter(({ size }) => size <= MOST_ROWS);
  const rows = all.filter((at, i) => i % every === 0 || i === all.length - 1 || short.some((line) => line.has(at)));
  return {
    columns: [x.label, ...lines.map(({ label }) => label)],
    rows: rows.map((at) => [at, ...values.map((line) => line.get(at) ?? null)]),
  };
}
