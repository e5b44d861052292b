import type { PointerEvent } from 'react';
import type { RunChart, Scene } from '../../charts/chart.ts';

/** Half the width of a line for a pointer, in px. */
const REACH = 7;

/** The run whose name is below the pointer, else whose line or ring is the nearest within REACH; null if none. */
export function runAtPointer({
  target,
  currentTarget: container,
  clientX,
  clientY,
}: PointerEvent<Element>): number | null {
  const own = target instanceof Element ? target.closest('[data-run]') : null;
  if (own) return Number(own.getAttribute('data-run'));
  const { left, top } = container.getBoundingClientRect();
  const [x, y] = [clientX - left, clientY - top];
  let [nearest, run] = [REACH, null as number | null];
  for (const mark of container.querySelectorAll('[data-run]')) {
    const away = distanceTo(mark, x, y);
    if (away < nearest) [nearest, run] = [away, Number(mark.getAttribute('data-run'))];
  }
  return run;
}

/** Distance in px from a point of the picture to a line or ring. */
function distanceTo(mark: Element, x: number, y: number): number {
  const number = (name: string) => Number(mark.getAttribute(name));
  if (mark.tagName === 'circle') return Math.max(0, Math.hypot(number('cx') - x, number('cy') - y) - number('r'));
  if (mark.tagName !== 'path') return Number.POSITIVE_INFINITY;
  return distanceToOutline(mark.getAttribute('d') ?? '', x, y);
}

/** Distance in px to an outline of straight segments, "M1,2L3,4M5,6L7,8". */
export function distanceToOutline(d: string, x: number, y: number): number {
  let min = Number.POSITIVE_INFINITY;
  for (const piece of d.split('M').slice(1)) {
    let [fromX, fromY] = [Number.NaN, Number.NaN];
    for (const pair of piece.replace('Z', '').split('L')) {
      const [toX, toY] = pair.split(',').map(Number);
      min = Math.min(min, Number.isNaN(fromX) ? Math.hypot(toX - x, toY - y) : away(fromX, fromY, toX, toY, x, y));
      [fromX, fromY] = [toX, toY];
    }
  }
  return min;
}

function away(x0: number, y0: number, x1: number, y1: number, x: number, y: number): number {
  const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
  const share = length > 0 ? Math.max(0, Math.min(1, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length)) : 0;
  return Math.hypot(x0 + share * (x1 - x0) - x, y0 + share * (y1 - y0) - y);
}

/** The figures of the raised run, else the values at the cursor, else ''. */
export function readOutText(chart: RunChart, scene: Scene): string {
  const raised = scene.others.find(({ pin }) => pin && pin.id === scene.raised);
  const words = raised ? chart.ofPin?.(raised, scene) : null;
  if (raised && words) return `${raised.name}: ${words}`;
  const { at } = chart.places(scene);
  return at === null || scene.empty ? '' : chart.readout(scene, at);
}
