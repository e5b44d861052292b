import { array, fail, type Json, list, matrix, object, shown } from '../json-checks.ts';
import type { Experiment } from '../settings/params.ts';
import { targets } from '../targets/index.ts';

export interface ReadLosses {
  readonly steps: readonly number[];
  readonly training: readonly number[];
  readonly heldOut: readonly number[];
}

/** X is k × n, Y is d × n, row by row; null where they are not listed. */
export interface ReadSet {
  readonly X: Float32Array | null;
  readonly Y: Float32Array | null;
}

export interface ReadSamples extends ReadSet {
  /** The column indices of every step; null where they are not listed. */
  readonly batches: readonly Int32Array[] | null;
  readonly heldOut: ReadSet;
}

/** The two sampled losses of a trace of n entries, measured at the same steps; null where there are none. */
export function readLosses(trace: Json, n: number): ReadLosses | null {
  if (trace.trainingLoss === undefined && trace.heldOutLoss === undefined) return null;
  const [training, heldOut] = ['trainingLoss', 'heldOutLoss'].map((key) => readLoss(trace[key], `trace.${key}`, n));
  if (training.step.length !== heldOut.step.length || training.step.some((s, i) => s !== heldOut.step[i]))
    fail('trace.heldOutLoss.step: its steps differ from those of trace.trainingLoss.');
  return { steps: training.step, training: training.values, heldOut: heldOut.values };
}

function readLoss(value: unknown, where: string, n: number) {
  const loss = object(value, where);
  const step = array(loss.step, `${where}.step`, n).map((at) => index(at, `${where}.step`, n));
  const unsorted = step.findIndex((at, i) => i > 0 && at <= step[i - 1]);
  if (unsorted >= 0) fail(`${where}.step, entry ${unsorted}: found ${step[unsorted]}, expected ascending steps.`);
  return { step, values: Array.from(list(loss.values, `${where}.values`, step.length)) };
}

function index(value: unknown, where: string, n: number): number {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) >= n)
    fail(`${where}: found ${shown(value)}, expected whole numbers from 0 to ${n - 1}.`);
  return value as number;
}

/** The samples of a run with n entries; null where the file has none. */
export function readSamples(value: unknown, e: Experiment, n: number): ReadSamples | null {
  if (value === undefined || value === null) return null;
  if (targets.byName(e.target).kind !== 'samples') fail('samples: the target that the link names has none.');
  const samples = object(value, 'samples');
  const heldOut = object(samples.heldOut, 'samples.heldOut');
  const kept = Array.isArray(heldOut.X) && Array.isArray(heldOut.X[0]) ? heldOut.X[0].length : 0;
  if (kept > MOST_HELD_OUT) fail(`samples.heldOut: ${kept} samples; the limit is ${MOST_HELD_OUT}.`);
  const size = Math.min(e.batch, e.samples);
  return {
    ...readSet(samples, 'samples', e, e.samples),
    batches: samples.batches === null ? null : readBatches(samples.batches, n, size, e.samples),
    heldOut: readSet(heldOut, 'samples.heldOut', e, kept),
  };
}

const MOST_HELD_OUT = 4096;

function readSet({ X, Y }: Json, where: string, { d, k }: Experiment, count: number): ReadSet {
  const read = (value: unknown, name: string, rows: number) =>
    value === null ? null : matrix(value, `${where}.${name}`, rows, count);
  return { X: read(X, 'X', k), Y: read(Y, 'Y', d) };
}

function readBatches(value: unknown, n: number, size: number, count: number): Int32Array[] {
  const lists = array(value, 'samples.batches', n);
  if (lists.length !== n)
    fail(`samples.batches: ${lists.length} lists, expected ${n}, one for each entry of the trace.`);
  return lists.map((columns, t) => {
    const where = `samples.batches[${t}]`;
    const found = array(columns, where, size);
    if (found.length !== size) fail(`${where}: ${found.length} entries, expected ${size}.`);
    return Int32Array.from(found, (column) => index(column, where, count));
  });
}
