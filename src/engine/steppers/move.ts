export type FactorNumbers = Float32Array | Float64Array;

export interface UpdateSettings {
  readonly rate: number;
  /** The update's number, from 1. */
  readonly t: number;
  /** Of the factor, which lies row by row. */
  readonly columns: number;
  /** Adam's ε. */
  readonly epsilon: number;
}

/** θ ← θ − rate·X; returns Σ Δθ². */
export function move(theta: FactorNumbers, X: FactorNumbers, rate: number): number {
  let sum = 0;
  for (let i = 0; i < theta.length; i++) {
    const delta = rate * X[i];
    theta[i] -= delta;
    sum += delta * delta;
  }
  return sum;
}
