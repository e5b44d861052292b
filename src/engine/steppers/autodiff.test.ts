import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { steppers } from '../testing/back-ends.ts';
import { ADAM_SETTINGS, randomStart, relativeDifference } from '../testing/starts.ts';

async function byAutodiff(start: ReturnType<typeof randomStart>) {
  await tf.setBackend('cpu');
  const { d, k, rank, settings } = start;
  const target = tf.tensor2d(start.target, [d, k]);
  const loss = (A: tf.Tensor, B: tf.Tensor) =>
    tf.matMul(B, A).mul(settings.scaling).sub(target).square().sum().mul(0.5).asScalar();
  const { value, grads } = tf.valueAndGrads(loss)([tf.tensor2d(start.A, [rank, k]), tf.tensor2d(start.B, [d, rank])]);
  return { loss: value.dataSync()[0], A: grads[0].dataSync(), B: grads[1].dataSync() };
}

it.each(steppers)('gradients by hand agree with automatic ones: $name', async ({ open }) => {
  const start = randomStart(13, 21, 4, { ...ADAM_SETTINGS, scaling: 1.7, opt: 'sgd', lr: 1 });
  for (let i = 0; i < start.B.length; i++) start.B[i] = Math.sin(i) / 4;
  const wanted = await byAutodiff(start);
  const stepper = await open(start);
  expect((await stepper.measure()).entries.loss[0] / wanted.loss).toBeCloseTo(1, 6);
  const { A, B } = await stepper.steps(1);
  for (let i = 0; i < A.length; i++) expect(start.A[i] - A[i]).toBeCloseTo(wanted.A[i], 5);
  for (let i = 0; i < B.length; i++) expect(start.B[i] - B[i]).toBeCloseTo(wanted.B[i], 5);
  stepper.dispose();
});

it.each(['sgd', 'momentum', 'adam'] as const)(
  'a whole run agrees with automatic gradients and the optimiser of TensorFlow.js: %s',
  async (name) => {
    const lr = 0.005;
    const start = randomStart(12, 9, 3, { ...ADAM_SETTINGS, opt: name, lr });
    await tf.setBackend('cpu');
    const target = tf.tensor2d(start.target, [12, 9]);
    const A = tf.variable(tf.tensor2d(start.A, [3, 9]));
    const B = tf.variable(tf.tensor2d(start.B, [12, 3]));
    const stock = {
      sgd: tf.train.sgd(lr),
      momentum: tf.train.momentum(lr, 0.9),
      adam: tf.train.adam(lr, 0.9, 0.999, 1e-8),
    };
    const loss = () => tf.matMul(B, A).mul(2).sub(target).square().sum().mul(0.5).asScalar();
    const wanted = Array.from({ length: 30 }, () => stock[name].minimize(loss, true)?.dataSync()[0] ?? Number.NaN);
    for (const { open } of steppers) {
      const stepper = await open(start);
      const first = await stepper.measure();
      const rest = await stepper.steps(29);
      expect(relativeDifference([...first.entries.loss, ...rest.entries.loss], wanted)).toBeLessThan(2e-5);
      stepper.dispose();
    }
  },
);
