import '@tensorflow/tfjs-backend-cpu';
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, memory, setBackend } from '@tensorflow/tfjs-core';
import type { Backend, Missing } from '../backends/backend.ts';
import { startWasm, typescriptBackend } from '../backends/own.ts';
import type { Start, Stepper } from '../steppers/stepper.ts';
import { TfjsStepper } from '../steppers/tfjs/tfjs.ts';
import { typescriptStepper } from '../steppers/typescript.ts';
import { wasmStepper } from '../steppers/wasm/wasm.ts';

/** A stepper that runs in Node. */
export interface Tested {
  readonly name: string;
  readonly open: (start: Start) => Promise<Stepper>;
  /** Tensors alive; 0 where there are none. */
  readonly tensors: () => number;
}

function started(backend: Backend | Missing): Backend {
  if ('missing' in backend) throw new Error(backend.missing);
  return backend;
}

env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
// Else its first use in Node prints an advertisement.
env().set('IS_NODE', false);
setWasmPaths(fileURLToPath(new URL('../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)));

const onTfjs = (name: 'cpu' | 'wasm'): Tested => ({
  name: `tfjs-${name}`,
  open: async (start) => {
    await setBackend(name);
    return new TfjsStepper(start, { transposeFirst: name === 'wasm', treeSums: false });
  },
  tensors: () => memory().numTensors,
});

export const typescript: Tested = {
  name: 'typescript',
  open: async (start) => typescriptStepper(start),
  tensors: () => 0,
};

export const wasm: Tested = {
  name: 'wasm',
  open: async (start) => wasmStepper(start),
  tensors: () => 0,
};

/** The back ends of one's own that are there in Node, as the worker prefers them. */
export const own: readonly Backend[] = [started(startWasm()), typescriptBackend];

export const steppers: readonly Tested[] = [typescript, wasm, onTfjs('cpu'), onTfjs('wasm')];

/** A short life in which everything happens that makes tensors or lets them go. */
export async function liveOnce(stepper: Stepper, start: Start, run: number): Promise<void> {
  await stepper.measure();
  const kept = stepper.snapshot();
  await stepper.steps(3);
  stepper.tune({ ...start.settings, scaling: 1, ratio: 1, opt: run % 2 === 0 ? 'adamw' : 'momentum' });
  await stepper.steps(1 + (run % 4));
  kept.restore();
  kept.dispose();
  stepper.dispose();
}
