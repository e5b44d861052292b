import { multiply } from '../../math/matrix.ts';
import { compareConverted, convertedFile } from '../file/convert/converted-file.ts';
import { figuresOfCores, pairCores } from '../file/experts/pair-figures.ts';
import { readEach, readFactors } from '../file/factors.ts';
import { blockMeans, rescaledFigures } from '../file/figures.ts';
import type {
  Adapter,
  ByteSource,
  Fault,
  Figures,
  MergePlan,
  Module,
  ModuleMatches,
  PairFigures,
} from '../file/model.ts';
import { openAdapter } from '../file/open.ts';
import { matchModules, type PairCore } from '../file/pair/compare.ts';
import { mergeConflicts } from '../file/pair/conflicts.ts';
import { type AdapterMerge, mergeOf } from '../file/pair/merged-file.ts';
import { compareGrown, grownFile } from '../file/resize/grown-file.ts';
import { WriteError } from '../file/resize/metadata.ts';
import { spectraOf } from '../file/resize/predict-resize.ts';
import { measureErrors, resizedFile } from '../file/resize/resized-file.ts';
import { sizeSearch } from '../file/resize/size-choices.ts';
import { writtenBackFile } from '../file/resize/written-back-file.ts';
import type { OutputAdapter } from '../file/safetensors/write.ts';
import { withAlpha } from '../file/scaling.ts';
import { inThread, type PairWork } from '../file/work/pair-work.ts';
import { bytesOfTensors } from '../file/work/schedule.ts';
import { type FigureReader, figureReader } from '../file/work/window-figures.ts';
import { createBaseSession } from './base-session.ts';
import { type AdapterCandidate, findAdapters } from './find-adapters.ts';
import { createModelsSession } from './models-session.ts';
import type { AdaptersCalls, AdaptersNews, WriteRequest } from './protocol.ts';
import { createTurns, type FigureReport, type ReportPace, reportPace, runsOf, type Walk, walk } from './reports.ts';
import { type NewFile, writeFile } from './write-file.ts';

interface OpenFile {
  readonly source: ByteSource;
  /** With the file's α: this is measured. */
  readonly asRead: Adapter;
  /** With the α that a person gave: this is compared and written. */
  adapter: Adapter;
  readonly figures: (Figures | null)[];
  /** Spent on reading and measuring the modules. */
  seconds: number;
}

function unmeasured(held: OpenFile, work: PairWork): Walk<Module, Figures> & Pick<FigureReader, 'ahead'> {
  const items = held.asRead.modules.filter((_, i) => !held.figures[i]);
  const { read, ahead } = figureReader(held.source, items, work);
  return {
    items,
    ahead,
    bytesOf: ({ tensors }) => bytesOfTensors(tensors),
    indexOf: ({ index }) => index,
    cost: costOf,
    read: async (module) => {
      const of = await read(module);
      held.figures[module.index] = of;
      return of;
    },
  };
}

/** Estimated time: its bytes plus a fixed part. */
const costOf = ({ d, k, rank }: Module) => rank * (d + k) + 50_000;

type Weights = MergePlan['weights'];

/** Two files in comparison. The core of each pair is small, so that other weights need no file. */
interface Comparison {
  readonly first: OpenFile;
  readonly second: OpenFile;
  readonly matched: ModuleMatches;
  /** By pair, of each expert; undefined until it is read, null if an entry is not finite or the kind has no factors. */
  readonly cores: (readonly PairCore[] | null | undefined)[];
  weights: Weights;
}

const uncompared = (of: Comparison): Walk<number, PairFigures> => ({
  items: [...of.cores.keys()].filter((pair) => of.cores[pair] === undefined),
  indexOf: (pair) => pair,
  cost: () => 1,
  bytesOf: (pair) => {
    const [i, j] = of.matched.pairs[pair];
    return [of.first.adapter.modules[i], of.second.adapter.modules[j]].reduce(
      (sum, { tensors }) => sum + bytesOfTensors(tensors),
      0,
    );
  },
  read: async (pair) => {
    const cores = await coresOf(of, pair);
    of.cores[pair] = cores;
    return figuresOfCores(cores, of.weights);
  },
});

async function coresOf({ first, second, matched }: Comparison, pair: number): Promise<readonly PairCore[] | null> {
  const [i, j] = matched.pairs[pair];
  const [a, b] = [first.adapter.modules[i], second.adapter.modules[j]];
  const [fa, fb] = [await readEach(first.source, a), await readEach(second.source, b)];
  return 'fault' in fa || 'fault' in fb ? null : pairCores(fa, a.scaling, fb, b.scaling);
}

/** ms of work before yielding to new messages, and the number of figures in a report. */
const SLICE = 30;
const TOGETHER = 40;

/** Figures at other weights from the stored cores; abandoned as soon as there are newer weights. */
async function weigh(of: Comparison, weights: Weights, report: FigureReport<PairFigures>): Promise<void> {
  of.weights = weights;
  const runs = runsOf(report);
  let since = performance.now();
  for (const [i, cores] of [...of.cores].entries()) {
    if (cores === undefined) break;
    const waiting = runs.put(i, figuresOfCores(cores, weights));
    if (performance.now() - since < SLICE) continue;
    await new Promise((next) => setTimeout(next));
    if (of.weights !== weights) return;
    since = performance.now();
    if (waiting >= TOGETHER) runs.flush(null);
  }
  runs.flush(null);
}

const CLOSED: Fault = { fault: 'This file is closed.', details: 'Open it again.' };

type MergeFor = (files: readonly number[], plan: MergePlan) => AdapterMerge | Fault;

/** Merges of open files. The last one is kept with what it has computed, so that it is not computed again to be written. */
function mergeMaker(open: ReadonlyMap<number, OpenFile>): MergeFor {
  let last: { readonly key: string; readonly adapters: readonly Adapter[]; readonly made: AdapterMerge } | null = null;
  return (ids, plan) => {
    const files = ids.flatMap((id) => open.get(id) ?? []);
    if (files.length < ids.length) return CLOSED;
    const [key, adapters] = [JSON.stringify([ids, plan]), files.map(({ adapter }) => adapter)];
    if (last?.key === key && last.adapters.every((adapter, i) => adapter === adapters[i])) return last.made;
    const made = mergeOf(files, plan);
    last = 'fault' in made ? null : { key, adapters, made };
    return made;
  };
}

async function newFile(
  request: Exclude<WriteRequest, { readonly does: 'extract' }>,
  open: ReadonlyMap<number, OpenFile>,
  mergeFor: MergeFor,
  work: PairWork,
): Promise<NewFile | Fault> {
  const ready = (made: OutputAdapter | Fault, measure: NewFile['measure']) =>
    'fault' in made ? made : { ...made, foretold: () => request.foretold, measure };
  if (request.does === 'merge') {
    const made = mergeFor(request.files, request.plan);
    if ('fault' in made) return made;
    return ready(made, async (written, going) => errorOf(await made.measure(written, going)));
  }
  const of = open.get(request.file);
  if (!of) return CLOSED;
  const { source, adapter } = of;
  if (request.does === 'convert')
    return ready(await convertedFile(source, adapter, request.naming), (written, going) =>
      compareConverted(of, written, request.naming, going),
    );
  if (request.does === 'grow')
    return ready(grownFile(source, adapter, request.plan), (written, going) => compareGrown(of, written, going));
  if (request.does === 'write-back') {
    const made = writtenBackFile(of, new Map([[request.module, request.trained]]));
    return 'fault' in made ? made : { ...made, foretold: () => made.foretold };
  }
  const spectra = spectraOf(adapter, of.figures);
  return ready(resizedFile(source, adapter, spectra, request.plan, request.ranks, work), async (written, going) =>
    errorOf(await measureErrors(of, written, going, work)),
  );
}

const errorOf = (measured: { readonly error: number } | Fault) => ('fault' in measured ? measured : measured.error);

/** Rows and columns of blocks in the picture of a module, at most. */
const BLOCKS = 64;

/** ms that threads leave to the page after news, at most: until it says that it has drawn. */
const DRAWING = 120;

export function createSession(
  post: (news: AdaptersNews, transfer?: Transferable[]) => void,
  work: PairWork = inThread,
): AdaptersCalls {
  const listed = new Map<number, AdapterCandidate>();
  const open = new Map<number, OpenFile>();
  const mergeFor = mergeMaker(open);
  let pair: Comparison | null = null;
  let opening: Promise<unknown> = Promise.resolve();
  let stop = new AbortController();
  let drawn = 0;
  const drawnAt = () => drawn;

  const fail = (file: number | null, { fault, details, isModel }: Fault) =>
    post({ type: 'failed', file, title: fault, details, isModel });

  const run = async (file: number | null, work: (signal: AbortSignal) => Promise<void>) => {
    const { signal } = stop;
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted) fail(file, faultOf(error));
    }
  };

  const read = (file: number) =>
    run(file, async (signal) => {
      const held = open.get(file);
      if (!held) return fail(file, CLOSED);
      const report: FigureReport<Figures> = (from, figures, secondsLeft) => {
        post({ type: 'measured', file, from, figures, secondsLeft });
        work.rest?.(DRAWING);
      };
      const began = performance.now();
      const modules = unmeasured(held, work);
      await walk(modules, report, { signal, ahead: modules.ahead, drawnAt });
      held.seconds += (performance.now() - began) / 1000;
    });

  const factorsOf = async (file: number, index: number) => {
    const held = open.get(file);
    const module = held?.adapter.modules[index];
    return held && module ? readFactors(held.source, module) : CLOSED;
  };

  /** The last search, by the adapter with its α. */
  let searched: { readonly adapter: Adapter; readonly search: ReturnType<typeof sizeSearch> } | null = null;

  const searchOf = (file: number) => {
    const held = open.get(file);
    if (!held) return null;
    const { adapter, asRead } = held;
    if (searched?.adapter === adapter) return searched.search;
    const figures = held.figures.map((one, i) => one && rescaledFigures(one, i, adapter, asRead));
    searched = { adapter, search: sizeSearch(adapter, spectraOf(adapter, figures)) };
    return searched.search;
  };

  const reportPairs: FigureReport<PairFigures> = (from, figures, secondsLeft) =>
    post({ type: 'compared', from, figures, secondsLeft });

  const compareRest = () =>
    run(null, async (signal) => {
      const mine = pair;
      // If another comparison has begun meanwhile, only that one is reported.
      if (mine)
        await walk(uncompared(mine), (...found) => mine === pair && reportPairs(...found), {
          signal,
          ahead: inThread.ahead,
          drawnAt,
        });
    });

  const inTurn = createTurns();
  const models = createModelsSession({ post, drawnAt, inTurn, run: (work) => run(null, work) });

  const { stop: stopBase, ...base } = createBaseSession({ post, drawnAt, inTurn, held: (file) => open.get(file) });

  return {
    ...models,
    ...base,

    async list(brought) {
      const found = await findAdapters(brought, stop.signal).catch(faultOf);
      if ('fault' in found) return found;
      const adapters = found.candidates.map((candidate) => {
        listed.set(listed.size, candidate);
        return { listed: listed.size - 1, name: candidate.source.name };
      });
      return { adapters, config: found.config };
    },

    open: (file, of, config) =>
      void run(file, async (signal) => {
        const candidate = listed.get(of);
        if (!candidate) return;
        const { source } = candidate;
        // Two files imported together are opened in their order.
        const mine = opening.then(() => openAdapter(source, config ?? candidate.config, null));
        opening = mine.catch(() => {});
        const adapter = await mine;
        signal.throwIfAborted();
        if ('fault' in adapter) return fail(file, adapter);
        open.set(file, { source, asRead: adapter, adapter, figures: adapter.modules.map(() => null), seconds: 0 });
        post({ type: 'opened', file, adapter });
        work.rest?.(DRAWING);
        await read(file);
      }),

    alpha(file, answer) {
      const held = open.get(file);
      if (held) held.adapter = withAlpha(held.asRead, answer);
    },

    measure: (file) => void read(file),

    drawn() {
      drawn = performance.now();
      work.rest?.(0);
    },

    close: (file) => void open.delete(file),

    detail: (file, module) =>
      void run(null, async () => {
        const factors = await factorsOf(file, module);
        if ('fault' in factors) return;
        const means = blockMeans(factors, BLOCKS);
        post({ type: 'detail', detail: { file, module, ...means } }, [means.B.buffer, means.A.buffer]);
      }),

    compare(files, weights) {
      const [first, second] = files.map((id) => open.get(id));
      if (!first || !second) return;
      const matched = matchModules(first.adapter, second.adapter);
      pair = { first, second, matched, cores: matched.pairs.map(() => undefined), weights };
      post({ type: 'matched', matched });
      void compareRest();
    },

    compareRest: () => void compareRest(),

    weigh(weights) {
      if (pair) void weigh(pair, weights, reportPairs);
    },

    /** s·B·A in full, in float32; B·A if s is unknown. */
    async matrix(file, module) {
      const factors = await factorsOf(file, module).catch(faultOf);
      if ('fault' in factors) return factors;
      const scaling = open.get(file)?.adapter.modules[module]?.scaling ?? 1;
      const { rows, cols, data } = multiply(factors.B, factors.A);
      return { rows, cols, data: Float32Array.from(data, (value) => scaling * value) };
    },

    async sizes(file, most) {
      const search = searchOf(file);
      if (!search) return CLOSED;
      const choices = await search.choices(most, () => new Promise((next) => setTimeout(next)));
      return { ...choices, readSeconds: open.get(file)?.seconds ?? 0 };
    },

    size: async (file, most) => searchOf(file)?.most(most) ?? CLOSED,

    factors: (file, module) => factorsOf(file, module).catch(faultOf),

    async foretell(ids, plan) {
      const made = mergeFor(ids, plan);
      if ('fault' in made) return made;
      const { signal } = stop;
      const pace = reportPace(2 * made.modules.length);
      const progress = (from: number) => (done: number, of: number) => {
        if (pace.due(from + done))
          post({ type: 'progress', done: from + done, of: 2 * of, back: false, secondsLeft: pace.secondsLeft() });
      };
      try {
        const files = ids.flatMap((id) => open.get(id) ?? []);
        return await inTurn(async () => {
          const { signs, overlap } = await mergeConflicts(files, made, { signal, progress: progress(0) });
          const foretold = await made.foretell({ signal, progress: progress(made.modules.length) });
          return 'fault' in foretold ? foretold : { foretold, conflicts: { signs, overlap } };
        });
      } catch (error) {
        return error instanceof WriteError ? error.fault : faultOf(error);
      }
    },

    write: (request) =>
      void run(null, async (signal) => {
        const { does } = request;
        const made =
          does === 'extract' ? models.newLora(request.plan, signal) : await newFile(request, open, mergeFor, work);
        if ('fault' in made) return fail(null, made);
        const { name, to } = request;
        let pace: ReportPace | null = null;
        let before = false;
        const progress = (done: number, of: number, back: boolean) => {
          if (pace === null || before !== back) pace = reportPace(of);
          before = back;
          if (pace.due(done)) post({ type: 'progress', done, of, back, secondsLeft: pace.secondsLeft() });
        };
        try {
          const ahead = () => (does === 'extract' ? 1 : 2 * work.ahead());
          const writing = () => writeFile(made, { name, to, signal, progress, ahead });
          const outcome = await (does === 'extract' || does === 'merge' ? inTurn(writing) : writing());
          if ('fault' in outcome) return fail(null, outcome);
          signal.throwIfAborted();
          post({ type: 'written', ...outcome });
        } catch (error) {
          if (signal.aborted) return;
          fail(null, error instanceof WriteError ? error.fault : notWritten(error));
        }
      }),

    cancel() {
      stopBase();
      stop.abort();
      stop = new AbortController();
    },
  };
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const notWritten = (error: unknown): Fault => ({
  fault: 'The file could not be written.',
  details: `There may be too little room on the disk. The browser says: ${reasonOf(error)}`,
});

const faultOf = (error: unknown): Fault => ({
  fault: 'The file cannot be read any more.',
  details: `It may have been moved or changed since it was opened. The browser says: ${reasonOf(error)}`,
});
