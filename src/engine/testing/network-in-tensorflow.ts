import * as tf from '@tensorflow/tfjs';
import type { SequenceData } from '../../experiment/network/network-data.ts';
import { VOCABULARY } from '../../experiment/network/sequences.ts';
import { HEADS, WIDTH } from '../../experiment/network/weights.ts';
import type { StepperStart } from '../steppers/stepper.ts';
import type { NetworkBatch } from '../tasks/network/create.ts';

type Network = NonNullable<StepperStart['network']>;
/** A matrix of the network by its name, W or W + s·B·A, d × k. */
type WeightOf = (name: string) => tf.Tensor2D;

/** X·Wᵀ. */
const linear = (X: tf.Tensor2D, W: tf.Tensor2D) => tf.matMul(X, W, false, true) as tf.Tensor2D;

/** The mean cross-entropy of a batch as one would write it with TensorFlow.js, whose gradients know nothing of ours. */
export function lossInTensorFlow({ layers, data }: Network, { inputs, answers }: NetworkBatch) {
  const labels = tf.tensor1d(Array.from(answers), 'int32');
  const logits =
    data.kind === 'sequences'
      ? decoder(data, Array.from(inputs))
      : (weightOf: WeightOf) => {
          const X = tf.tensor2d(Float32Array.from(inputs), [answers.length, layers[0].k]);
          return layers.reduce((x, { name }, i) => {
            const h = linear(x, weightOf(name));
            return i < layers.length - 1 ? tf.relu(h) : h;
          }, X);
        };
  return (weightOf: WeightOf): tf.Scalar => {
    const outputs = logits(weightOf);
    return tf.losses.softmaxCrossEntropy(tf.oneHot(labels, outputs.shape[1]), outputs).asScalar();
  };
}

/** Two blocks of attention and ReLU; the logits of the positions that answer. */
function decoder({ length, asked, rest }: SequenceData, inputs: readonly number[]) {
  const count = inputs.length / length;
  const size = WIDTH / HEADS;
  const matrix = (values: Float32Array) => tf.tensor2d(values, [values.length / WIDTH, WIDTH]);
  const normed = (x: tf.Tensor2D) => tf.div(x, tf.sqrt(tf.add(tf.mean(tf.square(x), 1, true), 1e-5))) as tf.Tensor2D;
  const heads = (x: tf.Tensor2D) => tf.transpose(tf.reshape(x, [count, length, HEADS, size]), [0, 2, 1, 3]);
  const later = tf.tensor2d(Array.from({ length }, (_, i) => Array.from({ length }, (_, j) => (j > i ? -1e9 : 0))));
  return (weightOf: WeightOf): tf.Tensor2D => {
    const symbols = tf.gather(matrix(rest.embedding), tf.tensor1d([...inputs], 'int32'));
    let x = tf.add(symbols, tf.tile(matrix(rest.positions), [count, 1])) as tf.Tensor2D;
    for (const block of [0, 1]) {
      const of = (name: string) => weightOf(`${block}.${name}`);
      const y = normed(x);
      const [q, k, v] = ['q', 'k', 'v'].map((name) => heads(linear(y, of(name))));
      const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(size)), later);
      const mixed = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
      x = tf.add(x, linear(tf.reshape(mixed, [count * length, WIDTH]), of('o')));
      x = tf.add(x, linear(tf.relu(linear(normed(x), of('up'))), of('down')));
    }
    const all = tf.reshape(linear(normed(x), matrix(rest.head)), [count, length, VOCABULARY]);
    return tf.reshape(tf.slice(all, [0, length - asked, 0], [count, asked, VOCABULARY]), [count * asked, VOCABULARY]);
  };
}
