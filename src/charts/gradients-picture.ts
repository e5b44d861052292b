import { type Scale, type Tick, upright, verticalAxis } from './axes.ts';
import type { Size } from './chart.ts';
import { newestStep, shownStep, stepColumn } from './columns.ts';
import { number, powerOfTen } from './format.ts';
import { type Label, LEADING, lineBox, placeLabels, type Spot, spread } from './labels.ts';
import { dot, type Mark, type Point, polyline, segment, square } from './marks.ts';
import { dotRadius, isLarge, type Plot } from './plot.ts';
import type { Curves, Scene } from './scene.ts';
import { sentence } from './sentence.ts';
import { trace } from './thin.ts';

/** The logarithmic part of the axis, and under it a row of its own for exact zeros, which have no logarithm. */
interface Height {
  readonly y: Scale;
  readonly zero: number;
  readonly ticks: readonly Tick[];
}

/** Decades shown at least and at most. */
const FEWEST = 3;
const MOST = 8;

export function gradientsPicture(scene: Scene, size: Size): Mark[] {
  const { plot, x, axis, hover } = stepColumn(scene, size);
  if (scene.empty !== null || scene.curves.length === 0)
    return [...axis, ...sentence(scene.empty ?? '', plot, size.font)];
  const height = heightOf(scene, plot, size);
  const { curves, ghost } = scene;
  const shown = shownStep(scene);
  const radius = dotRadius(size);
  const a: Point = [x(shown), height.y(curves.gradNormA[shown])];
  const b: Point = [x(shown), height.y(curves.gradNormB[shown])];
  const zeroA = curves.gradNormA[shown] === 0 ? ' open' : '';
  const zeroB = curves.gradNormB[shown] === 0 ? ' open' : '';
  return [
    ...verticalAxis(height.ticks, height.y, plot, size),
    ...zeroRow(height.zero, plot, size),
    ...axis,
    ...(ghost ? ghostLines(ghost.curves, x, height) : []),
    ...factorLine('b', curves.gradNormB, shown, newestStep(scene), x, height),
    ...factorLine('a', curves.gradNormA, shown, newestStep(scene), x, height),
    ...(curves.gradNormB[0] === 0 ? [square('zero b', 'open b', [x(0), height.zero], radius)] : []),
    ...(curves.gradNormA[0] === 0 ? [dot('zero a', 'open a', [x(0), height.zero], radius + 1)] : []),
    upright('cursor', 'hair ink-3', x(shown), plot),
    ...hover,
    square('head b', `b${zeroB}`, b, radius),
    dot('head a', `a${zeroA}`, a, zeroA ? radius + 1 : radius),
    ...gradientLabels(scene, size, plot, x, height),
  ];
}

/** Whole decades around everything measured so far: they only ever grow in a run, so the picture does not twitch. */
function heightOf({ curves }: Scene, plot: Plot, size: Size): Height {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const list of [curves.gradNormA, curves.gradNormB]) {
    for (let i = 0; i < curves.length; i++) {
      if (list[i] > high && list[i] < Number.POSITIVE_INFINITY) high = list[i];
      if (list[i] > 0 && list[i] < low) low = list[i];
    }
  }
  const top = Math.ceil(Math.log10(high > 0 ? high / 1.5 : 1));
  const decades = Math.min(MOST, Math.max(FEWEST, top - Math.floor(Math.log10(Math.min(low, 1e300) / 0.8))));
  const lowest = plot.bottom - size.font * 1.5;
  const zero = plot.bottom - size.font * (isLarge(size) ? 0.36 : 0.43);
  const span = Math.log(1.5 / 0.8) + decades * Math.LN10;
  const edge = 0.8 * 10 ** (top - decades);
  const y = (v: number) => {
    if (v === 0) return zero;
    const up = Math.log(Math.max(v, edge) / edge) / span;
    return lowest - Math.min(1, up) * (lowest - plot.top);
  };
  const room = ((lowest - plot.top) * Math.LN10) / span;
  const stride = Math.ceil((1.1 * size.font) / room);
  const ticks: Tick[] = [];
  for (let e = top; e >= top - decades; e -= stride) {
    if (y(10 ** e) < zero - size.font * 0.95) ticks.push({ value: 10 ** e, text: powerOfTen(e) });
  }
  return { y, zero, ticks };
}

function zeroRow(zero: number, plot: Plot, size: Size): Mark[] {
  const [row, label] = verticalAxis([{ value: 0, text: '0' }], () => zero, plot, size);
  return [{ ...row, attributes: { ...row.attributes, class: 'stroke hair rule broken' } }, label];
}

/** One factor's line up to the step on show, pale beyond it; the jump from an exact 0 is dotted. */
function factorLine(
  factor: 'a' | 'b',
  norms: ArrayLike<number>,
  shown: number,
  newest: number,
  x: Scale,
  { y, zero }: Height,
): Mark[] {
  let start = 0;
  while (start < newest && norms[start] === 0) start++;
  const marks: Mark[] = [];
  const at = Math.max(start, Math.min(shown, newest));
  if (newest > at) marks.push(polyline(`${factor} after`, `pin ${factor} pale`, trace(norms, at, newest, x, y)));
  // Both lines can lie in the zero row: drawn a little apart, both are seen.
  const row = zero + (factor === 'a' ? -1.5 : 1.5);
  const still = Math.min(start - 1, shown);
  if (still > 0) marks.push(segment(`${factor} zero`, `line ${factor}`, [x(0), row], [x(still), row]));
  if (norms[newest] === 0 && start === newest) return marks;
  if (start > 0 && shown >= start)
    marks.push(segment(`${factor} jump`, `line ${factor} jump`, [x(start - 1), zero], [x(start), y(norms[start])]));
  if (shown >= start) marks.push(polyline(factor, `line ${factor}`, trace(norms, start, shown, x, y)));
  return marks;
}

function ghostLines(curves: Curves, x: Scale, { y }: Height): Mark[] {
  const last = curves.length - 1;
  return (['b', 'a'] as const).map((factor) => {
    const norms = factor === 'a' ? curves.gradNormA : curves.gradNormB;
    const from = norms[0] === 0 ? 1 : 0;
    return polyline(`ghost ${factor}`, `pin ${factor} pale`, trace(norms, from, last, x, y));
  });
}

function gradientLabels(scene: Scene, size: Size, plot: Plot, x: Scale, height: Height): Mark[] {
  const { curves } = scene;
  const { font } = size;
  const shown = shownStep(scene);
  const note = zeroNote(scene, size, x, height);
  const values = [curves.gradNormA[shown], curves.gradNormB[shown]];
  const gap = isLarge(size) ? 14 : 9;
  const long = values.map((v, i) => `‖∂L/∂${'AB'[i]}‖ ${number(v, 2)}`);
  const short = values.map((v, i) => `${'AB'[i]} ${number(v, 2)}`);
  const bounds = { left: plot.left, right: size.width, top: 0, bottom: plot.bottom - 1 };
  const at = x(shown) + gap;
  const fits = (texts: string[]) =>
    texts.every((text) => lineBox(text, true, at, 0, 'start', font).right <= bounds.right);
  const right = fits(long) || fits(short);
  const texts = fits(long) ? long : short;
  const place = right ? { x: at, anchor: 'start' as const } : { x: x(shown) - gap, anchor: 'end' as const };
  // While the heads are over the note about the exact 0, they keep above it.
  const first = note?.spots[0];
  const over = first && lineBox(first.lines[0].text, false, first.x, first.y, 'start', font).right > at - font;
  const lowest = (over && first ? first.y - LEADING * font : height.zero) - font * 0.25;
  const heads = spread(
    values.map((v) => height.y(v) + font * 0.35),
    LEADING * font,
    font,
    lowest,
  );
  const labels = heads.map((y, i): Label => {
    const lines = [{ text: texts[i], look: `${'ab'[i]} strong halo` }];
    return { key: `label ${'ab'[i]}`, spots: [{ lines, y, ...place }] };
  });
  return placeLabels([...labels, ...(note ? [note] : [])], { font, bounds, lines: [] });
}

/** What is exactly 0 at step 0, and why. */
function zeroNote({ zeroAtStart, curves }: Scene, size: Size, x: Scale, { zero }: Height): Label | null {
  const still = { A: curves.gradNormA[0] === 0, B: curves.gradNormB[0] === 0 };
  if (!still.A && !still.B) return null;
  const both = still.A && still.B;
  const look = both ? 'ink halo' : still.A ? 'a halo' : 'b halo';
  const cause = zeroAtStart === 'A' || zeroAtStart === 'B' ? `${zeroAtStart} = 0` : null;
  const because = cause ? `, because ${cause}` : '';
  const since = cause ? `, since ${cause}` : '';
  const texts = both
    ? ['both exactly 0: nothing can move', 'both 0: nothing moves']
    : [`exactly 0 at step 0${because}`, `0 at step 0${since}`];
  const gap = isLarge(size) ? 16 : 10;
  const spots = (size.short ? texts.slice(1) : texts).map(
    (text): Spot => ({ lines: [{ text, look }], x: x(0) + gap, y: zero - size.font * 0.45, anchor: 'start' }),
  );
  return { key: 'zero note', spots, optional: true };
}
