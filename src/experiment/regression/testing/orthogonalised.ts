import { frobenius, type Matrix64, multiply, scale, subtract, transpose } from '../../../math/matrix.ts';

/** Muon's five steps as its authors write them, on the wide side. */
export function newtonSchulzAsPublished(G: Matrix64): Matrix64 {
  if (G.rows > G.cols) return transpose(newtonSchulzAsPublished(transpose(G)));
  const [a, b, c] = [3.4445, -4.775, 2.0315];
  let X = scale(G, 1 / (frobenius(G) + 1e-7));
  for (let i = 0; i < 5; i++) {
    const Y = multiply(X, transpose(X));
    const poly = subtract(scale(Y, b), scale(multiply(Y, Y), -c));
    X = subtract(scale(X, a), scale(multiply(poly, X), -1));
  }
  return X;
}

/** U·Vᵀ by X ← 1.5·X − 0.5·X·Xᵀ·X, which takes every singular value above rounding to 1 and leaves 0 at 0. */
export function polarByIteration(G: Matrix64): Matrix64 {
  const size = frobenius(G);
  if (size === 0) return scale(G, 1);
  let X = scale(G, 1 / size);
  for (let i = 0; i < 60; i++) X = subtract(scale(X, 1.5), scale(multiply(multiply(X, transpose(X)), X), 0.5));
  return X;
}
