/** What LoRA trains against what full fine-tuning trains, for one d × k matrix. */
export interface Counts {
  /** r(d + k) */
  readonly trained: number;
  /** dk */
  readonly full: number;
  /** trained/full; above 1 LoRA trains more than full fine-tuning. */
  readonly share: number;
  /** r* = dk/(d + k): the rank at which both train as much; in general not a whole number. */
  readonly breakEven: number;
}

export function countsOf(e: { readonly d: number; readonly k: number; readonly rank: number }): Counts {
  const trained = e.rank * (e.d + e.k);
  const full = e.d * e.k;
  return { trained, full, share: trained / full, breakEven: full / (e.d + e.k) };
}
