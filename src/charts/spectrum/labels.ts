import { range } from 'd3-array';
import { count, number } from '../../experiment/numbers.ts';
import type { Size } from '../chart.ts';
import type { Scale } from '../drawing/axes.ts';
import { heightAt, type Label, type Place } from '../drawing/labels.ts';
import type { Point } from '../drawing/marks.ts';
import { isLarge, type Plot } from '../drawing/plot.ts';
import { textWidth } from '../drawing/text-width.ts';
import { measuredStep, type Scene, shownStep, updateName, valuesOf } from '../scene.ts';

type Line = readonly Point[];

/** The lines of the chart in px. */
interface Ground {
  readonly plot: Plot;
  readonly x: Scale;
  readonly target: Line;
  readonly update: Line;
  readonly others: readonly Line[];
}

/** The labels of the spectrum, the most important first: ΔW under its line, ΔW* over its line, the rule at r. */
export function spectrumLabels(scene: Scene, size: Size, ground: Ground, { high }: { readonly high: number }): Label[] {
  const { spectrum, target, rank } = scene;
  const { font } = size;
  const { plot, x } = ground;
  const gap = isLarge(size) ? 12 : 8;
  const list: Label[] = [];
  if (spectrum) list.push(updateLabel(scene, spectrum, size, ground));
  if (spectrum && spectrum[0] > high) {
    const places = [0.95 * font, plot.top + 2 * font, plot.top + 3.2 * font].map(
      (y): Place => ({ lines: [`▲ ${number(spectrum[0])}`], x: x(1) + gap, y, anchor: 'start' }),
    );
    list.push({ key: 'clipped', look: 'dw strong', places });
  }
  if (target && target.values[0] > 0) {
    const name = target.how === 'leading' ? `ΔW*, leading ${count(target.values.length)}` : 'ΔW*, wanted';
    const lines = [size.short ? 'ΔW*' : name];
    list.push({ key: 'target label', look: 'dwt strong', places: over(lines, size, ground, target.values.length) });
  }
  if (rank < valuesOf(scene)) {
    const texts = [`nothing beyond r = ${count(rank)}`, `r = ${count(rank)}`];
    const places = texts.flatMap((text) =>
      [plot.top + font * 1.1, plot.top + font * 2.6, plot.bottom - font * 0.6].flatMap((y): Place[] => [
        { lines: [text], x: x(rank) + gap, y, anchor: 'start' },
        { lines: [text], x: x(rank) - gap, y, anchor: 'end' },
      ]),
    );
    list.push({ key: 'beyond label', look: 'ink', places });
  }
  for (const [i, line] of ground.others.entries()) {
    if (line.length === 0) continue;
    const places = under([scene.others[i].name], size, [line, ground.update, ground.target], line, plot);
    list.push({ key: `other label ${i}`, look: 'ink-2', places });
  }
  return list;
}

function updateLabel(scene: Scene, spectrum: ArrayLike<number>, size: Size, ground: Ground): Label {
  const { plot, x, update, target } = ground;
  const { font } = size;
  const name = updateName(scene);
  const common = { key: 'update label', look: 'dw strong', required: true };
  if (update.length > 0) {
    const text = `${name} at step ${count(measuredStep(scene) ?? shownStep(scene))}`;
    return { ...common, places: under([text], size, [update, target], update, plot) };
  }
  const texts =
    spectrum[0] > 0
      ? [`${name}: too small to see yet`, `${name}: too small`]
      : [`${name} = 0: no directions yet`, `${name} = 0`];
  const gap = isLarge(size) ? 12 : 8;
  const heights = [plot.top + 0.66 * (plot.bottom - plot.top), plot.bottom - font * 0.6];
  const places = texts.flatMap((text) =>
    heights.flatMap((y): Place[] => [
      { lines: [text], x: x(scene.rank) - gap, y, anchor: 'end' },
      { lines: [text], x: x(scene.rank) + gap, y, anchor: 'start' },
    ]),
  );
  return { ...common, places };
}

/** Of a long line, about so many points are tried. */
const TRIED = 24;

/**
 * Under the end of a falling line and left of it, then further up along it; where there is no room left of it, right of
 * it: just as low as all lines let it there; else over the line.
 */
function under(text: readonly string[], size: Size, lines: readonly Line[], line: Line, plot: Plot): Place[] {
  const { font } = size;
  const gap = isLarge(size) ? 12 : 8;
  const width = textWidth(text[0], font, true);
  const below = (left: number, right: number) =>
    Math.max(...[left, right].flatMap((x) => lines.filter((l) => covers(l, x)).map((l) => heightAt(l, x)))) +
    1.15 * font;
  // From the last but one value: the label then hangs in the bend, at the line but not at its very end.
  const end = line.length - 1;
  const order = [end - 1, end, ...range(end - 2, -1, -Math.ceil(line.length / TRIED))];
  const left = order
    .filter((i) => i >= 0)
    .flatMap((i): Place[] => {
      const right = line[i][0] - gap;
      return [line[i][1] + 0.4 * font, below(right - width, right)].map((y) => ({
        lines: text,
        x: right,
        y,
        anchor: 'end',
      }));
    });
  const from = line[end][0] + gap;
  const beside = [below(from, from + width), plot.bottom - 0.6 * font, line[end][1] + 1.9 * font].map((y): Place => {
    return { lines: text, x: from, y, anchor: 'start' };
  });
  const above = line
    .slice(0, TRIED)
    .map(([x, y]): Place => ({ lines: text, x: x + gap, y: y - 0.7 * font, anchor: 'start' }));
  return [...left, ...beside, ...above];
}

const covers = (line: Line, x: number) => line.length > 0 && line[0][0] <= x && x <= line[line.length - 1][0];

/** Right of and over a falling line, from its middle outwards, else over whatever is there, else under it. */
function over(text: readonly string[], size: Size, { x, target, update }: Ground, known: number): Place[] {
  const gap = isLarge(size) ? 12 : 8;
  const lines = [target, update];
  const heights = (at: number) => lines.filter((line) => covers(line, at)).map((line) => heightAt(line, at));
  const ends = [0.6, 0.5, 0.7, 0.4, 0.8, 0.3, 0.9, 0.2, 0]
    .map((share) => x(Math.round(known ** share)))
    .filter((at) => covers(target, at));
  const place = (at: number, y: number): Place => ({ lines: text, x: at + gap, y, anchor: 'start' });
  return [
    ...ends.flatMap((at) =>
      [heightAt(target, at), Math.min(...heights(at))].map((y) => place(at, y - 0.7 * size.font)),
    ),
    ...ends.map((at) => place(at, heightAt(target, at) + 1.5 * size.font)),
  ];
}
