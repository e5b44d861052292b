import { scaleLinear } from 'd3-scale';
import { percent } from '../../../experiment/numbers.ts';
import { heightScale, ticksAt } from '../../../kit/chart/axes.ts';
import type { Chart, Plot, Size } from '../../../kit/chart/chart.ts';
import { dot, hatch, type Mark, type Point, polyline, segment, words } from '../../../kit/chart/marks.ts';
import { clampedText, drawing, picture } from '../../../kit/chart/picture.ts';
import { type FileSize, sizeTicks } from './error-size.ts';

export interface OfferedSize extends FileSize {
  /** "11.1 MB". */
  readonly size: string;
  readonly chosen: boolean;
  /** Largest 1 − size/full − error, if that is a knee. */
  readonly knee: boolean;
}

export interface CurveScene {
  /** The closest of all files of a size, from the smallest up. */
  readonly floor: readonly FileSize[];
  readonly offered: readonly OfferedSize[];
  /** Bytes of the file itself. */
  readonly full: number;
}

/** The least error of a file of each size, with the sizes on offer. */
export const sizeCurve: Chart<CurveScene> = {
  name: 'sizeCurve',
  title: 'How much changes at each size',
  help: () => 'of ΔW, in %',
  draw: drawing(curvePicture),
  describe: ({ floor, offered }) => {
    const [first] = floor;
    const listed = offered.map(
      ({ size, error, chosen, knee }) =>
        `${size}: ${percent(error)} off${knee ? ', the knee' : ''}${chosen ? ', chosen' : ''}`,
    );
    return `The least that any file of a size changes, from ${percent(first.error)} with one direction for each module to 0% with all. ${listed.join('; ')}.`;
  },
};

const CHOSEN = 7;
const RING = 4.5;
const CLOSEST = 'no file of this size is closer';
/** In font sizes: of the text above, and of a size such as “0.935 MB” with its gap. */
const CLOSEST_WIDTH = 13;
const NAME_WIDTH = 5.4;

function curvePicture({ floor, offered, full }: CurveScene, size: Size): Mark[] {
  const { font, height, width } = size;
  const plot: Plot = { left: 3.4 * font, right: width - 1.4 * font, top: 1.6 * font, bottom: height - 3.4 * font };
  const max = 1.04 * full;
  const x = scaleLinear([0, max], [plot.left, plot.right]);
  const y = heightScale(plot, 1);
  const at = ({ bytes, error }: FileSize): Point => [x(bytes), y(error)];
  const line = floor.length > 1 ? floor.map(at) : [];
  const start = plot.left + 0.5 * font;
  // Below the line alone.
  const end = start + CLOSEST_WIDTH * font;
  const high = floor.every((of) => x(of.bytes) > end || plot.bottom - y(of.error) > 2 * font);
  const ticks = ticksAt([0, 0.25, 0.5, 0.75, 1], percent);
  // The chosen one in front, named first.
  const inOrder = [...offered].sort((a, b) => Number(b.chosen) - Number(a.chosen) || Number(b.knee) - Number(a.knee));
  return picture({
    size,
    plot,
    behind: line.length > 0 && hatch('unreachable', line, plot.bottom),
    x: { scale: x, ticks: sizeTicks(max, x, plot, font) },
    y: { scale: y, ticks },
    marks: [
      line.length > 0 && polyline('floor', 'line dwt dashed', line),
      words('x name', 'ink-3', [(plot.left + plot.right) / 2, height - 0.5 * font], 'middle', 'size of the file'),
      high && words('floor label', 'dwt halo', [start, plot.bottom - 0.5 * font], 'start', CLOSEST),
      sizeNames(inOrder, at, plot, font),
      [...inOrder]
        .reverse()
        .map((one) => dot(`dot ${one.size}`, one.chosen ? 'dw' : 'open dw', at(one), one.chosen ? CHOSEN : RING)),
    ],
  });
}

/** The sizes above their dots, the knee's in the open upper right; none over another. */
function sizeNames(offered: readonly OfferedSize[], at: (of: FileSize) => Point, plot: Plot, font: number): Mark[] {
  const taken: (readonly [from: number, to: number, y: number])[] = [];
  return offered.flatMap((one) => {
    const { size, chosen, knee } = one;
    const [x, y] = at(one);
    const className = chosen || knee ? 'strong' : '';
    if (knee) {
      const [left, top] = [x + 2 * font, Math.max(plot.top + font, y - 6 * font)];
      const lines = [`the knee: ${size}`, 'beyond it each MB', 'wins back little'];
      taken.push([left, left + 9 * font, top]);
      return [
        segment('knee leader', 'hair ink', [x, y - CHOSEN], [left - 0.4 * font, top]),
        ...lines.map((text, i) =>
          words(`knee ${i}`, `${i === 0 ? 'ink strong' : 'ink-3'} halo`, [left, top + 1.25 * i * font], 'start', text),
        ),
      ];
    }
    const half = NAME_WIDTH * font * 0.5;
    const height = y - font;
    const hidden = taken.some(
      ([from, to, other]) => x + half > from && x - half < to && Math.abs(other - height) < 1.3 * font,
    );
    if (hidden) return [];
    taken.push([x - half, x + half, height]);
    return [clampedText(`size ${size}`, `dw ${className}`, size, [x, height], 'middle', plot, font)];
  });
}
