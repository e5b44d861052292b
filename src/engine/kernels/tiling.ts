/** Gradients from the residual, tile by tile, or from Gram matrices (mathematics in step.ts). */
export type Form = 'direct' | 'algebraic';

/**
 * A workgroup owns 4·quads rows of [Aᵀ; B]; a thread sums, for four of these rows and one chunk of the rank, over every
 * splits-th row of the other factor.
 */
export interface Tiling {
  readonly form: Form;
  readonly quads: number;
  readonly chunks: number;
  readonly splits: number;
  /** Numbers of a row in a chunk: a multiple of 4. */
  readonly chunk: number;
}

/** Each workgroup has r × r Gram matrices: above this rank they cost more than they save. */
const LARGEST_GRAM = 64;
/** Numbers of a row that a thread keeps in registers; a processor that emulates a device spills them cheaply. */
const CHUNK = { real: 16, emulated: 32 };
const THREADS = 64;

function algebraicFits(rank: number): boolean {
  return rank <= LARGEST_GRAM;
}

/** The tiling for a rank; if the algebraic form does not pay, that of the direct form. */
export function tilingFor(rank: number, form: Form, emulated: boolean): Tiling {
  const largest = emulated ? CHUNK.emulated : CHUNK.real;
  const chunks = powerOfTwo(Math.ceil(rank / largest));
  const quads = 8;
  return {
    form: algebraicFits(rank) ? form : 'direct',
    quads,
    chunks,
    // A real device wants many threads, an emulated one few: it runs them one after the other.
    splits: emulated ? 1 : Math.max(1, THREADS / (quads * chunks)),
    chunk: 4 * Math.ceil(rank / (4 * chunks)),
  };
}

function powerOfTwo(n: number): number {
  return 2 ** Math.ceil(Math.log2(n));
}

export const threadsOf = ({ quads, chunks, splits }: Tiling) => quads * chunks * splits;
/** Rows of [Aᵀ; B] that a workgroup owns: both factors are padded with zeros to a multiple of it. */
export const rowsOf = ({ quads }: Tiling) => 4 * quads;
/** A row's length in memory: the rank, padded with zeros, which stay zeros. */
export const widthOf = ({ chunks, chunk }: Tiling) => chunks * chunk;
/** Rows of the other factor that a workgroup takes at a time if its threads exchange residuals. */
export const blockOf = (tiling: Tiling) => columnsOf(tiling) * cellsOf(tiling);
export const cellsOf = ({ chunks, splits }: Tiling) => chunks * splits;
export const columnsOf = (tiling: Tiling) => Math.min(4, rowsOf(tiling) / cellsOf(tiling));

/** Rows of the Gram matrix, in fours, summed at a time: little shared memory, which some drivers clear slowly. */
export function gramBlockOf(tiling: Tiling): number {
  const width = widthOf(tiling) / 4;
  const fits = (n: number) => width % n === 0 && 4 * n * width <= 2 * THREADS;
  return Array.from({ length: width }, (_, i) => width - i).find(fits) ?? 1;
}

/** Entries (four floats each) of the workgroup's memory: the maximum over its phases. */
export function sharedEntriesOf(tiling: Tiling): number {
  const threads = threadsOf(tiling);
  const residuals = tiling.form === 'direct' && tiling.chunks > 1 ? blockOf(tiling) * tiling.quads : 0;
  const gram = tiling.form === 'algebraic' ? gramBlockOf(tiling) * widthOf(tiling) : 0;
  return Math.max(threads, tiling.splits > 1 ? 4 * threads : 0, residuals, gram);
}
