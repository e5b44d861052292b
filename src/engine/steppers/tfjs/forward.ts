import {
  concat,
  matMul,
  mul,
  reshape,
  scalar,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import type { LayerSize } from '../../../experiment/settings/kinds.ts';
import { type SampleTask, type StepperStart, singleModule } from '../stepper.ts';
import type { BackEndTraits, DeviceTask } from './device-task.ts';
import {
  coarseGrouping,
  entriesOfMatrix,
  type MatrixSums,
  packTensor,
  ROW_GROUPING,
  stepPieces,
  sumsOfMatrix,
  unpackTensor,
} from './packing.ts';

/** One known matrix, or samples. */
export function matrixTask(start: StepperStart, { transposeFirst, treeSums }: BackEndTraits): DeviceTask {
  const { samples } = start;
  const { d, k, rank, target: goal } = singleModule(start);
  const shape: TensorShape = { d, k, rank, transposeFirst };
  const target = tensor(goal, [d, k]);
  const batches = samples ? tensorBatches(d, k, samples) : null;
  const size = batches?.size ?? null;
  const grouping = treeSums ? coarseGrouping(d, k, size) : ROW_GROUPING;

  const sums: MatrixSums = { d, k, batch: size, grouping };

  return {
    layout: {
      rows: k + d,
      columns: rank,
      rowsPerSum: grouping.factors,
      pack: ([factors]) => packTensor({ d, k, rank, ...factors }),
      unpack: (data) => [unpackTensor(data, d, k, rank)],
      rowValues: (of) => new Float32Array(k + d).fill(of(0, 'A'), 0, k).fill(of(0, 'B'), k),
    },
    scalingOf: ([settings]) => scalar(settings.scaling),
    sumsPerStep: sumsOfMatrix(sums),
    entriesOf: (data, n) => entriesOfMatrix(data, n, sums),
    evaluate(factors, update, scaling, step) {
      const batch = batches?.at(step) ?? null;
      const { errors, gradient } = batch
        ? errorsAndGradient(shape, factors, scaling, batch)
        : residualAndGradient(shape, factors, scaling, target);
      const squared = square(gradient);
      const squares = batch?.weight ? mul(square(errors), batch.weight) : square(errors);
      const ofErrors = rowGroupSums(squares, batch ? grouping.samples : grouping.residual);
      const ofGradient = rowGroupSums(squared, grouping.factors);
      if (!batch) return { factors, gradient, squared, rows: [ofErrors, ofGradient, update] };
      const residual = square(residualOf(shape, factors, scaling, target));
      return {
        factors,
        gradient,
        squared,
        rows: [ofErrors, ofGradient, update, rowGroupSums(residual, grouping.residual)],
      };
    },
    ahead: (from, count) => batches?.ahead(from, count),
    release: () => batches?.release(),
    dispose() {
      target.dispose();
      batches?.dispose();
    },
  };
}

/** Sums over groups of n rows. */
export function rowGroupSums(m: Tensor, rows: number): Tensor {
  return sum(reshape(m, [m.shape[0] / rows, m.size / (m.shape[0] / rows)]), 1);
}

/** Numbers uploaded at a time: a pack of many steps with large batches goes up in several pieces. */
const AT_ONCE = 2 ** 20;

/**
 * Full batches are uploaded once, others a piece of the next steps at a time. The smaller last batch of an epoch is
 * filled up with zeros, which have no error.
 */
function tensorBatches(d: number, k: number, { inputs, labels, batches }: SampleTask) {
  const { size } = batches;
  const share = scalar(1 / size);
  const whole =
    size * k === inputs.length
      ? { inputs: tensor(inputs, [size, k]), labels: tensor(labels, [size, d]), share, weight: null }
      : null;

  const { release, ...pieces } = stepPieces((first, max) => {
    const width = k + d;
    const count = Math.max(1, Math.min(max, Math.floor(AT_ONCE / (size * width))));
    const rows = new Float32Array(count * size * width);
    const counts = Array.from({ length: count }, (_, i) => {
      const own = batches.at(first + i);
      own.forEach((sample, j) => {
        const at = (i * size + j) * width;
        rows.set(inputs.subarray(sample * k, (sample + 1) * k), at);
        rows.set(labels.subarray(sample * d, (sample + 1) * d), at + k);
      });
      return own.length;
    });
    return { first, count, counts, tensors: [tensor(rows, [count * size, width])] as const };
  });

  return {
    size,
    at(step: number): TensorBatch {
      if (whole) return whole;
      const {
        first,
        counts,
        tensors: [rows],
      } = pieces.with(step);
      const row = (step - first) * size;
      const own = counts[step - first];
      return {
        inputs: slice(rows, [row, 0], [size, k]),
        labels: slice(rows, [row, k], [size, d]),
        ...(own === size ? { share, weight: null } : { share: scalar(1 / own), weight: scalar(size / own) }),
      };
    },
    ahead(from: number, count: number) {
      if (!whole) pieces.ahead(from, count);
    },
    release,
    dispose() {
      release();
      share.dispose();
      whole?.inputs.dispose();
      whole?.labels.dispose();
    },
  };
}

interface TensorShape extends LayerSize {
  /** Of the smaller operand, never of the residual. */
  readonly transposeFirst: boolean;
}

/** The error, and the gradient of half its squared norm (or of its mean over a batch), packed like the factors. */
interface ErrorGradient {
  readonly errors: Tensor;
  readonly gradient: Tensor;
}

/** E = s·B·A − ΔW*, d × k, alone. The factors are one tensor P = [Aᵀ; B], (k + d) × r. Runs inside a tidy. */
function residualOf(shape: TensorShape, factors: Tensor, scaling: Tensor, target: Tensor): Tensor {
  const { d, k, rank } = shape;
  const At = slice(factors, [0, 0], [k, rank]);
  return residual(shape, mul(slice(factors, [k, 0], [d, rank]), scaling), At, target);
}

/**
 * The matrix target as tensors; tasks/matrix.ts in loops. The gradient is packed like the factors, so that an optimiser
 * has one tensor to update: ∂L/∂Aᵀ = Eᵀ·(s·B) above ∂L/∂B = E·(s·A)ᵀ. Runs inside a tidy.
 */
function residualAndGradient(shape: TensorShape, factors: Tensor, scaling: Tensor, target: Tensor): ErrorGradient {
  const { d, k, rank, transposeFirst } = shape;
  const scaled = mul(factors, scaling);
  const At = slice(factors, [0, 0], [k, rank]);
  const sAt = slice(scaled, [0, 0], [k, rank]);
  const sB = slice(scaled, [k, 0], [d, rank]);
  const errors = residual(shape, sB, At, target);
  const gradAt = transposeFirst ? transpose(matMul(transpose(sB), errors)) : matMul(errors, sB, true, false);
  return { errors, gradient: concat([gradAt, matMul(errors, sAt)], 0) };
}

function residual({ transposeFirst }: TensorShape, sB: Tensor, At: Tensor, target: Tensor): Tensor {
  return sub(transposeFirst ? matMul(sB, transpose(At)) : matMul(sB, At, false, true), target);
}

/** The samples of one step, a row each: n × k inputs and n × d labels, and 1/n. A batch of n′ < n has zeros, 1/n′ and n/n′. */
interface TensorBatch {
  readonly inputs: Tensor;
  readonly labels: Tensor;
  readonly share: Tensor;
  /** What its squared errors are multiplied by, since their mean is taken over n; null: 1. */
  readonly weight: Tensor | null;
}

/**
 * The regression target as tensors; tasks/regression.ts in loops. With samples as rows, Z = X·Aᵀ (n × r) and E =
 * (s·Z)·Bᵀ − Y′ (n × d): ∂L/∂Aᵀ = Xᵀ·(E·(s·B))/n above ∂L/∂B = Eᵀ·(s·Z)/n. Only n × r, n × d and the factors themselves
 * appear. Runs inside a tidy.
 */
function errorsAndGradient(
  { d, k, rank, transposeFirst }: TensorShape,
  factors: Tensor,
  scaling: Tensor,
  { inputs, labels, share }: TensorBatch,
): ErrorGradient {
  const At = slice(factors, [0, 0], [k, rank]);
  const B = slice(factors, [k, 0], [d, rank]);
  const sZ = mul(matMul(inputs, At), scaling);
  const outputs = transposeFirst ? matMul(sZ, transpose(B)) : matMul(sZ, B, false, true);
  const errors = sub(outputs, labels);
  const back = matMul(errors, mul(B, scaling));
  const transposedTimes = (x: Tensor, y: Tensor) =>
    transposeFirst ? transpose(matMul(transpose(y), x)) : matMul(x, y, true, false);
  const sum = concat([transposedTimes(inputs, back), transposedTimes(errors, sZ)], 0);
  return { errors, gradient: mul(sum, share) };
}
