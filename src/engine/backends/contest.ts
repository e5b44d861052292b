import { secondsPerStep } from '../cost.ts';
import type { StepperTiming } from '../protocol/engine-info.ts';
import type { Stepper } from '../steppers/stepper.ts';
import { type Backend, errorText, type RunShape } from './backend.ts';
import type { PickedBackend, RivalBackend } from './device.ts';

/** A rival must be faster by this factor, or timings that hardly differ would make runs wander. */
const CLEARLY = 0.85;

const STAYS_MS = 250;

interface ContestVerdict {
  readonly backend: Backend;
  readonly timed: readonly StepperTiming[];
}

/** A running run as a contest sees it: times the rival between two packs, and switches if that pays. */
export interface Arena {
  /** Times both and switches if the rival is faster; null if the run has ended. */
  readonly compare: (backend: Backend, faster: (compared: ContestTimes) => boolean) => Promise<ContestTimes | null>;
}

export interface ContestTimes {
  readonly own: number;
  readonly its: number;
  /** If the run moved, the steps after this one are made elsewhere. */
  readonly step: number;
}

export interface Contest {
  readonly key: string;
  readonly shape: RunShape;
  readonly picked: PickedBackend;
  readonly arena: Arena;
  readonly report: (backend: Backend, timed: readonly StepperTiming[], moved: ContestTimes | null) => void;
  /** False once the run is over: nothing more is started. */
  readonly wanted: () => boolean;
  /** False while other runs of this worker train too: the timings would mix. */
  readonly mayTime: () => boolean;
}

export function contests() {
  const verdicts = new Map<string, ContestVerdict>();

  async function against(
    rival: RivalBackend,
    { shape, arena }: Contest,
  ): Promise<[Backend | null, StepperTiming, ContestTimes | null]> {
    const backend = await rival.start();
    // A stepper has the same name in the table whether it was timed or not.
    const stepper = 'missing' in backend ? rival.name : backend.info.stepper;
    const refused = (why: string): [null, StepperTiming, null] => [null, { stepper, ms: null, why }, null];
    if ('missing' in backend) return refused(backend.missing);
    const why = backend.unfit?.(shape) ?? backend.untimed?.(shape) ?? (await backend.load?.(shape)) ?? null;
    if (why !== null) return refused(why);
    await backend.prepare?.(shape);
    const compared = await arena.compare(backend, isFaster);
    if (!compared) return refused('The run ended before it could be timed.');
    const timed = { stepper, ms: 1000 * compared.its, why: null };
    return [isFaster(compared) ? backend : null, timed, compared];
  }

  return {
    favourite: ({ backend, rivals }: PickedBackend, key: string): ContestVerdict => {
      const verdict = rivals.length === 0 ? undefined : verdicts.get(key);
      return verdict ?? { backend, timed: [] };
    },
    async hold(contest: Contest) {
      const { key, picked, report, wanted, mayTime } = contest;
      if (picked.rivals.length === 0 || verdicts.has(key)) return;
      // A dragged slider requests many shapes: only one that stays is timed.
      await new Promise((resolve) => setTimeout(resolve, STAYS_MS));
      let best = picked.backend;
      let own: number | null = null;
      const firstOf = (ms: number | null): StepperTiming => ({ stepper: picked.backend.info.stepper, ms, why: null });
      const others: StepperTiming[] = [];
      for (const rival of picked.rivals) {
        if (!wanted() || !mayTime()) return;
        const [winner, timed, compared] = await against(rival, contest).catch(
          (error: unknown) => [null, { stepper: rival.name, ms: null, why: errorText(error) }, null] as const,
        );
        if (!wanted()) return;
        own ??= compared && 1000 * compared.own;
        others.push(timed);
        best = winner ?? best;
        report(best, [firstOf(own), ...others], winner && compared);
      }
      verdicts.set(key, { backend: best, timed: [firstOf(own), ...others] });
    },
  };
}

function isFaster({ own, its }: Omit<ContestTimes, 'step'>): boolean {
  return its < CLEARLY * own;
}

/** Seconds a step of both; the current one is timed again, so that other load on the machine affects both. */
export async function timeSteppers(
  own: Stepper,
  its: Stepper,
  clock: () => number,
): Promise<Omit<ContestTimes, 'step'>> {
  return { own: await secondsPerStep(own, clock, true), its: await secondsPerStep(its, clock, false) };
}
