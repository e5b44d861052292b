import type { Factors } from '../../engine/steppers/stepper.ts';
import { scaledRows } from '../../experiment/inits/triplets.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { scalingOf } from '../../experiment/settings/rate.ts';
import { targets } from '../../experiment/targets/index.ts';
import { adaptedLayers } from '../../experiment/targets/target.ts';
import type { AnyMatrix } from '../../math/matrix.ts';
import { leadingProductSvd } from '../../math/spectral/product-svd.ts';

/** A module of a file: B d × r and A r × k without s. */
export interface FileFactors {
  readonly name: string;
  readonly rank: number;
  readonly s: number;
  readonly A: AnyMatrix;
  readonly B: AnyMatrix;
}

/**
 * The factors of a file as those of a run with these settings: the run's own rank in each matrix and its s, which B
 * makes up for; zeros for a matrix that the file does not adapt. A rank above min(d, k), as of a start that has moved a
 * part of W₀, is cut to it, which loses nothing.
 */
export function runFactors(e: Experiment, file: readonly FileFactors[]): readonly Factors[] {
  const target = targets.byName(e.target);
  if (target.kind !== 'network') return [];
  return adaptedLayers(target, e.modules).map(({ name, d, k }): Factors => {
    const rank = Math.min(e.rank, d, k);
    const pair = { A: new Float32Array(rank * k), B: new Float32Array(d * rank) };
    const module = file.find((one) => one.name === name);
    if (!module) return pair;
    const { A, B, scale } = fitted(module, rank);
    const s = scale / scalingOf({ ...e, rank });
    pair.A.set(A.data);
    for (let i = 0; i < d; i++) for (let r = 0; r < B.cols; r++) pair.B[i * rank + r] = s * B.data[i * B.cols + r];
    return pair;
  });
}

function fitted({ rank: own, s, A, B }: FileFactors, rank: number) {
  if (own <= rank) return { A, B, scale: s };
  const { U, S, V } = leadingProductSvd(B, A, s, rank);
  return { A: scaledRows(V, S), B: U, scale: 1 };
}
