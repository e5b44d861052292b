import type { Backend, NoBackend } from '../backends/backend.ts';
import { startWasmBackend, typescriptBackend } from '../backends/own-backends.ts';

function started(backend: Backend | NoBackend): Backend {
  if ('missing' in backend) throw new Error(backend.missing);
  return backend;
}

/** The back ends of one's own that are there in Node, as the worker prefers them; without relaxed SIMD, so that figures are the same on every machine. */
export const nodeBackends: readonly Backend[] = [started(startWasmBackend('plain')), typescriptBackend];
