import type { Matrix32 } from '../../math/matrix.ts';
import { inits } from '../inits/index.ts';
import type { ModuleSizes } from '../layer/module.ts';
import type { OwnShape } from '../methods/method.ts';
import { isBesideLora } from '../settings/bounds.ts';
import type { Change, Experiment } from '../settings/params.ts';
import type { Rate } from '../settings/rate.ts';

/** A and B of a weight, r × k and d × r. */
export interface ExportFactors {
  readonly A: Matrix32;
  readonly B: Matrix32;
}

export interface ExportedModule extends ModuleSizes {
  readonly initial: ExportFactors;
  readonly final: ExportFactors;
  /** A method beside LoRA, whose ΔW is a factor as a whole. */
  readonly method?: ExportedMethod;
}

/** Its own numbers at both ends, in the order of the shapes, and what stays as it is (experiment/methods/starts.ts). */
export interface ExportedMethod {
  readonly shapes: readonly OwnShape[];
  readonly initial: readonly Float32Array[];
  readonly final: readonly Float32Array[];
  readonly places?: Int32Array;
  /** lora-xs: UᵣΣᵣ and Vᵣᵀ. */
  readonly left?: Matrix32;
  readonly right?: Matrix32;
}

export interface ExportedRun {
  readonly app: string;
  readonly link: string;
  /** At step 0; later changes are in `changes`. */
  readonly experiment: Experiment;
  readonly rate: Rate;
  readonly changes: readonly Change[];
  readonly modules: readonly ExportedModule[];
  readonly losses: ArrayLike<number>;
  /** ‖ΔW − ΔW*‖/‖ΔW*‖ at the last step; null if ΔW* is unknown. */
  readonly error: number | null;
  /** Of an exercise: its author's texts; each may be empty. */
  readonly exercise?: { readonly title: string; readonly task: string; readonly goal: string };
}

/** The module of a run that has one. Throws for a run with several, which has other exports. */
export function onlyModule<M>({ modules }: { readonly modules: readonly M[] }): M {
  const [module, ...others] = modules;
  if (others.length > 0) throw new Error('This export takes a run with one matrix.');
  return module;
}

export const matrixOf = (rows: number, cols: number, data: Float32Array): Matrix32 => ({ rows, cols, data });

export const stepsMade = ({ losses }: Pick<ExportedRun, 'losses'>): number => Math.max(0, losses.length - 1);

/** Whether the initialisation has moved a part of W₀ into the adapter. */
export const hasMovedPart = ({ experiment }: Pick<ExportedRun, 'experiment'>): boolean =>
  !isBesideLora(experiment) && inits.byName(experiment.init).moves === true;
