import { qrR, qrROfTransposed } from '../../../math/factor/qr.ts';
import { leadingColumns, type Matrix64, multiply, scale, transpose, vstack, zeros } from '../../../math/matrix.ts';
import { productSvd } from '../../../math/spectral/product-svd.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { spectrumNorm } from '../../../math/spectral/spectra.ts';
import { productBound } from '../figures.ts';
import type { Adapter, Module, ModuleFactors, ModuleMatches, PairFigures } from '../model.ts';
import { hasPairs } from '../shapes.ts';

/** Directions whose σ is below this share of σ₁ are arbitrary. */
const NOTHING = 1e-10;
const COMPARED = 16;

/**
 * Two updates of one place in the coordinates of their common spaces: with QR of [B₁ B₂] and [A₁ᵀ A₂ᵀ], both are Q_B·(a
 * small matrix)·Q_Aᵀ, and so is every weighted sum of them.
 */
export interface PairCore {
  /** s₁·R_B₁·R_A₁ᵀ, its rows and columns beyond r₁ (all zero) left out. */
  readonly first: Matrix64;
  /** s₂·R_B₂·R_A₂ᵀ, up to (r₁ + r₂) × (r₁ + r₂). */
  readonly second: Matrix64;
  readonly sigma: readonly [Float64Array, Float64Array];
  readonly frobenius: readonly [number, number];
  readonly inner: number;
  readonly left: Matrix64;
  readonly right: Matrix64;
  /** |s₁s₂|·‖B₁A₂‖², |s₁s₂|·‖B₂A₁‖² and s₁s₂·⟨B₁A₂, B₂A₁⟩; null if the ranks differ. */
  readonly cross: readonly [number, number, number] | null;
  /** Whether s is known of both: sums and ratios mean nothing without. */
  readonly scaled: boolean;
}

/**
 * The core of a pair after two QR decompositions; null if an entry is not finite. An unknown scaling is null and counts
 * as 1, which leaves cosine and overlaps as they are.
 */
export function pairCore(fa: ModuleFactors, sa: number | null, fb: ModuleFactors, sb: number | null): PairCore | null {
  const [s1, s2] = [sa ?? 1, sb ?? 1];
  if (![productBound(fa, s1), productBound(fb, s2)].every(Number.isFinite)) return null;
  const RB = qrR(hstack(fa.B, fb.B));
  const RA = qrROfTransposed(vstack(fa.A, fb.A));
  const r1 = fa.B.cols;
  const [B1, B2] = [block(RB, 0, Math.min(r1, RB.rows), r1), block(RB, r1, RB.rows, fb.B.cols)];
  const [A1, A2] = [block(RA, 0, Math.min(r1, RA.rows), r1), block(RA, r1, RA.rows, fb.B.cols)];
  const first = scale(multiply(B1, transpose(A1)), s1);
  const second = scale(multiply(B2, transpose(A2)), s2);
  const [u, v] = [productSvd(B1, transpose(A1), s1), productSvd(B2, transpose(A2), s2)];
  return {
    first,
    second,
    sigma: [u.S, v.S],
    frobenius: [spectrumNorm(u.S), spectrumNorm(v.S)],
    inner: corner(first, second),
    left: overlaps(u.U, live(u.S), v.U, live(v.S)),
    right: overlaps(u.V, live(u.S), v.V, live(v.S)),
    cross: r1 === fb.B.cols ? cross(B1, A1, B2, A2, s1 * s2) : null,
    scaled: sa !== null && sb !== null,
  };
}

/** Singular values of w₁ΔW₁ + w₂ΔW₂, min(r₁ + r₂, d, k) of them; all 0 if the two cancel. */
function sumSpectrum(core: PairCore, [w1, w2]: readonly number[]): Float64Array {
  const { first, second } = core;
  const sum = scale(second, w2);
  for (let i = 0; i < first.rows; i++) {
    for (let j = 0; j < first.cols; j++) sum.data[i * sum.cols + j] += w1 * first.data[i * first.cols + j];
  }
  const sigma = singularValues(sum);
  // The difference of two equal updates is rounding.
  const rounding = 1e-13 * (Math.abs(w1) * core.frobenius[0] + Math.abs(w2) * core.frobenius[1]);
  return sigma[0] > rounding ? sigma : new Float64Array(sigma.length);
}

/** [x y], row by row. */
export function hstack(x: Matrix64, y: Matrix64): Matrix64 {
  const out = zeros(x.rows, x.cols + y.cols);
  for (let i = 0; i < x.rows; i++) {
    out.data.set(x.data.subarray(i * x.cols, (i + 1) * x.cols), i * out.cols);
    out.data.set(y.data.subarray(i * y.cols, (i + 1) * y.cols), i * out.cols + x.cols);
  }
  return out;
}

/** The first `rows` rows of columns `from` … `from + cols` − 1. */
function block(m: Matrix64, from: number, rows: number, cols: number): Matrix64 {
  const out = zeros(rows, cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out.data[i * cols + j] = m.data[i * m.cols + from + j];
  return out;
}

/** The scalar product of a matrix with the corner of a larger one. */
function corner(small: Matrix64, large: Matrix64): number {
  let sum = 0;
  for (let i = 0; i < small.rows; i++) {
    for (let j = 0; j < small.cols; j++) sum += small.data[i * small.cols + j] * large.data[i * large.cols + j];
  }
  return sum;
}

function cross(B1: Matrix64, A1: Matrix64, B2: Matrix64, A2: Matrix64, s: number): readonly [number, number, number] {
  // B₁A₂ has B₁'s rows alone and B₂A₁ has A₁'s columns alone.
  const x = multiply(B1, transpose(A2));
  const y = multiply(B2, transpose(A1));
  let common = 0;
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < y.cols; j++) common += x.data[i * x.cols + j] * y.data[i * y.cols + j];
  }
  return [Math.abs(s) * square(x), Math.abs(s) * square(y), s * common];
}

function square(m: Matrix64): number {
  let sum = 0;
  for (const x of m.data) sum += x * x;
  return sum;
}

function live(sigma: Float64Array): number {
  let n = 0;
  while (n < sigma.length && n < COMPARED && sigma[n] > NOTHING * sigma[0]) n++;
  return n;
}

/** φ(i, j) = ‖U₁,ᵢᵀU₂,ⱼ‖²_F/min(i, j); U counts as padded with zero rows to V's height. */
function overlaps(U: Matrix64, rows: number, V: Matrix64, cols: number): Matrix64 {
  const out = zeros(rows, cols);
  if (rows === 0 || cols === 0) return out;
  const short = { rows: U.rows, cols: V.cols, data: V.data.subarray(0, U.rows * V.cols) };
  const G = multiply(transpose(leadingColumns(U, rows)), leadingColumns(short, cols));
  for (let i = 0; i < rows; i++) {
    let row = 0;
    for (let j = 0; j < cols; j++) {
      row += G.data[i * cols + j] ** 2;
      out.data[i * cols + j] = row + (i > 0 ? out.data[(i - 1) * cols + j] : 0);
    }
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      out.data[i * cols + j] = Math.min(1, out.data[i * cols + j] / (Math.min(i, j) + 1));
    }
  }
  return out;
}

/** Secondary networks: their layers are numbered separately. */
const BESIDE = /^(?:te\d?|second)_/;

/**
 * The modules of two files that adapt the same layer, in the order of the first: those with one canonical name; of the
 * rest, those whose names agree from their first numbered block on ("language_model_layers_0_…" and "layers_0_…"), if
 * exactly one module of each file does.
 */
export function matchModules(a: Adapter, b: Adapter): ModuleMatches {
  const found = new Map<number, number>();
  const taken = new Set<number>();
  const match = (keyOf: (module: Module) => string | null) => {
    const second = unique(b.modules, taken, keyOf);
    for (const [key, i] of unique(a.modules, found, keyOf)) {
      const j = second.get(key);
      if (j === undefined) continue;
      found.set(i, j);
      taken.add(j);
    }
  };
  match((module) => module.canonical);
  match(({ canonical }) => fromFirstNumber(canonical));

  const all = a.modules.flatMap(({ index }) => {
    const j = found.get(index);
    return j === undefined ? [] : [[index, j] as const];
  });
  const alike = all.map(([i, j]) => sameShape(a.modules[i], b.modules[j]));
  const onlyFirst = a.modules.map((m) => m.index).filter((i) => !found.has(i));
  const onlySecond = b.modules.map((m) => m.index).filter((j) => !taken.has(j));
  const notPairs = (of: Adapter, indices: readonly number[]) => indices.filter((i) => !hasPairs(of.modules[i]));
  return {
    pairs: all.filter((_, n) => alike[n]),
    unlike: all.filter((_, n) => !alike[n]),
    onlyFirst,
    onlySecond,
    notPairs: [notPairs(a, onlyFirst), notPairs(b, onlySecond)],
  };
}

function unique(
  modules: readonly Module[],
  found: { has(index: number): boolean },
  keyOf: (module: Module) => string | null,
): ReadonlyMap<string, number> {
  const by = new Map<string, number>();
  const several = new Set<string>();
  for (const module of modules) {
    const key = keyOf(module);
    if (key === null || found.has(module.index)) continue;
    if (by.has(key)) several.add(key);
    by.set(key, module.index);
  }
  for (const key of several) by.delete(key);
  return by;
}

/** A canonical name from its first numbered block on; null for one without, and of a secondary network. */
export function fromFirstNumber(canonical: string): string | null {
  if (BESIDE.test(canonical)) return null;
  return /(?:^|_)([a-z]+_\d+_.+)$/.exec(canonical)?.[1] ?? null;
}

/** Whether both are pairs B·A of one ΔW's shape, or as many of them: a 1 × 1 convolution is a linear layer, other kernels must agree. */
function sameShape(a: Module, b: Module): boolean {
  const kernel = (m: Module) => (m.kernel === null ? '1,1' : String(m.kernel));
  const alike = hasPairs(a) && a.kind === b.kind && a.experts === b.experts;
  return alike && a.d === b.d && a.k === b.k && kernel(a) === kernel(b);
}

/** The figures of two modules of one place. Work: (r₁ + r₂) × (r₁ + r₂) after two QR decompositions. */
export function pairFigures(
  fa: ModuleFactors,
  sa: number | null,
  fb: ModuleFactors,
  sb: number | null,
  weights: readonly number[],
): PairFigures {
  return figuresOfCore(pairCore(fa, sa, fb, sb), weights);
}

const NONE = new Float64Array(0);
const UNKNOWN: PairFigures = {
  cosine: Number.NaN,
  left: zeros(0, 0),
  right: zeros(0, 0),
  ratio: Number.NaN,
  sigma: [NONE, NONE, NONE],
  frobenius: [Number.NaN, Number.NaN, Number.NaN],
  linear: null,
};

/**
 * The figures of a pair at other weights. If s of a file is unknown, what depends on it is NaN, empty or null; if an
 * entry is not finite (no core), everything is.
 */
export function figuresOfCore(core: PairCore | null, weights: readonly number[]): PairFigures {
  if (core === null) return UNKNOWN;
  const { left, right, scaled, inner } = core;
  const [f1, f2] = core.frobenius;
  const sum = scaled ? sumSpectrum(core, weights) : NONE;
  return {
    cosine: f1 === 0 || f2 === 0 ? 0 : Math.max(-1, Math.min(1, inner / f1 / f2)),
    left,
    right,
    ratio: scaled ? f2 / f1 : Number.NaN,
    sigma: [...core.sigma, sum],
    frobenius: [f1, f2, scaled ? spectrumNorm(sum) : Number.NaN],
    linear: scaled ? relativeTo(spectrumNorm(sum), linearDistance(core, weights)) : null,
  };
}

/** A distance of two matrices relative to the norm of one; null stays. */
export const relativeTo = (norm: number, distance: number | null): number | null =>
  distance ? distance / norm : distance;

/**
 * How far adding factors is from the sum; null if the ranks differ. PEFT's add_weighted_adapter with "linear"
 * takes B = Σ √|wᵢsᵢ|·Bᵢ, A = Σ ±√|wᵢsᵢ|·Aᵢ (the sign of wᵢsᵢ) at s = 1: the sum and the cross terms √|w₁s₁w₂s₂|·(±B₁A₂
 * ± B₂A₁).
 */
export function linearDistance(core: PairCore, [w1, w2]: readonly number[]): number | null {
  if (core.cross === null) return null;
  const [x, y, common] = core.cross;
  const sign = Math.sign(w1) * Math.sign(w2);
  const squared = x + y + 2 * sign * common;
  // Terms that cancel leave rounding, which is no error.
  return squared > 1e-14 * (x + y) ? Math.sqrt(Math.abs(w1 * w2) * squared) : 0;
}

/** The weight at which w₂ΔW₂ has the norm of w₁ΔW₁ over all pairs, with w₂'s sign; null if there is none. */
export function sameNorm(figures: readonly PairFigures[], weights: readonly number[]): number | null {
  let [first, second] = [0, 0];
  for (const { frobenius, ratio } of figures) {
    if (Number.isNaN(ratio) && frobenius[0] !== 0) return null;
    first += frobenius[0] ** 2;
    second += frobenius[1] ** 2;
  }
  if (!(second > 0) || !(first > 0)) return null;
  return (weights[1] < 0 ? -1 : 1) * Math.abs(weights[0]) * Math.sqrt(first / second);
}
