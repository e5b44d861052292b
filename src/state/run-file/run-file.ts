import type { ReadyMethod, ReadyModule, SampleSetColumns } from '../../engine/protocol/worker-messages.ts';
import { configOf, writeLink } from '../../experiment/link/link.ts';
import { methods } from '../../experiment/methods/index.ts';
import { fileKey } from '../../experiment/methods/method.ts';
import type { DigitSet } from '../../experiment/network/digits.ts';
import type { SequenceSet } from '../../experiment/network/sequences.ts';
import { batchesOfLink } from '../../experiment/regression/batches.ts';
import {
  MAX_INDICES,
  MAX_LISTED_SIDE,
  type NetworkFileLayer,
  type NetworkRunFile,
  type NumberRows,
  RUN_FORMAT,
  RUN_VERSION,
  type RunFile,
  type RunFileExamples,
} from '../../experiment/run-file/run-file.ts';
import type { HistoryModule } from '../../experiment/run-file/run-record.ts';
import { isBesideLora, isFull } from '../../experiment/settings/bounds.ts';
import { wholeUpdate } from '../../experiment/settings/counts.ts';
import { effectiveRankOf, type ModuleSeries, moduleSeries } from '../../experiment/settings/metric.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { innerScaling, scalingOf } from '../../experiment/settings/rate.ts';
import { backendTexts, givenOf, lastStep, type Run, traceList } from '../run/run.ts';
import { sampledSpectra } from '../select.ts';

/** Properties computed at the first read, plain afterwards; listing and copying see them, after the object's own. */
export function lazyProperties<O extends object, T extends object>(
  object: O,
  makers: { readonly [K in keyof T]: () => T[K] },
): O & T {
  for (const key of Object.keys(makers) as (keyof T)[]) {
    const settle = <V>(value: V): V => {
      Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      return value;
    };
    const get = () => settle(makers[key]());
    Object.defineProperty(object, key, { get, set: settle, enumerable: true, configurable: true });
  }
  return object as O & T;
}

type RunWithMatrices = NonNullable<Run['ready']>;

type ModuleList = 'startA' | 'startB' | 'endA' | 'endB' | 'endW' | 'base' | 'target' | OwnList;

/** The numbers of a method beside LoRA at both ends, in the order of its shapes, its places, and ΔW at the end. */
type OwnList = `startOwn${OwnPlace}` | `endOwn${OwnPlace}` | 'startPlaces' | 'endUpdate';
type OwnPlace = 'I' | 'II' | 'III';
const OWN_PLACES: readonly OwnPlace[] = ['I', 'II', 'III'];

/** The long lists of a run file: those of layer i carry its number as a suffix. */
export type ListName = `${ModuleList}${number}` | 'X' | 'Y' | 'batches' | 'heldOutX' | 'heldOutY' | 'oldX';

export type Lists<T> = { [K in ListName]?: T };

/** A list that is made on demand. */
interface LongList {
  /** Numbers in all rows together. */
  readonly numbers: number;
  readonly slices: () => Generator<NumberRows>;
}

function rowsOf({ slices }: LongList): NumberRows {
  return [...slices()].flat();
}

/** Numbers converted to lists between two yields to the page. */
const SLICE = 65_536;

/** A and B at both ends; if `all`, also W₀, ΔW*, samples and batches unless too long: the link rebuilds them. */
export function listsOf(run: Run, ready: RunWithMatrices, all: boolean): Lists<LongList> {
  const lists: Lists<LongList> = {};
  for (const [i, layer] of fileLayers(run, ready).entries()) Object.assign(lists, listsOfLayer(run, layer, i, all));
  const { samples, network } = ready;
  if (all && network) {
    const [heldOutX, oldX] = [network.heldOut, network.old].map(inputColumns);
    return { ...lists, heldOutX, oldX };
  }
  if (!all || !samples) return lists;
  const [{ d, k, base }] = ready.modules;
  const pair = ({ count, X, Y }: SampleSetColumns) => ({ X: matrix(X, k, count), Y: matrix(Y, d, count) });
  const { X: heldOutX, Y: heldOutY } = pair(samples.heldOut);
  const sets = base ? { ...pair(samples.training), heldOutX, heldOutY } : {};
  const batches = batchesIn(run, samples.training.count);
  return { ...lists, ...sets, ...(batches && { batches }) };
}

/** A matrix of a run file, and its place among the modules; −1 if it is not trained. */
interface FileLayer {
  readonly name: string;
  readonly d: number;
  readonly k: number;
  readonly base: Float32Array | null;
  readonly place: number;
  /** Null if it is not trained. */
  readonly module: ReadyModule | null;
  /** Whether the whole matrix is trained. */
  readonly full: boolean;
}

/** The matrices of a network in the order of the forward pass; of another target its modules. */
function fileLayers({ experiment }: Run, { modules, network }: RunWithMatrices): readonly FileLayer[] {
  if (!network)
    return modules.map((module, place) => {
      const { name, d, k } = module;
      return { name, d, k, base: givenOf(module).base, place, module, full: false };
    });
  return network.layers.map(({ name, d, k, W }) => {
    const place = modules.findIndex((module) => module.name === name);
    const module = modules[place] ?? null;
    return { name, d, k, base: module ? module.base : W, place, module, full: module !== null && isFull(experiment) };
  });
}

export const layerCount = (run: Run, ready: RunWithMatrices): number => fileLayers(run, ready).length;

function listsOfLayer(run: Run, layer: FileLayer, i: number, all: boolean): Lists<LongList> {
  const { d, k, base, place, module, full } = layer;
  // The update of full fine-tuning is found from its base.
  const based = (all || full) && base && { [`base${i}`]: matrix(base, d, k) };
  if (!module) return { ...based };
  const { rank, A, B, method } = module;
  const last: Pick<HistoryModule, 'A' | 'B' | 'own'> = run.frames.at(-1)?.modules[place] ?? module;
  if (full) return { ...based, ...(base && { [`endW${i}`]: sumMatrix(base, wholeUpdate(last, d, k), d, k) }) };
  // Of networks no ΔW* is known: theirs here is that of a full run on this device.
  const target = run.ready?.network ? null : givenOf(module).target;
  if (method)
    return {
      ...based,
      ...ownLists(method, last, i),
      [`endUpdate${i}`]: matrix(wholeUpdate(last, d, k), d, k),
      ...(all && target && { [`target${i}`]: matrix(target, d, k) }),
    };
  return {
    [`startA${i}`]: matrix(A, rank, k),
    [`startB${i}`]: matrix(B, d, rank),
    [`endA${i}`]: matrix(last.A, rank, k),
    [`endB${i}`]: matrix(last.B, d, rank),
    ...based,
    ...(all && target && { [`target${i}`]: matrix(target, d, k) }),
  };
}

function ownLists(method: ReadyMethod, last: Pick<HistoryModule, 'own'>, i: number): Lists<LongList> {
  const lists: Lists<LongList> = {};
  for (const [n, { rows, cols }] of method.shapes.entries()) {
    lists[`startOwn${OWN_PLACES[n]}${i}`] = matrix(method.own[n], rows, cols);
    lists[`endOwn${OWN_PLACES[n]}${i}`] = matrix((last.own ?? method.own)[n], rows, cols);
  }
  const { places } = method;
  if (places) lists[`startPlaces${i}`] = matrix(Float32Array.from(places), 1, places.length);
  return lists;
}

/** fl(W₀ + ΔW), as the stepper forms it. */
function sumMatrix(base: Float32Array, update: Float32Array, rows: number, cols: number): LongList {
  const sum = base.map((value, i) => value + (update[i] ?? 0));
  return matrix(sum, rows, cols);
}

/** The inputs of examples as columns: k × n. A sequence is one example with several answers. */
function inputColumns(set: DigitSet | SequenceSet): LongList {
  const { inputs } = set;
  const n = 'count' in set ? set.count : set.answers.length;
  const k = inputs.length / n;
  const row = (i: number) => Array.from({ length: n }, (_, j) => inputs[j * k + i]);
  return { numbers: inputs.length, slices: () => inSlices(row, k, n) };
}

function matrix(data: Float32Array, rows: number, cols: number): LongList {
  const row = (i: number) => numbers(data, i * cols, cols);
  return { numbers: rows * cols, slices: () => inSlices(row, rows, cols) };
}

/** `count` numbers from index `from`. Ten times as fast as Array.from, which uses the list's iterator. */
function numbers(data: Float32Array, from: number, count: number): number[] {
  const list = new Array<number>(count);
  for (let i = 0; i < count; i++) list[i] = data[from + i];
  return list;
}

/** The samples of every step, N + 1 lists of column indices; null if too many. */
function batchesIn({ experiment, trace }: Run, n: number): LongList | null {
  const { size, at } = batchesOfLink(experiment, n);
  if (size * trace.length > MAX_INDICES) return null;
  const { length } = trace;
  return { numbers: size * length, slices: () => inSlices((t) => Array.from(at(t)), length, size) };
}

function* inSlices(row: (i: number) => readonly number[], rows: number, cols: number): Generator<NumberRows> {
  const atOnce = Math.max(1, Math.floor(SLICE / cols));
  for (let from = 0; from < rows; from += atOnce)
    yield Array.from({ length: Math.min(atOnce, rows - from) }, (_, i) => row(from + i));
}

export type YieldTask = () => Promise<void>;

/** Null before the matrices exist. Long lists are made at the first read, since most callers read only the curves. */
export function runFileOf(run: Run, app: string): RunFile | null {
  const { ready } = run;
  if (!ready) return null;
  const lists: Lists<() => NumberRows> = {};
  for (const [name, list] of entriesOf(listsOf(run, ready, true))) lists[name] = () => rowsOf(list);
  return fileWithLists(run, ready, app, lists);
}

/** Numbers that a page converts to rows in a few milliseconds: as many as W₀ may have. */
const QUICK = MAX_LISTED_SIDE ** 2;

/** As runFileOf, but lists that take longer than that are made now, in slices that keep the page responsive. */
export async function runFileInSlices(run: Run, app: string, breathe: YieldTask): Promise<RunFile | null> {
  const { ready } = run;
  if (!ready) return null;
  const lists: Lists<() => NumberRows> = {};
  for (const [name, list] of entriesOf(listsOf(run, ready, true))) {
    if (list.numbers <= QUICK) lists[name] = () => rowsOf(list);
    else {
      const rows = await slowly(list, breathe);
      lists[name] = () => rows;
    }
  }
  return fileWithLists(run, ready, app, lists);
}

async function slowly({ slices }: LongList, breathe: YieldTask): Promise<NumberRows> {
  const rows: (readonly number[])[] = [];
  for (const slice of slices()) {
    for (const row of slice) rows.push(row);
    await breathe();
  }
  return rows;
}

export function entriesOf<T>(lists: Lists<T>): [ListName, T][] {
  return Object.entries(lists) as [ListName, T][];
}

/** The samples of a regression run or of a network; null for another target, or if no list is included. */
function samplesWith(run: Run, ready: RunWithMatrices, lists: Lists<() => NumberRows>) {
  const { X = NONE, Y = NONE, batches = NONE, heldOutX = NONE, heldOutY = NONE, oldX = NONE } = lists;
  if (ready.network)
    return {
      heldOut: examplesOf(run, ready.network, 'heldOut', heldOutX),
      old: examplesOf(run, ready.network, 'old', oldX),
    };
  if (!ready.samples || (X === NONE && batches === NONE)) return null;
  const heldOut = lazyProperties({}, { X: heldOutX, Y: heldOutY });
  return Object.assign(lazyProperties({}, { X, Y, batches }), { heldOut });
}

/** With the answers at both ends: those between can be computed again. */
function examplesOf(
  { frames }: Run,
  network: NonNullable<RunWithMatrices['network']>,
  of: 'heldOut' | 'old',
  X: () => NumberRows | null,
): RunFileExamples {
  const answered = frames.flatMap(({ step, answers }) => (answers ? [{ step, answers: answers[of] }] : []));
  const ends = answered.filter((_, i) => i === 0 || i === answered.length - 1);
  return lazyProperties(
    {
      labels: Array.from(network[of].answers),
      answers: { step: ends.map(({ step }) => step), values: ends.map(({ answers }) => Array.from(answers)) },
    },
    { X },
  );
}

const NONE = () => null;
const EMPTY = () => [];

/** Losses over all samples, and accuracies; empty for targets without samples. */
function lossesWith({ losses }: Run): Partial<RunFile['trace']> {
  const { steps: step, training, heldOut, accuracy, oldAccuracy } = losses;
  if (step.length === 0) return {};
  const heldOutLoss = { step, values: heldOut };
  if (!accuracy || !oldAccuracy) return { trainingLoss: { step, values: training }, heldOutLoss };
  return { heldOutLoss, accuracy: { step, values: accuracy }, oldAccuracy: { step, values: oldAccuracy } };
}

export function fileWithLists(run: Run, ready: RunWithMatrices, app: string, lists: Lists<() => NumberRows>): RunFile {
  const { experiment, view, rate, trace } = run;
  const samples = samplesWith(run, ready, lists);
  const { loss, relativeError } = trace.series;
  const layers = fileLayers(run, ready).map((layer, i) => layerWith(run, layer, i, lists));
  const file: Omit<RunFile, 'layers' | 'samples'> & Pick<NetworkRunFile, 'layers'> = {
    format: RUN_FORMAT,
    version: RUN_VERSION,
    app,
    ...backendTexts(run.computed, lastStep(run)),
    link: writeLink(experiment, view, rate),
    config: configOf(experiment, view, rate),
    scaling: formulaScaling(experiment),
    layers,
    ...(samples && { samples }),
    trace: {
      step: Array.from({ length: trace.length }, (_, i) => i),
      loss: Array.from(traceList(trace, loss)),
      relativeError: relativeError
        ? Array.from(traceList(trace, relativeError))
        : new Array<null>(trace.length).fill(null),
      ...lossesWith(run),
    },
    changes: run.changes,
    status: run.status,
  };
  // Its type is that of most runs: of networks a matrix may have no A and B.
  return file as RunFile;
}

/** s of a method's formula; 1 if it has none. */
const formulaScaling = (e: Experiment): number =>
  isBesideLora(e) && methods.byName(e.method).params.includes('alpha') ? innerScaling(e) : scalingOf(e);

/** The rank of a method's formula; 0 if it has none. */
const formulaRank = ({ experiment }: Run, { name }: ReadyMethod, { d, k }: Pick<FileLayer, 'd' | 'k'>): number =>
  methods.byName(name).params.includes('rank') ? Math.min(experiment.rank, d, k) : 0;

/** A method's own numbers by their names, and further lists that are there. */
function ownOf(
  { shapes }: ReadyMethod,
  list: (place: OwnPlace) => (() => NumberRows) | undefined,
  more: Readonly<Record<string, (() => NumberRows) | undefined>>,
) {
  const named = shapes.map(({ name }, n) => [fileKey(name), list(OWN_PLACES[n]) ?? EMPTY] as const);
  const others = Object.entries(more).flatMap(([key, rows]) => (rows ? [[key, rows] as const] : []));
  return lazyProperties({}, Object.fromEntries([...named, ...others]));
}

function layerWith(
  run: Run,
  { name, d, k, module, place, full }: FileLayer,
  i: number,
  lists: Lists<() => NumberRows>,
): NetworkFileLayer {
  const norms = run.trace.modules[place];
  const numbers = (series: ModuleSeries) => (norms ? Array.from(traceList(run.trace, norms[series])) : []);
  const list = (of: ModuleList) => lists[`${of}${i}`];
  const matrices = { base: list('base') ?? NONE, target: list('target') ?? NONE };
  const method = module?.method;
  const rank = module && !full ? (method ? formulaRank(run, method, module) : module.rank) : 0;
  const scaling = rank > 0 ? formulaScaling({ ...run.experiment, rank }) : 1;
  const sizes = { name, d, k, rank, ...(run.ready?.network && { scaling }) };
  const own = Object.assign(lazyProperties(sizes, matrices), { initial: {}, final: {} });
  if (!module) return own;
  const sampled = sampledSpectra(run, place);
  const pair = (A: ModuleList, B: ModuleList) => lazyProperties({}, { A: list(A) ?? EMPTY, B: list(B) ?? EMPTY });
  return Object.assign(own, {
    ...(method
      ? {
          initial: ownOf(method, (n) => list(`startOwn${n}`), { places: list('startPlaces') }),
          final: ownOf(method, (n) => list(`endOwn${n}`), { dW: list('endUpdate') }),
        }
      : full
        ? { final: lazyProperties({}, { W: list('endW') ?? EMPTY }) }
        : { initial: pair('startA', 'startB'), final: pair('endA', 'endB') }),
    trace: {
      ...moduleSeries(numbers),
      effectiveRank: { step: sampled.steps, values: sampled.spectra.map((s) => effectiveRankOf(s)) },
      spectrum: sampled.steps.map((step, at) => ({ step, values: Array.from(sampled.spectra[at]) })),
    },
  });
}
