import type { Backend, NoBackend } from '../backends/backend.ts';
import { startWasmBackend, typescriptBackend } from '../backends/own-backends.ts';

function started(backend: Backend | NoBackend): Backend {
  if ('missing' in backend) throw new Error(backend.missing);
  return backend;
}

/** The project's own back ends in the worker's order; without relaxed SIMD, so that figures agree on every machine. */
export const nodeBackends: readonly Backend[] = [started(startWasmBackend('plain')), typescriptBackend];
