import type { Row } from '../table.mjs';
import { type Asked, split } from './asked.ts';
import { goalRow } from './goal.ts';
import type { Size } from './start.ts';

interface Found {
  readonly size: Size;
  readonly asked: Asked;
}

/** Bounds for the fused stepper: one dispatch a step, two a pack, no new buffers, 1/50 of autodiff's JavaScript. */
export function askedGoals(all: readonly Found[]): Row[] {
  return all.flatMap(({ size, asked }) => {
    const autodiff = all.find((one) => one.size === size && one.asked.name === 'tfjs autodiff')?.asked;
    if (!autodiff || !asked.name.startsWith('fused')) return [];
    const dispatches = split(asked, 'dispatches');
    return [
      goalRow(`${asked.name}: dispatches a step`, size, dispatches.step, { most: 1 }),
      goalRow(`${asked.name}: dispatches a pack beside them`, size, dispatches.pack, { most: 2 }),
      goalRow(`${asked.name}: buffers created a step`, size, split(asked, 'buffers').step, { most: 0 }),
      goalRow(
        `${asked.name}: JavaScript against tfjs autodiff`,
        size,
        autodiff.script / asked.script,
        { least: 50 },
        '×',
      ),
    ];
  });
}
