import { readFactors } from '../../adapter/factors.ts';
import { blockMeans } from '../../adapter/figures/block-means.ts';
import type { Fault, PairFigures } from '../../adapter/model.ts';
import { openAdapter } from '../../adapter/open.ts';
import { withAlpha } from '../../adapter/scaling.ts';
import type { AdaptersDown, AdaptersUp, Answer } from '../../protocol/adapters.ts';
import { type Candidate, findAdapters } from './brought.ts';
import { type Comparison, compare, comparisonOf, weigh } from './comparison.ts';
import { type Held, measure } from './measure.ts';

type Message<T extends AdaptersDown['type']> = Extract<AdaptersDown, { readonly type: T }>;

/** Rows and columns of blocks that a module is drawn with, at most. */
const BLOCKS = 64;

/** What the worker knows between messages: the files that were brought and those that are open. */
export function createSession(post: (message: AdaptersUp, transfer?: Transferable[]) => void) {
  const listed = new Map<number, Candidate>();
  const open = new Map<number, Held>();
  let pair: Comparison | null = null;
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
    const found = await findAdapters(brought);
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
      if (!held) return;
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
      const adapter = await openAdapter(source, config ?? candidate.config, null);
      signal.throwIfAborted();
      if ('fault' in adapter) return fail(file, adapter);
      open.set(file, { source, asRead: adapter, adapter, figures: adapter.modules.map(() => null) });
      post({ type: 'opened', file, adapter });
      await read(file);
    });

  const factorsOf = async (file: number, index: number) => {
    const held = open.get(file);
    const module = held?.adapter.modules[index];
    if (!held || !module) return { fault: 'This file is closed.', details: '' };
    return readFactors(held.source, module);
  };

  const detail = ({ file, module }: Message<'detail'>) =>
    run(null, async () => {
      const factors = await factorsOf(file, module);
      if ('fault' in factors) return;
      const means = blockMeans(factors, BLOCKS);
      post({ type: 'detail', file, module, ...means }, [means.B.buffer, means.A.buffer]);
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
      case 'plan':
      case 'matrix':
      case 'factors':
      case 'write':
        return;
      default:
        message satisfies never;
    }
  };
}

function faultOf(error: unknown): Fault {
  const why = error instanceof Error ? error.message : String(error);
  return {
    fault: 'The file cannot be read any more.',
    details: `It may have been moved or changed since it was opened. The browser says: ${why}`,
  };
}
