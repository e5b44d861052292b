import { transpose } from '../../../math/matrix.ts';
import { simdKernel } from '../../../math/simd/kernel.ts';
import { packedCut, packedDistance, packedSpectrum } from '../../../math/simd/product.ts';
import { factorsOf, packedOf, type RawPair } from '../factors.ts';
import { figuresOf, figuresOfSpectrum } from '../figures.ts';
import type { ByteRange, Figures, OutputType, ResizePlan } from '../model.ts';
import { cutFactors, type Distance, distanceOf } from '../resize/cut-factors.ts';
import { toBytes } from '../safetensors/numbers.ts';
import { FEW_AHEAD } from './schedule.ts';

export interface CutOrder {
  readonly rank: number;
  /** The new product is c·B·A. */
  readonly c: number;
  readonly split: ResizePlan['split'];
  readonly types: { readonly up: OutputType; readonly down: OutputType };
}

/** The numbers of the new tensors. */
export interface CutBytes {
  readonly up: Uint8Array<ArrayBuffer>;
  readonly down: Uint8Array<ArrayBuffer>;
}

interface PlacedTensor extends ByteRange {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** A pair by its places in the bytes around it. */
export interface PlacedPair {
  readonly up: PlacedTensor;
  readonly down: PlacedTensor;
  readonly transposed: boolean;
  readonly scaling: number | null;
}

/** All that is computed from the bytes of a pair, so that another thread can do it. */
export interface PairJobs {
  /** Figures of s·B·A, of B·A if s is null; without magnitudes. */
  figures(pair: RawPair, scaling: number | null): Figures;
  /** Figures of pairs that lie together. */
  figuresOfAll(bytes: Uint8Array<ArrayBuffer>, pairs: readonly PlacedPair[]): readonly Figures[];
  /** null if numbers are too large for the types. */
  cut(pair: RawPair, order: CutOrder): CutBytes | null;
  /** ‖s₁B₁A₁‖ and ‖s₁B₁A₁ − s₂B₂A₂‖; null if an entry is not finite. */
  distance(first: RawPair, s1: number, second: RawPair, s2: number): Distance | null;
}

/** In SIMD WebAssembly if the browser has it and the factors are F32, F16 or BF16 and tall, else in TypeScript. */
export const pairJobs: PairJobs = {
  figures(pair, scaling) {
    const [kernel, packed] = [simdKernel(), packedOf(pair)];
    if (!kernel || !packed) return figuresOf(factorsOf(pair), scaling);
    const found = packedSpectrum(kernel, packed, scaling ?? 1);
    // What is not finite is described by the general way.
    if (!found) return figuresOf(factorsOf(pair), scaling);
    return { ...figuresOfSpectrum(found.sigma), untrained: found.leftZero };
  },

  figuresOfAll: (bytes, pairs) =>
    pairs.map(({ up, down, transposed, scaling }) => {
      const rawOf = ({ from, to, dtype, shape }: PlacedTensor) => ({ bytes: bytes.subarray(from, to), dtype, shape });
      return pairJobs.figures({ up: rawOf(up), down: rawOf(down), mid: null, diagonal: null, transposed }, scaling);
    }),

  cut(pair, { rank, c, split, types }) {
    const [kernel, packed] = [simdKernel(), packedOf(pair)];
    const fast = kernel && packed && packedCut(kernel, packed, rank, c, split, { left: types.up, right: types.down });
    if (fast) return { up: fast.left, down: fast.right };
    const cut = cutFactors(factorsOf(pair), rank, c, split, types);
    if (cut === null) return null;
    const { B, A } = pair.transposed ? { B: transpose(cut.B), A: transpose(cut.A) } : cut;
    return { up: toBytes(B.data, types.up), down: toBytes(A.data, types.down) };
  },

  distance(first, s1, second, s2) {
    const [kernel, a, b] = [simdKernel(), packedOf(first), packedOf(second)];
    if (kernel && a && b && a.left.rows === b.left.rows && a.right.rows === b.right.rows)
      return packedDistance(kernel, a, s1, b, s2);
    return distanceOf(factorsOf(first), s1, factorsOf(second), s2);
  },
};

/** The same, here or in other threads. */
export type PairWork = {
  readonly [N in keyof PairJobs]: (...args: Parameters<PairJobs[N]>) => Promise<ReturnType<PairJobs[N]>>;
} & {
  /** Pairs that should be on their way at a time, so that no thread waits for the disk. */
  readonly ahead: () => number;
  /** Threads get no further jobs for so many ms: the page draws, and has the cores. 0: it has drawn. */
  readonly rest?: (ms: number) => void;
};

export const inThread: PairWork = {
  ahead: FEW_AHEAD,
  figures: async (...args) => pairJobs.figures(...args),
  figuresOfAll: async (...args) => pairJobs.figuresOfAll(...args),
  cut: async (...args) => pairJobs.cut(...args),
  distance: async (...args) => pairJobs.distance(...args),
};
