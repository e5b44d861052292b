import type { Settings } from '../../src/engine/steppers/stepper.ts';
import type { OneStart } from '../../src/engine/testing/one-matrix.ts';
import { randomStart } from '../../src/engine/testing/starts.ts';

/** A run whose target has the rank of its factors, so that its loss falls as far as float32 allows. */
export function fallingStart(d: number, k: number, rank: number, settings: Settings): OneStart {
  const start = randomStart(d, k, rank, settings);
  const [left, right] = [randomStart(d, d, rank, settings, 2).A, randomStart(k, k, rank, settings, 3).A];
  const target = new Float32Array(d * k);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < k; j++) {
      for (let p = 0; p < rank; p++) target[i * k + j] += left[p * d + i] * right[p * k + j];
    }
  }
  return { ...start, target };
}
