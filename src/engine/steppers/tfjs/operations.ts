import {
  add,
  customGrad,
  exp,
  type GradSaveFunc,
  logSoftmax,
  matMul,
  mul,
  relu,
  reshape,
  rsqrt,
  type Scalar,
  square,
  step,
  sub,
  sum,
  type Tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import type { BackEndTraits } from './device-task.ts';

/** An operation with a gradient of its own, which gets what the way forward saved. */
function withGradient(
  inputs: readonly Tensor[],
  forward: () => { readonly value: Tensor; readonly saved: Tensor[] },
  gradFunc: (delta: Tensor, saved: Tensor[]) => Tensor[],
): Tensor {
  return customGrad((...all) => {
    const { value, saved } = forward();
    (all[all.length - 1] as GradSaveFunc)(saved);
    return { value, gradFunc };
  })(...inputs);
}

export type MatrixProducts = ReturnType<typeof matrixProducts>;

/**
 * Products of matrices of two dimensions for automatic differentiation. Its own gradients multiply transposed operands, for
 * which TensorFlow.js on WebAssembly has no fast program, and take those of constants too.
 */
export function matrixProducts({ transposeFirst }: BackEndTraits) {
  /** X·Yᵀ. */
  const withTurned = (X: Tensor, Y: Tensor) => (transposeFirst ? matMul(X, transpose(Y)) : matMul(X, Y, false, true));
  /** Xᵀ·Y, by a transpose of the narrower one. */
  const turnedWith = (X: Tensor, Y: Tensor) => {
    if (!transposeFirst) return matMul(X, Y, true, false);
    const [, k] = X.shape;
    const [, d = 1] = Y.shape;
    return k !== undefined && k <= d ? matMul(transpose(X), Y) : transpose(matMul(transpose(Y), X));
  };
  return {
    /** X·Y. */
    product: (X: Tensor, Y: Tensor) =>
      withGradient(
        [X, Y],
        () => ({ value: matMul(X, Y), saved: [X, Y] }),
        (delta, [x, y]) => [withTurned(delta, y), turnedWith(x, delta)],
      ),
    /** X·Y with a gradient of Y alone. */
    constantTimes: (X: Tensor, Y: Tensor) =>
      withGradient(
        [Y],
        () => ({ value: matMul(X, Y), saved: [X] }),
        (delta, [x]) => [turnedWith(x, delta)],
      ),
    /** X·Y with a gradient of X alone; `turned` is Yᵀ. */
    timesConstant: (X: Tensor, Y: Tensor, turned: Tensor) =>
      withGradient(
        [X],
        () => ({ value: matMul(X, Y), saved: [] }),
        (delta) => [matMul(delta, turned)],
      ),
  };
}

/** Negative numbers become 0. */
export const positive = (x: Tensor) =>
  withGradient(
    [x],
    () => {
      const value = relu(x);
      return { value, saved: [value] };
    },
    (delta, [y]) => [mul(delta, step(y))],
  );

/** By row y = x/√(mean x² + ε), with ∂L/∂x = (δ − y·mean(δ·y))/√(mean x² + ε). `share`: 1/width. */
export const normed = (x: Tensor, share: Scalar, epsilon: Scalar) =>
  withGradient(
    [x],
    () => {
      const inverse = rsqrt(add(mul(sum(square(x), 1, true), share), epsilon));
      const value = mul(x, inverse);
      return { value, saved: [value, inverse] };
    },
    (delta, [y, inverse]) => [mul(sub(delta, mul(y, mul(sum(mul(delta, y), 1, true), share))), inverse)],
  );

/** By row the logarithm of the softmax at the answer, minus the cross-entropy; `answers` holds a 1 in each row. */
export const answerLogarithms = (logits: Tensor, answers: Tensor) =>
  withGradient(
    [logits],
    () => {
      const logarithms = logSoftmax(logits);
      return { value: sum(mul(answers, logarithms), 1), saved: [logarithms] };
    },
    (delta, [logarithms]) => [mul(sub(answers, exp(logarithms)), reshape(delta, [delta.size, 1]))],
  );
