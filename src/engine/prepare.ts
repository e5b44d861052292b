import { layerCache, type Problem, prepareProblem } from '../experiment/layer/problem.ts';
import type { Refusal } from '../experiment/targets/target.ts';
import type { RunMessage } from '../protocol/down.ts';
import type { ProgressMessage } from '../protocol/up.ts';

const TELL_EVERY_MS = 120;

/** The problem of a run message, with or without the singular vectors of ΔW*; why it cannot be had, a sentence. */
export type Preparation = (vectors: boolean) => Problem | Refusal;

/** Makes the matrices of run messages; keeps those that the next one may ask for again. `clock` in milliseconds. */
export function preparations(clock: () => number, tell: (progress: ProgressMessage) => void) {
  const cache = layerCache();

  return ({ run, experiment, drawing }: RunMessage): Preparation => {
    let told = clock();
    const progress = (stage: string, fraction: number) => {
      // Most preparations are over before anybody could read how far they are.
      if (clock() - told < TELL_EVERY_MS) return;
      told = clock();
      tell({ type: 'progress', run, stage, fraction });
    };
    return (vectors) => prepareProblem(experiment, drawing, { cache, progress, vectors: vectors ? undefined : false });
  };
}
