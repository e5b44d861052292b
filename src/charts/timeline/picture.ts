import type { Size } from '../chart.ts';
import { type Scale, stepScale, verticalAxis } from '../drawing/axes.ts';
import { hoveredStep, lastStep, newestStep, shownStep } from '../drawing/columns.ts';
import { type Label, placeLabels, type Spot } from '../drawing/labels.ts';
import { box, type Mark, type Point, polyline, segment } from '../drawing/marks.ts';
import { isLarge, type Plot, plotOf } from '../drawing/plot.ts';
import { trace } from '../drawing/trace.ts';
import { errorOf, floorOf } from '../error/values.ts';
import { number } from '../format.ts';
import { beforeText } from '../ghost.ts';
import type { Scene } from '../scene.ts';

/** The knob of the cursor, in px: wide enough to be seen as one, its target is the whole timeline. */
const KNOB = { width: 10, height: 16 };

export function timelinePicture(scene: Scene, size: Size): Mark[] {
  const scale = isLarge(size) ? 2 : 1;
  const plot: Plot = { ...plotOf(size, 'step'), top: 4 * scale, bottom: size.height - 8 * scale };
  const x = stepScale(plot, lastStep(scene));
  const y = (v: number) => plot.bottom - Math.min(1, v) * (plot.bottom - plot.top);
  const shown = shownStep(scene);
  const { curves, ghost } = scene;
  const floor = floorOf(scene);
  const run = curves.length > 0 ? trace(curves.relativeError, 0, shown, x, y) : [];
  const after = curves.length > 0 ? trace(curves.relativeError, shown, newestStep(scene), x, y) : [];
  const before = ghost ? trace(ghost.curves.relativeError, 0, ghost.curves.length - 1, x, y) : [];
  const ticks = [0, 1].map((value) => ({ value, text: String(value) }));
  const at = x(shown);
  return [
    ...verticalAxis(ticks, y, plot, size).filter((mark) => mark.tag === 'text'),
    segment('axis', 'hair axis', [plot.left, plot.bottom], [plot.right, plot.bottom]),
    ...(floor === null ? [] : [segment('floor', 'ref dwt dashed', [plot.left, y(floor)], [plot.right, y(floor)])]),
    polyline('ghost', 'pin dw pale', before),
    ...(after.length > 1 ? [polyline('after', 'pin dw pale', after)] : []),
    polyline('run', 'line dw', run),
    ...hoveredStep(scene, x, plot),
    ...(curves.length > 0 ? cursor(at, plot, size, scale) : []),
    ...timelineLabels(scene, size, plot, x, y, [run, after, before], floor),
  ];
}

function cursor(x: number, plot: Plot, size: Size, scale: number): Mark[] {
  const width = KNOB.width * scale;
  const height = KNOB.height * scale;
  return [
    segment('cursor', 'hair ink-3', [x, 0], [x, size.height]),
    box('knob', 'ink', x - width / 2, plot.bottom - height / 2, width, height, 2 * scale),
  ];
}

function timelineLabels(
  scene: Scene,
  size: Size,
  plot: Plot,
  x: Scale,
  y: Scale,
  lines: readonly (readonly Point[])[],
  floor: number | null,
): Mark[] {
  const { font } = size;
  const labels: Label[] = [];
  const error = errorOf(scene);
  if (floor !== null) {
    const text = [{ text: `floor ${number(floor)}`, look: 'dwt strong halo' }];
    const low = Math.min(y(floor) + font * 0.35, size.height - font * 0.3);
    labels.push({ key: 'floor label', spots: [{ lines: text, x: plot.right + 8, y: low, anchor: 'start' }] });
  }
  if (error !== null) {
    const at = x(shownStep(scene));
    const texts = [`relative error ${number(error)}`, `error ${number(error)}`].map((text) => [
      { text, look: 'dw strong halo' },
    ]);
    const rows = [y(0.84) + 3, y(0.5) + 3, y(0.2) + 3];
    const spots = (size.short ? texts.slice(1) : texts).flatMap((text) =>
      rows.flatMap((h): Spot[] => [
        { lines: text, x: at + 9, y: h, anchor: 'start' },
        { lines: text, x: at - 12, y: h, anchor: 'end' },
      ]),
    );
    labels.push({ key: 'error label', spots });
  }
  const end = lines[2].at(-1);
  if (scene.ghost && end) {
    const text = [{ text: beforeText(scene.ghost, scene.rank), look: 'ink-2 halo' }];
    const spots = [0.35, -0.9].map((down): Spot => {
      return { lines: text, x: plot.right + 8, y: end[1] + down * font, anchor: 'start' };
    });
    labels.push({ key: 'ghost label', spots, optional: true });
  }
  const bounds = { left: plot.left, right: size.width, top: -2, bottom: size.height };
  const rule: Point[] =
    floor === null
      ? []
      : [
          [plot.left, y(floor)],
          [plot.right, y(floor)],
        ];
  return placeLabels(labels, { font, bounds, lines: [lines[0], rule], hairs: lines.slice(1) });
}
