import { layerCache, type Problem } from '../../experiment/layer/problem.ts';
import type { Tuning } from '../../experiment/settings/params.ts';
import type { Refusal } from '../../experiment/targets/target.ts';
import { type Backend, RunFault } from '../backends/backend.ts';
import { secondsPerStep } from '../cost.ts';
import type { RunMessage } from '../protocol/page-messages.ts';
import type { ProgressMessage } from '../protocol/worker-messages.ts';
import type { Pack, Stepper, StepperStart } from '../steppers/stepper.ts';
import type { NetworkAssets } from '../tasks/network/assets.ts';
import { problemOf } from '../tasks/problem-of.ts';
import { initialFactors, startFrom, type TrainingTask } from '../tasks/task.ts';
import type { TaskQueue } from './task-queue.ts';
import { settingsOf } from './tuner.ts';

interface OpenStepper {
  readonly backend: Backend;
  readonly stepper: Stepper;
  readonly first: Pack;
  readonly secondsPerStep: number;
}

interface RunRequest {
  readonly problem: Problem;
  readonly task: TrainingTask;
  readonly tuning: Tuning;
  readonly backend: Backend;
  /** Used if the other one has not enough memory. */
  readonly fallback: Backend;
}

/** Opens runs and measures the cost of a step; knows which back ends have run before. `clock` in milliseconds. */
export function runOpener(clock: () => number, alone: TaskQueue): (wanted: RunRequest) => Promise<OpenStepper> {
  const warm = new Set<string>();

  return async ({ problem, task, tuning, backend, fallback }) => {
    const start = { ...startFrom(task, initialFactors(problem)), settings: settingsOf(tuning, problem.modules) };
    const opened = await openOr(fallback, backend, start);
    const { stepper } = opened;
    try {
      const kind = `${opened.backend.info.stepper} ${tuning.opt}`;
      const [first, seconds] = await alone(async () => [
        await stepper.measure(),
        await secondsPerStep(stepper, clock, warm.has(kind)),
      ]);
      warm.add(kind);
      return { ...opened, first, secondsPerStep: seconds };
    } catch (error) {
      stepper.dispose();
      throw error;
    }
  };
}

/** The previous winner may have no memory left; the fallback still works. */
async function openOr(
  fallback: Backend,
  backend: Backend,
  start: StepperStart,
): Promise<Pick<OpenStepper, 'backend' | 'stepper'>> {
  try {
    return { backend, stepper: await backend.open(start) };
  } catch (error) {
    if (backend === fallback || !(error instanceof RunFault && error.kind === 'refused')) throw error;
    return { backend: fallback, stepper: await fallback.open(start) };
  }
}

const TELL_EVERY_MS = 120;

/** The problem of a run message, with or without the singular vectors of ΔW*; a sentence if it is impossible. */
export type Preparation = (vectors: boolean) => Problem | Refusal;

/** Makes the matrices of run messages; keeps those that the next one may need again. `clock` in milliseconds. */
export function runPreparations(clock: () => number, report: (progress: ProgressMessage) => void) {
  const cache = layerCache();

  return ({ run, experiment, drawing, hand }: RunMessage, assets: NetworkAssets | null = null): Preparation => {
    let lastReport = clock();
    const progress = (stage: string, fraction: number) => {
      if (clock() - lastReport < TELL_EVERY_MS) return;
      lastReport = clock();
      report({ type: 'progress', run, stage, fraction });
    };
    const parts = { drawing, assets, hand, cache, progress };
    return (vectors) => problemOf(experiment, { ...parts, vectors: vectors ? undefined : false });
  };
}
