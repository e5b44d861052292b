import { balancedFactors, firstTriplets } from '../../experiment/inits/triplets.ts';
import { type HistoryModule, type RunRecord, scalingAt } from '../../experiment/run-file/run-record.ts';
import { toFloat32 } from '../../math/matrix.ts';
import { productSvd } from '../../math/spectral/product-svd.ts';
import type { CaseRun, CaseRuns } from './case.ts';

type MeasuredFactors = Pick<HistoryModule, 'A' | 'B'>;

/** The trained modules of a run that kept its factors, in their order; null if it is not known. */
function trained(run: RunRecord | undefined) {
  const frame = run?.frames.at(-1);
  if (!run || !frame || frame.modules.length !== run.modules.length) return null;
  const s = scalingAt(run);
  return run.modules.map(({ d, k, rank }, i) => ({ d, k, rank, s, A: frame.modules[i].A, B: frame.modules[i].B }));
}

type KnownAdapter = NonNullable<ReturnType<typeof trained>>[number];

/**
 * What a run without steps reads, a pair a module; null before the runs that it is made of are known. All are for s = 1:
 * the link of such a run has α = r.
 */
export function measuredFactors({ measures }: CaseRun, runs: CaseRuns): readonly MeasuredFactors[] | null {
  if (!measures) return null;
  if ('cut' in measures) {
    const modules = trained(runs.get(measures.cut));
    return modules?.map((one) => cutTo(one, measures.rank)) ?? null;
  }
  const parts = measures.sum.flatMap(({ run, weight }) => {
    const modules = trained(runs.get(run));
    return modules ? [modules.map((one) => ({ ...one, weight }))] : [];
  });
  if (parts.length < measures.sum.length) return null;
  const [first = []] = parts;
  return first.map((_, i) => sumOf(parts.map((modules) => modules[i])));
}

/** The `rank` leading triplets of s·B·A, as A and B of one size. */
function cutTo({ d, k, rank: r, s, A, B }: KnownAdapter, rank: number): MeasuredFactors {
  const product = productSvd({ rows: d, cols: r, data: B }, { rows: r, cols: k, data: A }, s);
  const cut = balancedFactors(firstTriplets(product, rank), 1);
  return { A: toFloat32(cut.A).data, B: toFloat32(cut.B).data };
}

/** Σ weight·s·B·A: the rows of A and the columns of B joined. */
function sumOf(parts: readonly (KnownAdapter & { readonly weight: number })[]): MeasuredFactors {
  const [{ d, k }] = parts;
  const rank = parts.reduce((sum, one) => sum + one.rank, 0);
  const [A, B] = [new Float32Array(rank * k), new Float32Array(d * rank)];
  let from = 0;
  for (const one of parts) {
    A.set(one.A, from * k);
    const factor = one.weight * one.s;
    for (let i = 0; i < d; i++)
      for (let p = 0; p < one.rank; p++) B[i * rank + from + p] = factor * one.B[i * one.rank + p];
    from += one.rank;
  }
  return { A, B };
}
