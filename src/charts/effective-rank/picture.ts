import type { Size } from '../chart.ts';
import { type Tick, upright, verticalAxis } from '../drawing/axes.ts';
import { lastStep, shownStep, stepColumn, valuesOf } from '../drawing/columns.ts';
import { dot, type Mark, segment } from '../drawing/marks.ts';
import { coursesOf, joined, type Measurement, measuredMarks } from '../drawing/measured.ts';
import { dotRadius, isLarge, type Plot } from '../drawing/plot.ts';
import { sentence } from '../drawing/sentence.ts';
import { trimmed } from '../format.ts';
import type { Sampled, Scene } from '../scene.ts';
import { effectiveRankOf, wantedRank } from './definitions.ts';
import { effectiveRankLabels, type Ground } from './labels.ts';

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
  const parts: Ground = { plot, x, y, top, wanted, here };
  const shown = shownStep(scene);
  const list = measurements(sampled, scene, parts);
  const [until, after] = [list.filter(({ step }) => step <= shown), list.filter(({ step }) => step > shown)];
  const last = until.at(-1);
  const run = joined(until, size.font);
  const later = joined(last && after.length > 0 ? [last, ...after] : [], size.font);
  const onAxis = ({ step }: Measurement) => step <= lastStep(scene);
  const before = joined(ghost ? measurements(ghost.sampled, scene, parts).filter(onAxis) : [], size.font);
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
    ...effectiveRankLabels(scene, size, parts, coursesOf(run), [...coursesOf(later), ...coursesOf(before)]),
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
function measurements({ steps, spectra }: Sampled, { definition }: Scene, { x, y, plot }: Ground): Measurement[] {
  const stride = Math.max(1, Math.floor(spectra.length / (2 * (plot.right - plot.left))));
  const list: Measurement[] = [];
  for (let i = 0; i < spectra.length; i++) {
    if (i % stride === 0 || i === spectra.length - 1)
      list.push({ step: steps[i], at: [x(steps[i]), y(effectiveRankOf(spectra[i], definition))] });
  }
  return list;
}
