import { type AnyMatrix, type Matrix32, type Matrix64, multiply, rowsOf, toFloat64, zeros } from '../../math/matrix.ts';
import type { OnProgress } from '../../math/progress.ts';
import { visitBlocks } from '../targets/draws.ts';

/** Y − W·X in float64, d × n: the adapter's target for the frozen weight W (d × k). */
export function residualLabels(
  W: Matrix32,
  { X, Y }: { readonly X: AnyMatrix; readonly Y: AnyMatrix },
  progress?: OnProgress,
): Matrix64 {
  const [R, inputs] = [zeros(Y.rows, Y.cols), toFloat64(X)];
  // In blocks, since W in float64 may be larger than all samples.
  const fill = (first: number, count: number) => {
    const outputs = multiply(rowsOf(W, first, count), inputs).data;
    const at = first * R.cols;
    for (let i = 0; i < outputs.length; i++) R.data[at + i] = Y.data[at + i] - outputs[i];
  };
  visitBlocks(W.rows, fill, progress);
  return R;
}
