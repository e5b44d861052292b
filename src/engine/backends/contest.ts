import { secondsPerStep } from '../cost.ts';
import type { StepperTiming } from '../protocol/engine-info.ts';
import type { Stepper } from '../steppers/stepper.ts';
import type { Backend, RunShape } from './backend.ts';
import type { PickedBackend, RivalBackend } from './device.ts';

/** A rival has to be faster by this much, or timings that hardly differ would make runs wander. */
const CLEARLY = 0.85;

const STAYS_MS = 250;

/** What was found for a shape: the back end to take, and what each was timed at. */
interface ContestVerdict {
  readonly backend: Backend;
  readonly timed: readonly StepperTiming[];
}

/** A running run, as a contest sees it: it times the rival between two packs, and changes over where that pays. */
export interface Arena {
  /** The seconds of both; changes over where the rival is the faster. Null where the run has ended. */
  readonly compare: (backend: Backend, faster: (compared: ContestTimes) => boolean) => Promise<ContestTimes | null>;
}

/** Seconds a step. */
export interface ContestTimes {
  readonly own: number;
  readonly its: number;
  /** Where the run stood: if it moved, the steps after this one are made elsewhere. */
  readonly step: number;
}

/** Verdicts are kept for as long as the worker lives, so a shape is timed once. */
export interface Contests {
  /** What to open: the winner for this shape, if it is known. */
  readonly favourite: (
    picked: PickedBackend,
    key: string,
  ) => { readonly backend: Backend; readonly timed: readonly StepperTiming[] };
  /** Times every rival in turn; tells after each what is known so far. */
  readonly hold: (contest: Contest) => Promise<void>;
}

export interface Contest {
  readonly key: string;
  readonly shape: RunShape;
  readonly picked: PickedBackend;
  readonly arena: Arena;
  readonly report: (backend: Backend, timed: readonly StepperTiming[], moved: ContestTimes | null) => void;
  /** False once the run is over: nothing more is started. */
  readonly wanted: () => boolean;
  /** False while other runs of this worker make steps, too: each would be timed with the other's. */
  readonly mayTime: () => boolean;
}

export function contests(): Contests {
  const verdicts = new Map<string, ContestVerdict>();

  async function against(
    rival: RivalBackend,
    { shape, arena }: Contest,
  ): Promise<[Backend | null, StepperTiming, ContestTimes | null]> {
    const backend = await rival.start();
    // One and the same stepper has one name in the table, timed or not.
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
    favourite: ({ backend, rivals }, key) => {
      const verdict = rivals.length === 0 ? undefined : verdicts.get(key);
      return verdict ?? { backend, timed: [] };
    },
    async hold(contest) {
      const { key, picked, report, wanted, mayTime } = contest;
      if (picked.rivals.length === 0 || verdicts.has(key)) return;
      // A slider that is dragged asks for many shapes: only one that stays is timed.
      await new Promise((resolve) => setTimeout(resolve, STAYS_MS));
      let best = picked.backend;
      let own: number | null = null;
      const others: StepperTiming[] = [];
      for (const rival of picked.rivals) {
        if (!wanted() || !mayTime()) return;
        const [winner, timed, compared] = await against(rival, contest).catch((error: unknown) => {
          const why = error instanceof Error ? error.message : String(error);
          return [null, { stepper: rival.name, ms: null, why }, null] as const;
        });
        if (!wanted()) return;
        own ??= compared && 1000 * compared.own;
        others.push(timed);
        best = winner ?? best;
        const first: StepperTiming = { stepper: picked.backend.info.stepper, ms: own, why: null };
        report(best, [first, ...others], winner && compared);
      }
      verdicts.set(key, {
        backend: best,
        timed: [{ stepper: picked.backend.info.stepper, ms: own, why: null }, ...others],
      });
    },
  };
}

function isFaster({ own, its }: Omit<ContestTimes, 'step'>): boolean {
  return its < CLEARLY * own;
}

/** Seconds a step of both, the own one again at the same moment: what else the machine does then counts for both. */
export async function timeSteppers(
  own: Stepper,
  its: Stepper,
  clock: () => number,
): Promise<Omit<ContestTimes, 'step'>> {
  return { own: await secondsPerStep(own, clock, true), its: await secondsPerStep(its, clock, false) };
}
