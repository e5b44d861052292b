import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
// Once for all files of a process; this file itself runs before each.
import '../../math/testing/equal-bits.ts';
import { giveMethodMaker } from '../../experiment/methods/method-maker.ts';
import { methodParts } from '../steppers/method-parts.ts';
import '../steppers/methods-chunk.ts';
import * as networkStepper from '../steppers/network.ts';
import { takeBuild } from '../steppers/wasm/instance.ts';
import { takeNetworkBuild } from '../steppers/wasm/network-kernels.ts';
import * as evaluate from '../tasks/network/evaluate.ts';
import { networkChunk } from '../tasks/network/network-parts.ts';
import * as networkProblem from '../tasks/network/problem.ts';

// Node 20 has it behind a flag, later versions without one. Set before anything asks what WebAssembly can do.
if (process.version.startsWith('v20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');

// React would make a task for the debugger with each element, half of the time that an element takes.
Reflect.deleteProperty(console, 'createTask');

const bytesOf = (name: string) => readFileSync(join(import.meta.dirname, `../steppers/wasm/${name}.wasm`));

giveMethodMaker(methodParts().maker);
networkChunk.give({ problem: networkProblem, stepper: networkStepper, evaluate, data: null });

for (const build of ['plain', 'relaxed'] as const) {
  await takeNetworkBuild(build, async () => bytesOf(`network-${build}`));
  await takeBuild(build, async () => bytesOf(build));
}
