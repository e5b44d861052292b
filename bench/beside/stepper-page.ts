/** The stepper alone on a blank page, from the same start and with the same settings as the page's own run. */

import { settingsOf, tuningOf } from '../../src/engine/run/tuner.ts';
import { fetchBuild } from '../../src/engine/steppers/wasm/fetch.ts';
import { takeFastest, wasmStepper } from '../../src/engine/steppers/wasm/wasm.ts';
import { initialFactors, startFrom, taskOf } from '../../src/engine/tasks/task.ts';
import { prepareProblem } from '../../src/experiment/layer/problem.ts';
import { defaults } from '../../src/experiment/settings/experiment.ts';
import type { Experiment } from '../../src/experiment/settings/params.ts';
import type { Case } from './scripted.ts';

await takeFastest((build) => fetchBuild(build, location.href));

const starts = new Map<string, Parameters<typeof wasmStepper>[0]>();

function startOf({ d, rank, steps }: Case): Parameters<typeof wasmStepper>[0] {
  const key = `${d} ${rank} ${steps}`;
  const known = starts.get(key);
  if (known) return known;
  const experiment: Experiment = { ...defaults(), target: 'decay', d, k: d, rank, steps };
  const problem = prepareProblem(experiment, null, { vectors: false });
  if ('why' in problem) throw new Error(problem.why);
  const settings = settingsOf(tuningOf(experiment, problem.modules), problem.modules);
  const start = { ...startFrom(taskOf(problem), initialFactors(problem)), settings };
  starts.set(key, start);
  return start;
}

/** Milliseconds of all steps, `pack` per call, and the loss of the last. */
async function train(one: Case, pack: number): Promise<{ readonly ms: number; readonly loss: number }> {
  const stepper = wasmStepper(startOf(one));
  try {
    const before = performance.now();
    let loss = Number.NaN;
    for (let made = 0; made < one.steps; made += pack) {
      const { entries } = await stepper.steps(Math.min(pack, one.steps - made));
      loss = entries.series.loss[entries.series.loss.length - 1];
    }
    return { ms: performance.now() - before, loss };
  } finally {
    stepper.dispose();
  }
}

const workbench = { train };
export type StepperPage = typeof workbench;
Object.assign(globalThis, { workbench });
