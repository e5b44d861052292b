import { exponent, powerOfTwo } from './bits.ts';
import { type AnyMatrix, maxAbs } from './matrix.ts';

/**
 * The power of two that brings the largest entry of m into [0.5, 1), so that squares can neither overflow nor vanish:
 * decompositions work on m·p and divide by p at the end. Multiplying by it is exact. 1 for the zero matrix. For a
 * matrix of subnormals it stops at 2^1000, which leaves entries of about 2^-74, still large enough to square.
 * Throws RangeError where an entry is not finite.
 */
export function rangeScale(m: AnyMatrix): number {
  const largest = maxAbs(m);
  if (!(largest < Infinity)) throw new RangeError('the matrix has an entry that is not a finite number');
  if (largest === 0) return 1;
  return powerOfTwo(Math.max(-1022, Math.min(1000, -1 - exponent(largest))));
}
