import { startGraphics } from '../../src/engine/backends/graphics.ts';
import { settingsOf, tuningOf } from '../../src/engine/run/tuner.ts';
import { networkStepper } from '../../src/engine/steppers/network.ts';
import type { StepperStart } from '../../src/engine/steppers/stepper.ts';
import { startTfjsWasm, startTfjsWebgpu } from '../../src/engine/steppers/tfjs/start.ts';
import { fetchBuild, fetchNetworkBuild } from '../../src/engine/steppers/wasm/fetch.ts';
import { takeBuild } from '../../src/engine/steppers/wasm/instance.ts';
import { networkKernels, takeNetworkBuild } from '../../src/engine/steppers/wasm/network-kernels.ts';
import { fetchNetworkData } from '../../src/engine/tasks/network/fetch-assets.ts';
import { loops32 } from '../../src/engine/tasks/network/loops.ts';
import '../../src/engine/tasks/network/networks-chunk.ts';
import { problemOf } from '../../src/engine/tasks/problem-of.ts';
import { initialFactors, startFrom, taskOf } from '../../src/engine/tasks/task.ts';
import { change, defaults } from '../../src/experiment/settings/experiment.ts';
import type { Experiment } from '../../src/experiment/settings/params.ts';
import { ofNetworkEngine } from '../steppers/contestant.ts';
import { corner } from '../steppers/corner.ts';

const page = location.href;
for (const build of ['plain', 'relaxed'] as const) {
  await takeBuild(build, () => fetchBuild(build, page));
  await takeNetworkBuild(build, () => fetchNetworkBuild(build, page));
}

function available<T extends object>(found: T | { readonly missing: string }): T {
  if ('missing' in found) throw new Error(found.missing);
  return found;
}
const wasm = available(await startTfjsWasm(page));
const webgpu = startTfjsWebgpu(available(await startGraphics()));

async function startOf({ target, ...changes }: Partial<Experiment>): Promise<StepperStart> {
  const e = change(change(defaults(), { target }), changes);
  const problem = problemOf(e, { drawing: null, assets: await fetchNetworkData(e, page) });
  if ('why' in problem) throw new Error(problem.why);
  const settings = settingsOf(tuningOf(e, problem.modules), problem.modules);
  return { ...startFrom(taskOf(problem), initialFactors(problem)), settings };
}

Object.assign(globalThis, {
  workbench: corner(
    [
      // As in the engine: relaxed SIMD if the browser has it.
      ofNetworkEngine('wasm', (start) => networkStepper(start, networkKernels())),
      ofNetworkEngine('wasm plain', (start) => networkStepper(start, networkKernels('plain'))),
      ofNetworkEngine('TypeScript', (start) => networkStepper(start, loops32)),
      ofNetworkEngine('tfjs wasm', wasm.open),
      ofNetworkEngine('tfjs WebGPU', webgpu.open),
    ],
    startOf,
  ),
});
