import { counted, number } from '../../experiment/numbers.ts';
import { type Band, bandOf, type StepCurve } from '../sweep/bands.ts';
import { bandMark, finiteParts } from '../sweep/marks.ts';
import type { Scale } from './axes.ts';
import type { MarginLabel } from './margin-labels.ts';
import { type Mark, polyline } from './marks.ts';

/** Fewer seeds than this have no band: their runs alone. */
const LEAST = 4;

/** The same run with several seeds, behind that of the lab: the middle half as a band with its median, or single lines. */
export function seedMarks(
  key: string,
  hue: string,
  curves: readonly StepCurve[],
  last: number,
  x: Scale,
  y: Scale,
): Mark[] {
  const shown = curves.filter(({ steps }) => steps.length > 0);
  const inside = (step: number) => step <= last;
  if (shown.length < LEAST)
    return shown.flatMap(({ steps, values }, i) =>
      finiteParts(steps.filter(inside), values, x, y).map((points, part) =>
        polyline(`${key} seed ${i} ${part}`, `pin faint ${hue}`, points),
      ),
    );
  const { steps, low, median, high } = seedBand(shown);
  const edges = steps.flatMap((step, i): [number, number, number][] => {
    const [from, to] = [low[i] ?? Number.NaN, high[i] ?? Number.NaN];
    return inside(step) && Number.isFinite(from) && Number.isFinite(to) ? [[x(step), y(from), y(to)]] : [];
  });
  return [
    ...(edges.length > 1 ? [bandMark(`${key} band`, hue, edges)] : []),
    ...finiteParts(steps.filter(inside), median, x, y).map((points, part) =>
      polyline(`${key} median ${part}`, `ref ${hue} dashed`, points),
    ),
  ];
}

function seedBand(curves: readonly StepCurve[]): Band {
  const longest = curves.reduce((a, b) => ((b.steps.at(-1) ?? 0) > (a.steps.at(-1) ?? 0) ? b : a));
  return bandOf(curves, longest.steps);
}

/** What the band is, where its median ends: "median of 10 seeds 0.172". */
export function seedLabels(key: string, look: string, curves: readonly StepCurve[], y: Scale): MarginLabel[] {
  if (curves.length === 0) return [];
  if (curves.length < LEAST) {
    const ends = curves.map(({ values }) => values.at(-1) ?? Number.NaN).filter(Number.isFinite);
    const [end] = ends;
    return end === undefined
      ? []
      : [
          {
            key: `${key} seeds`,
            look: 'ink-2',
            at: y(end),
            texts: [`${counted(curves.length, 'seed')}, each a line`, counted(curves.length, 'seed')],
            optional: true,
          },
        ];
  }
  const end = seedBand(curves).median.at(-1) ?? Number.NaN;
  const n = counted(curves.length, 'seed');
  if (!Number.isFinite(end)) return [];
  const median = `median of ${n} ${number(end)}`;
  return [
    {
      key: `${key} seeds`,
      look,
      at: y(end),
      texts: [[median, 'band: middle half'], [`${n}: ${number(end)}`, 'band: middle half'], `${n}: ${number(end)}`],
      optional: true,
    },
  ];
}
