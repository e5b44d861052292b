import { around, type Label, type LabelPlace, placeLabels } from '../../../charts/drawing/labels.ts';
import { dot, type Mark, type Point, polyline, polylines, segment } from '../../../charts/drawing/marks.ts';
import { render } from '../../../charts/drawing/render.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import { seen, type Vec, type ViewAngles } from './turn.ts';

/** Points in space, and what they lie on. */
export interface Space {
  readonly view: ViewAngles;
  /** The length of each half axis, and the names of the axes. */
  readonly reach: number;
  readonly axes: readonly [string, string, string];
  /** Filled dots, with the class of their hue. */
  readonly points: readonly Vec[];
  readonly hue: string;
  /** Rings, each joined to its dot. */
  readonly rings?: readonly Vec[];
  /** Points with a ring of ink, joined where there are two. */
  readonly chosen?: { readonly points: readonly Vec[]; readonly name: string };
  /** A plane, as the corners of a part of it, and how it was before. */
  readonly plane?: { readonly corners: readonly Vec[]; readonly name: string } | null;
  readonly before?: { readonly corners: readonly Vec[]; readonly name: string } | null;
  /** A line through the origin. */
  readonly line?: { readonly to: Vec; readonly name: readonly string[]; readonly look: string } | null;
  /** A stroke from the origin that is measured. */
  readonly measured?: { readonly to: Vec; readonly name: string } | null;
}

export function drawSpace(svg: SVGSVGElement, space: Space, size: Size): void {
  render(svg, size, spacePicture(space, size));
}

/** px of a point of space. */
function placer({ view, reach }: Space, { width, height, font }: Size): (v: Vec) => Point {
  const scale = (Math.min(width, height) / 2 - 1.2 * font) / reach;
  return (v) => {
    const [right, up] = seen(v, view);
    return [width / 2 + scale * right, height / 2 - scale * up];
  };
}

export function spacePicture(space: Space, size: Size): Mark[] {
  const { font, width, height } = size;
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
  const labels: Label[] = [];
  const name = (key: string, look: string, lines: readonly string[], points: readonly Point[], required = true) =>
    labels.push({ key, look, places: points.flatMap((point) => round(point, lines, font)), required });
  if (measured) name('measured label', 'dwt strong', [measured.name], [at(measured.to)]);
  if (line) name('line label', `${line.look} strong`, line.name, [at(line.to)]);
  if (chosen && held.length > 0) name('chosen label', 'ink strong', [chosen.name], held);
  if (plane) name('plane label', 'b strong', [plane.name], plane.corners.map(at));
  if (before) name('before label', 'b', [before.name], before.corners.map(at), false);
  for (const [i, [, end]] of ends.entries()) name(`axis label ${i}`, 'ink-3', [space.axes[i] ?? ''], [end], false);
  return [
    ...ends.map(([from, to], i) => segment(`axis ${i}`, 'hair rule', from, to)),
    ...(plane
      ? [area('plane', 'band b', plane.corners.map(at)), outline('plane edge', 'ref b', plane.corners.map(at))]
      : []),
    ...(before ? [outline('before edge', 'ref b dashed', before.corners.map(at))] : []),
    ...(rings.length > 0
      ? [
          polylines(
            'gaps',
            'hair ink-3',
            outer.flatMap((ring, i) => (dots[i] ? [[ring, dots[i]]] : [])),
          ),
        ]
      : []),
    ...(line ? [segment('line', `line ${line.look}`, at([-line.to[0], -line.to[1], -line.to[2]]), at(line.to))] : []),
    ...outer.map((point, i) => dot(`ring ${i}`, 'open dwt', point, radius)),
    ...dots.map((point, i) => dot(`point ${i}`, space.hue, point, radius)),
    ...(measured ? [segment('measured', 'main dwt', at([0, 0, 0]), at(measured.to))] : []),
    ...(held.length > 1 ? [polyline('chosen line', 'line a dotted', held)] : []),
    ...held.map((point, i) => ({ ...dot(`chosen ${i}`, 'circled ink', point, radius * 2) })),
    ...placeLabels(labels, {
      font,
      bounds: { left: 0, right: width, top: 0, bottom: height },
      lines: [],
      dots: held.map((point) => around(point, radius * 2)),
    }),
  ];
}

/** Places of a label round a point. */
function round([x, y]: Point, lines: readonly string[], font: number): LabelPlace[] {
  const up = (lines.length - 1) * 1.2 * font;
  return [
    { lines, x: x + 0.9 * font, y: y + 0.35 * font - up / 2, anchor: 'start' },
    { lines, x: x - 0.9 * font, y: y + 0.35 * font - up / 2, anchor: 'end' },
    { lines, x, y: y - 0.8 * font - up, anchor: 'middle' },
    { lines, x, y: y + 1.6 * font, anchor: 'middle' },
  ];
}

function outline(key: string, look: string, corners: readonly Point[]): Mark {
  return polyline(key, look, [...corners, ...corners.slice(0, 1)]);
}

/** A filled polygon. */
function area(key: string, look: string, corners: readonly Point[]): Mark {
  const d = corners.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)},${y.toFixed(1)}`).join('');
  return { tag: 'path', key, attributes: { class: `fill ${look}`, d: `${d}Z` } };
}
