import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { StepperStart } from '../../src/engine/steppers/stepper.ts';
import { PIXELS } from '../../src/experiment/network/digits.ts';

/** The network as one would write it with TensorFlow.js: variables, automatic gradients, its own Adam. */
export async function autodiffOnDigits({ network, modules, settings }: StepperStart) {
  if (network?.data.kind !== 'labelled') throw new Error('not a network of labelled inputs');
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  tf.env().set('IS_NODE', false);
  await tf.setBackend('wasm');
  const { layers } = network;
  const { training, batches } = network.data;
  const adapted = layers.map(({ name, d, k, W }, at) => {
    const i = modules.findIndex((module) => module.name === name);
    const frozen = tf.tensor2d(W, [d, k]);
    const module = modules[i];
    const full = module?.full ? tf.variable(tf.zeros([d, k])) : null;
    const A = module && !full ? tf.variable(tf.tensor2d(module.A, [module.rank, k])) : null;
    const B = module && !full ? tf.variable(tf.tensor2d(module.B, [d, module.rank])) : null;
    const last = at === layers.length - 1;
    return (x: tf.Tensor2D) => {
      let h = tf.matMul(x, full ? tf.add(frozen, full) : frozen, false, true);
      if (A && B)
        h = tf.add(
          h,
          tf.mul(
            tf.matMul(tf.matMul(x, A as tf.Tensor2D, false, true), B as tf.Tensor2D, false, true),
            settings[i].scaling,
          ),
        );
      return (last ? h : tf.relu(h)) as tf.Tensor2D;
    };
  });
  const optimiser = tf.train.adam(settings[0].lr);
  let step = 0;
  return async (steps: number) => {
    for (let n = 0; n < steps; n++) {
      const rows = batches.at(step++);
      const inputs = new Float32Array(rows.length * PIXELS);
      for (const [i, row] of rows.entries())
        inputs.set(training.inputs.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS);
      tf.tidy(() => {
        const X = tf.tensor2d(inputs, [rows.length, PIXELS]);
        const wanted = tf.oneHot(
          tf.tensor1d(
            Array.from(rows, (row) => training.answers[row]),
            'int32',
          ),
          10,
        );
        const loss = () =>
          tf.losses
            .softmaxCrossEntropy(
              wanted,
              adapted.reduce((x, layer) => layer(x), X),
            )
            .asScalar();
        optimiser.minimize(loss, true)?.dataSync();
      });
    }
  };
}
