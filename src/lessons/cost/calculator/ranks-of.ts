/** Places of the slider: frozen, then powers of two and what lies half-way between them. */
const STEPS = [
  0, 1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096,
];

/** The ranks that a slider offers up to the largest one. */
export function sliderRanks(largest: number): readonly number[] {
  const inside = STEPS.filter((rank) => rank < largest);
  return [...inside, largest];
}

/** Where a rank stands on the slider: at the last place that is not above it. */
export function placeOf(rank: number, ranks: readonly number[]): number {
  return ranks.reduce((at, one, i) => (one <= rank ? i : at), 0);
}
