import { scaleLinear } from 'd3-scale';
import { count, number } from '../../../experiment/numbers.ts';
import { fitTicks, heightScale, hoverLine, secondRow, ticksAt } from '../../../kit/chart/axes.ts';
import type { Plot, Size } from '../../../kit/chart/chart.ts';
import { dot, hatch, type Mark, type Point, polyline } from '../../../kit/chart/marks.ts';
import { clampedText, drawing, picture, sentence } from '../../../kit/chart/picture.ts';
import {
  axisPlaces,
  MAX_DOTS,
  type ModuleChart,
  type ModuleScene,
  modulePlot,
  nearestIndex,
  remainingEnergy,
  roundTicks,
} from './module-scene.ts';

/** The error of a module cut to rank i: no matrix of that rank is closer. */
export const cutError: ModuleChart = {
  name: 'cutError',
  title: 'Error if cut to rank i',
  short: 'Error if cut',
  help: ({ upper }) => (upper ? 'a cut from the directions found' : 'Eckart–Young'),
  draw: drawing(cutErrorPicture),
  locate: ({ sigma }, size, x) => (sigma.length === 0 ? null : nearestIndex(placed(size), [0, sigma.length], x)),
  places: (scene) => axisPlaces(0, scene),
  readout: (scene, i) => {
    const rest = remainingEnergy(scene)[i] ?? 0;
    return `rank ${count(i)}: error ${errorText(Math.sqrt(rest))}, ${kept(rest)}% kept`;
  },
  describe: (scene) => {
    const { sigma } = scene;
    if (!(sigma[0] > 0)) return NOTHING;
    const rest = remainingEnergy(scene);
    const at = namedRank(sigma.length);
    const half =
      sigma.length > 1 ? `Cut to rank ${count(at)} its relative error is ${errorText(Math.sqrt(rest[at]))}. ` : '';
    const left = rest[sigma.length];
    const end = `At rank ${count(sigma.length)} ${left > 0 ? `it is ${errorText(Math.sqrt(left))}` : 'nothing is lost'}.`;
    return `${half}${end} ${scene.upper ? 'More directions are not known.' : 'No matrix of a rank comes closer.'}`;
  },
  table: (scene) => ({
    columns: ['rank', 'relative error', 'share of the energy kept'],
    rows: Array.from(remainingEnergy(scene), (rest, i) => [i, Math.sqrt(rest), scene.sigma[0] > 0 ? 1 - rest : null]),
  }),
};

const NOTHING = 'ΔW = 0: nothing to cut.';

const errorText = (value: number) => (value >= 0.0995 || value === 0 ? value.toFixed(3) : number(value, 2));

/** Percent of the energy; 100 only if nothing is lost. */
const kept = (rest: number) => (rest <= 1e-12 ? 100 : Math.min(99, Math.round(100 * (1 - rest))));

/** The rank whose error is named in the chart: 1 of a few, else a quarter of them. */
const namedRank = (n: number) => (n <= 8 ? 1 : 2 ** Math.floor(Math.log2(n / 4)));

const placed = (size: Size): Plot => {
  const plot = modulePlot(size, 4.1 * size.font, 1.4 * size.font, 3.2 * size.font);
  return { ...plot, left: plot.left + 4 };
};

export function cutErrorPicture(scene: ModuleScene, size: Size): Mark[] {
  const { sigma, pointed } = scene;
  const { font } = size;
  const inner = placed(size);
  const plot = { ...inner, left: inner.left - 4 };
  if (!(sigma[0] > 0)) return sentence(NOTHING, plot, font);
  const n = sigma.length;
  const rest = remainingEnergy(scene);
  const x = scaleLinear([0, n], [inner.left, inner.right]);
  const y = heightScale(plot, 1);
  const curve = Array.from(rest, (share, i): Point => [x(i), y(Math.sqrt(share))]);
  const ticks = fitTicks(ticksAt(roundTicks(0, n), count), x, font);
  const isEnd = (value: number) => Number(value === 0 || value === n);
  const byWeight = ticks.map(({ value }) => value).sort((a, b) => isEnd(b) - isEnd(a));
  const shares = fitTicks(
    ticksAt(byWeight, (value) => String(kept(rest[value]))),
    x,
    font,
  );
  const at = namedRank(n);
  const [px, py] = curve[at];
  const value = errorText(Math.sqrt(rest[at]));
  const text = px + 9 * font > size.width ? value : `cut to ${count(at)}: ${value}`;
  return picture({
    size,
    plot,
    behind: hatch('lost', curve, plot.bottom),
    x: { name: 'rank', scale: x, ticks },
    y: { scale: y, ticks: [0, 0.5, 1] },
    marks: [
      secondRow('share', '% kept', shares, x, plot, size, 1.15),
      hoverLine(pointed, [0, n], x, plot),
      polyline('error', 'line dwt dashed', curve),
      curve.map((point, i) => (n <= MAX_DOTS || i === at) && dot(`dot ${i}`, 'dwt', point, 3)),
      // Above and right of its point, since the curve falls.
      n > 1 &&
        clampedText(
          'cut label',
          'dwt strong',
          text,
          [px + 7, Math.max(0.85 * font, py - 0.5 * font)],
          'start',
          { left: plot.left, right: size.width },
          font,
        ),
    ],
  });
}
