import { scaleLinear, scaleLog } from 'd3-scale';
import { hline, vline } from '../../kit/chart/axes.ts';
import type { Size } from '../../kit/chart/chart.ts';
import { box, dot, flatten, type Mark, type Nested, type Point, pieces, polylines } from '../../kit/chart/marks.ts';
import { render } from '../../kit/chart/picture.ts';
import type { CaseChart } from '../cases/case.ts';
import { CASE_LOOKS, heightsOf, placesOf } from './case-picture.ts';

/** px: a recorded chart beside its complaint. */
const SMALL: Size = { width: 136, height: 96, font: 12, short: true };
const PLOT = { left: 1, right: SMALL.width - 2, top: 4, bottom: SMALL.height - 1 };
/** A line with few places has a dot at each. */
const FEW_DOTS = 8;

export function drawThumbnail(svg: SVGSVGElement, chart: CaseChart): void {
  render(svg, SMALL, thumbnailMarks(chart));
}

/** The symptom and what the switch gave, without words: the complaint is beside it. */
export function thumbnailMarks(chart: CaseChart): Mark[] {
  const [low, high] = heightsOf(chart);
  const range = [PLOT.bottom - 2, PLOT.top];
  const y = (chart.y.scale === 'log' ? scaleLog([low, high], range) : scaleLinear([low, high], range)).clamp(true);
  const axes = [vline('left', 'hair axis', PLOT.left, PLOT), hline('ground', 'hair axis', PLOT.bottom, PLOT)];
  return flatten([chart.bars ? bars(chart.bars, y) : lines(chart, y), axes]);
}

function bars(list: NonNullable<CaseChart['bars']>, y: (value: number) => number): Nested<Mark> {
  const slot = (PLOT.right - PLOT.left - 4) / list.length;
  return list.map(({ label, look, value }, i) => {
    const top = Number.isFinite(value) ? y(value) : PLOT.bottom;
    const left = PLOT.left + 4 + (i + 0.15) * slot;
    return box(`bar ${label}`, CASE_LOOKS[look].fill, left, top, 0.7 * slot, PLOT.bottom - top);
  });
}

function lines(chart: CaseChart, y: (value: number) => number): Nested<Mark> {
  const { x: axis } = chart;
  const places = placesOf(chart);
  const ends = [places[0] ?? 0, places.at(-1) ?? 1];
  const inset = axis.scale === 'log' || places.length <= FEW_DOTS ? 5 : 1;
  const range = [PLOT.left + inset, PLOT.right - inset];
  const x = axis.scale === 'log' ? scaleLog(ends, range) : scaleLinear(ends, range);
  const drawn = chart.lines
    .filter(({ look }) => look !== 'reference')
    .toSorted((a, b) => CASE_LOOKS[a.look].weight - CASE_LOOKS[b.look].weight);
  return [
    (axis.marks ?? [])
      .filter(({ at }) => at >= ends[0] && at <= ends[1])
      .map(({ at }) => vline(`mark ${at}`, 'hair rule', x(at), PLOT)),
    drawn.map(({ label, look, points, dots }) => {
      const shown = (value: number) => Number.isFinite(value) && (chart.y.scale === 'linear' || value > 0);
      const path = points.map(([at, value]): Point | null => (shown(value) ? [x(at), y(value)] : null));
      const { line, fill } = CASE_LOOKS[look];
      return [
        polylines(`line ${label}`, line.replace('main', 'line'), pieces(path)),
        dots === true && path.map((point, i) => point && dot(`dot ${label} ${i}`, fill, point, 2.5)),
      ];
    }),
  ];
}
