import type { LeadingSizes } from '../file/base/alignment.ts';
import { type BaseFigures, baseFigures } from '../file/base/base-figures.ts';
import { type BaseMatches, baseWeightOf, matchBase, tunedUpdate } from '../file/base/base-weights.ts';
import type { Adapter, AdapterSource, Fault } from '../file/model.ts';
import { openModel } from './models-session.ts';
import type { AdaptersNews, BaseCalls } from './protocol.ts';
import { createTurns, type FigureReport, type InTurn, type Walk, type WalkOptions, walk } from './reports.ts';

interface BesideBase {
  readonly file: number;
  /** With the α by which it is measured. */
  adapter: Adapter;
  readonly matches: BaseMatches;
  readonly figures: (BaseFigures | string | null)[];
}

interface BaseSessionParts {
  readonly post: (news: AdaptersNews) => void;
  readonly held: (file: number) => AdapterSource | undefined;
  readonly drawnAt: WalkOptions['drawnAt'];
  readonly inTurn: InTurn;
}

/** The base beside an adapter: one at a time, and one module of it. `stop` ends what is going, for good. */
export function createBaseSession({
  post,
  held,
  drawnAt,
  inTurn,
}: BaseSessionParts): BaseCalls & { readonly stop: () => void } {
  let beside: BesideBase | null = null;
  let stopping = new AbortController();
  /** What was stopped ends before the next begins. */
  const afterLast = createTurns();

  const stop = () => {
    stopping.abort();
    stopping = new AbortController();
  };

  const begin = (work: (signal: AbortSignal) => Promise<void>) => {
    stop();
    const { signal } = stopping;
    void afterLast(async () => {
      try {
        if (!signal.aborted) await work(signal);
      } catch (error) {
        if (!signal.aborted) fail(readFault(error));
      }
    });
  };

  const fail = ({ fault, details }: Fault) => post({ type: 'failed', title: fault, details, ofBase: true });

  const measure = async (first: number, signal: AbortSignal, leading: LeadingSizes = 'small') => {
    const mine = beside;
    const now = mine && held(mine.file);
    if (!mine || !now) return;
    // Figures of another α hold no more.
    if (now.adapter !== mine.adapter) mine.figures.fill(null);
    mine.adapter = now.adapter;
    const report: FigureReport<BaseFigures | string> = (from, figures, secondsLeft) => {
      if (mine === beside && mine.adapter === held(mine.file)?.adapter)
        post({ type: 'base-measured', file: mine.file, from, figures, secondsLeft });
    };
    await walk(toMeasure(mine, now, { first, leading, signal, inTurn }), report, { signal, ahead: () => 1, drawnAt });
  };

  return {
    stop,

    openBase: (file, brought, first) =>
      begin(async (signal) => {
        beside = null;
        const base = await openModel(brought);
        const of = held(file);
        if ('fault' in base || !of) return void ('fault' in base && fail(base));
        const matches = matchBase(of.adapter, base);
        if ('fault' in matches) return fail(matches);
        signal.throwIfAborted();
        beside = { file, adapter: of.adapter, matches, figures: matches.map(() => null) };
        const found = matches.filter((one) => typeof one !== 'string').length;
        const facts = { name: base.name, bytes: base.bytes, tensors: base.tensors.size, found };
        post({ type: 'base-matched', file, base: facts });
        await measure(first, signal);
      }),

    async baseWeight(module) {
      const weight = beside?.matches[module] ?? 'It is closed.';
      if (typeof weight === 'string') return { fault: 'W₀ is not in the base.', details: weight };
      return baseWeightOf(weight).catch(readFault);
    },

    async aimOf(module, brought) {
      const mine = beside;
      const none = (details: string): Fault => ({ fault: 'There is no ΔW of this module.', details });
      const weight = mine?.matches[module] ?? 'The base is closed.';
      if (!mine || typeof weight === 'string') return none(String(weight));
      try {
        const fine = await openModel(brought);
        if ('fault' in fine) return fine;
        const matches = matchBase(mine.adapter, fine);
        if ('fault' in matches) return none(matches.details);
        const tuned = matches[module];
        if (typeof tuned === 'string') return none(tuned);
        const update = await tunedUpdate(weight, tuned);
        if (update === null) return none(`${fine.name} has the same numbers there as the base.`);
        return 'fault' in update ? update : { name: fine.name, ...update };
      } catch (error) {
        return readFault(error);
      }
    },

    measureBase: (first) => begin((signal) => measure(first, signal)),
    findLeading: (module) => begin((signal) => measure(module, signal, 'any')),

    closeBase() {
      stop();
      beside = null;
    },
  };
}

interface MeasureOptions {
  readonly first: number;
  /** 'any': of `first` alone. */
  readonly leading: LeadingSizes;
  readonly signal: AbortSignal;
  readonly inTurn: InTurn;
}

/** Modules without figures, `first` before the others. */
function toMeasure(
  of: BesideBase,
  { source, adapter }: AdapterSource,
  { first, leading, signal, inTurn }: MeasureOptions,
): Walk<number, BaseFigures | string> {
  const left = leading === 'any' ? [first] : [...of.figures.keys()].filter((i) => of.figures[i] === null);
  return {
    items: left.includes(first) ? [first, ...left.filter((i) => i !== first)] : left,
    bytesOf: () => 0,
    indexOf: (i) => i,
    cost: (i) => adapter.modules[i].d * adapter.modules[i].k + 10_000,
    read: async (i) => {
      const weight = of.matches[i];
      const found =
        typeof weight === 'string'
          ? weight
          : await inTurn(() => baseFigures(source, adapter.modules[i], weight, { leading, signal, breathe }));
      const figures = typeof found !== 'string' && 'fault' in found ? `${found.fault} ${found.details}` : found;
      of.figures[i] = figures;
      return figures;
    },
  };
}

/** Other messages are heard between two panels. */
const breathe = () => new Promise<void>((next) => setTimeout(next));

const readFault = (error: unknown): Fault => ({
  fault: 'The base cannot be read any more.',
  details: `It may have been moved or changed since it was opened. The browser says: ${error instanceof Error ? error.message : String(error)}`,
});
