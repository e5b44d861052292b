import { differences } from '../one-step/differences.ts';
import { descend, forward, type LayerFactors, type Rows, type Vector } from '../one-step/one-step.ts';
import { type StepValues, stepGiven } from '../slow-motion/step-values.ts';

/** What can be typed in: everything else follows. */
export interface Typed extends LayerFactors {
  /** 3 × 4. */
  readonly W0: Rows;
  readonly x: Vector;
  /** ∂L/∂h, given here. */
  readonly delta: Vector;
}

/** A layer with 3 outputs and 4 inputs. */
export const EXAMPLE: Typed = {
  W0: [
    [1, 0.5, -1, 2],
    [0, 1, 1, -0.5],
    [2, -1, 0.5, 1],
  ],
  A: [
    [0.5, -0.5, 1, 0],
    [1, 0, -0.5, 0.5],
  ],
  B: [
    [0, 0],
    [0, 0],
    [0, 0],
  ],
  x: [1, 2, -1, 0.5],
  delta: [1, -2, 0.5],
};

export const WORKED = { d: 3, k: 4, rank: 2, alpha: 4, scaling: 2, rate: 0.1 } as const;

export type WhichStep = 1 | 2;

/** L = δ·h: the loss whose gradient at h is the given δ, whatever h is. */
function lossOf({ W0, x, delta }: Typed, factors: LayerFactors): number {
  const { h } = forward({ W0, x, scaling: WORKED.scaling, ...factors });
  return h.reduce((sum, v, i) => sum + delta[i] * v, 0);
}

export interface Worked {
  /** Both steps; the second begins with the factors that the first leaves. */
  readonly steps: readonly [StepValues, StepValues];
  /** Before, after the 1st step, after the 2nd. */
  readonly losses: readonly [number, number, number];
}

/** Two SGD steps on the same input. */
export function worked(typed: Typed): Worked {
  const { W0, x, delta } = typed;
  const at = (factors: LayerFactors) => stepGiven({ W0, x, scaling: WORKED.scaling, ...factors }, delta);
  const first = at(typed);
  const second = at(descend(first, first, WORKED.rate));
  const after = descend(second, second, WORKED.rate);
  return {
    steps: [first, second],
    losses: [lossOf(typed, first), lossOf(typed, second), lossOf(typed, after)],
  };
}

/** Both gradients by central differences of the loss. */
export const byDifferences = (typed: Typed, step: StepValues): LayerFactors =>
  differences((factors) => lossOf(typed, factors), step);
