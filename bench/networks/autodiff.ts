import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { StepperStart } from '../../src/engine/steppers/stepper.ts';
import { batchReader } from '../../src/engine/tasks/network/create.ts';
import { lossInTensorFlow } from '../../src/engine/testing/network-in-tensorflow.ts';

/** The network as one would write it with TensorFlow.js: variables, automatic gradients, its own Adam. */
export async function autodiff({ network, modules, settings }: StepperStart) {
  if (!network) throw new Error('not a network');
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  tf.env().set('IS_NODE', false);
  await tf.setBackend('wasm');
  const { layers, data } = network;
  const weights = new Map(
    layers.map(({ name, d, k, W }) => {
      const i = modules.findIndex((module) => module.name === name);
      const frozen = tf.tensor2d(W, [d, k]);
      if (i < 0) return [name, () => frozen];
      const { full, rank, A, B } = modules[i];
      if (full) {
        const update = tf.variable(tf.zeros([d, k]));
        return [name, () => tf.add(frozen, update) as tf.Tensor2D];
      }
      const factors = [tf.variable(tf.tensor2d(B, [d, rank])), tf.variable(tf.tensor2d(A, [rank, k]))] as const;
      return [name, () => tf.add(frozen, tf.mul(tf.matMul(...factors), settings[i].scaling)) as tf.Tensor2D];
    }),
  );
  const weightOf = (name: string) => weights.get(name)?.() ?? tf.zeros([0, 0]);
  const optimiser = tf.train.adam(settings[0].lr);
  const batchAt = batchReader(data, new Float32Array(data.batches.size * layers[0].k));
  let step = 0;
  return async (steps: number) => {
    for (let n = 0; n < steps; n++)
      tf.tidy(() => {
        const lossOf = lossInTensorFlow(network, batchAt(step++));
        optimiser.minimize(() => lossOf(weightOf), true)?.dataSync();
      });
  };
}
