import { thinQr } from '../../../math/factor/qr.ts';
import { type Matrix64, multiply, transpose } from '../../../math/matrix.ts';
import { gaussian, stream } from '../../../math/random.ts';

/** Singular values 1, 0.7, 0.49, … over random directions. */
export function decaying(size: number): { readonly target: Matrix64; readonly floors: readonly number[] } {
  const [U, V] = ['left', 'right'].map((purpose) => thinQr(gaussian(size, size, stream(1, purpose))).Q);
  const values = Array.from({ length: size }, (_, i) => 0.7 ** i);
  const scaled = { ...U, data: U.data.map((v, i) => v * values[i % size]) };
  const energy = (from: number) => values.slice(from).reduce((sum, v) => sum + v * v, 0);
  return {
    target: multiply(scaled, transpose(V)),
    floors: values.map((_, rank) => Math.sqrt(energy(rank) / energy(0))),
  };
}
