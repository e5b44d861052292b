import { scaleLinear, scaleLog } from 'd3-scale';
import { trim } from '../../../experiment/numbers.ts';
import type { Drawing, Size } from '../../../kit/chart/chart.ts';
import { dot, flatten, type Mark, type Point, polylines, segment, words } from '../../../kit/chart/marks.ts';
import { drawing } from '../../../kit/chart/picture.ts';

/** A measure of the public adapters, with an opened file's value. */
export interface PublicStrip {
  readonly name: string;
  /** Powers of two are equally far apart; else the axis runs from 0 to 1. */
  readonly log: boolean;
  readonly value: number;
  readonly others: readonly number[];
  /** Adapters for the same family of models. */
  readonly kin: readonly number[];
}

export interface PublicScene {
  readonly strips: readonly PublicStrip[];
}

/** Dots of all public adapters above a line for each measure, this file's below it. */
export const publicStrips: Drawing<PublicScene> & { readonly name: string } = {
  name: 'publicStrips',
  draw: drawing(publicPicture),
  describe: ({ strips }) =>
    strips
      .map(({ name, value, others, kin }) => {
        const all = [...others, ...kin];
        return `${name}: ${trim(value, 2)} here, from ${trim(Math.min(...all), 2)} to ${trim(Math.max(...all), 2)} there.`;
      })
      .join(' '),
};

/** In px. */
const DOT = 1.5;
const HERE = 4.5;
/** Places on the axis at which dots are stacked. */
const PLACES = 48;

export function publicPicture({ strips }: PublicScene, { width, height, font }: Size): Mark[] {
  const step = height / Math.max(1, strips.length);
  return flatten(strips.map((strip, i) => stripMarks(strip, i * step, step, width, font)));
}

function stripMarks(strip: PublicStrip, top: number, height: number, width: number, font: number): Mark[] {
  const { name, log, value, kin, others } = strip;
  const all = [...kin, ...others, value];
  const [left, right] = [HERE, width - HERE];
  const bounds = log ? [Math.min(...all), Math.max(...all)] : [0, 1];
  const x = (log && bounds[0] < bounds[1] ? scaleLog(bounds, [left, right]) : scaleLinear(bounds, [left, right])).clamp(
    true,
  );
  const line = top + height - 1.6 * font;
  const stacks = stacked(
    [...kin, ...others].map((one) => x(one)),
    left,
    right,
  );
  const highest = Math.max(1, ...stacks.map(([, level]) => level + 1));
  const rise = Math.min(2 * DOT, (line - top - 1.5 * font) / highest);
  const at = ([place, level]: readonly [number, number]): Point => [place, line - 2 * DOT - level * rise];
  const points = stacks.map(at);
  const marks = (shown: readonly Point[]) => shown.map((point): readonly Point[] => [point]);
  return [
    words(`name ${name}`, 'ink-2', [0, top + font], 'start', name),
    words(`value ${name}`, 'dw strong', [width, top + font], 'end', trim(value, 2)),
    segment(`axis ${name}`, 'hair axis', [left, line], [right, line]),
    polylines(`others ${name}`, 'dots ink-3', marks(points.slice(kin.length))),
    polylines(`kin ${name}`, 'dots ink', marks(points.slice(0, kin.length))),
    words(`from ${name}`, 'ink-3 tick', [0, line + 1.2 * font], 'start', trim(bounds[0], 2)),
    words(`to ${name}`, 'ink-3 tick', [width, line + 1.2 * font], 'end', trim(bounds[1], 2)),
    dot(`here ${name}`, 'dw', [x(value), line], HERE),
  ];
}

/** Each dot at the nearest place, above those already there. */
function stacked(values: readonly number[], left: number, right: number): (readonly [x: number, level: number])[] {
  const levels = new Map<number, number>();
  return values.map((value) => {
    const place = Math.round(((value - left) / (right - left)) * PLACES);
    const level = levels.get(place) ?? 0;
    levels.set(place, level + 1);
    return [left + (place / PLACES) * (right - left), level];
  });
}
