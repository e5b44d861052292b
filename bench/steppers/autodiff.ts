import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import type { Contestant } from './contestant.ts';

/** Idiomatic TensorFlow.js: variables, a loss, `minimize`, every flag at its default. */
export const autodiff: Contestant = {
  name: 'tfjs autodiff',
  // minimize returns the loss before the update.
  lag: 1,
  async open({ d, k, rank, target, A: A0, B: B0, settings }) {
    if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js found no WebGPU.');
    await tf.ready();
    const T = tf.tensor2d(target, [d, k]);
    const A = tf.variable(tf.tensor2d(A0, [rank, k]));
    const B = tf.variable(tf.tensor2d(B0, [d, rank]));
    const optimizer = tf.train.adam(settings.lr);
    const loss = () => tf.matMul(B, A).mul(settings.scaling).sub(T).square().sum().mul(0.5).asScalar();
    return {
      async steps(n) {
        for (let i = 1; i < n; i++) optimizer.minimize(loss, false, [A, B]);
        const cost = optimizer.minimize(loss, true, [A, B]);
        if (!cost) throw new Error('minimize gave no loss.');
        const [value] = await cost.data();
        cost.dispose();
        return value;
      },
      dispose() {
        optimizer.dispose();
        tf.dispose([T, A, B]);
      },
    };
  },
};
