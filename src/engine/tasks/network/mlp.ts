import { crossEntropy } from './cross-entropy.ts';
import {
  type LinearGradients,
  type LinearLayer,
  type LinearPass,
  linear,
  linearBackward,
  type Values,
} from './linear.ts';

/**
 * Passes of n inputs X (in rows) through layers with ReLU between them: what each layer got, and what it made of it. The
 * last outputs are the logits.
 */
export function mlpForward(layers: readonly LinearLayer[], X: Values, n: number) {
  let x = X;
  return layers.map((layer, i): LinearPass & { readonly x: Values } => {
    const pass = { ...linear(layer, x, n), x };
    if (i < layers.length - 1) for (let j = 0; j < pass.h.length; j++) if (pass.h[j] < 0) pass.h[j] = 0;
    x = pass.h;
    return pass;
  });
}

/** Mean cross-entropy of n inputs against their answers, with its gradients written into `gradients`. */
export function measureMlp(
  layers: readonly LinearLayer[],
  X: Values,
  answers: ArrayLike<number>,
  gradients: readonly LinearGradients[],
): number {
  const n = answers.length;
  const passes = mlpForward(layers, X, n);
  const last = layers.length - 1;
  let delta = new Float64Array(n * layers[last].d);
  const loss = crossEntropy(passes[last].h, answers, n, layers[last].d, delta);
  for (let i = last; i >= 0; i--) {
    const { x } = passes[i];
    const before = i === 0 ? null : new Float64Array(n * layers[i].k);
    linearBackward(layers[i], x, passes[i], delta, n, gradients[i], before);
    if (!before) break;
    for (let j = 0; j < before.length; j++) if (!(x[j] > 0)) before[j] = 0;
    delta = before;
  }
  return loss;
}
