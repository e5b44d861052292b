import type { Progress } from '../progress.ts';
import { makeReflector } from './reflector.ts';

/** An upper bidiagonal matrix: diagonal d (n entries) and superdiagonal e (n − 1 used). */
export interface Bidiagonal {
  readonly d: Float64Array;
  readonly e: Float64Array;
}

/**
 * Reduces the n × n row-major matrix A (overwritten) to upper bidiagonal form by reflections from both sides, which
 * keeps its singular values. Entries are expected to be at most about 1 in size.
 *
 * The reflections are held back: those of one step, A − v·wᵀ − z·uᵀ, are applied in the pass that also gathers the
 * next w = τ·Aᵀv, so that a step reads A twice instead of four times (Howell et al., ACM TOMS 34, 2008).
 */
export function bidiagonalise(A: Float64Array, n: number, progress?: Progress): Bidiagonal {
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  const v = new Float64Array(n);
  const nextV = new Float64Array(n);
  const w = new Float64Array(n);
  const nextW = new Float64Array(n);
  const u = new Float64Array(n);
  const z = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    for (let i = k; i < n; i++) nextV[i] = A[i * n + k] - v[i] * w[k] - z[i] * u[k];
    const tauLeft = makeReflector(nextV, k, n);
    d[k] = nextV[k];
    nextV[k] = 1;
    nextW.fill(0);
    updateAndGather(A, n, k, v, w, z, u, nextV, nextW);
    for (let j = k + 1; j < n; j++) nextW[j] *= tauLeft;
    v.set(nextV);
    w.set(nextW);
    if (k + 1 === n) break;

    for (let j = k + 1; j < n; j++) u[j] = A[k * n + j] - w[j];
    const tauRight = makeReflector(u, k + 1, n);
    e[k] = u[k + 1];
    u[k + 1] = 1;
    let wu = 0;
    for (let j = k + 1; j < n; j++) wu += w[j] * u[j];
    timesVector(A, n, k + 1, u, z);
    for (let i = k + 1; i < n; i++) z[i] = tauRight * (z[i] - v[i] * wu);
    const left = 1 - (k + 1) / n;
    progress?.(1 - left * left * left);
  }
  return { d, e };
}

/** Rows k …, columns k + 1 …: A −= v·wᵀ + z·uᵀ, then out += Aᵀ·next. Two rows at a time. */
function updateAndGather(
  A: Float64Array,
  n: number,
  k: number,
  v: Float64Array,
  w: Float64Array,
  z: Float64Array,
  u: Float64Array,
  next: Float64Array,
  out: Float64Array,
): void {
  let i = k;
  for (; i + 1 < n; i += 2) {
    const a = i * n;
    const b = a + n;
    const v0 = v[i];
    const v1 = v[i + 1];
    const z0 = z[i];
    const z1 = z[i + 1];
    const n0 = next[i];
    const n1 = next[i + 1];
    for (let j = k + 1; j < n; j++) {
      const wj = w[j];
      const uj = u[j];
      const x0 = A[a + j] - (v0 * wj + z0 * uj);
      const x1 = A[b + j] - (v1 * wj + z1 * uj);
      A[a + j] = x0;
      A[b + j] = x1;
      out[j] += n0 * x0 + n1 * x1;
    }
  }
  if (i < n) {
    for (let j = k + 1; j < n; j++) {
      const x = A[i * n + j] - (v[i] * w[j] + z[i] * u[j]);
      A[i * n + j] = x;
      out[j] += next[i] * x;
    }
  }
}

/** out_i = Σ_j A_ij·u_j for rows and columns from `first` on. Four rows at a time. */
function timesVector(A: Float64Array, n: number, first: number, u: Float64Array, out: Float64Array): void {
  let i = first;
  for (; i + 3 < n; i += 4) {
    const a = i * n;
    const b = a + n;
    const c = b + n;
    const d = c + n;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = first; j < n; j++) {
      const x = u[j];
      s0 += A[a + j] * x;
      s1 += A[b + j] * x;
      s2 += A[c + j] * x;
      s3 += A[d + j] * x;
    }
    out[i] = s0;
    out[i + 1] = s1;
    out[i + 2] = s2;
    out[i + 3] = s3;
  }
  for (; i < n; i++) {
    let s = 0;
    for (let j = first; j < n; j++) s += A[i * n + j] * u[j];
    out[i] = s;
  }
}
