import { methods } from '../../experiment/methods/index.ts';
import { besideLora } from '../../experiment/settings/bounds.ts';
import { adapterOf, countsOf, placeAmongRanks } from '../../experiment/settings/counts.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { Run } from './run.ts';

/** A method beside LoRA, as a run trains it. */
export interface MethodOfRun {
  readonly label: string;
  readonly streams: { readonly A: string | null; readonly B: string };
  readonly trained: number;
  /** The rank at which LoRA trains as many numbers. */
  readonly place: number;
}

/** The method of a run, whose sizes are those of its modules once they are there; null for LoRA. */
export function methodOfRun({ ready }: Pick<Run, 'ready'>, e: Experiment): MethodOfRun | null {
  const beside = besideLora(e);
  if (!beside) return null;
  const { label, streams } = methods.byName(beside);
  if (!ready?.network)
    return { label, streams, trained: countsOf(adapterOf(e)).trained, place: placeAmongRanks(e) ?? 1 };
  const { modules } = ready;
  const shapes = modules.flatMap((module) => module.method?.shapes ?? []);
  const trained = shapes.reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  return { label, streams, trained, place: trained / modules.reduce((sum, { d, k }) => sum + d + k, 0) };
}
