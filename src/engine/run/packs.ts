import type { InTurn } from '../turn.ts';
import { turns } from '../turn.ts';
import type { Loop } from './loop.ts';
import type { Outbox } from './outbox.ts';
import { pacing } from './pacing.ts';
import { sampling } from './sampling.ts';
import type { Halt, Trainer } from './trainer.ts';
import type { Tuner } from './tuner.ts';

/** Milliseconds between two looks at the messages, where packs are shorter. */
const TURN_MS = 4;

/** What a back end's steps cost. */
export interface Cost {
  /** The fewest steps that are worth one call. */
  readonly leastPack: number;
  readonly secondsPerStep: number;
}

/** The steps of a run, made in packs that are as large as the pace and the other messages allow. */
export interface Packs {
  /** From here on `pace` steps a second; Infinity: as fast as it goes. */
  readonly keep: (pace: number) => void;
  /** Waits until steps are due, or makes those that are, at most `most`. `judged` as in Trainer.advance. */
  readonly advance: (most: number, judged: boolean) => Promise<Halt>;
  /** Steps are made elsewhere from now on. */
  readonly moved: (cost: Cost) => void;
}

interface Parts {
  readonly trainer: Trainer;
  readonly tuner: Tuner;
  readonly outbox: Outbox;
  readonly loop: Loop;
  readonly alone: InTurn;
  /** Milliseconds. */
  readonly clock: () => number;
}

export function packs(cost: Cost, rank: number, { trainer, tuner, outbox, loop, alone, clock }: Parts): Packs {
  let { leastPack } = cost;
  const turn = turns(TURN_MS, clock);
  const pace = pacing(leastPack, cost.secondsPerStep * 1000);
  const spectra = sampling(rank);
  const most = (due: number) => Math.min(due, Math.max(leastPack, spectra.spacing(tuner.present.steps)));
  const sample = (msPerStep: number) => {
    const { step } = trainer;
    if (!spectra.isDue(step, tuner.present.steps, msPerStep)) return;
    const before = clock();
    if (outbox.sample(trainer)) spectra.kept(step, clock() - before);
  };

  async function make(due: number, toGo: number, judged: boolean): Promise<Halt> {
    if (loop.closed) return null;
    const before = clock();
    const from = trainer.step;
    const halt = await trainer.advance(Math.min(toGo, most(due)), judged, () => !loop.closed);
    const after = clock();
    const made = trainer.step - from;
    outbox.took(after - before, made, toGo - made);
    if (made > 0) pace.made(made, after - before, after);
    if (made > 0 && halt === null) sample((after - before) / made);
    return halt;
  }

  return {
    keep: (wanted) => pace.set(wanted, clock()),
    async advance(toGo, judged) {
      const next = pace.turn(clock());
      if ('wait' in next) {
        await loop.wait(next.wait);
        return null;
      }
      const halt = await alone(() => make(next.steps, toGo, judged));
      await turn();
      return halt;
    },
    moved(to) {
      leastPack = to.leastPack;
      pace.moved(leastPack, 1000 * to.secondsPerStep);
    },
  };
}
