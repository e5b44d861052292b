import { type Matrix32, toFloat32 } from '../../math/matrix.ts';
import { permutation, type Stream } from '../../math/random.ts';
import type { Triplets } from '../inits/init.ts';
import { uniformRows } from '../targets/draws.ts';
import { largestPlaces } from './floors/method-floor.ts';
import type { MethodName } from './index.ts';
import { sizesOfC } from './lokr.ts';
import type { MethodSettings } from './method.ts';

/** What a method starts from, apart from the words on it: a page shows those without making any. */
export interface StartGround {
  readonly settings: MethodSettings & { readonly places: string };
  /** W₀ and ΔW*, d × k. */
  readonly base: Matrix32;
  readonly target: Matrix32;
  readonly stream: (purpose: string) => Stream;
  /** The n leading triplets of W₀. */
  readonly leadingBase: (n: number) => Triplets;
}

/** Trained numbers at the start, in the order of `own`, rounded once; and what stays as it is. */
export interface MethodStart {
  readonly own: readonly Float32Array[];
  /** shira: the trained places i·k + j, ascending. */
  readonly places?: Int32Array;
  /** lora-xs: the r leading triplets of W₀, Uᵣ d × r and Vᵣ k × r. */
  readonly directions?: Triplets;
}

/** LoRA begins as its initialisation says (inits/factors.ts). */
export type BesideLora = Exclude<MethodName, 'lora'>;

const ones = (n: number) => new Float32Array(n).fill(1);

/** A as LoRA's usual start, from the same stream, and B = 0. */
const thinFactors = ({ settings: { d, k, rank }, stream }: StartGround): Float32Array[] => [
  toFloat32(uniformRows(rank, k, 1 / Math.sqrt(k), stream('A'))).data,
  new Float32Array(d * rank),
];

/** The Euclidean norm of each row. */
export function rowNorms({ rows, cols, data }: Matrix32): Float64Array {
  const norms = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < cols; j++) sum += data[i * cols + j] * data[i * cols + j];
    norms[i] = Math.sqrt(sum);
  }
  return norms;
}

export const methodStarts: Readonly<Record<BesideLora, (ground: StartGround) => MethodStart>> = {
  dora: (ground) => ({ own: [...thinFactors(ground), Float32Array.from(rowNorms(ground.base))] }),
  oft: ({ settings: { d, block } }) => ({ own: [new Float32Array((d * (block - 1)) / 2)] }),
  lokr: ({ settings, stream }) => {
    const [d1, k1] = sizesOfC(settings);
    const [d2, k2] = [settings.d / d1, settings.k / k1];
    return {
      own: [toFloat32(uniformRows(d2, k2, 1 / Math.sqrt(k2), stream('lokr W2'))).data, new Float32Array(d1 * k1)],
    };
  },
  hira: (ground) => ({ own: thinFactors(ground) }),
  shira: ({ settings: { entries, places }, target, stream }) => ({
    own: [new Float32Array(entries)],
    places:
      places === 'random'
        ? permutation(target.data.length, stream('shira places')).slice(0, entries).sort()
        : largestPlaces(target, entries),
  }),
  ia3: ({ settings: { d, k, side } }) => ({ own: [ones(side === 'in' ? k : d)] }),
  'lora-xs': ({ settings: { rank }, leadingBase, stream }) => {
    const drawn = stream('lora-xs R');
    return {
      own: [Float32Array.from({ length: rank * rank }, () => 1e-5 * drawn.normal())],
      directions: leadingBase(rank),
    };
  },
};

/** Why a method does not work on this W₀: a sentence; null if it does. */
export function baseObstacle(name: BesideLora, base: Matrix32): string | null {
  if (name === 'lokr' || name === 'shira') return null;
  if (base.data.every((x) => x === 0)) return 'W₀ is zero here, and this method only changes what W₀ has.';
  return name === 'dora' && rowNorms(base).includes(0)
    ? 'DoRA divides by the length of each row, and W₀ has a row of zeros.'
    : null;
}
