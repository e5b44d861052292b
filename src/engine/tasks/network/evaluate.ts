import type { LayerModule } from '../../../experiment/layer/module.ts';
import type { NetworkProblem } from '../../../experiment/layer/problem.ts';
import type { DigitSet } from '../../../experiment/network/digits.ts';
import type { NetworkAnswers } from '../../../experiment/run-file/run-record.ts';
import { svd } from '../../../math/factor/svd.ts';
import { leadingColumns, multiply, toFloat32, transpose } from '../../../math/matrix.ts';
import type { Factors } from '../../steppers/stepper.ts';
import { crossEntropy, largestOf } from './cross-entropy.ts';
import type { NetworkKernels } from './kernels.ts';
import { createMlp } from './mlp.ts';

/** Of held-out examples of the new task and of the old one. */
export interface Evaluation {
  /** Mean cross-entropy on the new task, in nats. */
  readonly loss: number;
  /** The answer to each example. */
  readonly answers: NetworkAnswers;
  /** Shares of right answers. */
  readonly accuracy: number;
  readonly oldAccuracy: number;
}

type Evaluate = (factors: readonly Factors[], scalings: readonly number[]) => Evaluation;

/** Reads all held-out examples with the merged matrices W_frozen + s·B·A, in float32. */
export function evaluator({ modules, layers, data }: NetworkProblem, kernels: NetworkKernels): Evaluate {
  const shapes = layers.map(({ d, k }) => ({ d, k, rank: 0, full: false }));
  const [heldOut, old] = [data.heldOut, data.old].map((set) =>
    reader(createMlp(kernels, shapes, set.answers.length), set, kernels),
  );
  const scratch = modules.map(({ d, k, rank }) => ({ A: kernels.buffer(rank * k), B: kernels.buffer(d * rank) }));
  return (factors, scalings) => {
    for (const { net } of [heldOut, old]) {
      for (const [i, layer] of net.layers.entries()) layer.W.set(layers[i].W.data);
      for (const [m, { name, d, k, rank }] of modules.entries()) {
        const { W } = net.layers[layers.findIndex((layer) => layer.name === name)];
        const { A, B } = scratch[m];
        A.set(factors[m].A);
        B.set(factors[m].B);
        kernels.product(W, B, A, { n: d, m: k, l: rank, s: scalings[m], adds: true });
      }
      for (const layer of net.layers) layer.refresh();
    }
    const [now, before] = [heldOut.read(), old.read()];
    return {
      loss: now.loss,
      answers: { heldOut: now.answers, old: before.answers },
      accuracy: now.accuracy,
      oldAccuracy: before.accuracy,
    };
  };
}

function reader(net: ReturnType<typeof createMlp>, { inputs, answers }: DigitSet, kernels: NetworkKernels) {
  const n = answers.length;
  const last = net.layers[net.layers.length - 1];
  const unused = kernels.buffer(n * last.d);
  return {
    net,
    read() {
      net.forward({ inputs, answers });
      const given = largestOf(last.h, n, last.d);
      const right = given.reduce((sum, answer, i) => sum + (answer === answers[i] ? 1 : 0), 0);
      return { loss: crossEntropy(last.h, answers, n, last.d, unused), answers: given, accuracy: right / n };
    },
  };
}

/** Full fine-tuning with its ΔW cut to the strongest directions: the nearest matrix of that rank (Eckart and Young). */
export function rankCuts({ d, k, frozenFactor }: LayerModule, { A, B }: Factors): (rank: number) => Factors {
  const wide = frozenFactor === 'B';
  const { U, S, V } = svd({ rows: d, cols: k, data: wide ? A : B });
  return (rank) => {
    const left = leadingColumns(U, Math.min(rank, S.length));
    const scaled = { ...left, data: left.data.map((value, i) => value * S[i % left.cols]) };
    const cut = toFloat32(multiply(scaled, transpose(leadingColumns(V, left.cols)))).data;
    return wide ? { A: cut, B } : { A, B: cut };
  };
}
