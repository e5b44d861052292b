import type { Matrix32 } from '../../../math/matrix.ts';
import type { Experiment } from '../../settings/params.ts';
import type { DataMatrix } from '../../targets/factored-matrix.ts';
import type { Refusal } from '../../targets/target.ts';
import type { LayerData, ModuleWithTarget, TargetSpectrum } from '../module.ts';
import { type MatrixProblem, type ProblemOptions, prepareProblem, type SamplesProblem } from '../problem.ts';

export interface OneModule extends ModuleWithTarget {
  readonly target: Matrix32;
  readonly targetNorm: number;
  readonly spectrum: TargetSpectrum;
  readonly data: LayerData | null;
  readonly problem: MatrixProblem | SamplesProblem;
}

export function prepareModule(
  e: Experiment,
  drawing: DataMatrix | null,
  options?: ProblemOptions,
): OneModule | Refusal {
  const problem = prepareProblem(e, drawing, options);
  if ('why' in problem) return problem;
  const [module] = problem.modules;
  const { matrix, norm, spectrum } = module.wanted;
  const data = problem.kind === 'samples' ? problem.data : null;
  return { ...module, target: matrix, targetNorm: norm, spectrum, data, problem };
}
