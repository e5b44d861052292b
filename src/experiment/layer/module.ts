import {
  type AnyMatrix,
  type Matrix32,
  type Matrix64,
  multiply,
  rowsOf,
  toFloat64,
  zeros32,
} from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import type { MethodFloor } from '../methods/floors/method-floor.ts';
import type { MethodSettings, OwnShape } from '../methods/method.ts';
import type { BesideLora, MethodStart } from '../methods/starts.ts';
import type { Batches } from '../regression/batches.ts';
import { heldOutFloorOfSpan, trainingFloorOfSpan } from '../regression/floors.ts';
import { type Residuals, residualsOf, type Samples } from '../regression/samples.ts';
import type { LayerSize } from '../settings/kinds.ts';
import type { Facts } from '../settings/rate.ts';
import type { KnownValues } from '../targets/spectrum.ts';
import type { Report } from '../targets/target.ts';
import type { CachedSamples } from './cache.ts';
import type { Unquantised } from './quantised/quantised-base.ts';

interface MovedLayer {
  readonly base: Matrix32;
  readonly frozen: Matrix32;
  readonly A: Matrix32;
  readonly B: Matrix32;
  readonly scaling: number;
}

interface OutputDifference {
  /** max |(W_frozen + s·B·A)x − W₀x| over all outputs and inputs. */
  readonly largest: number;
  /** Bound from the rounding of W_frozen to float32; `largest` is never above it. */
  readonly bound: number;
}

/** Relative error of one rounding to float32 and to float64: 2⁻²⁴ and 2⁻⁵³. */
const UNIT32 = 1 / 16777216;
const UNIT64 = 1 / 9007199254740992;

/** Rows at a time, so that a large layer needs no second d × k matrix in float64. */
const ROWS = 64;

/** 16 inputs x ~ N(0, I) in the columns of a k × 16 matrix, the same for every initialisation of a seed. */
export function probeInputs(k: number, seed: number): Matrix64 {
  return gaussian(k, 16, stream(seed, 'probe'));
}

/**
 * Distance of a layer's output at step 0 from W₀x, for the inputs in the columns of X (k × n). Computed in float64, so
 * that only the one rounding of W_frozen is left: |difference| ≤ u₃₂·|W_frozen||x|, and float64's own rounding, (k + r
 * + 4)·u₆₄·(|W_frozen| + |W₀| + s|B||A|)|x| (Higham, Accuracy and Stability of Numerical Algorithms, section 3.5).
 */
export function outputDifference({ base, frozen, A, B, scaling }: MovedLayer, X: AnyMatrix): OutputDifference {
  const terms = (base.cols + A.rows + 4) * UNIT64;
  const [absX, Z] = [magnitudes(X), multiply(A, X)];
  const absZ = multiply(magnitudes(A), absX);
  let [largest, bound] = [0, 0];
  for (let first = 0; first < base.rows; first += ROWS) {
    const count = Math.min(ROWS, base.rows - first);
    const [w0, w, b] = [base, frozen, B].map((m) => rowsOf(m, first, count));
    const [wanted, kept, path] = [multiply(w0, X).data, multiply(w, X).data, multiply(b, Z).data];
    const [size0, size] = [multiply(magnitudes(w0), absX).data, multiply(magnitudes(w), absX).data];
    const pathSize = multiply(magnitudes(b), absZ).data;
    for (let i = 0; i < wanted.length; i++) {
      largest = Math.max(largest, Math.abs(kept[i] + scaling * path[i] - wanted[i]));
      bound = Math.max(bound, UNIT32 * size[i] + terms * (size[i] + size0[i] + scaling * pathSize[i]));
    }
  }
  return { largest, bound };
}

function magnitudes(m: AnyMatrix): Matrix64 {
  return { rows: m.rows, cols: m.cols, data: Float64Array.from(m.data, Math.abs) };
}

export interface TargetSpectrum extends KnownValues {
  /** All min(d, k) left (d × n) and right (k × n) singular vectors, if worth computing; else null. */
  readonly vectors: { readonly U: Matrix64; readonly V: Matrix64 } | null;
}

export interface ModuleTarget {
  /** ΔW*, d × k. */
  readonly matrix: Matrix32;
  /** ‖ΔW*‖_F of the float32 matrix. */
  readonly norm: number;
  /** What errors are shares of, if not `norm`: on a quantised base `matrix` is ΔW* + W₀ − Q, and this ‖ΔW*‖_F. */
  readonly unit?: number;
  readonly spectrum: TargetSpectrum;
}

/** What the errors of a module are shares of. */
export const unitOf = ({ norm, unit = norm }: Pick<ModuleTarget, 'norm' | 'unit'>): number => unit;

export interface ModuleSizes extends LayerSize {
  readonly name: string;
}

/** One adapted weight: its matrices are bit for bit the same everywhere. */
export interface LayerModule extends ModuleSizes {
  /** W₀, d × k; on a quantised base Q. */
  readonly base: Matrix32;
  /** The frozen weight: W₀ or Q, or the rest of it if the initialisation has moved a part into the adapter. */
  readonly frozen: Matrix32;
  /** Initial factors: A is r × k, B is d × r. */
  readonly A: Matrix32;
  readonly B: Matrix32;
  readonly frozenFactor: 'A' | 'B' | null;
  /** The whole matrix trains: the frozen factor is an identity, the other one is ΔW, and s is 1. */
  readonly full?: true;
  /** A method beside LoRA: what it starts from. ΔW of a run is then its `full` factor. */
  readonly method?: ModuleMethod;
  /** The moved part, and the distance of the module's output from that of W₀; null if W₀ is left alone. */
  readonly moved: MovedPart | null;
  /** W₀ and ΔW* of a module on a quantised base, whose `base` is Q and whose `wanted` is ΔW* + W₀ − Q. */
  readonly quantised?: Unquantised;
  readonly facts: Facts;
  /** Null if ΔW* is unknown. */
  readonly wanted: ModuleTarget | null;
}

export interface ModuleMethod extends MethodStart {
  readonly name: BesideLora;
  readonly settings: MethodSettings & { readonly norm: string };
  readonly shapes: readonly OwnShape[];
  readonly floor: MethodFloor | null;
}

export interface ModuleWithTarget extends LayerModule {
  readonly wanted: ModuleTarget;
}

/** ΔW = W − W₀ = s·B·A − s₀·B₀·A₀ if an initialisation has moved a part of W₀. */
export interface MovedPart {
  readonly scaling: number;
  readonly output: OutputDifference;
  /** If ΔW* is known: the least ‖ΔW − ΔW*‖/‖ΔW*‖ within reach, and by how much it may be too high. */
  readonly reach: ErrorReach | null;
}

export interface ErrorReach {
  readonly floor: number;
  readonly open: number;
}

/**
 * W_frozen = fl32(W₀ − s·B·A), d × k, under an adapter that has taken over a part of W₀: W_frozen + s·B·A is W₀ again.
 * Formed in float64 and rounded once.
 */
export function frozenBase(base: Matrix32, A: Matrix32, B: Matrix32, scaling: number): Matrix32 {
  const frozen = zeros32(base.rows, base.cols);
  const a = toFloat64(A);
  for (let first = 0; first < base.rows; first += ROWS) {
    const product = multiply(rowsOf(B, first, Math.min(ROWS, base.rows - first)), a).data;
    const at = first * base.cols;
    for (let i = 0; i < product.length; i++) frozen.data[at + i] = base.data[at + i] - scaling * product[i];
  }
  return frozen;
}

interface ModuleMatrices extends Pick<ModuleWithTarget, 'base' | 'frozen'> {
  readonly wanted: Pick<ModuleWithTarget['wanted'], 'matrix'>;
}

/** The target of s·B·A: ΔW*, plus the part of W₀ that an initialisation has moved. */
export function productTarget({ base, frozen, wanted }: ModuleMatrices): Matrix32 {
  const target = wanted.matrix;
  if (frozen === base) return target;
  const goal = zeros32(target.rows, target.cols);
  for (let i = 0; i < goal.data.length; i++) goal.data[i] = target.data[i] + (base.data[i] - frozen.data[i]);
  return goal;
}

/** Training data of a layer, if its target has samples. */
export interface LayerData extends Pick<Samples, 'X' | 'Y' | 'heldOut'>, Pick<Residuals, 'floorsByRank'> {
  readonly batches: Batches;
  /** The adapter's share of the outputs: Y − W·X for the frozen W, rounded once to float32. */
  readonly residuals: Pick<Residuals, 'training' | 'heldOut'>;
  /** The smallest loss that this layer's adapter can reach on all training samples, and on new ones on average. */
  readonly floors: { readonly training: number; readonly heldOut: number };
}

export function layerDataOf(
  module: ModuleWithTarget,
  samples: CachedSamples,
  batches: Batches,
  report: Report,
): LayerData {
  const { frozen, frozenFactor, base, B, rank } = module;
  const { X, Y, heldOut, covariance, noise } = samples;
  const goal = productTarget(module);
  const residuals =
    frozen === base ? samples.residuals(report) : residualsOf(frozen, goal, samples, samples.rowSpace(report), report);
  const { projected, floorsByRank } = residuals;
  const at = (list: Float64Array) => list[rank] ?? Number.NaN;
  const floors =
    frozenFactor === 'B'
      ? {
          training: projected ? trainingFloorOfSpan(B, projected) : Number.NaN,
          heldOut: heldOutFloorOfSpan(B, goal, covariance, noise),
        }
      : { training: at(floorsByRank.training), heldOut: at(floorsByRank.heldOut) };
  return { X, Y, heldOut, batches, residuals, floors, floorsByRank };
}
