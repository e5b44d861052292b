/** d × k of every shape: a number, a row, a column, wide, high and square. */
export const SIZES: readonly (readonly [d: number, k: number])[] = [
  [1, 1],
  [1, 9],
  [9, 1],
  [16, 96],
  [96, 16],
  [64, 64],
];
