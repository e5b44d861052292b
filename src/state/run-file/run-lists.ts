import type { ReadyModule, SentSet } from '../../engine/protocol/ready-message.ts';
import { batchesOfLink } from '../../experiment/regression/batches.ts';
import { MOST_INDICES, type Rows } from '../../experiment/run-file/run-file.ts';
import type { Run } from '../run/run.ts';

type Ready = NonNullable<Run['ready']>;

/** The long lists of a module. */
export type ModuleList = 'startA' | 'startB' | 'endA' | 'endB' | 'base' | 'target';

/** The long lists of a run file: those of module i with its number behind their name. */
export type ListName = `${ModuleList}${number}` | 'X' | 'Y' | 'batches' | 'heldOutX' | 'heldOutY';

export type Lists<T> = { [K in ListName]?: T };

/** A list that is not made yet. */
export interface LongList {
  /** Of all rows together. */
  readonly numbers: number;
  /** Some rows at a time. */
  readonly slices: () => Generator<Rows>;
}

/** All rows of a list. */
export function rowsOf({ slices }: LongList): Rows {
  return [...slices()].flat();
}

/** Numbers that are turned into lists between two breaths of the page. */
const SLICE = 65_536;

/**
 * A and B at the start and at the end; then, if they are wanted, W₀, ΔW*, the samples and the batches as far as the page
 * has them and they are not too long: the link rebuilds them.
 */
export function listsOf(run: Run, ready: Ready, all: boolean): Lists<LongList> {
  const lists: Lists<LongList> = {};
  for (const [i, module] of ready.modules.entries()) Object.assign(lists, listsOfModule(run, module, i, all));
  const { samples } = ready;
  if (!all || !samples) return lists;
  const [{ d, k, base }] = ready.modules;
  const pair = ({ count, X, Y }: SentSet) => ({ X: matrix(X, k, count), Y: matrix(Y, d, count) });
  const { X: heldOutX, Y: heldOutY } = pair(samples.heldOut);
  const sets = base ? { ...pair(samples.training), heldOutX, heldOutY } : {};
  const batches = batchesIn(run, samples.training.count);
  return { ...lists, ...sets, ...(batches && { batches }) };
}

function listsOfModule(run: Run, module: ReadyModule, i: number, all: boolean): Lists<LongList> {
  const { d, k, rank, base, wanted, A, B } = module;
  const last = run.frames.at(-1)?.modules[i] ?? module;
  return {
    [`startA${i}`]: matrix(A, rank, k),
    [`startB${i}`]: matrix(B, d, rank),
    [`endA${i}`]: matrix(last.A, rank, k),
    [`endB${i}`]: matrix(last.B, d, rank),
    ...(all && base && { [`base${i}`]: matrix(base, d, k) }),
    ...(all && wanted?.matrix && { [`target${i}`]: matrix(wanted.matrix, d, k) }),
  };
}

/** Row by row. */
function matrix(data: Float32Array, rows: number, cols: number): LongList {
  const row = (i: number) => numbers(data, i * cols, cols);
  return { numbers: rows * cols, slices: () => inSlices(row, rows, cols) };
}

/** `count` numbers from `from` on as a plain list. Ten times as fast as Array.from, which goes through the list's iterator. */
function numbers(data: Float32Array, from: number, count: number): number[] {
  const list = new Array<number>(count);
  for (let i = 0; i < count; i++) list[i] = data[from + i];
  return list;
}

/** The samples of every step, N + 1 lists of column indices; null where they are too many to be listed. */
function batchesIn({ experiment, trace }: Run, n: number): LongList | null {
  const { size, at } = batchesOfLink(experiment, n);
  if (size * trace.length > MOST_INDICES) return null;
  const { length } = trace;
  return { numbers: size * length, slices: () => inSlices((t) => Array.from(at(t)), length, size) };
}

function* inSlices(row: (i: number) => readonly number[], rows: number, cols: number): Generator<Rows> {
  const atOnce = Math.max(1, Math.floor(SLICE / cols));
  for (let from = 0; from < rows; from += atOnce)
    yield Array.from({ length: Math.min(atOnce, rows - from) }, (_, i) => row(from + i));
}
