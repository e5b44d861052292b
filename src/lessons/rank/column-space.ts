import { svd } from '../../math/factor/svd.ts';
import { gaussian, stream } from '../../math/random.ts';
import { addVec, cross, dot3, scaleVec, unitVec, type Vec } from '../charts/turned/turn.ts';
import recorded from './recorded.json';

/** A run of the 3 × 3 target at rank 2, with A and B at some of its steps. */
export type PlaneRun = typeof recorded.learned;
export const RUNS: Readonly<Record<'learned' | 'frozen', PlaneRun>> = recorded;

const COUNT = 70;
const vec = (data: ArrayLike<number>, at: number, stride = 1): Vec => [
  data[at],
  data[at + stride],
  data[at + 2 * stride],
];

/** N(0, I), the same draws for every run. */
export const INPUTS: readonly Vec[] = (() => {
  const { data } = gaussian(COUNT, 3, stream(2, 'inputs'));
  return Array.from({ length: COUNT }, (_, i) => vec(data, 3 * i));
})();

/** A 3 × 3 matrix, row by row, times x. */
export const applyMatrix = (M: ArrayLike<number>, x: Vec): Vec => [
  dot3(vec(M, 0), x),
  dot3(vec(M, 3), x),
  dot3(vec(M, 6), x),
];

/** Index of the last recorded step that is at most `step`. */
export const recordedIndex = ({ steps }: PlaneRun, step: number) =>
  Math.max(
    0,
    steps.findLastIndex((at) => at <= step),
  );

export interface Moment {
  readonly step: number;
  readonly outputs: readonly Vec[];
  readonly targets: readonly Vec[];
  /** Normal of the plane that the columns of B span; null while B is zero. */
  readonly normal: Vec | null;
  /** The null direction of A. */
  readonly unseen: Vec;
  /** ‖P·ΔW*‖² / ‖ΔW*‖², the share of ΔW* in that plane; 0 while there is none. */
  readonly share: number;
  /** ‖ΔW − ΔW*‖ / ‖ΔW*‖. */
  readonly error: number;
  /** The largest distance from the plane, of an output and of a target. */
  readonly off: number;
  readonly away: number;
}

export function momentOf(run: PlaneRun, at: number): Moment {
  const [A, B] = [run.A[at] ?? [], run.B[at] ?? []];
  const [first, second] = [vec(A, 0), vec(A, 3)];
  const [left, right] = [vec(B, 0, 2), vec(B, 1, 2)];
  const outputs = INPUTS.map((x) =>
    scaleVec(addVec(scaleVec(left, dot3(first, x)), scaleVec(right, dot3(second, x))), run.scaling),
  );
  const targets = INPUTS.map((x) => applyMatrix(run.target, x));
  const across = cross(left, right);
  const normal = dot3(across, across) > 1e-16 ? unitVec(across) : null;
  const from = (points: readonly Vec[]) =>
    normal ? points.reduce((max, point) => Math.max(max, Math.abs(dot3(point, normal))), 0) : Number.NaN;
  return {
    step: run.steps[at] ?? 0,
    outputs,
    targets,
    normal,
    unseen: unitVec(cross(first, second)),
    share: normal ? shareOf(run.target, normal) : 0,
    error: errorOf(run, at),
    off: from(outputs),
    away: from(targets),
  };
}

/** ΔW = s·B·A at a recorded step, row by row. */
export function updateAt({ A, B, scaling }: PlaneRun, at: number): readonly number[] {
  const [a, b] = [A[at] ?? [], B[at] ?? []];
  return [0, 1, 2].flatMap((i) =>
    [0, 1, 2].map((j) => scaling * ((b[2 * i] ?? 0) * (a[j] ?? 0) + (b[2 * i + 1] ?? 0) * (a[3 + j] ?? 0))),
  );
}

function errorOf(run: PlaneRun, at: number): number {
  const square = (values: readonly number[]) => values.reduce((sum, v) => sum + v ** 2, 0);
  const apart = updateAt(run, at).map((entry, i) => entry - (run.target[i] ?? 0));
  return Math.sqrt(square(apart) / square(run.target));
}

/** The share of a matrix's energy whose outputs lie in the plane with this normal. */
function shareOf(M: ArrayLike<number>, normal: Vec): number {
  const columns = [0, 1, 2].map((j) => vec(M, j, 3));
  const whole = columns.reduce((sum, column) => sum + dot3(column, column), 0);
  return 1 - columns.reduce((sum, column) => sum + dot3(column, normal) ** 2, 0) / whole;
}

const targetSvd = ({ target }: PlaneRun) => svd({ rows: 3, cols: 3, data: Float64Array.from(target) });
/** A singular vector, whose sign is free, on the same side as another vector. */
const facing = (v: Vec, side: Vec): Vec => (dot3(v, side) < 0 ? scaleVec(v, -1) : v);

/** The visible part of a plane: a rectangle along the strongest output of ΔW*. */
export function cornersOf(run: PlaneRun, normal: Vec): readonly Vec[] {
  const strong = facing(vec(targetSvd(run).U.data, 0, 3), [1, 1, 1]);
  const along = unitVec(addVec(strong, scaleVec(normal, -dot3(strong, normal))));
  const [wide, high] = [scaleVec(along, 2.2), scaleVec(cross(normal, along), 1.4)];
  const corner = (a: number, b: number) => addVec(scaleVec(wide, a), scaleVec(high, b));
  return [corner(1, 1), corner(-1, 1), corner(-1, -1), corner(1, -1)];
}

/** σ₃u₃: the third singular direction of ΔW*, as long as its stretch σ₃. */
export function thirdStretch(run: PlaneRun): Vec {
  const { U, S } = targetSvd(run);
  return facing(scaleVec(vec(U.data, 2, 3), S[2]), [1, 2, 3]);
}
