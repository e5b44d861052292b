import type { Change, Tuning } from '../../experiment/settings/tuned.ts';
import { changed, changesBetween, settingsOf } from '../settings.ts';
import type { InTurn } from '../turn.ts';
import type { Outbox } from './outbox.ts';
import type { Trainer } from './trainer.ts';

/** The settings of a run: those in force, and those that are wanted and wait for the end of a pack. */
export interface Tuner {
  readonly present: Tuning;
  /** Whether settings wait to be taken over. */
  readonly isAsked: boolean;
  readonly ask: (tuning: Tuning) => void;
  /** Takes over what was asked for last. */
  readonly takeOver: () => Promise<void>;
  /** Applies changes that are known, at the present step; what was asked for goes on waiting. */
  readonly apply: (changes: readonly Change[]) => Promise<void>;
}

export function tuner(first: Tuning, rank: number, trainer: Trainer, outbox: Outbox, alone: InTurn): Tuner {
  let present = first;
  let asked: Tuning | null = null;

  async function set(next: Tuning): Promise<void> {
    const changes = changesBetween(present, next, trainer.step);
    if (changes.length === 0) return;
    present = next;
    // A budget is nothing that a stepper knows of.
    if (changes.some(({ key }) => key !== 'steps')) await alone(() => trainer.tune(settingsOf(next, rank)));
    outbox.note(changes);
    trainer.again();
  }

  return {
    get present() {
      return present;
    },
    get isAsked() {
      return asked !== null;
    },
    ask(tuning) {
      asked = tuning;
    },
    takeOver() {
      const next = asked ?? present;
      asked = null;
      return set(next);
    },
    apply: (changes) => set(changes.reduce(changed, present)),
  };
}
