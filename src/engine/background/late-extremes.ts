import type { Module } from '../../experiment/layer/module.ts';
import type { Factors } from '../steppers/stepper.ts';
import { isKnown } from '../task.ts';
import { drawnInBlocks, type Extremes, extremesOf } from './extremes.ts';
import { inSlices } from './slices.ts';

/** At most this share of the time goes into extremes while a run goes on. */
const SHARE = 0.05;

/** Where a run stands: s of ΔW = s·B·A, and factors that nobody changes. */
export interface At extends Factors {
  readonly step: number;
  readonly scaling: number;
}

export interface LateExtremes {
  /** The run stands here: begins if there is time for it, or, where it `rests`, in any case. */
  readonly offer: (at: At, rests: boolean) => void;
  /** From now on they come no closer together than this, in ms, where the run does not rest: the next ones so long from now. */
  readonly every: (ms: number) => void;
  /** Whether the extremes of this step are neither told nor in work. */
  readonly owes: (step: number) => boolean;
  /** What was told or is in work no longer holds. */
  readonly forget: () => void;
}

/**
 * Works out the extremes of a module whose ΔW* is known beside the steps of a run. They take as long as a step or many, so they are made in slices between
 * which steps and messages have their turn, and `tell` is called later, or never where something newer comes first.
 */
export function lateExtremes(
  module: Module,
  clock: () => number,
  tell: (step: number, extremes: Extremes) => void,
  fail: (error: unknown) => void,
): LateExtremes {
  const known = drawnInBlocks(module) && isKnown(module) ? module : null;
  /** The step that is told or in work. */
  let at = -1;
  let free = Number.NEGATIVE_INFINITY;
  let spacing = 0;
  let work: symbol | null = null;

  async function begin({ step, A, B, scaling }: At): Promise<void> {
    if (!known) return;
    const mine = Symbol();
    work = mine;
    at = step;
    const done = await inSlices(extremesOf(known, A, B, scaling), clock, () => work === mine);
    if (!done) return;
    work = null;
    free = clock() + Math.max(spacing, done.spent * (1 / SHARE - 1));
    tell(step, done.value);
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
