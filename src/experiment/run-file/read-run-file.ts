import { faultTexts, quote } from '../link/faults.ts';
import { parseLink } from '../link/link.ts';
import { allDigits } from '../numbers.ts';
import { MAX_RUN_STEPS } from '../settings/bounds.ts';
import { param } from '../settings/experiment.ts';
import { type ModuleSeries, moduleSeries } from '../settings/metric.ts';
import { type Experiment, TUNED_KEYS } from '../settings/params.ts';
import type { View } from '../settings/view.ts';
import { targets } from '../targets/index.ts';
import { array, fail, finite, type Json, jsonText, list, matrix, object, parseJson } from './json-checks.ts';
import { RUN_FORMAT, RUN_VERSION, STATUSES } from './run-file.ts';
import {
  type HistoryFrame,
  type HistoryLosses,
  NO_LOSSES,
  newRecord,
  type RunRecord,
  type Trace,
} from './run-record.ts';

function readLosses(trace: Json, n: number): HistoryLosses {
  if (trace.trainingLoss === undefined && trace.heldOutLoss === undefined) return NO_LOSSES;
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
    fail(`${where}: found ${jsonText(value)}, expected whole numbers from 0 to ${n - 1}.`);
  return value as number;
}

/** The samples of a file follow from its link: they are checked, and not kept. */
function checkSamples(value: unknown, e: Experiment, n: number): void {
  if (value === undefined || value === null) return;
  if (targets.byName(e.target).kind !== 'samples') fail('samples: the target that the link names has none.');
  const samples = object(value, 'samples');
  const heldOut = object(samples.heldOut, 'samples.heldOut');
  const kept = Array.isArray(heldOut.X) && Array.isArray(heldOut.X[0]) ? heldOut.X[0].length : 0;
  if (kept > MOST_HELD_OUT) fail(`samples.heldOut: ${kept} samples; the limit is ${MOST_HELD_OUT}.`);
  checkSet(samples, 'samples', e, e.samples);
  if (samples.batches !== null) checkBatches(samples.batches, n, Math.min(e.batch, e.samples), e.samples);
  checkSet(heldOut, 'samples.heldOut', e, kept);
}

const MOST_HELD_OUT = 4096;

/** X is k × n, Y is d × n, row by row; null if not listed. */
function checkSet({ X, Y }: Json, where: string, { d, k }: Experiment, count: number): void {
  if (X !== null) matrix(X, `${where}.X`, k, count);
  if (Y !== null) matrix(Y, `${where}.Y`, d, count);
}

/** The column indices of every step. */
function checkBatches(value: unknown, n: number, size: number, count: number): void {
  const lists = array(value, 'samples.batches', n);
  if (lists.length !== n)
    fail(`samples.batches: ${lists.length} lists, expected ${n}, one for each entry of the trace.`);
  for (const [t, columns] of lists.entries()) {
    const where = `samples.batches[${t}]`;
    const found = array(columns, where, size);
    if (found.length !== size) fail(`${where}: ${found.length} entries, expected ${size}.`);
    for (const column of found) index(column, where, count);
  }
}

/** Reads the text of a run file. Throws a RunFileFault for the first fault. */
export function readRunFile(text: string): RunRecord {
  const parsed = parseJson(text);
  if ('fault' in parsed) fail(`The file is not JSON (${parsed.fault}). Open a run file saved from this page.`);
  const file = object(parsed.value, 'the file');
  if (file.format !== RUN_FORMAT) fail(`format: found ${jsonText(file.format)}, expected "${RUN_FORMAT}".`);
  if (file.version !== RUN_VERSION) fail(`version: found ${jsonText(file.version)}, expected ${RUN_VERSION}.`);
  const { experiment, view, rate } = readLink(file.link);
  const status =
    STATUSES.find((s) => s === file.status) ??
    fail(`status: found ${jsonText(file.status)}, expected one of ${STATUSES.join(', ')}.`);
  const layers = array(file.layers, 'layers', 1);
  if (layers.length !== 1) fail('layers: expected one layer.');
  const trace = object(file.trace, 'trace');
  const series = readSeries(trace);
  const entries = series.loss.length;
  const modules = layers.map((layer, i) =>
    readLayer(object(layer, `layers[${i}]`), `layers[${i}]`, entries, experiment),
  );
  const record: RunRecord = {
    // A lesson that opens brings its own settings, and the run would be gone.
    ...newRecord(experiment, { ...view, lesson: '' }),
    ...{ rate, status },
    ...keptOf(series, modules),
    losses: readLosses(trace, entries),
    computed: [{ from: 0, backend: word(file.backend), device: word(file.device) }],
    changes: readChanges(file.changes, experiment, entries),
  };
  checkSamples(file.samples, experiment, entries);
  return record;
}

function keptOf(
  series: Trace['series'],
  modules: readonly ModuleReading[],
): Pick<RunRecord, 'trace' | 'frames' | 'samples'> {
  const { length } = series.loss;
  const steps = [...new Set(modules.flatMap(({ spectra }) => [...spectra.keys()]))].sort((a, b) => a - b);
  const spectrumAt = ({ spectra }: ModuleReading, step: number) => spectra.get(step) ?? null;
  const frame = (step: number, of: 'initial' | 'final'): HistoryFrame => ({
    step,
    modules: modules.map((module) => ({ ...module[of], spectrum: spectrumAt(module, step), alignment: null })),
  });
  return {
    trace: { length, series, modules: modules.map(({ norms }) => norms) },
    frames: length === 1 ? [frame(0, 'initial')] : [frame(0, 'initial'), frame(length - 1, 'final')],
    samples: steps.map((step) => ({ step, spectra: modules.map((module) => spectrumAt(module, step)) })),
  };
}

/** Several back ends or devices, each with its steps: longer than any that a page writes. */
const LONGEST_WORD = 1000;
const word = (value: unknown) => (typeof value === 'string' ? quote(value, LONGEST_WORD) : 'unknown');

function readLink(link: unknown): { experiment: Experiment; view: View; rate: number } {
  if (typeof link !== 'string') fail(`link: expected text, found ${jsonText(link)}.`);
  const { experiment, view, faults } = parseLink(link);
  if (faults.length > 0) fail(`link: ${faultTexts(faults, 3).join(' ')}`);
  if (experiment.lr === null) fail('link: lr is missing; a run file must name its learning rate.');
  return { experiment, view, rate: experiment.lr };
}

function readSeries(trace: Json): Trace['series'] {
  const steps = array(trace.step, 'trace.step', MAX_RUN_STEPS + 1);
  const n = steps.length;
  if (n < 1) fail('trace.step: expected at least one entry.');
  const odd = steps.findIndex((s, i) => s !== i);
  if (odd >= 0) fail(`trace.step, entry ${odd}: found ${jsonText(steps[odd])}, expected ${odd}.`);
  const loss = list(trace.loss, 'trace.loss', n);
  // Null at every step if ΔW* is unknown.
  const errors = array(trace.relativeError, 'trace.relativeError', n);
  if (errors.length > 0 && errors.every((error) => error === null)) return { loss };
  return { loss, relativeError: list(errors, 'trace.relativeError', n) };
}

type ModuleReading = ReturnType<typeof readLayer>;

function readLayer(layer: Json, where: string, n: number, e: Experiment) {
  for (const key of ['d', 'k', 'rank'] as const)
    if (layer[key] !== e[key]) fail(`${where}.${key}: found ${jsonText(layer[key])}, the link says ${e[key]}.`);
  const own = object(layer.trace, `${where}.trace`);
  const pair = (value: unknown, at: string) => {
    const { A, B } = object(value, at);
    return { A: matrix(A, `${at}.A`, e.rank, e.k), B: matrix(B, `${at}.B`, e.d, e.rank) };
  };
  const norms = (name: ModuleSeries) => list(own[name], `trace.${name}`, n);
  const optional = (name: ModuleSeries) => (own[name] === undefined ? new Float64Array(n) : norms(name));
  return {
    initial: pair(layer.initial, `${where}.initial`),
    final: pair(layer.final, `${where}.final`),
    norms: moduleSeries((name) => (name === 'gradNormA' || name === 'gradNormB' ? norms(name) : optional(name))),
    spectra: readSpectra(own.spectrum, n, Math.min(e.rank, e.d, e.k)),
  };
}

/** No s·B·A of float32 numbers has a larger singular value, and its square is still finite. */
const LARGEST_VALUE = 1e100;

/** Singular values of s·B·A by step, ascending. */
function readSpectra(value: unknown, n: number, length: number): ReadonlyMap<number, Float64Array> {
  const read = array(value ?? [], 'spectrum', n).map((entry, i): [number, Float64Array] => {
    const { step, values } = object(entry, `spectrum[${i}]`);
    if (!Number.isInteger(step) || (step as number) < 0 || (step as number) >= n)
      fail(`spectrum[${i}].step: found ${jsonText(step)}, expected 0 to ${n - 1}.`);
    const found = list(values, `spectrum[${i}].values`, length);
    const odd = found.findIndex((value) => value < 0 || value > LARGEST_VALUE);
    if (odd >= 0)
      fail(
        `spectrum[${i}].values, entry ${odd}: found ${jsonText(found[odd])}, expected 0 to ${allDigits(LARGEST_VALUE)}.`,
      );
    return [step as number, found];
  });
  return new Map(read.sort(([a], [b]) => a - b));
}

function readChanges(value: unknown, e: Experiment, n: number): RunRecord['changes'] {
  let earlier = 0;
  return array(value ?? [], 'changes', 10_000).map((entry, i) => {
    const change = object(entry, `changes[${i}]`);
    const key =
      TUNED_KEYS.find((k) => k === change.key) ??
      fail(`changes[${i}].key: found ${jsonText(change.key)}, expected one of ${TUNED_KEYS.join(', ')}.`);
    const step = finite(change.step, `changes[${i}].step`);
    if (!Number.isInteger(step) || step < 1 || step >= n || step < earlier)
      fail(`changes[${i}].step: found ${step}, expected whole numbers from 1 to ${n - 1}, ascending.`);
    earlier = step;
    const checked = param(key).check(change.value, e);
    if (change.value === null) fail(`changes[${i}].value: found null, expected a value.`);
    if ('fault' in checked) fail(`changes[${i}].value: found ${jsonText(change.value)}, expected ${checked.fault}.`);
    return { step, key, value: change.value as number | string };
  });
}
