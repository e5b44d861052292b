import { fromHalf } from '../../math/float16.ts';
import { PIXELS } from './digits.ts';
import { POINT_INPUTS } from './points.ts';
import { VOCABULARY } from './sequences.ts';

/** A matrix of d × k numbers. */
export interface WeightLayer {
  readonly name: string;
  readonly d: number;
  readonly k: number;
}

/** A file of weights/: float16, little endian, matrices in the order of the forward pass, row by row. */
export interface WeightFile {
  readonly bytes: number;
  readonly sha256: string;
  /** Rises with every change of the numbers, since links and run files rest on them. */
  readonly version: number;
  readonly layers: readonly WeightLayer[];
}

const HIDDEN = 64;
export const WIDTH = 64;
export const HEADS = 4;
const BLOCKS = 2;

const mlp = (inputs: number, outputs: number): readonly WeightLayer[] => [
  { name: 'in', d: HIDDEN, k: inputs },
  { name: 'hidden', d: HIDDEN, k: HIDDEN },
  { name: 'out', d: outputs, k: HIDDEN },
];

const transformer = (length: number): readonly WeightLayer[] => [
  { name: 'embedding', d: VOCABULARY, k: WIDTH },
  { name: 'positions', d: length, k: WIDTH },
  ...Array.from({ length: BLOCKS }, (_, block) => [
    ...['q', 'k', 'v', 'o'].map((name) => ({ name: `${block}.${name}`, d: WIDTH, k: WIDTH })),
    { name: `${block}.up`, d: 2 * WIDTH, k: WIDTH },
    { name: `${block}.down`, d: WIDTH, k: 2 * WIDTH },
  ]).flat(),
  { name: 'head', d: VOCABULARY, k: WIDTH },
];

const file = (layers: readonly WeightLayer[], sha256: string): WeightFile => ({
  bytes: 2 * layers.reduce((sum, { d, k }) => sum + d * k, 0),
  sha256,
  version: 1,
  layers,
});

/** Pretrained networks by the name of their file; scripts/pretrain.mjs makes them. */
export const WEIGHTS = {
  digits: file(mlp(PIXELS, 10), '1b5cc7f9e69c24f8c4c62f49f1a6b8fef74241adc469760e5f8772f1c8b9fe30'),
  'digits-low': file(mlp(PIXELS, 10), '4e4a14ee3fd471da8c399dcfa0782401aa0772c8811d0ba292f6902fe0c31a18'),
  circles: file(mlp(POINT_INPUTS, 2), '690e2ce2fc9d9e62d7e0d7f8c35d4b3be74ecd801ca890822ab77fc77b268af2'),
  moons: file(mlp(POINT_INPUTS, 2), '1731fe20e56aef960044441d78027b016fcf369f94f4bf3fc860b5b37de01403'),
  spirals: file(mlp(POINT_INPUTS, 2), '3e6b9824bc8c67ef522bdf9743aaa42652a3004a803cd4dc09a543f4fb0a6d30'),
  sort: file(transformer(16), '6e599ef359d226288f59f6811cd0a3f604935234e8bcfda921c33e3e10ff8460'),
  copy: file(transformer(16), 'ec76fff1c2cbfb73ae09373d4934b3efd5623ff8d94625765d00ff0240e4c955'),
  'base-5': file(transformer(13), 'b549503e84e5626aec56d8e01c4fbe48e26e0872b949d29934313f34e981a1b1'),
} satisfies Readonly<Record<string, WeightFile>>;

export type WeightsName = keyof typeof WEIGHTS;

/** The matrices of a file, each d × k. Throws if it does not have their length. */
export function readWeights(name: WeightsName, bytes: Uint8Array): ReadonlyMap<string, Float32Array> {
  const { layers, bytes: length } = WEIGHTS[name];
  if (bytes.length !== length) throw new Error(`${bytes.length} bytes are not the weights of ${name}`);
  let at = 0;
  return new Map(
    layers.map(({ name: layer, d, k }) => {
      const from = at;
      at += 2 * d * k;
      const number = (i: number) => fromHalf(bytes[from + 2 * i] | (bytes[from + 2 * i + 1] << 8));
      return [layer, Float32Array.from({ length: d * k }, (_, i) => number(i))];
    }),
  );
}
