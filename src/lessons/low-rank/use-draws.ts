import { useEffect, useState } from 'react';
import { errorsInSubspace, SEEDS, type Task } from './subspaces.ts';

export type Draws = readonly Float64Array[];

/** The draws with one more, until there is one for each seed. */
export const withNext = (task: Task, draws: Draws): Draws =>
  draws.length < SEEDS.length ? [...draws, errorsInSubspace(task, SEEDS[draws.length])] : draws;

/** What was drawn so far: the figure stands in several steps, and a draw takes about ten milliseconds. */
const made = new Map<Task, Draws>();

/** The draws of a task: the first at once, the others in a frame each. */
export function useDraws(task: Task): Draws {
  const [, show] = useState<Draws>([]);
  const draws = made.get(task) ?? withNext(task, []);
  made.set(task, draws);
  useEffect(() => {
    if (draws.length === SEEDS.length) return;
    const frame = requestAnimationFrame(() => {
      const more = withNext(task, draws);
      made.set(task, more);
      show(more);
    });
    return () => cancelAnimationFrame(frame);
  }, [task, draws]);
  return draws;
}
