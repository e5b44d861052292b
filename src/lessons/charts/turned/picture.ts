import { percent } from '../../../experiment/numbers.ts';
import { heightScale, hline, stepScale, stepTicks, ticksAt, vline } from '../../../kit/chart/axes.ts';
import { dotRadius, plotOf, type Size } from '../../../kit/chart/chart.ts';
import {
  dot,
  flatten,
  type Mark,
  type Nested,
  type Point,
  polyline,
  polylines,
  segment,
  words,
} from '../../../kit/chart/marks.ts';
import { clampedText, drawing, LINE_HEIGHT, picture, spreadBoxes } from '../../../kit/chart/picture.ts';
import { projectPoint, scaleVec, type Vec, type ViewAngles } from './turn.ts';

export interface SpaceScene {
  readonly view: ViewAngles;
  readonly reach: number;
  readonly axes: readonly [string, string, string];
  readonly points: readonly Vec[];
  readonly hue: string;
  readonly rings?: readonly Vec[];
  /** Points with a ring of ink, joined if there are two. */
  readonly chosen?: { readonly points: readonly Vec[]; readonly name: readonly string[] };
  /** A plane by the corners of its visible part, now and earlier. */
  readonly plane?: { readonly corners: readonly Vec[]; readonly name: string } | null;
  readonly before?: { readonly corners: readonly Vec[]; readonly name: string } | null;
  readonly line?: { readonly to: Vec; readonly name: readonly string[]; readonly className: string } | null;
  readonly measured?: { readonly to: Vec; readonly name: string } | null;
}

export const drawSpace = drawing(spacePicture);

/** px of a point in space. */
function placer({ view, reach }: SpaceScene, { width, height, font }: Size): (v: Vec) => Point {
  const scale = (Math.min(width, height) / 2 - 1.2 * font) / reach;
  return (v) => {
    const [right, up] = projectPoint(v, view);
    return [width / 2 + scale * right, height / 2 - scale * up];
  };
}

export function spacePicture(space: SpaceScene, size: Size): Mark[] {
  const { font } = size;
  const at = placer(space, size);
  const radius = font / 4;
  const { reach, plane, before, line, measured, chosen, rings = [] } = space;
  const ends = ([0, 1, 2] as const).map((axis): readonly [Point, Point] => {
    const end = (sign: number): Vec => [0, 1, 2].map((i) => (i === axis ? sign * reach : 0)) as unknown as Vec;
    return [at(end(-1)), at(end(1))];
  });
  const dots = space.points.map(at);
  const outer = rings.map(at);
  const held = (chosen?.points ?? []).map(at);
  const [corners, old] = [plane?.corners.map(at) ?? [], before?.corners.map(at) ?? []];
  const label = (key: string, className: string, lines: readonly string[], [point]: readonly Point[]) =>
    point && { key: `${key} label`, className, lines, at: point, joined: true };
  const labels: Nested<SpaceLabel> = [
    measured && label('measured', 'dwt strong', [measured.name], [at(measured.to)]),
    line && label('line', `${line.className} strong`, line.name, [at(line.to)]),
    chosen && label('chosen', 'ink strong', chosen.name, held),
    plane && label('plane', 'b strong', [plane.name], corners),
    before && label('before', 'b', [before.name], old.slice(1)),
    ends.map(([, at], i) => ({ key: `axis label ${i}`, className: 'ink-3', lines: [space.axes[i]], at })),
  ];
  return flatten([
    ends.map(([from, to], i) => segment(`axis ${i}`, 'hair rule', from, to)),
    plane && [area('plane', 'band b', corners), outline('plane edge', 'ref b', corners)],
    before && outline('before edge', 'ref b dashed', old),
    rings.length > 0 &&
      polylines(
        'gaps',
        'hair ink-3',
        outer.flatMap((ring, i) => (dots[i] ? [[ring, dots[i]]] : [])),
      ),
    line && segment('line', `line ${line.className}`, at(scaleVec(line.to, -1)), at(line.to)),
    outer.map((point, i) => dot(`ring ${i}`, 'open dwt', point, radius)),
    dots.map((point, i) => dot(`point ${i}`, space.hue, point, radius)),
    measured && segment('measured', 'main dwt', at([0, 0, 0]), at(measured.to)),
    held.length > 1 && polyline('chosen line', 'line a dotted', held),
    held.map((point, i) => dot(`chosen ${i}`, 'circled ink', point, radius * 2)),
    besideAll(flatten(labels), [...dots, ...outer, ...held, ...corners, ...old], size),
  ]);
}

interface SpaceLabel {
  readonly key: string;
  readonly className: string;
  readonly lines: readonly string[];
  readonly at: Point;
  /** Joined to its point by a dotted line. */
  readonly joined?: boolean;
}

/** Each label right of all points, or left of them if its own lies in the left half; labels of a half are pushed apart. */
function besideAll(labels: readonly SpaceLabel[], points: readonly Point[], { width, height, font }: Size): Mark[] {
  const xs = [width / 2, ...points.map(([x]) => x)];
  return (['end', 'start'] as const).flatMap((anchor) => {
    const side = anchor === 'start' ? 1 : -1;
    const half = labels.filter(({ at: [x] }) => x >= width / 2 === side > 0);
    const heights = half.map(({ lines }) => lines.length * LINE_HEIGHT * font);
    const middles = spreadBoxes(
      half.map(({ at }) => at[1]),
      heights,
      0,
      height,
    );
    const edge = (side > 0 ? Math.max(...xs) : Math.min(...xs)) + side * 0.9 * font;
    return half.flatMap(({ key, className, lines, at, joined }, i) => {
      const x = joined ? edge : at[0] + side * 0.9 * font;
      const texts = lines.map((text, n) => {
        const place: Point = [x, middles[i] - heights[i] / 2 + (n * LINE_HEIGHT + 0.93) * font];
        return clampedText(
          n === 0 ? key : `${key}-${n}`,
          className,
          text,
          place,
          anchor,
          { left: 0, right: width },
          font,
        );
      });
      if (!joined) return texts;
      const end = Number(texts[0].attributes.x) - side * 0.3 * font;
      return [segment(`${key} line`, `hair dotted ${className.split(' ', 1)[0]}`, at, [end, middles[i]]), ...texts];
    });
  });
}

function outline(key: string, className: string, corners: readonly Point[]): Mark {
  return polyline(key, className, [...corners, ...corners.slice(0, 1)]);
}

function area(key: string, className: string, corners: readonly Point[]): Mark {
  const d = corners.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)},${y.toFixed(1)}`).join('');
  return { tag: 'path', key, attributes: { class: `fill ${className}`, d: `${d}Z` } };
}

/** Share of ΔW* in the plane of B, by step. */
export interface PlaneShare {
  readonly steps: readonly number[];
  readonly shares: readonly number[];
  /** The maximum over all planes, and its name. */
  readonly max: number;
  readonly name: readonly [string, string];
  readonly step: number;
}

export const drawPlaneShare = drawing(planeSharePicture);

export function planeSharePicture({ steps, shares, max, name, step }: PlaneShare, size: Size): Mark[] {
  const plot = plotOf(size);
  const last = steps.at(-1) ?? 1;
  const [x, y] = [stepScale(plot, last), heightScale(plot, 1)];
  const points = steps.map((at, i): Point => [x(at), y(shares[i] ?? 0)]);
  const now = points[steps.findLastIndex((at) => at <= step)];
  const edge = plot.right + 0.7 * size.font;
  return picture({
    size,
    plot,
    x: { name: 'step', scale: x, ticks: stepTicks(plot, last, size) },
    y: { scale: y, ticks: ticksAt([0, 0.5, 1], (value) => percent(value)) },
    marks: [
      hline('most', 'ref dwt dashed', y(max), plot),
      vline('step', 'hair ink', x(step), plot),
      polyline('share', 'main b', points),
      now && dot('now', 'b', now, dotRadius(size) * 1.5),
      words('name', 'dwt strong', [edge, y(max) + 0.35 * size.font], 'start', name[0]),
      words('name 2', 'dwt', [edge, y(max) + 1.55 * size.font], 'start', name[1]),
    ],
  });
}
