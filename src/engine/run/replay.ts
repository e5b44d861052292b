import type { RunMessage } from '../protocol/down.ts';
import type { Goal } from './goal.ts';
import type { Packs } from './packs.ts';
import type { Trainer } from './trainer.ts';
import type { Tuner } from './tuner.ts';

/** The known beginning of a run, repeated step by step. */
export interface Replay {
  readonly isOver: boolean;
  /** A part of it: the changes of the present step, or steps towards those of the next. */
  readonly next: () => Promise<void>;
}

interface Parts {
  readonly trainer: Trainer;
  readonly tuner: Tuner;
  readonly packs: Packs;
  /** Wished for meanwhile; its pace is kept from the end of each part on. */
  readonly goal: Goal;
}

export function replay(known: RunMessage['replay'], { trainer, tuner, packs, goal }: Parts): Replay {
  let left = known;

  return {
    get isOver() {
      return left === null;
    },
    async next() {
      if (left === null) return;
      const { to, changes } = left;
      const { step } = trainer;
      const due = changes.filter((change) => change.step === step);
      const later = changes.filter((change) => change.step > step);
      if (due.length > 0) {
        left = { to, changes: later };
        await tuner.apply(due);
      } else if (step >= to) {
        left = null;
      } else {
        const stop = later.reduce((first, change) => Math.min(first, change.step), to);
        // As fast as it goes, and whatever the gradients say: these steps are known to have been made.
        packs.keep(Number.POSITIVE_INFINITY);
        await packs.advance(stop - step, false);
        if (later.length === 0 && trainer.step >= to) left = null;
        goal.keepPace();
      }
    },
  };
}
