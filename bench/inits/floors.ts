import { productTarget } from '../../src/experiment/layer/problem.ts';
import type { OneModule } from '../../src/experiment/layer/testing/one-module.ts';
import { projectOnRowSpace, rowSpace, trainingFloors } from '../../src/experiment/regression/floors.ts';
import { residualLabels } from '../../src/experiment/regression/loss.ts';
import { thinQr } from '../../src/math/factor/qr.ts';
import { frobenius, multiply, subtract, toFloat64, transpose } from '../../src/math/matrix.ts';
import { singularValues } from '../../src/math/spectral/singular-values.ts';
import { errorAtRank } from '../../src/math/spectral/spectra.ts';
import { lossAtZero } from './train.ts';

/**
 * Floors of the loss over that at ΔW = 0. `rank`: of any ΔW of the initialisation's rank, r, or 2r if part of W₀ has
 * moved. `start`: of the ΔW in its reach, where s·B·A of rank r has to give back what it took.
 */
export interface Floors {
  readonly rank: number;
  readonly start: number;
}

export function floorsOf(layer: OneModule): Floors {
  const { rank, moved, base, target, data, frozenFactor, B } = layer;
  const unit = lossAtZero(layer);
  const most = Math.min(moved ? 2 * rank : rank, layer.d, layer.k);
  if (data) {
    const any = trainingFloors(projectOnRowSpace(residualLabels(base, data), rowSpace(data.X)), data.X.rows)[most];
    const own = data.floors.training;
    return { rank: (frozenFactor ? own : any) / unit, start: own / unit };
  }
  if (frozenFactor === 'B') {
    const { Q } = thinQr(B);
    const left = 0.5 * frobenius(subtract(target, multiply(Q, multiply(transpose(Q), toFloat64(target))))) ** 2;
    return { rank: left / unit, start: left / unit };
  }
  const half = (m: OneModule['target'], r: number) => 0.5 * errorAtRank(singularValues(m))[r] ** 2;
  return { rank: half(target, most) / unit, start: half(productTarget(layer), rank) / unit };
}
