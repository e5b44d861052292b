import type { RunMessage } from './down.ts';

// To a short-lived worker, and back: the matrices of an experiment that are too large for the page to hold all the time.

export type MakeMessage = Pick<RunMessage, 'experiment' | 'drawing'>;

/** W₀ and ΔW*, d × k row by row; or why they cannot be made. */
export type MadeMessage = { readonly base: Float32Array; readonly target: Float32Array } | { readonly why: string };
