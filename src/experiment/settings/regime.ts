import { isInFloat16 } from './bounds.ts';
import { isActive } from './experiment.ts';
import type { Experiment } from './params.ts';

/** What a run does around the steps of its optimiser. Left out, or null: nothing, and its bits are as ever. */
export interface Regime {
  /** Both passes in float16; gradients are multiplied by this on the way. */
  readonly lossScale?: number;
  /** The largest norm of the gradient of all trained factors. */
  readonly clip?: number;
  /** B ← B − η·decay·B before its step, η the rate of B. */
  readonly decayB?: number;
}

/** What back ends are asked for. */
export type RegimePart = keyof Regime;

/** Of an experiment; null if it has none. */
export function regimeOf(e: Experiment): Regime | null {
  const { lossscale, clip, decayb } = e;
  const regime: Regime = {
    ...(isInFloat16(e) && { lossScale: lossscale }),
    ...(clip !== null && { clip }),
    ...(decayb > 0 && isActive('decayb', e) && { decayB: decayb }),
  };
  return Object.keys(regime).length > 0 ? regime : null;
}
