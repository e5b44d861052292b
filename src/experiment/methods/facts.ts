import type { Matrix32 } from '../../math/matrix.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import type { MethodFacts } from '../settings/rate.ts';
import { sizesOfC } from './lokr.ts';
import type { MethodSettings } from './method.ts';
import { type BesideLora, type MethodStart, rowNorms } from './starts.ts';

interface FactGround {
  readonly settings: MethodSettings;
  readonly start: MethodStart;
  readonly base: Matrix32;
  readonly target: Matrix32;
}

type OwnFacts = Omit<MethodFacts, 'rank'>;

const quadratic = (
  curvature: Pick<OwnFacts, 'fixed'> | Pick<OwnFacts, 'twice'>,
  entries: number,
  lever: number,
): OwnFacts => ({
  ...{ fixed: 0, once: 0, twice: 0, entries, lever, isQuadratic: true },
  ...curvature,
});

const matrix = (rows: number, cols: number, data: Float32Array): Matrix32 => ({ rows, cols, data });

const FACTS: Readonly<Record<BesideLora, (ground: FactGround) => OwnFacts>> = {
  // ∂²L/∂ℓᵢ² = ‖W₀ᵢ‖².
  ia3: ({ settings: { side }, base }) =>
    quadratic(
      { fixed: square(Math.max(...(side === 'in' ? columnNorms(base) : rowNorms(base)))) },
      1,
      largestSingularValue(base),
    ),
  // The loss is ½(θ − M)² in each entry.
  shira: ({ settings: { entries } }) => quadratic({ fixed: 1 }, Math.sqrt(entries), 1),
  // ∂²L/∂R² = s²Σ² ⊗ I.
  'lora-xs': ({ settings: { rank }, start }) => {
    const sigma = start.directions?.S[0] ?? 0;
    return quadratic({ twice: square(sigma) }, rank, sigma);
  },
  // With the blocks of ΔW* as rows of M̃ this is a product c·wᵀ of rank 1: ‖w‖² + 2σ₁(M̃), and σ₁ ≤ ‖ΔW*‖.
  lokr: ({ settings, start, target }) => {
    const [d1, k1] = sizesOfC(settings);
    const [d2, k2] = [settings.d / d1, settings.k / k1];
    const W2 = matrix(d2, k2, start.own[0]);
    return {
      ...{
        fixed: sumOfSquares(W2.data) + 2 * Math.sqrt(sumOfSquares(target.data)),
        once: 0,
        twice: 0,
        isQuadratic: false,
      },
      entries: Math.sqrt(Math.max(d1 * k1, d2 * k2)),
      lever: largestSingularValue(W2),
    };
  },
  // As of LoRA, each row of A seen through a row of W₀: w²·a² + 4·w·σ₁, w the largest entry of W₀.
  hira: ({ settings: { d, k, rank }, start, base, target }) => {
    const a = largestSingularValue(matrix(rank, k, start.own[0]));
    const w = largestEntry(base);
    return {
      ...{ fixed: square(w * a) + 4 * w * largestSingularValue(target), once: 0, twice: 0, isQuadratic: false },
      entries: Math.sqrt(Math.max(d, k) * rank),
      lever: a * w,
    };
  },
  // As of LoRA, with ∂V = g·G where a row grows to g times its length; 1 is the curvature of m.
  dora: ({ settings: { d, k, rank }, start, base, target }) => {
    const a = largestSingularValue(matrix(rank, k, start.own[0]));
    const growth = largestGrowth(base, target);
    return {
      ...{ fixed: 1, once: 2 * growth * largestSingularValue(target), twice: square(growth * a), isQuadratic: false },
      entries: Math.sqrt(Math.max(d, k) * rank),
      lever: growth * a,
    };
  },
  // R moves by at most 2·dQ, and dQ has norm √2·‖dq‖: 8σ₁(W₀)² for the curvature of R, 8σ₁(W₀)σ₁(ΔW*) for that of the map.
  oft: ({ settings: { block }, base, target }) => {
    const sigma = largestSingularValue(base);
    return {
      ...{ fixed: 8 * sigma * (sigma + largestSingularValue(target)), once: 0, twice: 0, isQuadratic: false },
      entries: Math.sqrt(block),
      lever: 2 * sigma,
    };
  },
};

/** What the rates of a method follow from at its start. */
export function methodFacts(
  name: BesideLora,
  settings: MethodSettings,
  start: MethodStart,
  base: Matrix32,
  target: Matrix32,
): MethodFacts {
  const scaled = name === 'dora' || name === 'lora-xs';
  return { ...FACTS[name]({ settings, start, base, target }), rank: scaled ? settings.rank : null };
}

const square = (x: number) => x * x;
const sumOfSquares = (x: Float32Array) => x.reduce((sum, v) => sum + v * v, 0);
const largestEntry = ({ data }: Matrix32) => data.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

function columnNorms({ rows, cols, data }: Matrix32): Float64Array {
  const squares = new Float64Array(cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) squares[j] += square(data[i * cols + j]);
  return squares.map(Math.sqrt);
}

/** How much longer than its row of W₀ one of W₀ + ΔW* is; at least 1. */
function largestGrowth(base: Matrix32, target: Matrix32): number {
  const before = rowNorms(base);
  const after = rowNorms({ ...base, data: base.data.map((x, at) => x + target.data[at]) });
  return after.reduce((most, norm, i) => Math.max(most, norm / before[i]), 1);
}
