import { multiply } from '../../math/matrix.ts';
import { compareConverted, convertedFile } from '../file/convert/converted-file.ts';
import { readFactors } from '../file/factors.ts';
import { blockMeans } from '../file/figures.ts';
import type { Fault, Going, Matched, MergePlan, PairFigures } from '../file/model.ts';
import { openAdapter } from '../file/open.ts';
import { figuresOfCore, matchModules, type PairCore, pairCore } from '../file/pair/compare.ts';
import { measureMerged, mergedFile } from '../file/pair/merged-file.ts';
import { spectraOf } from '../file/resize/foretell.ts';
import { measureAgainst, resizedFile } from '../file/resize/resized-file.ts';
import { NotWritten } from '../file/resize/sayings.ts';
import { withAlpha } from '../file/scaling.ts';
import { type Candidate, findAdapters } from './brought.ts';
import { measure, type OpenFile, type Pace, paceOf } from './measure.ts';
import type { AdaptersDown, AdaptersUp, Answer, WriteMessage } from './protocol.ts';
import { type NewFile, writeFile } from './write-file.ts';

type Weights = MergePlan['weights'];
type Tell = (from: number, figures: readonly PairFigures[], secondsLeft: number | null) => void;

/** Two files beside each other. What is kept of each pair is small, so that other weights need no file. */
interface Comparison {
  readonly first: OpenFile;
  readonly second: OpenFile;
  readonly matched: Matched;
  /** By pair; undefined until it is read, null where an entry is not finite or the kind has no factors. */
  readonly cores: (PairCore | null | undefined)[];
  weights: Weights;
}

function comparisonOf(first: OpenFile, second: OpenFile, weights: Weights): Comparison {
  const matched = matchModules(first.adapter, second.adapter);
  return { first, second, matched, cores: matched.pairs.map(() => undefined), weights };
}

/** Reads the pairs that are not read yet, one at a time. */
async function compare(of: Comparison, tell: Tell, signal: AbortSignal): Promise<void> {
  const { pairs } = of.matched;
  const from = of.cores.indexOf(undefined);
  if (from < 0) return;
  const pace = paceOf(pairs.length - from);
  let found: PairFigures[] = [];
  let begun = from;
  for (let i = from; i < pairs.length; i++) {
    if (signal.aborted) break;
    const core = await coreOf(of, i);
    of.cores[i] = core;
    found.push(figuresOfCore(core, of.weights));
    if (!pace.due(i + 1 - from)) continue;
    tell(begun, found, pace.secondsLeft());
    found = [];
    begun = i + 1;
  }
  if (found.length > 0) tell(begun, found, null);
}

async function coreOf({ first, second, matched }: Comparison, pair: number): Promise<PairCore | null> {
  const [i, j] = matched.pairs[pair] ?? [-1, -1];
  const [a, b] = [first.adapter.modules[i], second.adapter.modules[j]];
  if (!a || !b) return null;
  const [fa, fb] = [await readFactors(first.source, a), await readFactors(second.source, b)];
  return 'fault' in fa || 'fault' in fb ? null : pairCore(fa, a.scaling, fb, b.scaling);
}

/** Between two pieces of work the worker hears of what came meanwhile: in ms. */
const SLICE = 30;

/** The figures of what was read, by other weights; given up as soon as there are newer ones. */
async function weigh(of: Comparison, weights: Weights, tell: Tell): Promise<void> {
  of.weights = weights;
  const read = of.cores.indexOf(undefined);
  const end = read < 0 ? of.cores.length : read;
  let found: PairFigures[] = [];
  let begun = 0;
  let since = performance.now();
  for (let i = 0; i < end; i++) {
    found.push(figuresOfCore(of.cores[i] ?? null, weights));
    if (performance.now() - since < SLICE) continue;
    await new Promise((next) => setTimeout(next));
    if (of.weights !== weights) return;
    since = performance.now();
    if (found.length < 40) continue;
    tell(begun, found, null);
    begun = i + 1;
    found = [];
  }
  if (found.length > 0) tell(begun, found, null);
}

/** What a message asks to be written of the files that are open. */
function newFile(message: WriteMessage, held: (file: number) => OpenFile | undefined): NewFile | Fault {
  const { foretold } = message;
  switch (message.does) {
    case 'resize': {
      const of = held(message.file);
      if (!of) return CLOSED;
      const { source, adapter } = of;
      const made = resizedFile(source, adapter, spectraOf(adapter, of.figures), message.plan, message.ranks);
      return 'fault' in made ? made : { ...made, foretold, measure: against(of) };
    }
    case 'convert': {
      const of = held(message.file);
      if (!of) return CLOSED;
      const { source, adapter } = of;
      const { naming } = message;
      const made = convertedFile(source, adapter, naming);
      if ('fault' in made) return made;
      const measure: NewFile['measure'] = (written, going) =>
        compareConverted({ source, adapter }, written, naming, going);
      return { ...made, foretold, measure };
    }
    case 'merge': {
      const [a, b] = message.files.map(held);
      if (!a || !b) return CLOSED;
      const { plan } = message;
      const made = mergedFile(a, b, plan);
      if ('fault' in made) return made;
      const measure: NewFile['measure'] = async (written, going) => {
        const measured = await measureMerged(a, b, plan, written, going);
        return 'fault' in measured ? measured : measured.error;
      };
      return { ...made, foretold, measure };
    }
    default:
      return message satisfies never;
  }
}

const CLOSED: Fault = { fault: 'This file is closed.', details: 'Open it again.' };

const against =
  ({ source, adapter }: OpenFile): NewFile['measure'] =>
  async (written, going: Going) => {
    const measured = await measureAgainst({ source, adapter }, written, going);
    return 'fault' in measured ? measured : measured.error;
  };

type Message<T extends AdaptersDown['type']> = Extract<AdaptersDown, { readonly type: T }>;

/** Rows and columns of blocks that a module is drawn with, at most. */
const BLOCKS = 64;

/** What the worker knows between messages: the files that were brought and those that are open. */
export function createSession(post: (message: AdaptersUp, transfer?: Transferable[]) => void) {
  const listed = new Map<number, Candidate>();
  const open = new Map<number, OpenFile>();
  let pair: Comparison | null = null;
  let opening: Promise<unknown> = Promise.resolve();
  let stop = new AbortController();

  const fail = (file: number | null, { fault, details }: Fault) =>
    post({ type: 'failed', file, title: fault, details });

  /** What was cancelled is no fault. */
  const run = async (file: number | null, work: (signal: AbortSignal) => Promise<void>) => {
    const { signal } = stop;
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted) fail(file, faultOf(error));
    }
  };

  const answer = async (order: number, work: () => Promise<Answer>) => {
    const found = await work().catch(faultOf);
    post({ type: 'answer', order, answer: found });
  };

  const list = async ({ brought }: Message<'list'>): Promise<Answer> => {
    const found = await findAdapters(brought, stop.signal);
    if ('fault' in found) return found;
    const adapters = found.candidates.map((candidate) => {
      listed.set(listed.size, candidate);
      return { listed: listed.size - 1, name: candidate.source.name, config: candidate.config !== null };
    });
    return { adapters, config: found.config };
  };

  const read = (file: number) =>
    run(file, async (signal) => {
      const held = open.get(file);
      if (!held) return fail(file, CLOSED);
      await measure(
        held,
        (from, figures, secondsLeft) => post({ type: 'measured', file, from, figures, secondsLeft }),
        signal,
      );
    });

  const begin = ({ file, listed: of, config }: Message<'open'>) =>
    run(file, async (signal) => {
      const candidate = listed.get(of);
      if (!candidate) return;
      const { source } = candidate;
      // Two that come together are opened in their order.
      const mine = opening.then(() => openAdapter(source, config ?? candidate.config, null));
      opening = mine.catch(() => {});
      const adapter = await mine;
      signal.throwIfAborted();
      if ('fault' in adapter) return fail(file, adapter);
      open.set(file, { source, asRead: adapter, adapter, figures: adapter.modules.map(() => null) });
      post({ type: 'opened', file, adapter });
      await read(file);
    });

  const factorsOf = async (file: number, index: number) => {
    const held = open.get(file);
    const module = held?.adapter.modules[index];
    if (!held || !module) return CLOSED;
    return readFactors(held.source, module);
  };

  const detail = ({ file, module }: Message<'detail'>) =>
    run(null, async () => {
      const factors = await factorsOf(file, module);
      if ('fault' in factors) return;
      const means = blockMeans(factors, BLOCKS);
      post({ type: 'detail', file, module, ...means }, [means.B.buffer, means.A.buffer]);
    });

  /** s·B·A whole, in float32; B·A where s is not known. */
  const updateOf = async ({ file, module }: Message<'matrix'>): Promise<Answer> => {
    const factors = await factorsOf(file, module);
    if ('fault' in factors) return factors;
    const scaling = open.get(file)?.adapter.modules[module]?.scaling ?? 1;
    const { rows, cols, data } = multiply(factors.B, factors.A);
    return { rows, cols, data: Float32Array.from(data, (value) => scaling * value) };
  };

  const write = (message: WriteMessage) =>
    run(null, async (signal) => {
      const made = newFile(message, (file) => open.get(file));
      if ('fault' in made) return fail(null, made);
      const { name, to } = message;
      let pace: Pace | null = null;
      let before = false;
      const progress = (done: number, of: number, back: boolean) => {
        if (pace === null || before !== back) pace = paceOf(of);
        before = back;
        if (pace.due(done)) post({ type: 'progress', done, of, back, secondsLeft: pace.secondsLeft() });
      };
      try {
        const outcome = await writeFile(made, { name, to, signal, progress });
        if ('fault' in outcome) return fail(null, outcome);
        signal.throwIfAborted();
        post({ type: 'written', ...outcome });
      } catch (error) {
        if (signal.aborted) return;
        fail(null, error instanceof NotWritten ? error.fault : notWritten(error));
      }
    });

  const tellPairs = (from: number, figures: readonly PairFigures[], secondsLeft: number | null) =>
    post({ type: 'compared', from, figures, secondsLeft });

  const goOnComparing = () =>
    run(null, async (signal) => {
      const mine = pair;
      if (!mine) return;
      // Another comparison that has begun meanwhile is told alone.
      await compare(mine, (...found) => mine === pair && tellPairs(...found), signal);
    });

  return (message: AdaptersDown): void => {
    switch (message.type) {
      case 'list':
        return void answer(message.order, () => list(message));
      case 'open':
        return void begin(message);
      case 'alpha': {
        const held = open.get(message.file);
        if (held) held.adapter = withAlpha(held.asRead, message.answer);
        return;
      }
      case 'measure':
        return void read(message.file);
      case 'close':
        return void open.delete(message.file);
      case 'detail':
        return void detail(message);
      case 'cancel':
        stop.abort();
        stop = new AbortController();
        return;
      case 'compare': {
        const [first, second] = message.files.map((id) => open.get(id));
        if (!first || !second) return;
        pair = comparisonOf(first, second, message.weights);
        post({ type: 'matched', matched: pair.matched });
        return void goOnComparing();
      }
      case 'compare-rest':
        return void goOnComparing();
      case 'weigh':
        if (pair) void weigh(pair, message.weights, tellPairs);
        return;
      case 'factors':
        return void answer(message.order, async () => {
          const factors = await factorsOf(message.file, message.module);
          return 'fault' in factors ? factors : { B: factors.B, A: factors.A };
        });
      case 'matrix':
        return void answer(message.order, () => updateOf(message));
      case 'write':
        return void write(message);
      default:
        message satisfies never;
    }
  };
}

const notWritten = (error: unknown): Fault => ({
  fault: 'The file could not be written.',
  details: `There may be too little room on the disk. The browser says: ${error instanceof Error ? error.message : String(error)}`,
});

function faultOf(error: unknown): Fault {
  const why = error instanceof Error ? error.message : String(error);
  return {
    fault: 'The file cannot be read any more.',
    details: `It may have been moved or changed since it was opened. The browser says: ${why}`,
  };
}
