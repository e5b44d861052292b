import type { LayerModule } from '../../../experiment/layer/module.ts';
import type { NetworkProblem } from '../../../experiment/layer/problem.ts';
import { countRight } from '../../../experiment/network/forward.ts';
import type { NetworkAnswers } from '../../../experiment/run-file/run-record.ts';
import { svd } from '../../../math/factor/svd.ts';
import { leadingColumns, multiply, toFloat32, transpose } from '../../../math/matrix.ts';
import type { Factors } from '../../steppers/stepper.ts';
import { createNetwork, type NetworkBatch } from './create.ts';
import { crossEntropy, largestOf } from './cross-entropy.ts';
import type { NetworkKernels } from './kernels.ts';
import type { LayeredNetwork } from './network.ts';

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

/** Sequences that are read at a time: all at once take more memory than a run has. */
const SLICE = 64;

/** Reads all held-out examples with the merged matrices W_frozen + s·B·A, in float32. */
export function evaluator({ modules, layers, data }: NetworkProblem, kernels: NetworkKernels): Evaluate {
  const shapes = layers.map(({ d, k }) => ({ d, k, rank: 0, full: false }));
  const nets = new Map<number, LayeredNetwork<NetworkBatch>>();
  const network = (n: number) => {
    const net = nets.get(n) ?? createNetwork(kernels, data, shapes, n);
    nets.set(n, net);
    return net;
  };
  const examples = ({ answers }: ExampleSet) =>
    Math.min(data.kind === 'sequences' ? SLICE : Number.POSITIVE_INFINITY, answers.length);
  const [heldOut, old] = [data.heldOut, data.old].map((set) => reader(network(examples(set)), set, kernels));
  const scratch = modules.map(({ d, k, rank }) => ({ A: kernels.buffer(rank * k), B: kernels.buffer(d * rank) }));
  return (factors, scalings) => {
    for (const net of nets.values()) {
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

interface ExampleSet {
  readonly inputs: Float32Array | Uint8Array;
  readonly answers: Uint8Array;
}

/** Reads a set in slices of as many examples as its network takes: one, or parts of equal size. */
function reader(net: LayeredNetwork<NetworkBatch>, { inputs, answers }: ExampleSet, kernels: NetworkKernels) {
  const { rows, columns, values } = net.logits;
  const slices = answers.length / rows;
  const each = inputs.length / slices;
  const unused = kernels.buffer(rows * columns);
  return {
    read() {
      const given = new Uint8Array(answers.length);
      let loss = 0;
      for (let at = 0; at < slices; at++) {
        const asked = answers.subarray(at * rows, (at + 1) * rows);
        net.forward({ inputs: inputs.subarray(at * each, (at + 1) * each), answers: asked });
        given.set(largestOf(values, rows, columns), at * rows);
        loss += crossEntropy(values, asked, rows, columns, unused) / slices;
      }
      return { loss, answers: given, accuracy: countRight({ answers }, given) / answers.length };
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
