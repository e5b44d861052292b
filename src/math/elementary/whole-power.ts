/**
 * xⁿ for whole n ≥ 0, by squaring: the same bits in every browser, where x ** n is the engine's own choice. A result and
 * what it is made of are rounded about n times in all, so it is within n·2⁻⁵³ of itself: quick, and exact enough for decays.
 */
export function wholePower(x: number, n: number): number {
  let power = 1;
  for (let square = x, left = n; left > 0; square *= square, left = Math.floor(left / 2)) {
    if (left % 2 === 1) power *= square;
  }
  return power;
}
