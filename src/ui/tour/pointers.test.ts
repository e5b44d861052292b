import { expect, it } from 'vitest';
import type { Box } from '../panels/panel-place.ts';
import { linePaths } from './pointers.tsx';

const box = (left: number, top: number, width: number, height: number): Box => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});
const word = (left: number) => box(left, 90, 20, 20);

function pieces(d: string): [number, number, number, number][] {
  const [, x0, y0] = /^M([\d.]+) ([\d.]+)/.exec(d) ?? [];
  let [x, y] = [Number(x0), Number(y0)];
  return [...d.matchAll(/([VH])([\d.]+)/g)].map(([, way, to]) => {
    const from: [number, number] = [x, y];
    if (way === 'V') y = Number(to);
    else x = Number(to);
    return [...from, x, y];
  });
}

function cross(a: readonly number[], b: readonly number[]): boolean {
  const apart = (i: 0 | 1) =>
    Math.max(a[i], a[i + 2]) < Math.min(b[i], b[i + 2]) || Math.max(b[i], b[i + 2]) < Math.min(a[i], a[i + 2]);
  return !apart(0) && !apart(1);
}

// A desk of 1440 px: B, A, ΔW and W of the second caption.
const ties = [
  { word: word(320), thing: box(558, 189, 12, 18), className: 'b', at: 'name' as const },
  { word: word(366), thing: box(614, 169, 256, 32), className: 'a', at: 'top' as const },
  { word: word(570), thing: box(614, 209, 256, 256), className: 'dw', at: 'side' as const },
  { word: word(762), thing: box(910, 209, 256, 256), className: 'ink', at: 'top' as const },
];

it('lines from the words of a caption do not cross, and end at what they name', () => {
  const paths = linePaths(ties);
  expect(paths).toHaveLength(4);
  for (const [i, one] of paths.entries())
    for (const other of paths.slice(0, i))
      for (const a of pieces(one.d))
        for (const b of pieces(other.d)) expect(cross(a, b), `${one.d} ${other.d}`).toBe(false);
  expect(paths[1].end[1]).toBe(169);
  expect(paths[2].end[0]).toBe(870);
  expect(paths[0].end).toEqual([564, 186.5]);
});
