import type { LayerModule } from '../../experiment/layer/module.ts';
import type { Problem } from '../../experiment/layer/problem.ts';
import { runInSlices } from '../../math/slices.ts';
import { directionsOf, spectrumOf } from '../metrics.ts';
import type { SpectraMessage } from '../protocol/frame.ts';
import { timeShare } from '../run/task-queue.ts';
import type { Factors } from '../steppers/stepper.ts';
import { hasTarget } from '../tasks/task.ts';
import { type Extremes, extremesOf, isDrawnInBlocks } from './extremes.ts';

/** Largest share of the time spent on extremes while a run is going. */
const SHARE = 0.05;

interface RunPoint extends Factors {
  readonly step: number;
  readonly scaling: number;
}

/**
 * Computes the extremes of a module with known ΔW*, in slices between the steps of a run; `report` is called later, or
 * never if a newer point comes first.
 */
export function deferredExtremes(
  module: LayerModule,
  clock: () => number,
  report: (step: number, extremes: Extremes) => void,
  fail: (error: unknown) => void,
) {
  const known = isDrawnInBlocks(module) && hasTarget(module) ? module : null;
  let at = -1;
  const share = timeShare(SHARE, clock);
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
    share.rest(done.spent, spacing);
    report(step, done.value);
  }

  return {
    /** From now on at least this many ms apart while the run is going, counted from now. */
    every(ms: number) {
      if (ms !== spacing) share.rest(0, ms);
      spacing = ms;
    },
    /** Begins at this point if there is time, or, if the run `rests`, in any case. */
    offer(now: RunPoint, rests: boolean) {
      if (!known || now.step === at || (!rests && (work !== null || !share.isDue()))) return;
      begin(now).catch(fail);
    },
    /** Whether the extremes of this step are neither reported nor in progress. */
    owes: (step: number) => known !== null && step !== at,
    forget() {
      work = null;
      at = -1;
    },
  };
}

interface PendingSpectra {
  readonly step: number;
  readonly scalings: readonly number[];
  readonly modules: readonly Factors[];
}

/** Bytes of kept factors, and work of their spectra: beyond either, every second one is given up. */
const MOST_BYTES = 16e6;
/** Multiplications, about a second's. Counted, not timed: a briefly busy machine must not cost a run its spectra. */
const MOST_WORK = 8e8;
/** Of the spectrum of s·B·A: two QR decompositions, and the SVD of an r × r matrix. */
const workOf = ({ d, k, rank }: LayerModule) => (d + k) * rank ** 2 + 12 * rank ** 3;

/** Spectra too slow to compute during a very short run: computed in slices once it rests, and reported all at once. */
export function deferredSpectra(
  { modules }: Pick<Problem, 'modules'>,
  clock: () => number,
  report: (samples: SpectraMessage['samples']) => void,
  fail: (error: unknown) => void,
) {
  let kept: PendingSpectra[] = [];
  let found: SpectraMessage['samples'][number][] = [];
  let atWork: symbol | null = null;
  let rested = 0;
  const thinned = () => {
    kept = kept.filter((_, i) => i % 2 === 1);
  };

  const work = modules.reduce((sum: number, module: LayerModule) => sum + workOf(module), 0);

  /** Only those before `rested`; later ones, if the run goes on meanwhile, wait for its next rest. */
  const next = () => (kept.length > 0 && kept[0].step < rested ? kept.shift() : undefined);

  function* all(): Generator<void, void> {
    for (let owed = next(); owed; owed = next()) {
      const { step, scalings, modules: factors } = owed;
      const spectra = modules.map((module: LayerModule, i) => spectrumOf(module, factors[i], scalings[i]));
      const directions = modules.map((module: LayerModule, i) => directionsOf(module, factors[i], scalings[i]));
      found.push({ step, spectra, losses: null, ...(directions.some((one) => one) && { directions }) });
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
    keep(owed: PendingSpectra) {
      kept.push(owed);
      const bytes = owed.modules.reduce((sum, { A, B }) => sum + A.byteLength + B.byteLength, 0);
      while (kept.length > 1 && bytes * kept.length > MOST_BYTES) thinned();
    },
    cut(step: number) {
      kept = kept.filter((owed) => owed.step < step);
      found = found.filter((sample) => sample.step < step);
    },
    /** The run rests: computes the pending spectra up to this step. */
    begin(step: number) {
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
