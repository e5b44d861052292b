/** The rules for s in ΔW = s·B·A, by name, as the page writes them. */
export const SCALINGS = { standard: 'α/r', rslora: 'α/√r', none: '1' } as const;
export type Scaling = keyof typeof SCALINGS;

const RULES: Record<Scaling, (alpha: number, rank: number) => number> = {
  standard: (alpha, rank) => alpha / rank, // arXiv 2106.09685
  rslora: (alpha, rank) => alpha / Math.sqrt(rank), // arXiv 2312.03732
  none: () => 1,
};

/** s, without unit. */
export function scalingOf(e: { readonly scaling: Scaling; readonly alpha: number; readonly rank: number }): number {
  return RULES[e.scaling](e.alpha, e.rank);
}
