import type { Size } from '../chart.ts';
import type { Scale } from '../drawing/axes.ts';
import { measuredStep, shownStep, valuesOf } from '../drawing/columns.ts';
import type { Label, Line, Spot } from '../drawing/labels.ts';
import { isLarge, type Plot } from '../drawing/plot.ts';
import { count, number } from '../format.ts';
import { beforeText } from '../ghost.ts';
import type { Scene } from '../scene.ts';
import { updateName } from '../update-name.ts';

/** Where singular values stand: px of a value, and the values at the edges of the plot. */
export interface Height {
  readonly low: number;
  readonly high: number;
  readonly y: Scale;
}

/** The places that labels are sought in. */
interface Ground {
  readonly x: Scale;
  readonly y: Scale;
  readonly plot: Plot;
  readonly font: number;
  readonly gap: number;
}

/** The labels of the spectrum, the most important first. */
export function spectrumLabels(scene: Scene, size: Size, plot: Plot, x: Scale, height: Height): Label[] {
  const { spectrum, target, ghost, rank } = scene;
  const ground: Ground = {
    x,
    y: (v) => height.y(Math.min(height.high, v)),
    plot,
    font: size.font,
    gap: isLarge(size) ? 12 : 8,
  };
  const seen = (values: ArrayLike<number>, most: number) => {
    let n = 0;
    while (n < Math.min(values.length, most) && values[n] >= height.low) n++;
    return n;
  };
  const list: Label[] = [];
  if (spectrum) list.push(updateLabel(scene, spectrum, seen(spectrum, rank), ground));
  if (spectrum && spectrum[0] > height.high) list.push(clippedLabel(spectrum[0], ground));
  if (target && target.values[0] > 0) {
    const name = target.how === 'leading' ? `ΔW*, leading ${count(target.values.length)}` : 'ΔW*, wanted';
    const lines = [{ text: size.short ? 'ΔW*' : name, look: 'dwt strong halo' }];
    list.push({ key: 'target label', spots: over(target.values, seen(target.values, valuesOf(scene)), lines, ground) });
  }
  if (rank < valuesOf(scene)) list.push(beyondLabel(rank, ground));
  const before = ghost?.sampled.spectra.at(-1);
  if (ghost && before && before[0] >= height.low) {
    const lines = [{ text: beforeText(ghost, rank), look: 'ink-2 halo' }];
    list.push({ key: 'ghost label', spots: under(before, seen(before, ghost.rank), lines, ground), optional: true });
  }
  return list;
}

function updateLabel(scene: Scene, spectrum: ArrayLike<number>, seen: number, ground: Ground): Label {
  const name = updateName(scene);
  const none = spectrum[0] > 0 ? `${name}: too small to see yet` : `${name} = 0: no directions yet`;
  const lines = [
    {
      text: seen > 0 ? `${name} at step ${count(measuredStep(scene) ?? shownStep(scene))}` : none,
      look: 'dw strong halo',
    },
  ];
  if (seen > 0) return { key: 'update label', spots: under(spectrum, seen, lines, ground) };
  const short = [{ text: spectrum[0] > 0 ? `${name}: too small` : `${name} = 0`, look: 'dw strong halo' }];
  const [spots, fallback] = [lines, short].map((text) => besideRule(scene.rank, text, ground));
  return { key: 'update label', spots, fallback };
}

/** What is above the top edge. */
function clippedLabel(largest: number, { x, plot, font, gap }: Ground): Label {
  const lines = [{ text: `▲ ${number(largest)}`, look: 'dw strong halo' }];
  const at = (y: number): Spot => ({ lines, x: x(1) + gap, y, anchor: 'start' });
  return { key: 'clipped', spots: [at(font * 0.95), at(plot.top + 2 * font), at(plot.top + 3.2 * font)] };
}

function beyondLabel(rank: number, { x, plot, font, gap }: Ground): Label {
  const texts = [`nothing beyond r = ${count(rank)}`, `r = ${count(rank)}`];
  const [spots, fallback] = texts.map((text) => {
    const lines = [{ text, look: 'ink halo' }];
    return [plot.top + font * 1.1, plot.top + font * 2.6, plot.bottom - font * 0.6].flatMap((y): Spot[] => [
      { lines, x: x(rank) + gap, y, anchor: 'start' },
      { lines, x: x(rank) - gap, y, anchor: 'end' },
    ]);
  });
  return { key: 'beyond label', spots, fallback, optional: true };
}

/** Left of and under the end of a falling line, then further up along it; else right of its end. */
function under(
  values: ArrayLike<number>,
  seen: number,
  lines: readonly Line[],
  { x, y, plot, font, gap }: Ground,
): Spot[] {
  const left: Spot[] = [];
  // From the last but one value: the label then hangs in the bend, at the line but not at its very end.
  const order = [seen - 2, seen - 1, ...Array.from({ length: Math.max(0, seen - 2) }, (_, i) => seen - 3 - i)];
  for (const i of order.filter((at) => at >= 0)) {
    for (const down of [0.4, 1.2, 2])
      left.push({ lines, x: x(i + 1) - gap, y: y(values[i]) + down * font, anchor: 'end' });
  }
  const last = y(values[seen - 1]);
  const right = [1.9, 2.6, 3.4, 4.2].map((down): Spot => {
    return { lines, x: x(seen) + gap, y: last + down * font, anchor: 'start' };
  });
  const low = plot.bottom - font * 0.6;
  return [...left, ...right, ...[left[0], right[0]].map((spot) => ({ ...spot, y: low }))];
}

/** Right of and over a falling line, from its middle outwards; else under it. */
function over(values: ArrayLike<number>, seen: number, lines: readonly Line[], { x, y, font, gap }: Ground): Spot[] {
  const order = [0.6, 0.5, 0.7, 0.4, 0.8, 0.3, 0.9, 0.2, 0].map((share) => Math.round(values.length ** share));
  const spots = [...new Set(order)]
    .filter((i) => i <= seen)
    .map((i): Spot => ({ lines, x: x(i) + gap, y: y(values[i - 1]) - font * 0.7, anchor: 'start' }));
  return [...spots, ...spots.map((spot) => ({ ...spot, y: spot.y + font * 2.2 }))];
}

function besideRule(rank: number, lines: readonly Line[], { x, plot, font, gap }: Ground): Spot[] {
  const middle = plot.top + 0.66 * (plot.bottom - plot.top);
  const low = plot.bottom - font * 0.6;
  return [middle, low].flatMap((y): Spot[] => [
    { lines, x: x(rank) - gap, y, anchor: 'end' },
    { lines, x: x(rank) + gap, y, anchor: 'start' },
  ]);
}
