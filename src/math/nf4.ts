import type { Matrix32 } from './matrix.ts';

/**
 * NF4, "4-bit NormalFloat" (QLoRA, arXiv 2305.14314, appendix E), as bitsandbytes computes it (csrc/kernels.cu,
 * dQuantizeNF4 and dDequantizeNF4): blocks of 64 entries row by row, each with its largest |entry| in float32 and a code
 * of 4 bits an entry. The second quantisation, of those largest entries, is left out.
 */
const BLOCK = 64;

/** What the 16 codes stand for, as shares of the largest |entry|: quantiles of N(0, 1), 0 exactly, float32 numbers. */
const CODES = Float32Array.of(
  ...[-1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635],
  ...[-0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634],
  ...[0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1],
);

/** The code of 0. */
const ZERO = CODES.indexOf(0);

/** The middle between neighbours: an entry above it takes the upper one, an entry on it the lower. */
const MIDDLES = Float64Array.from({ length: CODES.length - 1 }, (_, i) => (CODES[i] + CODES[i + 1]) / 2);

/** Cells of −1 … 1: narrower than the distance of any two middles. */
const CELLS = 2048;
/** Of each cell the least code that a share in it, or in the cell below, can have. */
const LEAST = Uint8Array.from({ length: CELLS + 1 }, (_, cell) => {
  const low = ((cell - 1) * 2) / CELLS - 1;
  return MIDDLES.reduce((code, middle) => code + (low > middle ? 1 : 0), 0);
});

/** The code of a share −1 … 1 of the largest |entry|. */
function codeOf(share: number): number {
  let code = LEAST[((share + 1) * (CELLS / 2)) | 0];
  while (code < MIDDLES.length && share > MIDDLES[code]) code++;
  return code;
}

/** Numbers in 4 bits: the code of each, and what it stands for. */
export interface Nf4Numbers {
  readonly codes: Uint8Array;
  readonly values: Float32Array;
}

/** Each number through 4 bits and back, as `throughNf4`; a block of zeros has the code of 0. */
export function nf4Numbers(data: Float32Array): Nf4Numbers {
  const [codes, values] = [new Uint8Array(data.length).fill(ZERO), new Float32Array(data.length)];
  for (let first = 0; first < data.length; first += BLOCK) {
    const end = Math.min(first + BLOCK, data.length);
    let largest = 0;
    for (let i = first; i < end; i++) largest = Math.max(largest, Math.abs(data[i]));
    if (largest === 0) continue;
    const inverse = Math.fround(1 / largest);
    for (let i = first; i < end; i++) {
      codes[i] = codeOf(Math.fround(data[i] * inverse));
      values[i] = CODES[codes[i]] * largest;
    }
  }
  return { codes, values };
}

/**
 * deq(NF4(M)): each entry through 4 bits and back, in float32. Shares are fl(x·fl(1/largest)), values fl(code·largest),
 * as there. A block of zeros stays zero.
 */
export const throughNf4 = ({ rows, cols, data }: Matrix32): Matrix32 => ({ rows, cols, data: nf4Numbers(data).values });
