import type { Matrix32 } from '../../../math/matrix.ts';
import { throughNf4 } from '../../../math/nf4.ts';
import { toBfloat16 } from '../merging.ts';

/** A merged weight: ‖W − (W₀ + ΔW*)‖_F and its distance from Q + ΔW, which was trained, as shares of ‖ΔW*‖_F. */
export interface MergedWeight {
  readonly error: number;
  readonly apart: number;
}

/** W₀ in bfloat16 plus ΔW; Q in bfloat16 plus ΔW; NF4 of Q + ΔW; and Q + ΔW itself. Sums are rounded to the format. */
export type MergedWeights = Readonly<Record<'full' | 'quantised' | 'again' | 'trained', MergedWeight>>;

interface TrainedOnQ {
  readonly Q: Matrix32;
  readonly W0: Matrix32;
  /** ΔW*. */
  readonly target: Matrix32;
  readonly A: Matrix32;
  readonly B: Matrix32;
  readonly scaling: number;
}

/**
 * The ways of merging an adapter that was trained on Q = deq(NF4(W₀)). W₀ and Q are each rounded to bfloat16 before ΔW is
 * added in float64, and the sum once more, as PyTorch does when it adds to a bfloat16 weight. In slices of a row.
 */
export function* mergedWeightsInSlices({ Q, W0, target, A, B, scaling }: TrainedOnQ): Generator<void, MergedWeights> {
  const { rows: d, cols: k } = Q;
  const sum = new Float32Array(d * k);
  const [full, quantised, again, trained] = [tally(), tally(), tally(), tally()];
  let size = 0;
  for (let i = 0; i < d; i++) {
    const delta = updateRow(A, B, scaling, i);
    const row = (m: Matrix32) => m.data.subarray(i * k, (i + 1) * k);
    const [q, w, wanted] = [row(Q), row(W0), row(target)];
    const merged = (base: Float32Array) => toBfloat16(toBfloat16(base).map((value, j) => value + delta[j]));
    const [ofW, ofQ] = [merged(w), merged(q)];
    for (let j = 0; j < k; j++) {
      const [goal, is] = [w[j] + wanted[j], q[j] + delta[j]];
      sum[i * k + j] = is;
      full.add(ofW[j], goal, is);
      quantised.add(ofQ[j], goal, is);
      trained.add(is, goal, is);
      size += wanted[j] * wanted[j];
    }
    yield;
  }
  const { data } = throughNf4({ rows: d, cols: k, data: sum });
  for (let i = 0; i < d; i++) {
    const delta = updateRow(A, B, scaling, i);
    for (let j = 0; j < k; j++) {
      const at = i * k + j;
      again.add(data[at], W0.data[at] + target.data[at], Q.data[at] + delta[j]);
    }
    yield;
  }
  const of = (one: ReturnType<typeof tally>) => one.shares(Math.sqrt(size));
  return { full: of(full), quantised: of(quantised), again: of(again), trained: of(trained) };
}

function tally() {
  let [error, apart] = [0, 0];
  return {
    add(is: number, goal: number, trained: number) {
      error += (is - goal) * (is - goal);
      apart += (is - trained) * (is - trained);
    },
    shares: (unit: number): MergedWeight => ({ error: Math.sqrt(error) / unit, apart: Math.sqrt(apart) / unit }),
  };
}

/** Row i of s·B·A in float64. */
function updateRow(A: Matrix32, B: Matrix32, scaling: number, i: number): Float64Array {
  const row = new Float64Array(A.cols);
  for (let p = 0; p < A.rows; p++) {
    const b = scaling * B.data[i * A.rows + p];
    if (b !== 0) for (let j = 0; j < A.cols; j++) row[j] += b * A.data[p * A.cols + j];
  }
  return row;
}
