import type { Size } from '../chart.ts';
import type { Scale } from '../drawing/axes.ts';
import { LEADING, lineBox } from '../drawing/boxes.ts';
import { shownStep } from '../drawing/columns.ts';
import { type Label, placeLabels, type Spot } from '../drawing/labels.ts';
import type { Mark, Point } from '../drawing/marks.ts';
import { isLarge, type Plot } from '../drawing/plot.ts';
import { spread } from '../drawing/spread.ts';
import { number } from '../format.ts';
import type { Scene } from '../scene.ts';
import type { GradientHeight } from './height.ts';

interface Ground {
  readonly plot: Plot;
  readonly x: Scale;
  readonly height: GradientHeight;
  /** The lines up to the step on show, and the thin ones. */
  readonly lines: readonly (readonly Point[])[];
  readonly hairs: readonly (readonly Point[])[];
}

/** The values at the heads of the lines, which are the live read-out, and the note about the exact 0. */
export function gradientLabels(scene: Scene, size: Size, ground: Ground): Mark[] {
  const { plot, lines, hairs } = ground;
  const bounds = { left: plot.left, right: size.width, top: 0, bottom: plot.bottom - 1 };
  const note = zeroNote(scene, size, ground);
  const labels = [
    ...(note ? [note] : []),
    ...headLabels(scene, size, ground, note),
    ...ghostLabels(scene, size, ground),
  ];
  return placeLabels(labels, { font: size.font, bounds, lines, hairs });
}

function headLabels(scene: Scene, size: Size, { x, height, plot }: Ground, note: Label | null): Label[] {
  const { font } = size;
  const shown = shownStep(scene);
  const values = [scene.curves.gradNormA[shown], scene.curves.gradNormB[shown]];
  const gap = isLarge(size) ? 14 : 9;
  const at = x(shown) + gap;
  const long = values.map((v, i) => `‖∂L/∂${'AB'[i]}‖ ${number(v, 2)}`);
  const short = values.map((v, i) => `${'AB'[i]} ${number(v, 2)}`);
  const fits = (texts: string[]) =>
    texts.every((text) => lineBox(text, true, at, 0, 'start', font).right <= size.width);
  const texts = fits(long) || !fits(short) ? long : short;
  // While the heads are over the note, they keep above it.
  const first = note?.spots[0];
  const over = first && lineBox(first.lines[0].text, false, first.x, 0, 'start', font).right > at - font;
  const lowest = over && first ? first.y - LEADING * font : height.zero - font * 0.25;
  const heads = spread(
    values.map((v) => height.y(v) + font * 0.35),
    LEADING * font,
    plot.top + font * 0.35,
    lowest,
  );
  return heads.map((y, i): Label => {
    const line = [{ text: texts[i], look: `${'ab'[i]} strong halo` }];
    const spots = [0, -1.2, 1.2, -2.4, 2.4].flatMap((down): Spot[] => [
      { lines: line, x: at, y: y + down * font, anchor: 'start' },
      { lines: line, x: x(shown) - gap, y: y + down * font, anchor: 'end' },
    ]);
    return { key: `label ${'ab'[i]}`, spots };
  });
}

/** Names the pale lines of the run before where they end. */
function ghostLabels({ ghost }: Scene, size: Size, { x, height }: Ground): Label[] {
  if (!ghost || ghost.curves.length === 0) return [];
  const last = ghost.curves.length - 1;
  return [ghost.curves.gradNormA[last], ghost.curves.gradNormB[last]].map((value, i): Label => {
    const lines = [{ text: `${'AB'[i]} before`, look: 'ink-2 halo' }];
    const spots = [0.35, -0.4, 1.1].map((down): Spot => {
      return { lines, x: x(last) + 8, y: height.y(value) + down * size.font, anchor: 'start' };
    });
    return { key: `ghost label ${'ab'[i]}`, spots, optional: true };
  });
}

/** What is exactly 0 at step 0, and why. */
function zeroNote({ zeroAtStart, curves }: Scene, size: Size, { x, height }: Ground): Label | null {
  const still = { A: curves.gradNormA[0] === 0, B: curves.gradNormB[0] === 0 };
  if (!still.A && !still.B) return null;
  const both = still.A && still.B;
  const look = both ? 'ink halo' : still.A ? 'a halo' : 'b halo';
  const cause = zeroAtStart === 'A' || zeroAtStart === 'B' ? `${zeroAtStart} = 0` : null;
  const texts = both
    ? ['both exactly 0: nothing can move', 'both 0: nothing moves']
    : [`exactly 0 at step 0${cause ? `, because ${cause}` : ''}`, `0 at step 0${cause ? `, since ${cause}` : ''}`];
  const y = height.zero - size.font * (both ? 1.05 : 0.45);
  const [spots, fallback = []] = (size.short ? texts.slice(1) : texts).map((text): Spot[] => [
    { lines: [{ text, look }], x: x(0) + (isLarge(size) ? 16 : 10), y, anchor: 'start' },
  ]);
  return { key: 'zero note', spots, fallback, optional: true };
}
