import { differences, largestDifference } from '../one-step/differences.ts';
import { forward, type LayerFactors, type Rows } from '../one-step/one-step.ts';
import type { StepValues } from '../slow-motion/step-values.ts';

export interface Checked {
  /** The gradient by central differences. */
  readonly found: Rows;
  /** The largest difference from that by the formula. */
  readonly largest: number;
}

/** Numbers to train up to which a check costs a few milliseconds. */
const MOST_CHECKED = 300;

/** The gradient of one factor by moving each of its entries; null where there are too many of them. */
export function checked(step: StepValues, of: keyof LayerFactors): Checked | null {
  const { d, k, rank, y } = step;
  if (y === null || rank * (d + k) > MOST_CHECKED) return null;
  const loss = (factors: LayerFactors) =>
    forward({ ...step, ...factors }).h.reduce((sum, v, i) => sum + (v - y[i]) ** 2 / 2, 0);
  const found = differences(loss, step)[of];
  return { found, largest: largestDifference(found, of === 'A' ? step.gradA : step.gradB) };
}
