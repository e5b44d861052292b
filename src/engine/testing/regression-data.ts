import { residualLabels } from '../../experiment/regression/loss.ts';
import type { SampleSet } from '../../experiment/regression/samples.ts';
import { type Matrix32, toFloat32, transpose } from '../../math/matrix.ts';
import type { RegressionTask } from '../tasks/regression.ts';

/** Inputs and Y′ = Y − W·X sample by sample, for the frozen W (d × k). Y′ is formed in float64, rounded once. */
export function regressionData(W: Matrix32, samples: SampleSet): Pick<RegressionTask, 'inputs' | 'labels'> {
  return {
    inputs: transpose(samples.X).data,
    labels: transpose(toFloat32(residualLabels(W, samples))).data,
  };
}
