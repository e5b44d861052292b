/**
 * One training step of one layer on one input, product by product in float64, for the lessons in slow motion.
 *
 *   forward    z = A·x (r), u = B·z (d), h = W₀·x + s·u (d)
 *   backward   ∂L/∂B = s·δ·zᵀ (d × r), ∂L/∂A = s·(Bᵀδ)·xᵀ (r × k), with δ = ∂L/∂h (d)
 *   update     SGD: A − lr·∂L/∂A, B − lr·∂L/∂B
 */

export type Rows = readonly (readonly number[])[];
export type Vector = readonly number[];

export interface LayerFactors {
  /** r × k. */
  readonly A: Rows;
  /** d × r. */
  readonly B: Rows;
}

export interface Layer extends LayerFactors {
  /** d × k, frozen. */
  readonly W0: Rows;
  readonly scaling: number;
  readonly x: Vector;
}

export interface Forward {
  readonly z: Vector;
  readonly u: Vector;
  /** W₀·x. */
  readonly base: Vector;
  /** s·u. */
  readonly scaled: Vector;
  readonly h: Vector;
}

export interface Gradients {
  readonly gradB: Rows;
  /** Bᵀδ, r numbers. */
  readonly back: Vector;
  readonly gradA: Rows;
}

const dot = (a: Vector, b: Vector) => a.reduce((sum, v, i) => sum + v * b[i], 0);

const times = (M: Rows, v: Vector): number[] => M.map((row) => dot(row, v));

export function forward({ W0, A, B, scaling, x }: Layer): Forward {
  const z = times(A, x);
  const u = times(B, z);
  const base = times(W0, x);
  const scaled = u.map((v) => scaling * v);
  return { z, u, base, scaled, h: base.map((v, i) => v + scaled[i]) };
}

/** Both gradients from δ = ∂L/∂h: W₀ is in neither. */
export function backward({ B, scaling, x }: Pick<Layer, 'B' | 'scaling' | 'x'>, z: Vector, delta: Vector): Gradients {
  const back = z.map((_, j) =>
    dot(
      B.map((row) => row[j]),
      delta,
    ),
  );
  return {
    gradB: delta.map((given) => z.map((active) => scaling * given * active)),
    back,
    gradA: back.map((given) => x.map((active) => scaling * given * active)),
  };
}

const less = (M: Rows, step: number, G: Rows): Rows => M.map((row, i) => row.map((v, j) => v - step * G[i][j]));

export function descend({ A, B }: LayerFactors, { gradA, gradB }: Gradients, rate: number): LayerFactors {
  return { A: less(A, rate, gradA), B: less(B, rate, gradB) };
}

/** Multiplications on one input: through z and u, or with B·A formed first. */
export function multiplications({ d, k, rank }: { readonly d: number; readonly k: number; readonly rank: number }) {
  return { inStages: rank * (d + k), formed: d * rank * k + d * k };
}

/** The step h of the central differences. */
export const DIFFERENCE = 1e-4;

const moved = (M: Rows, row: number, col: number, by: number): Rows =>
  M.map((values, i) => (i === row ? values.map((v, j) => (j === col ? v + by : v)) : values));

/**
 * The gradient of a loss by central differences, (L(θ + h) − L(θ − h))/2h entry by entry, independent of the formula
 * that it checks. Exact but for rounding if the loss is at most quadratic in each entry.
 */
export function differences(loss: (factors: LayerFactors) => number, { A, B }: LayerFactors): LayerFactors {
  const over = (M: Rows, put: (changed: Rows) => LayerFactors): Rows =>
    M.map((row, i) =>
      row.map((_, j) => {
        const [up, down] = [DIFFERENCE, -DIFFERENCE].map((by) => loss(put(moved(M, i, j, by))));
        return (up - down) / (2 * DIFFERENCE);
      }),
    );
  return { A: over(A, (changed) => ({ A: changed, B })), B: over(B, (changed) => ({ A, B: changed })) };
}

/** max |a − b| over the entries of two matrices. */
export function largestDifference(a: Rows, b: Rows): number {
  return Math.max(...a.flatMap((row, i) => row.map((v, j) => Math.abs(v - b[i][j]))));
}
