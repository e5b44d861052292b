import { batchesOfLink } from '../experiment/regression/batches.ts';
import { MOST_INDICES, type Rows } from '../experiment/run-file/run-file.ts';
import type { SentSet } from '../protocol/ready.ts';
import type { Run } from './run.ts';

type Ready = NonNullable<Run['ready']>;

/** The long lists of a run file. */
export type ListName =
  | 'startA'
  | 'startB'
  | 'endA'
  | 'endB'
  | 'base'
  | 'target'
  | 'X'
  | 'Y'
  | 'batches'
  | 'heldOutX'
  | 'heldOutY';

export type Lists<T> = { [K in ListName]?: T };

/** Some rows of a list at a time. */
export type Slices = () => Generator<Rows>;

/** Numbers that are turned into lists between two breaths of the page. */
const SLICE = 65_536;

/**
 * A and B at the start and at the end; then, if they are wanted, W₀, ΔW*, the samples and the batches as far as the page
 * has them and they are not too long: the link rebuilds them.
 */
export function listsOf(run: Run, ready: Ready, all: boolean): Lists<Slices> {
  const { d, k, rank, base, target, samples } = ready;
  const last = run.frames.at(-1) ?? ready;
  const factors = {
    startA: matrix(ready.A, rank, k),
    startB: matrix(ready.B, d, rank),
    endA: matrix(last.A, rank, k),
    endB: matrix(last.B, d, rank),
  };
  if (!all) return factors;
  const listed = base && target;
  const matrices = listed ? { base: matrix(base, d, k), target: matrix(target, d, k) } : {};
  if (!samples) return { ...factors, ...matrices };
  const pair = ({ count, X, Y }: SentSet) => ({ X: matrix(X, k, count), Y: matrix(Y, d, count) });
  const { X: heldOutX, Y: heldOutY } = pair(samples.heldOut);
  const sets = listed ? { ...pair(samples.training), heldOutX, heldOutY } : {};
  const batches = batchesIn(run, samples.training.count);
  return { ...factors, ...matrices, ...sets, ...(batches && { batches }) };
}

/** Row by row. */
function matrix(data: Float32Array, rows: number, cols: number): Slices {
  const row = (i: number) => numbers(data, i * cols, cols);
  return () => inSlices(row, rows, cols);
}

/** So many numbers as a plain list. Ten times as fast as Array.from, which goes through the list's iterator. */
function numbers(data: Float32Array, from: number, count: number): number[] {
  const list = new Array<number>(count);
  for (let i = 0; i < count; i++) list[i] = data[from + i];
  return list;
}

/** The samples of every step, N + 1 lists of column indices; null where they are too many to be listed. */
function batchesIn({ experiment, trace }: Run, n: number): Slices | null {
  const { size, at } = batchesOfLink(experiment, n);
  if (size * trace.length > MOST_INDICES) return null;
  return () => inSlices((t) => Array.from(at(t)), trace.length, size);
}

function* inSlices(row: (i: number) => readonly number[], rows: number, cols: number): Generator<Rows> {
  const atOnce = Math.max(1, Math.floor(SLICE / cols));
  for (let from = 0; from < rows; from += atOnce)
    yield Array.from({ length: Math.min(atOnce, rows - from) }, (_, i) => row(from + i));
}
