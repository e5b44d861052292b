import { readFileSync } from 'node:fs';
import { wasmKernels } from '../../src/engine/steppers/wasm/network-kernels.ts';
import { attentionLoops } from '../../src/engine/tasks/network/attention.ts';
import type { FloatArray, NetworkKernels } from '../../src/engine/tasks/network/kernels.ts';
import type { Linear } from '../../src/engine/tasks/network/linear.ts';
import { rmsNormLoops } from '../../src/engine/tasks/network/rms-norm.ts';
import { wholePower } from '../../src/math/elementary.ts';

const source = new URL('src/engine/steppers/wasm/network-plain.wasm', `file://${process.cwd()}/`);
const module = new WebAssembly.Module(readFileSync(source));

/** Without fused multiply-adds: the same bits on every machine. */
/** Attention and norms by the loops that made the weights in src/experiment/network/weights. */
export const kernels = (): NetworkKernels => ({ ...wasmKernels(module), ...attentionLoops, ...rmsNormLoops });

/** Numbers that train, their gradient, and their learning rate at a step. */
export interface Trained {
  readonly values: FloatArray;
  readonly gradient: FloatArray;
  readonly rate: (step: number) => number;
}

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** Adam in PyTorch's convention, moments in float32. */
function adam({ values, gradient, rate }: Trained): (step: number) => void {
  const [m, v] = [new Float32Array(values.length), new Float32Array(values.length)];
  return (step) => {
    const size = rate(step) / (1 - wholePower(BETA1, step + 1));
    const correction = 1 / Math.sqrt(1 - wholePower(BETA2, step + 1));
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i];
      const m1 = BETA1 * m[i] + (1 - BETA1) * g;
      const v1 = BETA2 * v[i] + (1 - BETA2) * g * g;
      m[i] = m1;
      v[i] = v1;
      values[i] -= (size * m1) / (Math.sqrt(v1) * correction + EPSILON);
    }
  };
}

/** What trains of layers: A and B of those with an adapter, W of those that train whole. */
export const trainedIn = (layers: readonly Linear[], rate: (layer: Linear) => Trained['rate']): Trained[] =>
  layers.flatMap((layer) =>
    (['W', 'A', 'B'] as const)
      .filter((name) => layer.gradients[name].length > 0)
      .map((name) => ({ values: layer[name], gradient: layer.gradients[name], rate: rate(layer) })),
  );

/** Takes `steps` updates; `measure` does forward and backward of a step, `refresh` follows an update. */
export function train(
  trained: readonly Trained[],
  steps: number,
  measure: (step: number) => number,
  refresh: () => void,
): void {
  const updates = trained.map(adam);
  for (let step = 0; step < steps; step++) {
    const loss = measure(step);
    if (!Number.isFinite(loss)) throw new Error(`The loss is ${loss} at step ${step}.`);
    for (const update of updates) update(step);
    refresh();
  }
}
