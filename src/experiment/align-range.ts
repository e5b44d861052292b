/** The largest min(d, k) with a full SVD of W₀; part of link version 1. */
const LARGEST = 512;

/** A share this close to a bound counts as the bound, so that the three digits that a sentence names are enough. */
const CLOSE = 0.0005;

/** Columns of W₀'s leading subspace for a true rank n. */
export function insideSize(size: number, n: number): number {
  return Math.min(n, Math.floor(size / 2));
}

/** Smallest and largest share that n orthonormal directions can all have; `size` is min(d, k). */
export function shareRange(size: number, n: number): readonly [number, number] {
  const m = insideSize(size, n);
  return [Math.max(0, 1 - (size - m) / n), Math.min(1, m / n)];
}

/** Why a share cannot be had: a sentence, or null. */
export function refusal(size: number, n: number, share: number): string | null {
  if (size > LARGEST) {
    return `Alignment with W₀ is offered where the smaller of d and k is at most ${LARGEST}; here it is ${size}.`;
  }
  const [low, high] = shareRange(size, n);
  if (share >= low - CLOSE && share <= high + CLOSE) return null;
  const most = Math.floor(size / 2);
  if (most === 0)
    return 'A matrix with one row or column has no leading half to align with: take an alignment of 0, or a larger matrix.';
  const range = low + CLOSE < high ? `from ${digits(low)} to ${digits(high)}` : `only ${digits(low)}`;
  return (
    `With true rank ${n} the alignment can be ${range}, since W₀’s leading subspace has ${most} of ${size} directions: ` +
    `change it, or take a true rank of at most ${most}.`
  );
}

const digits = (share: number) => String(Math.round(share * 1000) / 1000);
