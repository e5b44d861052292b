import type { Backend, Missing } from '../backends/backend.ts';
import { startWasm, typescriptBackend } from '../backends/own.ts';

function started(backend: Backend | Missing): Backend {
  if ('missing' in backend) throw new Error(backend.missing);
  return backend;
}

/** The back ends of one's own that are there in Node, as the worker prefers them; without relaxed SIMD, so that figures are the same on every machine. */
export const own: readonly Backend[] = [started(startWasm('plain')), typescriptBackend];
