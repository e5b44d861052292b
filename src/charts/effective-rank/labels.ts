import type { Size } from '../chart.ts';
import type { Scale } from '../drawing/axes.ts';
import { LEADING } from '../drawing/boxes.ts';
import { measuredStep, shownStep } from '../drawing/columns.ts';
import { type Label, type Line, placeLabels, type Spot } from '../drawing/labels.ts';
import type { Mark, Point } from '../drawing/marks.ts';
import { isLarge, type Plot } from '../drawing/plot.ts';
import { spread } from '../drawing/spread.ts';
import { count, number } from '../format.ts';
import { beforeText } from '../ghost.ts';
import type { Scene } from '../scene.ts';
import { updateName } from '../update-name.ts';
import { effectiveRankOf } from './definitions.ts';

/** What a drawing is made of once the numbers are there. */
export interface Ground {
  readonly plot: Plot;
  readonly x: Scale;
  readonly y: Scale;
  readonly top: number;
  /** Effective rank of ΔW*, of ΔW at the step on show. */
  readonly wanted: number | null;
  readonly here: number | null;
}

type Courses = readonly (readonly Point[])[];

/** Names at the ends of the references, and the value at the head of the line, which is the live read-out. */
export function effectiveRankLabels(scene: Scene, size: Size, parts: Ground, lines: Courses, pale: Courses): Mark[] {
  const { plot, x, y, top, wanted, here } = parts;
  const { font } = size;
  const edge = plot.right + 8;
  const cap = `r = ${count(scene.rank)}${scene.rank > top ? ' ▲' : ''}`;
  const ends: { key: string; line: Line; short?: string; at: number }[] = [];
  if (wanted !== null)
    ends.push({ key: 'wanted label', line: { text: `ΔW* ${number(wanted)}`, look: 'dwt strong halo' }, at: wanted });
  ends.push({ key: 'cap label', line: { text: `cap ${cap}`, look: 'ink halo' }, short: cap, at: scene.rank });
  const before = scene.ghost?.sampled.spectra.at(-1);
  if (scene.ghost && before) {
    const line = { text: beforeText(scene.ghost, scene.rank), look: 'ink-2 halo' };
    ends.push({ key: 'ghost label', line, at: effectiveRankOf(before, scene.definition) });
  }
  const heights = spread(
    ends.map((e) => y(e.at) + font * 0.35),
    LEADING * font,
    font,
    plot.bottom,
  );
  const fixed = ends.map(({ key, line, short }, i): Label => {
    const spot: Spot = { lines: [line], x: edge, y: heights[i], anchor: 'start' };
    return { key, spots: [spot], fallback: short ? [{ ...spot, lines: [{ ...line, text: short }] }] : [] };
  });
  const head = here === null ? [] : [{ key: 'head label', spots: headSpots(scene, size, parts, here) }];
  const rules: Point[][] = ends
    .filter((end) => end.key !== 'ghost label')
    .map(({ at }) => [
      [plot.left, y(at)],
      [plot.right, y(at)],
    ]);
  const bounds = { left: plot.left, right: size.width, top: 0, bottom: plot.bottom };
  const cursor: Point[] = [
    [x(shownStep(scene)), plot.top],
    [x(shownStep(scene)), plot.bottom],
  ];
  return placeLabels([...fixed, ...head], { font, bounds, lines: [...lines, ...rules], hairs: [...pale, cursor] });
}

function headSpots(scene: Scene, size: Size, { plot, x, y, top }: Ground, here: number): Spot[] {
  const { font } = size;
  const gap = isLarge(size) ? 14 : 8;
  const shown = shownStep(scene);
  const step = measuredStep(scene) ?? shown;
  const at = x(step);
  // Where the cursor stands far from what was measured last, the label says when that was.
  const when = x(shown) - at > font ? ` at step ${count(step)}` : '';
  const lines = [
    { text: `${updateName(scene)} ${here > top ? '▲ ' : ''}${number(here)}${when}`, look: 'dw strong halo' },
  ];
  const heights = [1.45, -0.7, 2.4, -1.7, 3.4, -2.7].map((away) => y(here) + away * font);
  const low = plot.bottom - font * 0.4;
  return [
    ...[...heights, low].map((h): Spot => ({ lines, x: at + gap, y: h, anchor: 'start' })),
    ...[...heights, low].map((h): Spot => ({ lines, x: at - gap, y: h, anchor: 'end' })),
  ];
}
