import { readFileSync } from 'node:fs';
import { wasmKernels } from '../../src/engine/steppers/wasm/network-kernels.ts';
import { createNetwork } from '../../src/engine/tasks/network/create.ts';
import type { TransformerRest } from '../../src/engine/tasks/network/transformer.ts';
import { SEPARATOR } from '../../src/experiment/network/sequences.ts';
import { readWeights, WEIGHTS } from '../../src/experiment/network/weights.ts';
import { stream } from '../../src/math/random.ts';
import { weightBytes } from '../pretrain/networks.ts';
import { train, trainedIn } from '../pretrain/train.ts';
import type { NetworkTable, TableRow } from './network-tables.ts';

const STEPS = 3000;
const BATCH = 64;
/** All keys of two symbols. */
const KEYS = SEPARATOR ** 2;
const BITS = Math.log2(SEPARATOR);

const module = new WebAssembly.Module(readFileSync('src/engine/steppers/wasm/network-plain.wasm'));

/** Teaches the sorting decoder a random string for each key; the bits that it keeps are 4 a symbol, less its loss. */
function bitsKept(rank: number, asked: number, rate: number, seed: number) {
  const kernels = wasmKernels(module);
  const length = 2 + asked;
  const weights = readWeights('sort', weightBytes('sort'));
  const taken = (name: string) => weights.get(name) ?? new Float32Array();
  const rest: TransformerRest = {
    embedding: taken('embedding'),
    positions: taken('positions').slice(0, length * 64),
    head: taken('head'),
  };
  const adapted = WEIGHTS.sort.layers.filter(({ name }) => /^\d/.test(name));
  const names = adapted.map(({ name }) => name);
  const shapes = adapted.map(({ d, k }) => ({ d, k, rank, full: false }));
  const strings = stream(seed, 'strings');
  const answers = Uint8Array.from({ length: KEYS * asked }, () => strings.integer(SEPARATOR));
  const batchOf = (keys: readonly number[]) => ({
    inputs: Uint8Array.from(
      keys.flatMap((key) => [
        Math.floor(key / SEPARATOR),
        key % SEPARATOR,
        SEPARATOR,
        ...answers.subarray(key * asked, (key + 1) * asked - 1),
      ]),
    ),
    answers: Uint8Array.from(keys.flatMap((key) => [...answers.subarray(key * asked, (key + 1) * asked)])),
  });
  const data = { kind: 'sequences', length, asked, rest } as Parameters<typeof createNetwork>[1];
  const net = createNetwork(kernels, data, shapes, BATCH);
  for (const [i, layer] of net.layers.entries()) {
    layer.W.set(taken(names[i]));
    const source = stream(seed, `${names[i]} A`);
    layer.A.set(layer.A.map(() => (2 * source.uniform() - 1) / Math.sqrt(layer.k)));
    layer.scaling = 2;
    layer.refresh();
  }
  const trained = trainedIn(net.layers, () => (step) => rate * Math.min(1, (1.5 * (STEPS - step)) / STEPS));
  const draws = stream(seed, 'batches');
  train(
    trained,
    STEPS,
    () => net.measure(batchOf(Array.from({ length: BATCH }, () => draws.integer(KEYS)))),
    () => {
      for (const layer of net.layers) layer.refresh();
    },
  );
  const quarters = Array.from({ length: KEYS / BATCH }, (_, i) =>
    Array.from({ length: BATCH }, (_, j) => i * BATCH + j),
  );
  const loss = quarters.reduce((sum, keys) => sum + net.measure(batchOf(keys)), 0) / quarters.length;
  const numbers = trained.reduce((sum, { values }) => sum + values.length, 0);
  return { numbers, bits: KEYS * asked * (BITS - loss / Math.LN2) };
}

/** How much an adapter can hold at least: a recorded table, since a run takes minutes. */
export function capacity(): NetworkTable {
  const rows = (
    [
      [1, 8, 0.02],
      [2, 8, 0.01],
      [4, 13, 0.008],
    ] as const
  ).map(([rank, asked, rate]): TableRow => {
    const runs = [1, 2].map((seed) => bitsKept(rank, asked, rate, seed));
    const each = runs.map(({ bits, numbers }) => `${Math.round(bits)} = ${(bits / numbers).toFixed(2)} a number`);
    return { name: `r = ${rank}, strings of ${asked}`, cells: [String(runs[0].numbers), ...each] };
  });
  return {
    title: 'Bits per trained number: decoder',
    text: `256 keys of two symbols, each with a random string, learned from the weights of sorting: ${STEPS} steps of ${BATCH}, a rate that falls linearly after a third. Bits kept are 4 a symbol less the loss; they still rise at the end, so this is "at least", never "the capacity".`,
    head: ['adapter', 'trained numbers', 'bits kept, seed 1', 'seed 2'],
    rows,
  };
}
