import type { RunMessage } from '../protocol/down.ts';

/** A worker whose loop is free beats every two seconds. */
const AT_LEAST_MS = 20_000;
/**
 * Plain script and TensorFlow.js on a processor take 2 to 9 ns for each of the d·k·r products of a step; a machine may be
 * some times slower, and a step is followed by its norms.
 */
const NS_A_PRODUCT = 40;

/**
 * How long a worker may be silent, in ms, before it is taken for dead: a step is one piece of work, during which it
 * cannot beat. It makes d·k·r products some times over.
 */
export function patienceFor({ experiment: { d, k, rank } }: Pick<RunMessage, 'experiment'>): number {
  return AT_LEAST_MS + 1e-6 * NS_A_PRODUCT * d * k * rank;
}
