import '@tensorflow/tfjs-backend-cpu';
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, memory, setBackend } from '@tensorflow/tfjs-core';
import { needsWholeMatrices, type OptimiserName, optimisers } from '../../experiment/optimisers.ts';
import type { Stepper, StepperStart } from '../steppers/stepper.ts';
import { TfjsStepper } from '../steppers/tfjs/tfjs.ts';
import { typescriptStepper } from '../steppers/typescript.ts';
import { wasmStepper } from '../steppers/wasm/wasm.ts';
import { type OneStart, type OneStepper, oneStepper, startOfMatrix } from './one-matrix.ts';

export interface TestedStepper {
  readonly name: string;
  readonly listed: (start: StepperStart) => Promise<Stepper>;
  readonly open: (start: OneStart) => Promise<OneStepper>;
  readonly tensors: () => number;
  /** The optimisers that it has. */
  readonly rules: readonly { readonly name: OptimiserName }[];
}

env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
// Else its first use in Node prints an advertisement.
env().set('IS_NODE', false);
setWasmPaths(fileURLToPath(new URL('../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)));

function tested(
  name: string,
  open: TestedStepper['listed'],
  tensors: TestedStepper['tensors'] = () => 0,
  rules: TestedStepper['rules'] = optimisers.all,
): TestedStepper {
  return { name, listed: open, open: async (start) => oneStepper(await open(startOfMatrix(start))), tensors, rules };
}

const onTfjs = (name: 'cpu' | 'wasm') =>
  tested(
    `tfjs-${name}`,
    async (start) => {
      await setBackend(name);
      return new TfjsStepper(start, { transposeFirst: name === 'wasm', treeSums: false });
    },
    () => memory().numTensors,
    optimisers.all.filter(({ name }) => !needsWholeMatrices(name)),
  );

export const typescript = tested('typescript', async (start) => typescriptStepper(start));
export const wasm = tested('wasm', async (start) => wasmStepper(start, 'plain'));
/** With fused multiply-add, if the processor has it. */
export const relaxedWasm = tested('wasm with relaxed SIMD', async (start) => wasmStepper(start, 'relaxed'));

export const steppers: readonly TestedStepper[] = [typescript, wasm, relaxedWasm, onTfjs('cpu'), onTfjs('wasm')];

/** A short life with everything that makes or frees tensors. */
export async function runLifecycle(stepper: OneStepper, start: OneStart, run: number): Promise<void> {
  await stepper.measure();
  const kept = stepper.snapshot();
  await stepper.steps(3);
  stepper.tune({ ...start.settings, scaling: 1, ratio: 1, opt: run % 2 === 0 ? 'adamw' : 'momentum' });
  await stepper.steps(1 + (run % 4));
  kept.restore();
  kept.dispose();
  stepper.dispose();
}
