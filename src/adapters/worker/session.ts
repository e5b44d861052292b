import { multiply } from '../../math/matrix.ts';
import { readFactors } from '../file/factors.ts';
import { blockMeans } from '../file/figures/block-means.ts';
import type { Fault, PairFigures } from '../file/model.ts';
import { openAdapter } from '../file/open.ts';
import { NotWritten } from '../file/resize/not-written.ts';
import { withAlpha } from '../file/scaling.ts';
import { type Candidate, findAdapters } from './brought.ts';
import { type Comparison, compare, comparisonOf, weigh } from './comparison.ts';
import { type Held, measure } from './measure.ts';
import { CLOSED, newFile } from './new-file.ts';
import { type Pace, paceOf } from './pace.ts';
import type { AdaptersDown, AdaptersUp, Answer, WriteMessage } from './protocol.ts';
import { writeFile } from './write-file.ts';

type Message<T extends AdaptersDown['type']> = Extract<AdaptersDown, { readonly type: T }>;

/** Rows and columns of blocks that a module is drawn with, at most. */
const BLOCKS = 64;

/** What the worker knows between messages: the files that were brought and those that are open. */
export function createSession(post: (message: AdaptersUp, transfer?: Transferable[]) => void) {
  const listed = new Map<number, Candidate>();
  const open = new Map<number, Held>();
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
