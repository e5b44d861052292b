import { type Scale, tickRow, upright, uprightPoints, verticalAxis } from './axes.ts';
import type { Size } from './chart.ts';
import { rankColumn, shownStep, valuesOf } from './columns.ts';
import { count, number, percent, trimmed } from './format.ts';
import { hatch } from './hatch.ts';
import { type Label, type Line, placeLabels, type Spot } from './labels.ts';
import { dot, type Mark, type Point, polyline, segment } from './marks.ts';
import { dotRadius, isLarge, type Plot } from './plot.ts';
import type { Scene } from './scene.ts';
import { sentence } from './sentence.ts';

/** A little more than 1, where a run that has learned nothing stands. */
const TOP = 1.04;

/** Rank above which LoRA trains more numbers than full fine-tuning: dk/(d + k). */
export const breakEven = ({ d, k }: Pick<Scene, 'd' | 'k'>) => (d * k) / (d + k);

/** The relative error at the step on show; null before there is one. */
export function errorOf(scene: Scene): number | null {
  const value = scene.curves.relativeError[shownStep(scene)];
  return scene.curves.length > 0 && value !== undefined && !Number.isNaN(value) ? value : null;
}

export function errorPicture(scene: Scene, size: Size): Mark[] {
  const second = !isLarge(size) && (!size.short || size.height >= 190);
  const { plot, x, ticks, axis, hover } = rankColumn(scene, size, 'rank i', second ? 14 : 0);
  const share = ticks.map((t) => ({ ...t, text: percent(t.value / breakEven(scene)) }));
  const rows = second ? [...axis, ...tickRow('share', '% of dk', share, x, plot, size, 4 + size.font * 2.1)] : axis;
  if (scene.empty !== null) return [...rows, ...sentence(scene.empty, plot, size.font)];
  const y = (v: number) => plot.bottom - (Math.min(v, TOP) / TOP) * (plot.bottom - plot.top);
  const n = valuesOf(scene);
  const floor: Point[] = [];
  for (let i = 1; scene.target && i <= n; i++) floor.push([x(i), y(scene.target.floor[i] ?? 0)]);
  const error = errorOf(scene);
  const radius = dotRadius(size);
  const even = breakEven(scene);
  const here = error === null ? null : y(error);
  const ghost = ghostPoint(scene, x, y);
  const run: Point[] =
    here === null
      ? []
      : [
          [x(scene.rank), y(1)],
          [x(scene.rank), here],
        ];
  const room = {
    font: size.font,
    bounds: { left: plot.left, right: plot.right + size.font * 0.6, top: 0, bottom: plot.bottom - 1 },
    lines: [floor, uprightPoints(x(scene.rank), plot), ...(even >= 1 ? [uprightPoints(x(even), plot)] : [])],
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
    ...(even >= 1 ? [upright('even', 'hair axis dotted', x(even), plot)] : []),
    polyline('floor', 'line dwt dashed', floor),
    ...(ghost ? [dot('ghost', 'open dw', ghost, radius + 1)] : []),
    ...(here === null ? [] : [segment('run', 'main dw', run[0], run[1]), dot('here', 'dw', run[1], radius * 1.7)]),
    ...hover,
    ...placeLabels(labels(scene, size, plot, x, y, ghost), room),
  ];
}

function ghostPoint({ ghost, d, k }: Scene, x: Scale, y: Scale): Point | null {
  if (!ghost || ghost.curves.length === 0 || ghost.rank > Math.min(d, k)) return null;
  const last = ghost.curves.relativeError[ghost.curves.length - 1];
  return Number.isFinite(last) ? [x(ghost.rank), y(last)] : null;
}

function labels(scene: Scene, size: Size, plot: Plot, x: Scale, y: Scale, ghost: Point | null): Label[] {
  const { font } = size;
  const { rank } = scene;
  const list: Label[] = [];
  const error = errorOf(scene);
  if (error !== null) {
    const value = error > TOP ? `▲ ${number(error)}` : number(error);
    const lines = [{ text: `this run ${value}`, look: 'dw strong halo' }];
    const short = [{ text: value, look: 'dw strong halo' }];
    list.push({
      key: 'run label',
      spots: beside(x(rank), y(Math.min(error, 1)), isLarge(size) ? 16 : 9, [lines, short]),
    });
  }
  const floor: Line = { text: 'Eckart–Young floor', look: 'dwt strong halo' };
  const meaning: Line = { text: 'nothing of rank i is closer', look: 'dwt halo' };
  const tall = y(0) - y(1) > font * 6;
  if (scene.target) {
    const two = [{ ...floor, text: `${floor.text}:` }, meaning];
    const spots = (lines: readonly Line[], up: number): Spot[] => [
      { lines, x: x(1) + 6, y: y(0) - font * up, anchor: 'start' },
      { lines, x: (x(1) + plot.right) / 2, y: y(0) - font * up, anchor: 'middle' },
      { lines, x: x(1) + 6, y: y(0.5) - font * up, anchor: 'start' },
      { lines, x: plot.right - 6, y: y(0.55) - font * up, anchor: 'end' },
      { lines, x: plot.right - 6, y: y(0) - font * up, anchor: 'end' },
    ];
    const one = [floor];
    list.push({ key: 'floor label', spots: [...(tall ? spots(two, 1.75) : []), ...spots(one, 0.5)], optional: true });
  }
  list.push({ key: 'even label', spots: evenSpots(scene, size, x, y), optional: true });
  if (ghost && scene.ghost) {
    const text = scene.ghost.rank === rank ? 'before' : `before, r = ${count(scene.ghost.rank)}`;
    const lines = [{ text, look: 'ink-2 halo' }];
    list.push({ key: 'ghost label', spots: beside(ghost[0], ghost[1] - font * 0.6, 9, [lines]), optional: true });
  }
  return list;

  function beside(px: number, py: number, gap: number, texts: readonly (readonly Line[])[]): Spot[] {
    return texts.flatMap((lines) => [
      { lines, x: px + gap, y: py - 1, anchor: 'start' as const },
      { lines, x: px - gap, y: py - font, anchor: 'end' as const },
      { lines, x: px + gap, y: py - font, anchor: 'start' as const },
      { lines, x: px - gap, y: py - 1, anchor: 'end' as const },
      { lines, x: px + gap, y: py + font * 1.3, anchor: 'start' as const },
    ]);
  }
}

function evenSpots(scene: Scene, size: Size, x: Scale, y: Scale): Spot[] {
  const even = breakEven(scene);
  const { font } = size;
  const value = trimmed(even);
  if (even < 1) {
    const lines = [{ text: `r* = ${value}: always more than dk`, look: 'ink-2 halo' }];
    return [{ lines, x: x(1) + font * 2, y: y(0.86), anchor: 'start' }];
  }
  const long: Line = { text: `break-even r* = ${value}`, look: 'ink-2 halo' };
  const beyond: Line = { text: 'beyond: more than dk', look: 'ink-3 halo' };
  const short: Line = { text: `r* = ${value}`, look: 'ink-2 halo' };
  const texts = size.short ? [[short]] : [[long, beyond], [long], [short]];
  const gap = isLarge(size) ? 10 : 5;
  return texts.flatMap((lines) =>
    [y(0.86), y(0.7), y(0.5)].flatMap((at) => [
      { lines, x: x(even) - gap, y: at, anchor: 'end' as const },
      { lines, x: x(even) + gap, y: at, anchor: 'start' as const },
    ]),
  );
}
