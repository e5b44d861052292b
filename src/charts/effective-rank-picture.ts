import { type Scale, type Tick, upright, verticalAxis } from './axes.ts';
import { LEADING } from './boxes.ts';
import type { Size } from './chart.ts';
import { measuredStep, shownStep, stepColumn, valuesOf } from './columns.ts';
import { effectiveRankOf, wantedRank } from './definitions.ts';
import { count, number, trimmed } from './format.ts';
import { beforeText } from './ghost.ts';
import { type Label, type Line, placeLabels, type Spot } from './labels.ts';
import { dot, type Mark, type Point, segment } from './marks.ts';
import { joined, type MeasuredLines, type Measurement, measuredMarks } from './measured.ts';
import { dotRadius, isLarge, type Plot } from './plot.ts';
import type { Sampled, Scene } from './scene.ts';
import { sentence } from './sentence.ts';
import { spread } from './spread.ts';
import { updateName } from './update-name.ts';

/** What a drawing is made of once the numbers are there. */
interface Parts {
  readonly plot: Plot;
  readonly x: Scale;
  readonly y: Scale;
  readonly top: number;
  /** Effective rank of ΔW*, of ΔW at the step on show. */
  readonly wanted: number | null;
  readonly here: number | null;
}

export function effectiveRankPicture(scene: Scene, size: Size): Mark[] {
  const { plot, x, axis, hover } = stepColumn(scene, size);
  if (scene.empty !== null) return [...axis, ...sentence(scene.empty, plot, size.font)];
  const { definition, rank, spectrum, target, ghost, sampled } = scene;
  const wanted = wantedRank(target, definition);
  const here = spectrum ? effectiveRankOf(spectrum, definition) : null;
  const low = topOf(scene, wanted);
  // A run that has gone beyond that (noise that it has learned) has the whole height up to its cap.
  const top = largestOf(sampled, scene) > low ? Math.max(low, HEADROOM * rank) : low;
  const y = (v: number) => plot.bottom - (Math.min(v, top) / top) * (plot.bottom - plot.top);
  const parts: Parts = { plot, x, y, top, wanted, here };
  const shown = shownStep(scene);
  const list = measurements(sampled, scene, parts);
  const [until, after] = [list.filter(({ step }) => step <= shown), list.filter(({ step }) => step > shown)];
  const last = until.at(-1);
  const run = joined(until, size.font);
  const later = joined(last && after.length > 0 ? [last, ...after] : [], size.font);
  const before = joined(ghost ? measurements(ghost.sampled, scene, parts) : [], size.font);
  return [
    ...verticalAxis(ticksOf(top, plot, size), y, plot, size),
    ...axis,
    ...(wanted === null ? [] : [segment('wanted', 'ref dwt dashed', [plot.left, y(wanted)], [plot.right, y(wanted)])]),
    ...(rank <= top ? [segment('cap', 'hair ink', [plot.left, y(rank)], [plot.right, y(rank)])] : []),
    ...measuredMarks('ghost', 'pin', 'dw pale', before, size),
    ...(later.solid.length + later.gaps.length > 0 ? measuredMarks('after', 'pin', 'dw pale', later, size) : []),
    ...measuredMarks('run', 'main', 'dw', run, size),
    upright('cursor', 'hair ink-3', x(shown), plot),
    ...hover,
    ...(last ? [dot('head', 'dw', last.at, dotRadius(size) * 1.3)] : []),
    ...labels(scene, size, parts, coursesOf(run), [...coursesOf(later), ...coursesOf(before)]),
  ];
}

/** The axis goes on a little above the cap. */
const HEADROOM = 1.06 * 1.06;

/** High enough for ΔW* and, where it is of the same order, for the cap; it does not move during a run. */
function topOf({ rank, ...sides }: Scene, wanted: number | null): number {
  const reference = wanted ?? 0;
  const cap = wanted === null ? rank : Math.min(rank, Math.max(2 * reference, Math.min(8, valuesOf(sides))));
  return Math.max(1.25, Math.max(1.06 * 1.07 * reference, HEADROOM * cap));
}

function largestOf({ spectra }: Sampled, { definition }: Scene): number {
  return spectra.reduce((largest, values) => Math.max(largest, effectiveRankOf(values, definition)), 0);
}

function ticksOf(top: number, plot: Plot, size: Size): Tick[] {
  const most = Math.max(1, (plot.bottom - plot.top) / (size.font * (isLarge(size) ? 3 : 2)));
  let step = 0.25;
  while (top / step > most) step *= 2;
  const ticks: Tick[] = [];
  for (let value = 0; value <= top; value += step) ticks.push({ value, text: trimmed(value) });
  return ticks;
}

/** One a kept frame, or every n-th where there are more than two a column. */
function measurements({ steps, spectra }: Sampled, { definition }: Scene, { x, y, plot }: Parts): Measurement[] {
  const stride = Math.max(1, Math.floor(spectra.length / (2 * (plot.right - plot.left))));
  const list: Measurement[] = [];
  for (let i = 0; i < spectra.length; i++) {
    if (i % stride === 0 || i === spectra.length - 1)
      list.push({ step: steps[i], at: [x(steps[i]), y(effectiveRankOf(spectra[i], definition))] });
  }
  return list;
}

type Courses = readonly (readonly Point[])[];

const coursesOf = ({ solid, gaps }: MeasuredLines): Courses => [...solid, ...gaps];

function labels(scene: Scene, size: Size, parts: Parts, lines: Courses, pale: Courses): Mark[] {
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

function headSpots(scene: Scene, size: Size, { plot, x, y, top }: Parts, here: number): Spot[] {
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
