import { frobenius, type Matrix64, multiply, scale, transpose } from '../../math/matrix.ts';
import { symmetricEigen } from '../../math/spectral/symmetric.ts';

/** The polynomial of one Newton–Schulz step, σ ← 3.4445·σ − 4.7750·σ³ + 2.0315·σ⁵ (Muon, Jordan et al. 2024). */
const [LINEAR, CUBIC, QUINTIC] = [3.4445, -4.775, 2.0315];
const STEPS = 5;
/** Keeps X/(‖X‖_F + 10⁻⁷) finite. */
const TINY = 1e-7;

/**
 * Five Newton–Schulz steps X ← 3.4445·X + (−4.7750·Y + 2.0315·Y²)·X with Y = X·Xᵀ, from X/(‖X‖_F + 10⁻⁷): singular vectors stay, and
 * σ/‖X‖_F from .01 to 1 goes to .68–1.13. All factors of X are polynomials of the first Y, so that they commute: they
 * are gathered in one matrix of the short side, and X is multiplied once.
 */
export function newtonSchulz(X: Matrix64): Matrix64 {
  if (X.rows > X.cols) return transpose(newtonSchulz(transpose(X)));
  const unit = scale(X, 1 / (frobenius(X) + TINY));
  let Y = multiply(unit, transpose(unit));
  let all: Matrix64 | null = null;
  for (let i = 0; i < STEPS; i++) {
    const P = polynomial(Y);
    all = all ? multiply(P, all) : P;
    Y = multiply(multiply(P, Y), P);
  }
  return all ? multiply(all, unit) : unit;
}

/** 3.4445·I − 4.7750·Y + 2.0315·Y². */
function polynomial(Y: Matrix64): Matrix64 {
  const P = multiply(Y, Y);
  for (let i = 0; i < P.data.length; i++) P.data[i] = CUBIC * Y.data[i] + QUINTIC * P.data[i];
  for (let i = 0; i < P.data.length; i += P.cols + 1) P.data[i] += LINEAR;
  return P;
}

/** Singular values up to this share of the largest are rounding of the float32 factors and count as zero. */
const ROUNDING = 1e-6;

/**
 * U·Vᵀ of G = U·Σ·Vᵀ over its non-zero singular values, as (G·Gᵀ)^(−1/2)·G on the short side; 0 for G = 0. Entries that
 * are not finite give NaN.
 */
export function polarFactor(G: Matrix64): Matrix64 {
  if (G.rows > G.cols) return transpose(polarFactor(transpose(G)));
  const size = frobenius(G);
  if (size === 0) return scale(G, 0);
  const unit = scale(G, 1 / size);
  const { values, V } = symmetricEigen(multiply(unit, transpose(unit)));
  const least = ROUNDING * ROUNDING * values.reduce((most, x) => Math.max(most, x), 0);
  return multiply(
    multiply(
      timesColumns(
        V,
        values.map((x) => (x <= least ? 0 : 1 / Math.sqrt(x))),
      ),
      transpose(V),
    ),
    unit,
  );
}

/** M·diag(by). */
function timesColumns({ rows, cols, data }: Matrix64, by: Float64Array): Matrix64 {
  return { rows, cols, data: data.map((x, i) => x * by[i % cols]) };
}
