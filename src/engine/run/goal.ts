import type { PaceMessage, RunMessage } from '../protocol/page-messages.ts';
import type { DoneMessage, Ending } from '../protocol/worker-messages.ts';
import type { Outbox } from './outbox.ts';
import type { Packs } from './packs.ts';
import type { Trainer } from './trainer.ts';
import type { Tuner } from './tuner.ts';

export type PaceGoal = Readonly<ReturnType<typeof paceGoal>>;

interface GoalParts {
  readonly trainer: Trainer;
  readonly tuner: Tuner;
  readonly packs: Packs;
  readonly outbox: Outbox;
  readonly report: (done: Omit<DoneMessage, 'type' | 'run'>) => void;
}

export function paceGoal({ trainer, tuner, packs, outbox, report }: GoalParts) {
  let wish: PaceMessage | null = null;
  /** The ending, while its last frame and its report wait for a credit. */
  let ended: { readonly ending: Ending; readonly order: number } | null = null;
  let halted = false;

  const end = (ending: Ending, order: number) => {
    wish = null;
    ended = { ending, order };
  };
  const keepPace = () => {
    if (wish && wish.pace > 0) packs.keep(wish.pace);
  };

  return {
    get isSet() {
      return wish !== null;
    },
    set(message: PaceMessage) {
      wish = message;
      ended = null;
      keepPace();
      if (halted && message.pace > 0) {
        halted = false;
        trainer.goOn();
      }
    },
    keepPace,
    async towards(): Promise<void> {
      if (wish === null) return;
      const { pace, until, order } = wish;
      const { step } = trainer;
      if (pace === 0) return end('paused', order);
      // A goal may lie beyond the budget: it is the latest request.
      if (step >= until) return end(step >= tuner.present.steps ? 'finished' : 'paused', order);
      const halt = await packs.advance(until - step, true);
      if (halt === null) return;
      halted = true;
      // A newer goal than the one that was worked on is answered too.
      end(halt, wish.order);
    },
    /** The last frame, with its spectrum, and then the report that the run has ended. */
    finish() {
      if (outbox.isEmpty && outbox.owesSpectrum(trainer.step)) trainer.again();
      if (!outbox.isEmpty && !outbox.flush(trainer, true)) return;
      const loss = ended?.ending === 'diverged' ? trainer.beyond : null;
      if (ended) report({ ...ended, step: trainer.step, ...(loss !== null && { loss }) });
      ended = null;
    },
  };
}

export type Replay = Readonly<ReturnType<typeof replay>>;

interface ReplayParts extends Pick<GoalParts, 'trainer' | 'tuner' | 'packs'> {
  readonly goal: PaceGoal;
}

export function replay(known: RunMessage['replay'], { trainer, tuner, packs, goal }: ReplayParts) {
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
        // At full speed, and whatever the gradients say: these steps are known to have been made.
        packs.keep(Number.POSITIVE_INFINITY);
        await packs.advance(stop - step, false);
        if (later.length === 0 && trainer.step >= to) left = null;
        goal.keepPace();
      }
    },
  };
}
