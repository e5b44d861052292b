import { thinQr } from '../../../math/factor/qr.ts';
import { frobenius, leadingColumns, multiply, rowsOf, scale, transpose, vstack } from '../../../math/matrix.ts';
import { unlessAborted } from '../../../math/slices.ts';
import { leadingLeftVectors } from '../../../math/spectral/left-vectors.ts';
import { inMemory, type PanelMatrix, roundedMatrix } from '../checkpoints/panels.ts';
import { safeName } from '../faults.ts';
import type { Fault, Module } from '../model.ts';
import { hstack } from '../pair/compare.ts';
import type { BaseWeight, UpdatePair } from './base-weights.ts';

/** s·B₀·A₀ = L·R, as the base's tensor lies. */
interface StartFactors extends UpdatePair {
  /** ‖·‖ by which it may be off: σᵣ and σᵣ₊₁ of W₀ are told apart only so well. */
  readonly off: number;
}

/** Numbers of W₀ up to which its directions are found one by one: 4096². */
const MOST = 2 ** 24;
/** A column of W₀ with less of its own, as a share of the largest, has no direction of its own. */
const NOTHING = 1e-6;
/** No direction is known better, as a share of σ₁. */
const ROUNDING = 1e-14;

/**
 * What PEFT subtracts from W₀ whenever it loads a file that began so (layer.py), r being the rank of the file. PiSSA (arXiv
 * 2404.02948): the r leading singular directions of W₀, Uᵣ·UᵣᵀW₀. OLoRA (arXiv 2406.01775): s·Qᵣ·Rᵣ of W₀ = Q·R; Qᵣ are the
 * first r columns of W₀ made orthonormal, and Rᵣ = QᵣᵀW₀. A Fault for another start, which W₀ does not tell.
 */
export async function startFactors(
  panels: PanelMatrix,
  { name, start, rank, scaling, kernel }: Module,
  { turned, embedding }: BaseWeight,
  signal?: AbortSignal,
): Promise<StartFactors | Fault> {
  const unknown = (why: string): Fault => ({
    fault: `An adapter that began from W₀ (${start}) does not say ΔW.`,
    details: `PEFT takes its start off W₀ as it loads the file: s·B·A of ${safeName(name)} is not what training changed, and ${why}.`,
  });
  const { rows, cols } = panels;
  if (kernel !== null || embedding || !(start === 'PiSSA' || (start === 'OLoRA' && !turned)))
    return unknown('W₀ does not tell its start');
  if (rows * cols > MOST || rank > Math.min(rows, cols)) return unknown('its start is found of W₀ up to 4096 × 4096');
  const W0 = await inMemory(panels);
  if (start === 'OLoRA') {
    const { Q, R } = thinQr(leadingColumns(W0, rank));
    const own = Array.from({ length: rank }, (_, i) => R.data[i * rank + i]);
    if (!(Math.min(...own) > NOTHING * Math.max(...own))) return unknown('columns of W₀ depend on each other');
    return { L: scale(Q, scaling ?? 1), R: multiply(transpose(Q), W0), off: 0 };
  }
  // One more than r, which tells how far the last is from the others.
  const { U, open } = await unlessAborted(leadingLeftVectors(await roundedMatrix(panels), rank + 1), signal);
  const R = multiply(transpose(U), W0);
  const sigma = Array.from({ length: R.rows }, (_, i) => frobenius(rowsOf(R, i, 1)));
  const r = Math.min(rank, U.cols);
  const found = { L: leadingColumns(U, r), R: rowsOf(R, 0, r) };
  // Nothing is left beside it.
  if (r === U.cols) return { ...found, off: 0 };
  const [last, next] = [sigma[r - 1], sigma[r]];
  // Directions that are turned by an angle move L·R by √(σᵣ² + σᵣ₊₁²) times it.
  const angle = last > next ? (Math.max(open, ROUNDING) * sigma[0]) / (last - next) : Number.POSITIVE_INFINITY;
  return { ...found, off: angle * Math.hypot(last, next) };
}

/** L·R less the start, as one pair. */
export const withoutStart = ({ L, R }: UpdatePair, start: UpdatePair): UpdatePair => ({
  L: hstack(L, scale(start.L, -1)),
  R: vstack(R, start.R),
});
