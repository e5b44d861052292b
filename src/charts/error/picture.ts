import { percent, trimmed } from '../../experiment/numbers.ts';
import type { Size } from '../chart.ts';
import { fitting, heightScale, ROW, type Scale, type Tick, tickRow, upright, verticalAxis } from '../drawing/axes.ts';
import { rankColumn, spaced } from '../drawing/columns.ts';
import { hatch } from '../drawing/hatch.ts';
import { around, placeLabels } from '../drawing/labels.ts';
import { dot, type Mark, type Point, polyline } from '../drawing/marks.ts';
import { dotRadius, isLarge } from '../drawing/plot.ts';
import { sentence } from '../drawing/sentence.ts';
import { otherLook, type Scene, valuesOf } from '../scene.ts';
import { errorLabels } from './labels.ts';
import { boundReach, breakEven, errorOf, floorAt, lastError, TOP } from './values.ts';

export function errorPicture(scene: Scene, size: Size): Mark[] {
  const second = !isLarge(size) && (!size.short || size.height >= 190);
  const { plot, x, ticks, axis, hover } = rankColumn(scene, size, 'rank i', second ? 14 : 0);
  const percents = ticks.map((tick): Tick => {
    const part = tick.value / breakEven(scene);
    // The run's own share has the digits that it has elsewhere on the page; there is no room for more than one below 1 %.
    return { ...tick, text: tick.strong && part >= 0.01 ? `${trimmed(100 * part)} %` : percent(part) };
  });
  const share = fitting(
    [...percents].sort((a, b) => Number(b.strong ?? false) - Number(a.strong ?? false)),
    x,
    size.font,
    0.6 * size.font,
  );
  const rows = second
    ? [
        ...axis,
        ...tickRow('share', size.short ? '% dk' : '% of dk', share, x, plot, size, {
          below: 4 + size.font * (ROW + 1.1),
          look: 'small',
          strong: 'small ink',
        }),
      ]
    : axis;
  if (scene.empty !== null) return [...rows, ...sentence(scene.empty, plot, size.font)];
  const y = heightScale(plot, TOP);
  const n = valuesOf(scene);
  const floor: Point[] = [];
  for (const i of spaced(n, x)) {
    const value = floorAt(scene, i);
    if (value !== null) floor.push([x(i), y(value)]);
  }
  const error = errorOf(scene);
  const radius = dotRadius(size);
  const even = breakEven(scene);
  const onAxis = even >= 1 && even <= n;
  const here = error === null ? null : y(error);
  const others = scene.others.map((other) => otherPoint(other, scene, x, y));
  const bound = boundLine(scene, x, y);
  const run: Point[] = here === null ? [] : line(x(scene.rank), y(1), here);
  const room = {
    font: size.font,
    bounds: { left: plot.left, right: plot.right + size.font * 0.6, top: 0, bottom: plot.bottom - 1 },
    lines: [floor, bound],
    dots: [...run.slice(1), ...others.filter((at) => at !== null)].map((at) => around(at, radius * 1.3)),
    uprights: [x(scene.rank), ...(onAxis ? [x(even)] : [])],
  };
  return [
    hatch('unreachable', floor, plot.bottom),
    ...verticalAxis(
      [0, 0.5, 1].map((value) => ({ value, text: trimmed(value) })),
      y,
      plot,
      size,
    ),
    ...rows,
    upright('rank', 'hair ink', x(scene.rank), plot),
    ...(onAxis ? [upright('even', 'hair axis sparse', x(even), plot)] : []),
    polyline('floor', 'line dwt dashed', floor),
    ...(bound.length > 0 ? [polyline('bound', 'ref dwt', bound)] : []),
    ...others.flatMap((at, i) =>
      at ? [dot(`other ${i}`, `open ${otherLook('dw', scene.others[i])}`, at, radius + 1)] : [],
    ),
    ...(run.length > 0 ? [polyline('run', 'main dw', run), dot('here', 'dw', run[1], radius * 1.7)] : []),
    ...hover,
    ...placeLabels(errorLabels(scene, size, { plot, x, y, others }), room),
  ];
}

/** Where a run reaches below the floor of its rank, or not down to it: how far it can come. */
function boundLine(scene: Scene, x: Scale, y: Scale): Point[] {
  const reach = boundReach(scene, x);
  if (!reach) return [];
  return [
    [reach.from, y(reach.value)],
    [reach.to, y(reach.value)],
  ];
}

/** An upright line from one height to another. */
const line = (x: number, from: number, to: number): Point[] => [
  [x, from],
  [x, to],
];

/** The ring of another run; null where it has no place on the axis. */
function otherPoint(other: Scene['others'][number], scene: Scene, x: Scale, y: Scale): Point | null {
  const last = lastError(other);
  return last !== undefined && Number.isFinite(last) && other.rank <= valuesOf(scene) ? [x(other.rank), y(last)] : null;
}
