import type { LayerModule } from '../../experiment/layer/module.ts';
import type { Problem } from '../../experiment/layer/problem.ts';
import { spectrumOf } from '../metrics.ts';
import type { SpectraMessage } from '../protocol/frame.ts';
import { yieldTask } from '../run/task-queue.ts';
import type { Factors } from '../steppers/stepper.ts';
import { hasTarget } from '../tasks/task.ts';
import { type Extremes, extremesOf, isDrawnInBlocks } from './extremes.ts';

/** At most this share of the time goes into extremes while a run goes on. */
const SHARE = 0.05;

/** Where a run stands: s of ΔW = s·B·A, and factors that nobody changes. */
interface RunPoint extends Factors {
  readonly step: number;
  readonly scaling: number;
}

interface DeferredExtremes {
  /** The run stands here: begins if there is time for it, or, where it `rests`, in any case. */
  readonly offer: (at: RunPoint, rests: boolean) => void;
  /** From now on they come no closer together than this, in ms, where the run does not rest: the next ones so long from now. */
  readonly every: (ms: number) => void;
  /** Whether the extremes of this step are neither told nor in work. */
  readonly owes: (step: number) => boolean;
  /** What was told or is in work no longer holds. */
  readonly forget: () => void;
}

/**
 * Works out the extremes of a module whose ΔW* is known beside the steps of a run. They take as long as a step or many, so they are made in slices between
 * which steps and messages have their turn, and `report` is called later, or never where something newer comes first.
 */
export function deferredExtremes(
  module: LayerModule,
  clock: () => number,
  report: (step: number, extremes: Extremes) => void,
  fail: (error: unknown) => void,
): DeferredExtremes {
  const known = isDrawnInBlocks(module) && hasTarget(module) ? module : null;
  let at = -1;
  let free = Number.NEGATIVE_INFINITY;
  let spacing = 0;
  let work: symbol | null = null;

  async function begin({ step, A, B, scaling }: RunPoint): Promise<void> {
    if (!known) return;
    const mine = Symbol();
    work = mine;
    at = step;
    const done = await runInSlices(extremesOf(known, A, B, scaling), clock, () => work === mine);
    if (!done) return;
    work = null;
    free = clock() + Math.max(spacing, done.spent * (1 / SHARE - 1));
    report(step, done.value);
  }

  return {
    every(ms) {
      if (ms !== spacing) free = clock() + ms;
      spacing = ms;
    },
    offer(now, rests) {
      if (!known || now.step === at || (!rests && (work !== null || clock() < free))) return;
      begin(now).catch(fail);
    },
    owes: (step) => known !== null && step !== at,
    forget() {
      work = null;
      at = -1;
    },
  };
}

/** Factors that nobody changes, at a step whose spectra nobody has. */
interface PendingSpectra {
  readonly step: number;
  readonly scalings: readonly number[];
  readonly modules: readonly Factors[];
}

/** Bytes of factors that are kept for later, and work that their spectra may take: of more, every second one is given up. */
const MOST_BYTES = 16e6;
/** Multiplications, about a second's. Counted, not timed: a machine that is busy for a moment must not cost a run its spectra. */
const MOST_WORK = 8e8;
/** Of the spectrum of s·B·A: two QR decompositions, and the SVD of an r × r matrix. */
const workOf = ({ d, k, rank }: LayerModule) => (d + k) * rank ** 2 + 12 * rank ** 3;

interface DeferredSpectra {
  readonly keep: (owed: PendingSpectra) => void;
  /** From a step on what was kept no longer holds. */
  readonly cut: (step: number) => void;
  /** The run rests: works out what is owed, up to the step on which it stands. */
  readonly begin: (step: number) => void;
  readonly forget: () => void;
}

/**
 * Spectra that were too slow to be taken beside the steps of a run that is over in a moment: worked out once it rests, in
 * slices between which messages have their turn, and told all at once.
 */
export function deferredSpectra(
  { modules }: Pick<Problem, 'modules'>,
  clock: () => number,
  report: (samples: SpectraMessage['samples']) => void,
  fail: (error: unknown) => void,
): DeferredSpectra {
  let kept: PendingSpectra[] = [];
  let found: SpectraMessage['samples'][number][] = [];
  let atWork: symbol | null = null;
  /** The step on which the run rested last. */
  let rested = 0;
  const thinned = () => {
    kept = kept.filter((_, i) => i % 2 === 1);
  };

  const work = modules.reduce((sum: number, module: LayerModule) => sum + workOf(module), 0);

  /** Those of the steps before `rested`; what is owed of later ones, if the run goes on meanwhile, waits until it rests again. */
  const next = () => (kept.length > 0 && kept[0].step < rested ? kept.shift() : undefined);

  function* all(): Generator<void, void> {
    for (let owed = next(); owed; owed = next()) {
      const { step, scalings, modules: factors } = owed;
      const spectra = modules.map((module: LayerModule, i) => spectrumOf(module, factors[i], scalings[i]));
      found.push({ step, spectra, losses: null });
      yield;
    }
  }

  async function begin(): Promise<void> {
    const mine = Symbol();
    atWork = mine;
    const done = await runInSlices(all(), clock, () => atWork === mine);
    if (!done) return;
    atWork = null;
    const samples = found.sort((a, b) => a.step - b.step);
    found = [];
    if (samples.length > 0) report(samples);
  }

  return {
    keep(owed) {
      kept.push(owed);
      const bytes = owed.modules.reduce((sum, { A, B }) => sum + A.byteLength + B.byteLength, 0);
      while (kept.length > 1 && bytes * kept.length > MOST_BYTES) thinned();
    },
    cut(step) {
      kept = kept.filter((owed) => owed.step < step);
      found = found.filter((sample) => sample.step < step);
    },
    begin(step) {
      kept = kept.filter((owed) => owed.step < step);
      while (kept.length > 1 && work * kept.length > MOST_WORK) thinned();
      rested = step;
      if (kept.length > 0 && atWork === null) begin().catch(fail);
    },
    forget() {
      atWork = null;
      kept = [];
      found = [];
    },
  };
}

/** The least that a slice takes, in ms. */
const SHORTEST_MS = 6;

/** How much of the time work may take: a slice so much of what passed since the one before, and so many ms at most. */
export interface TimeShare {
  readonly ofOthers: number;
  readonly longest: number;
}

const IN_THE_BACKGROUND: TimeShare = { ofOthers: 0.25, longest: 60 };
export const FOREGROUND_SHARE: TimeShare = { ofOthers: 1, longest: 500 };

/**
 * Does work beside the steps of a run, which have their turn between two slices, as messages have. Resolves with what
 * came of it and the ms that it took; with null as soon as it is no longer `wanted`.
 */
export async function runInSlices<T>(
  work: Generator<void, T>,
  clock: () => number,
  wanted: () => boolean,
  { ofOthers, longest }: TimeShare = IN_THE_BACKGROUND,
): Promise<{ readonly value: T; readonly spent: number } | null> {
  let spent = 0;
  for (let last = clock(); ; last = clock()) {
    await yieldTask();
    if (!wanted()) return null;
    const from = clock();
    const end = from + Math.min(longest, Math.max(SHORTEST_MS, ofOthers * (from - last)));
    let next = work.next();
    while (!next.done && clock() < end) next = work.next();
    spent += clock() - from;
    if (next.done) return { value: next.value, spent };
  }
}
