import type { Loop } from './loop.ts';
import type { Outbox } from './outbox.ts';
import { type TaskQueue, YIELD_MS, yieldEvery } from './task-queue.ts';
import type { HaltReason, Trainer } from './trainer.ts';
import type { Tuner } from './tuner.ts';

export interface StepCost {
  readonly leastPack: number;
  readonly secondsPerStep: number;
}

export type Packs = Readonly<ReturnType<typeof packs>>;

interface PackParts {
  readonly trainer: Trainer;
  readonly tuner: Tuner;
  readonly outbox: Outbox;
  readonly loop: Loop;
  readonly alone: TaskQueue;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** The steps of a run, in packs as large as the pace and the other messages allow. */
export function packs(cost: StepCost, rank: number, { trainer, tuner, outbox, loop, alone, clock }: PackParts) {
  let { leastPack } = cost;
  const turn = yieldEvery(YIELD_MS, clock);
  const pace = pacer(leastPack, cost.secondsPerStep * 1000);
  const spectra = spectrumSampler(rank);
  const max = (due: number) => {
    const left = Math.max(leastPack, spectra.toNext(trainer.step, tuner.present.steps));
    // In packs of about one size: for a last one of a step or two the call would cost more than the steps.
    return Math.ceil(left / Math.ceil(left / due));
  };
  const sample = (msPerStep: number) => {
    const { step } = trainer;
    const { steps } = tuner.present;
    if (!spectra.isDue(step, steps, msPerStep)) {
      if (spectra.isOwed(step, steps)) outbox.owe(trainer);
      return;
    }
    const before = clock();
    if (outbox.sample(trainer)) spectra.kept(step, clock() - before);
  };

  async function make(due: number, toGo: number, judged: boolean): Promise<HaltReason> {
    if (loop.closed) return null;
    const before = clock();
    const from = trainer.step;
    const halt = await trainer.advance(Math.min(toGo, max(due)), judged, () => !loop.closed);
    const after = clock();
    const made = trainer.step - from;
    outbox.took(after - before, made, toGo - made);
    if (made > 0) pace.made(made, after - before, after);
    if (made > 0 && halt === null) sample((after - before) / made);
    return halt;
  }

  return {
    /** From here on `wanted` steps per second; Infinity: at full speed. */
    keep: (wanted: number) => pace.set(wanted, clock()),
    async advance(toGo: number, judged: boolean): Promise<HaltReason> {
      const next = pace.turn(clock());
      if ('wait' in next) {
        await loop.wait(next.wait);
        return null;
      }
      const halt = await alone(() => make(next.steps, toGo, judged));
      await turn();
      return halt;
    },
    moved(to: StepCost) {
      leastPack = to.leastPack;
      pace.moved(leastPack, 1000 * to.secondsPerStep);
    },
  };
}

/** Spectra of a whole run, computed at once up to this rank, at which one takes a few tenths of a millisecond. */
const MANY = 64;
const CHEAP_RANK = 16;
/** Other runs compute this many at once if one takes at most this, in ms, or all at most this share of the steps. */
const FEW = 16;
const FELT_MS = 20;
const SHARE = 0.25;

export function spectrumSampler(rank: number) {
  const spacing = (steps: number, count = MANY) => Math.max(1, Math.ceil(steps / count));
  let last = 0;
  let lastOwed = 0;
  let cost = 0;

  return {
    /** Steps from `step` to the next spectrum, in a run of `steps`: packs that went past it would miss some. */
    toNext: (step: number, steps: number) => Math.max(1, Math.max(last, lastOwed) + spacing(steps) - step),
    /** Whether `step` of a run of `steps` gets its spectrum later. */
    isOwed(step: number, steps: number) {
      if (step - Math.max(last, lastOwed) < spacing(steps)) return false;
      lastOwed = step;
      return true;
    },
    /** Whether `step` of a run of `steps` steps, `msPerStep` ms each, gets its spectrum. */
    isDue(step: number, steps: number, msPerStep: number) {
      if (rank <= CHEAP_RANK) return step - last >= spacing(steps);
      if (step - last < spacing(steps, FEW)) return false;
      return cost <= FELT_MS || cost * FEW <= SHARE * steps * msPerStep;
    },
    kept(step: number, ms: number) {
      last = step;
      cost = ms;
    },
  };
}

/** Milliseconds of steps between two looks at the messages, at full speed. */
const PACK_MS = 14;
/** Shortest interval of frames at a fixed pace. */
const FRAME_MS = 16;
/** A graphics device wants several steps at a time, as long as there are 20 frames a second and more. */
const LONGEST_MS = 40;

/** `fewest`: the fewest steps that are worth a call of this back end. `msPerStep`: the first guess. */
export function pacer(fewest: number, msPerStep: number) {
  let pace = 0;
  let leastPack = fewest;
  let ms = Math.max(1e-3, msPerStep);
  let since = 0;
  let steps = 0;
  let last = Number.NEGATIVE_INFINITY;
  const maxSteps = () => {
    const fitting = Math.floor(PACK_MS / ms);
    return Math.max(1, fitting, Math.min(leastPack, Math.floor(LONGEST_MS / ms)));
  };
  const restart = (now: number) => {
    since = now;
    steps = 0;
  };

  return {
    set(wanted: number, now: number) {
      if (wanted !== pace) restart(now);
      pace = wanted;
    },
    turn(now: number): { readonly steps: number } | { readonly wait: number } {
      if (pace === Number.POSITIVE_INFINITY) return { steps: maxSteps() };
      // The first step is due at once.
      const due = Math.floor(((now - since) * pace) / 1000) + 1 - steps;
      const wait = Math.max(last + FRAME_MS - now, due >= 1 ? 0 : since + (steps * 1000) / pace - now);
      return wait > 0 ? { wait } : { steps: Math.max(1, Math.min(due, maxSteps())) };
    },
    moved(min: number, each: number) {
      leastPack = min;
      ms = Math.max(1e-3, each);
    },
    made(count: number, took: number, now: number) {
      // A first call may have compiled something; a single slow one (another task's turn) should not shrink the packs.
      // WebKit's clock counts whole milliseconds: a pack that took none of them says nothing about its steps.
      const measured = took > 0 ? took / count : ms;
      ms = measured < ms ? measured : Math.min(2 * ms, (3 * ms + measured) / 4);
      last = now - took;
      steps += count;
      // Too slow for this pace: missed steps are not made up for.
      if (((now - since) * pace) / 1000 - steps > 2 * maxSteps()) restart(now);
    },
  };
}
