import { type Matrix64, zeros } from '../../../math/matrix.ts';
import type { ModuleFactors, PairFigures } from '../model.ts';
import { figuresOfCore, linearDistance, type PairCore, pairCore, relativeTo } from '../pair/compare.ts';

/** The cores of two modules of one place, one for each expert; null if an entry is not finite. */
export function pairCores(
  first: readonly ModuleFactors[],
  s1: number | null,
  second: readonly ModuleFactors[],
  s2: number | null,
): readonly PairCore[] | null {
  const cores = first.flatMap((factors, e) => pairCore(factors, s1, second[e], s2) ?? []);
  return cores.length < first.length ? null : cores;
}

/**
 * Figures of a pair at these weights, of all experts together as of one block-diagonal matrix: σᵢ = √Σₑ σₑᵢ², as of a
 * single file. Overlaps are the mean over the experts that have so many directions in both files.
 */
export function figuresOfCores(cores: readonly PairCore[] | null, weights: readonly number[]): PairFigures {
  if (cores === null || cores.length === 1) return figuresOfCore(cores?.[0] ?? null, weights);
  const each = cores.map((core) => figuresOfCore(core, weights));
  const norms = ([0, 1, 2] as const).map((of) => Math.hypot(...each.map(({ frobenius }) => frobenius[of])));
  const [first, second, sum] = norms;
  const inner = cores.reduce((all, core) => all + core.inner, 0);
  const distances = cores.map((core) => linearDistance(core, weights));
  const distance = distances.some((one) => one === null) ? null : Math.hypot(...distances.map((one) => one ?? 0));
  return {
    cosine: first === 0 || second === 0 ? 0 : Math.max(-1, Math.min(1, inner / first / second)),
    left: meanOverlaps(each.map(({ left }) => left)),
    right: meanOverlaps(each.map(({ right }) => right)),
    ratio: cores[0].scaled ? second / first : Number.NaN,
    sigma: [
      rootSumSquares(each.map(({ sigma }) => sigma[0])),
      rootSumSquares(each.map(({ sigma }) => sigma[1])),
      rootSumSquares(each.map(({ sigma }) => sigma[2])),
    ],
    frobenius: [first, second, sum],
    linear: cores[0].scaled ? relativeTo(sum, distance) : null,
  };
}

function rootSumSquares(all: readonly Float64Array[]): Float64Array {
  const length = Math.max(...all.map((sigma) => sigma.length));
  return Float64Array.from({ length }, (_, i) => Math.hypot(...all.map((sigma) => sigma[i] ?? 0)));
}

function meanOverlaps(all: readonly Matrix64[]): Matrix64 {
  const out = zeros(Math.max(...all.map(({ rows }) => rows)), Math.max(...all.map(({ cols }) => cols)));
  for (let i = 0; i < out.rows; i++) {
    for (let j = 0; j < out.cols; j++) {
      const having = all.filter(({ rows, cols }) => i < rows && j < cols);
      const sum = having.reduce((of, { cols, data }) => of + data[i * cols + j], 0);
      out.data[i * out.cols + j] = having.length === 0 ? 0 : sum / having.length;
    }
  }
  return out;
}
