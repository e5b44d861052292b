import { identity, toFloat32 } from '../../math/matrix.ts';
import { faultTexts, quote } from '../link/faults.ts';
import { parseLink } from '../link/link.ts';
import { methods } from '../methods/index.ts';
import { methodSizes } from '../methods/layer-sizes.ts';
import { type AdapterMethod, fileKey, type MethodSettings } from '../methods/method.ts';
import { allDigits, plural } from '../numbers.ts';
import { samplesAt } from '../regression/batches.ts';
import { besideLora, isFull, isNetwork, MAX_RUN_STEPS } from '../settings/bounds.ts';
import { param } from '../settings/experiment.ts';
import type { LayerSize } from '../settings/kinds.ts';
import { type ModuleSeries, moduleSeries } from '../settings/metric.ts';
import { type Experiment, TUNED_KEYS } from '../settings/params.ts';
import type { Rate } from '../settings/rate.ts';
import type { View } from '../settings/view.ts';
import { targets } from '../targets/index.ts';
import { adaptedLayers } from '../targets/target.ts';
import { array, fail, finite, type Json, jsonText, list, matrix, object, parseJson } from './json-checks.ts';
import { RUN_FORMAT, RUN_VERSION, STATUSES } from './run-file.ts';
import {
  type HistoryFrame,
  type HistoryLosses,
  type HistoryModule,
  type ModuleTrace,
  type NetworkAnswers,
  NO_LOSSES,
  newRecord,
  type RunRecord,
  type Trace,
} from './run-record.ts';

function readLosses(trace: Json, n: number, network: boolean): HistoryLosses {
  const names = network
    ? (['heldOutLoss', 'accuracy', 'oldAccuracy'] as const)
    : (['trainingLoss', 'heldOutLoss'] as const);
  if (names.every((key) => trace[key] === undefined)) return NO_LOSSES;
  const [first, ...others] = names.map((key) => ({ key, ...readLoss(trace[key], `trace.${key}`, n) }));
  const steps = first.step;
  for (const { key, step } of others)
    if (step.length !== steps.length || step.some((s, i) => s !== steps[i]))
      fail(`trace.${key}.step: its steps differ from those of trace.${first.key}.`);
  if (!network) return { steps, training: first.values, heldOut: others[0].values };
  const [accuracy, oldAccuracy] = others.map(({ key, values }) => shares(values, `trace.${key}.values`));
  return { steps, training: steps.map(() => Number.NaN), heldOut: first.values, accuracy, oldAccuracy };
}

/** Accuracies. */
function shares(values: readonly number[], where: string): readonly number[] {
  const odd = values.findIndex((value) => value < 0 || value > 1);
  if (odd >= 0) fail(`${where}, entry ${odd}: found ${jsonText(values[odd])}, expected 0 to 1.`);
  return values;
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

/** The samples of a file follow from its link: they are checked, and not kept, but for the answers of a network. */
function readSamples(value: unknown, e: Experiment, n: number): ReadonlyMap<number, NetworkAnswers> {
  const none = new Map<number, NetworkAnswers>();
  if (value === undefined || value === null) return none;
  const { kind } = targets.byName(e.target);
  if (kind === 'network') return readAnswers(object(value, 'samples'), n);
  checkSamples(value, e, n, kind === 'samples');
  return none;
}

/** By step, where both sets have answers. */
function readAnswers(samples: Json, n: number): ReadonlyMap<number, NetworkAnswers> {
  const [heldOut, old] = ['heldOut', 'old'].map((name) => readExamples(samples[name], `samples.${name}`, n));
  return new Map(
    [...heldOut].flatMap(([step, answers]): [number, NetworkAnswers][] => {
      const others = old.get(step);
      return others ? [[step, { heldOut: answers, old: others }]] : [];
    }),
  );
}

/** X is k × n, with one answer each or several; the answers of each listed step. */
function readExamples(value: unknown, where: string, n: number): ReadonlyMap<number, Uint8Array> {
  const { X, labels, answers } = object(value, where);
  const count = array(labels, `${where}.labels`, MOST_ANSWERS).length;
  symbols(labels, `${where}.labels`, count);
  if (X !== null) {
    const rows = array(X, `${where}.X`, MOST_HELD_OUT);
    const columns = rows.length === 0 ? 0 : array(rows[0], `${where}.X[0]`, MOST_HELD_OUT).length;
    if (columns === 0 || count % columns !== 0) fail(`${where}.X: ${columns} columns for ${count} labels.`);
    matrix(X, `${where}.X`, rows.length, columns);
  }
  if (answers === undefined) return new Map();
  const own = object(answers, `${where}.answers`);
  const steps = array(own.step, `${where}.answers.step`, n).map((at) => index(at, `${where}.answers.step`, n));
  const values = array(own.values, `${where}.answers.values`, steps.length);
  return new Map(steps.map((step, i) => [step, symbols(values[i], `${where}.answers.values[${i}]`, count)]));
}

/** Whole numbers from 0 to 255. */
function symbols(value: unknown, where: string, length: number): Uint8Array {
  const found = array(value, where, length);
  if (found.length !== length) fail(`${where}: ${found.length} entries, expected ${length}.`);
  return Uint8Array.from(found, (one) => index(one, where, 256));
}

function checkSamples(value: unknown, e: Experiment, n: number, sampled: boolean): void {
  if (!sampled) fail('samples: the target that the link names has none.');
  const samples = object(value, 'samples');
  const heldOut = object(samples.heldOut, 'samples.heldOut');
  const kept = Array.isArray(heldOut.X) && Array.isArray(heldOut.X[0]) ? heldOut.X[0].length : 0;
  if (kept > MOST_HELD_OUT) fail(`samples.heldOut: ${kept} samples; the limit is ${MOST_HELD_OUT}.`);
  checkSet(samples, 'samples', e, e.samples);
  if (samples.batches !== null) checkBatches(samples.batches, n, e);
  checkSet(heldOut, 'samples.heldOut', e, kept);
}

const MOST_HELD_OUT = 4096;
/** Of 1,024 sequences. */
const MOST_ANSWERS = 8192;

/** X is k × n, Y is d × n, row by row; null if not listed. */
function checkSet({ X, Y }: Json, where: string, { d, k }: Experiment, count: number): void {
  if (X !== null) matrix(X, `${where}.X`, k, count);
  if (Y !== null) matrix(Y, `${where}.Y`, d, count);
}

/** The column indices of every step. */
function checkBatches(value: unknown, n: number, { batch, samples, order }: Experiment): void {
  const lists = array(value, 'samples.batches', n);
  if (lists.length !== n)
    fail(`samples.batches: ${lists.length} lists, expected ${n}, one for each entry of the trace.`);
  for (const [t, columns] of lists.entries()) {
    const where = `samples.batches[${t}]`;
    const size = samplesAt(t, samples, Math.min(batch, samples), order);
    const found = array(columns, where, size);
    if (found.length !== size) fail(`${where}: ${found.length} entries, expected ${size}.`);
    for (const column of found) index(column, where, samples);
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
  const trace = object(file.trace, 'trace');
  const series = readSeries(trace);
  const entries = series.loss.length;
  const expected = layersOf(experiment);
  const network = isNetwork(experiment);
  const layers = array(file.layers, 'layers', expected.length);
  if (layers.length !== expected.length)
    fail(`layers: ${layers.length} entries, expected ${plural(expected.length, 'layer')}.`);
  const modules = expected.flatMap((layer, i) => {
    const found = readLayer(object(layers[i], `layers[${i}]`), `layers[${i}]`, entries, layer, experiment);
    return found ? [found] : [];
  });
  return {
    // A lesson that opens brings its own settings, and the run would be gone.
    ...newRecord(experiment, { ...view, lesson: '' }),
    ...{ rate, status },
    ...keptOf(series, modules, readSamples(file.samples, experiment, entries)),
    losses: readLosses(trace, entries, network),
    computed: [{ from: 0, backend: word(file.backend), device: word(file.device) }],
    changes: readChanges(file.changes, experiment, entries),
  };
}

function keptOf(
  series: Trace['series'],
  modules: readonly ModuleReading[],
  answers: ReadonlyMap<number, NetworkAnswers>,
): Pick<RunRecord, 'trace' | 'frames' | 'samples'> {
  const { length } = series.loss;
  const steps = [...new Set(modules.flatMap(({ spectra }) => [...spectra.keys()]))].sort((a, b) => a - b);
  const spectrumAt = ({ spectra }: ModuleReading, step: number) => spectra.get(step) ?? null;
  const frame = (step: number, of: 'initial' | 'final'): HistoryFrame => ({
    step,
    modules: modules.map((module) => ({ ...module[of], spectrum: spectrumAt(module, step), alignment: null })),
    ...(answers.has(step) && { answers: answers.get(step) }),
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

function readLink(link: unknown): { experiment: Experiment; view: View; rate: Rate } {
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

/** A matrix as the link has it. */
interface ExpectedLayer extends LayerSize {
  readonly name: string;
  readonly trained: 'adapter' | 'whole' | TrainedByMethod | null;
}

interface TrainedByMethod {
  readonly method: AdapterMethod;
  readonly sizes: MethodSettings;
}

/** The matrices of a link: one, or those of its network, each with its own rank. */
function layersOf(e: Experiment): readonly ExpectedLayer[] {
  const target = targets.byName(e.target);
  const beside = besideLora(e);
  const byMethod = (name: string, sizes: MethodSettings): ExpectedLayer => {
    const method = methods.byName(beside ?? 'lora');
    const { d, k, rank } = sizes;
    return { name, d, k, rank: method.params.includes('rank') ? rank : 0, trained: { method, sizes } };
  };
  if (target.kind !== 'network')
    return [beside ? byMethod('', e) : { name: '', d: e.d, k: e.k, rank: e.rank, trained: 'adapter' }];
  const adapted = adaptedLayers(target, e.modules);
  return target.layers.map((layer) => {
    if (beside && adapted.includes(layer)) return byMethod(layer.name, methodSizes(e, layer));
    const trained = !adapted.includes(layer) ? null : isFull(e) ? 'whole' : 'adapter';
    return { ...layer, trained, rank: trained === 'adapter' ? Math.min(e.rank, layer.d, layer.k) : 0 };
  });
}

interface ModuleReading {
  readonly initial: Pick<HistoryModule, 'A' | 'B' | 'own'>;
  readonly final: Pick<HistoryModule, 'A' | 'B' | 'own'>;
  readonly norms: ModuleTrace;
  readonly spectra: ReadonlyMap<number, Float64Array>;
}

/** Null if it is not trained. */
function readLayer(
  layer: Json,
  where: string,
  n: number,
  { name, d, k, rank, trained }: ExpectedLayer,
  e: Experiment,
): ModuleReading | null {
  const network = isNetwork(e);
  if (network && layer.name !== name) fail(`${where}.name: found ${jsonText(layer.name)}, the link says "${name}".`);
  for (const [key, expected] of Object.entries({ d, k, rank }))
    if (layer[key] !== expected) fail(`${where}.${key}: found ${jsonText(layer[key])}, the link says ${expected}.`);
  if (trained === null) return null;
  const own = object(layer.trace, `${where}.trace`);
  const norms = (name: ModuleSeries) => list(own[name], `${network ? `${where}.` : ''}trace.${name}`, n);
  const optional = (name: ModuleSeries) => (own[name] === undefined ? new Float64Array(n) : norms(name));
  const length = trained === 'adapter' ? Math.min(rank, d, k) : Math.min(d, k);
  const ends =
    trained === 'whole'
      ? readWhole(layer, where, d, k)
      : trained === 'adapter'
        ? readPairs(layer, where, { d, k, rank })
        : readOwn(layer, where, trained);
  return {
    ...ends,
    norms: moduleSeries((name) => (name === 'gradNormA' || name === 'gradNormB' ? norms(name) : optional(name))),
    spectra: readSpectra(own.spectrum, n, length),
  };
}

function readPairs(layer: Json, where: string, { d, k, rank }: LayerSize): Pick<ModuleReading, 'initial' | 'final'> {
  const pair = (value: unknown, at: string) => {
    const { A, B } = object(value, at);
    return { A: matrix(A, `${at}.A`, rank, k), B: matrix(B, `${at}.B`, d, rank) };
  };
  return { initial: pair(layer.initial, `${where}.initial`), final: pair(layer.final, `${where}.final`) };
}

/** W and W₀ as the update W − W₀ beside an identity, as a matrix that is trained whole is recorded. */
function readWhole(layer: Json, where: string, d: number, k: number): Pick<ModuleReading, 'initial' | 'final'> {
  const base = matrix(layer.base, `${where}.base`, d, k);
  const W = matrix(object(layer.final, `${where}.final`).W, `${where}.final.W`, d, k);
  const one = toFloat32(identity(Math.min(d, k))).data;
  const pair = (update: Float32Array) => (d < k ? { A: update, B: one } : { A: one, B: update });
  return { initial: pair(new Float32Array(d * k)), final: pair(W.map((value, i) => value - base[i])) };
}

/** The numbers of a method beside LoRA, and its ΔW at the end beside an identity. At the start ΔW is 0. */
function readOwn(
  layer: Json,
  where: string,
  { method: { own }, sizes }: TrainedByMethod,
): Pick<ModuleReading, 'initial' | 'final'> {
  const { d, k } = sizes;
  const at = (end: 'initial' | 'final') => {
    const found = object(layer[end], `${where}.${end}`);
    return own(sizes).map(({ name, rows, cols }) =>
      matrix(found[fileKey(name)], `${where}.${end}.${fileKey(name)}`, rows, cols),
    );
  };
  const update = matrix(object(layer.final, `${where}.final`).dW, `${where}.final.dW`, d, k);
  const one = toFloat32(identity(Math.min(d, k))).data;
  const pair = (whole: Float32Array) => (d < k ? { A: whole, B: one } : { A: one, B: whole });
  return {
    initial: { ...pair(new Float32Array(d * k)), own: at('initial') },
    final: { ...pair(update), own: at('final') },
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
