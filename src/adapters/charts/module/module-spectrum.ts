import { scaleLinear } from 'd3-scale';
import { logHeight } from '../../../charts/sweep/marks.ts';
import { count, number, plural } from '../../../experiment/numbers.ts';
import { fitTicks, hoverLine, type Scale, ticksAt } from '../../../kit/chart/axes.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import { endName } from '../../../kit/chart/labels.ts';
import { dot, type Mark, type Point, polyline } from '../../../kit/chart/marks.ts';
import { picture, sentence } from '../../../kit/chart/picture.ts';
import type { Plot } from '../../../kit/chart/plot.ts';
import { drawing } from '../../../kit/chart/render.ts';
import {
  axisPlaces,
  MAX_DOTS,
  type ModuleChart,
  type ModuleScene,
  modulePlot,
  nearestIndex,
  roundTicks,
} from './module-scene.ts';

export const moduleSpectrum: ModuleChart = {
  name: 'moduleSpectrum',
  title: 'Singular values σᵢ of ΔW',
  short: 'Spectrum',
  help: ({ median, unscaled, upper }) =>
    [
      'log scale',
      ...(median.length > 0 ? ['thin: median'] : []),
      ...(upper ? ['dashed: at most'] : []),
      ...(unscaled ? ['× s'] : []),
    ].join('; '),
  draw: drawing(moduleSpectrumPicture),
  locate: ({ sigma }, size, x) => (sigma.length === 0 ? null : nearestIndex(placed(size), [1, sigma.length], x)),
  places: (scene) => axisPlaces(1, scene),
  readout: ({ sigma, median, upper }, i) => {
    const among = i <= median.length ? `, median ${number(median[i - 1])}` : '';
    const most = upper ? `, at most ${number(upper[i - 1] ?? 0)}` : '';
    return `direction ${count(i)}: ${number(sigma[i - 1] ?? 0)}${most}${among}`;
  },
  describe: ({ sigma, median, upper }) => {
    if (!(sigma[0] > 0)) return NOTHING;
    const ends = sigma.length > 1 ? ` falling to ${number(sigma[sigma.length - 1])}` : '';
    const among = median.length > 0 ? ` The median of the file has σ₁ = ${number(median[0])}.` : '';
    return `${upper ? 'The leading ' : ''}${plural(sigma.length, 'singular value')}, σ₁ = ${number(sigma[0])}${ends}.${among}`;
  },
  table: ({ sigma, median, upper }) => ({
    columns: ['direction', 'singular value', 'median of the file', ...(upper ? ['at most'] : [])],
    rows: Array.from(sigma, (value, i) => [
      ...[i + 1, value, i < median.length ? median[i] : null],
      ...(upper ? [upper[i]] : []),
    ]),
  }),
};

const NOTHING = 'ΔW = 0: no directions.';

const placed = (size: Size): Plot => {
  const plot = modulePlot(size, 3.2 * size.font, 4.9 * size.font, (size.short ? 1.85 : 3.2) * size.font);
  return { ...plot, left: plot.left + 8 };
};

export function moduleSpectrumPicture({ sigma, median, range, pointed, upper }: ModuleScene, size: Size): Mark[] {
  const inner = placed(size);
  const plot = { ...inner, left: inner.left - 8 };
  if (!(sigma[0] > 0)) return sentence(NOTHING, plot, size.font);
  const n = Math.max(sigma.length, median.length);
  const x = scaleLinear([1, Math.max(2, sigma.length)], [inner.left, inner.right]);
  const y = logHeight([...range], { ...plot, top: plot.top + 2 });
  const line = points(sigma, sigma.length, x, y.scale);
  const behind = points(median, Math.min(median.length, sigma.length), x, y.scale);
  return picture({
    size,
    plot,
    x: { name: 'i', scale: x, ticks: fitTicks(ticksAt(roundTicks(1, sigma.length), count), x, size.font) },
    y,
    marks: [
      hoverLine(pointed, [1, n], x, plot),
      behind.length > 0 && polyline('median', 'pin ink-3', behind),
      upper && polyline('at most', 'pin dw dashed', points(upper, sigma.length, x, y.scale)),
      polyline('spectrum', 'main dw', line),
      sigma.length <= MAX_DOTS &&
        line.map((at, i) => dot(`dot ${i + 1}`, lost(sigma[i], range) ? 'open dw' : 'dw', at, 4)),
    ],
    names: [
      endName(line, { key: 'this label', className: 'dw strong', texts: ['this one'] }),
      endName(behind, { key: 'median label', className: 'ink-2', texts: ['median'] }),
    ],
  });
}

/** Values below the axis are drawn at its lower end, open. */
const lost = (value: number, [low]: ModuleScene['range']) => !(value >= low / 1.25);

const points = (values: ArrayLike<number>, length: number, x: Scale, y: Scale): Point[] =>
  Array.from({ length }, (_, i) => [x(i + 1), y(Math.max(values[i], Number.MIN_VALUE))] as const);
