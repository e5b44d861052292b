import type { Module, ModuleKind, Part, TensorEntry } from './model.ts';

export interface ModuleShape {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly kernel: readonly [number, number] | null;
}

export type Tensors = Readonly<Partial<Record<Part, TensorEntry>>>;

/** Bounds of r × r work, and of the numbers of a factor: beyond, a module is copied unread. */
const MOST_RANK = 4096;
const MOST_NUMBERS = 1.5e8;
/** Multiplications for one module: minutes. The largest layers of real models need a tenth of it. */
const MOST_WORK = 2e11;

const text = ({ shape }: TensorEntry) => (shape.length ? shape.join(' × ') : 'a single number');
const product = (shape: readonly number[]) => shape.reduce((of, n) => of * n, 1);
/** Columns if all dimensions but the first are flattened. */
const wide = (shape: readonly number[]) => product(shape.slice(1));
const onesAfter = (shape: readonly number[], from: number) => shape.slice(from).every((n) => n === 1);

/** Height and width of a kernel; with a third dimension, time and height are one. */
function kernelOf(shape: readonly number[]): readonly [number, number] | null {
  if (shape.length < 3) return null;
  return [product(shape.slice(2, -1)), shape[shape.length - 1]];
}

/** Whether a module holds pairs B·A: one, or one for each expert. */
export const hasPairs = ({ kind }: { readonly kind: ModuleKind }): boolean => kind === 'lora' || kind === 'experts';

/** Whether s·B·A of a pair is its ΔW: not with DoRA's magnitudes, nor with a start that PEFT takes off W₀. */
export const isUpdate = ({ magnitude, start }: Pick<Module, 'magnitude' | 'start'>): boolean =>
  magnitude === null && start === undefined;

/** `experts`: how many pairs of one rank lie in the tensors, see experts/experts.ts. */
export function shapeOf(kind: ModuleKind, tensors: Tensors, transposed: boolean, experts = 1): ModuleShape | string {
  const shape = OF[kind](tensors, transposed, experts);
  if (typeof shape === 'string') return shape;
  if (!(shape.d > 0 && shape.k > 0 && shape.rank > 0))
    return `It is empty: ${shape.d} × ${shape.k} of rank ${shape.rank}.`;
  const factored = kind !== 'full' && !(tensors.w1 && tensors.w2);
  if (shape.rank > MOST_RANK && factored) return `Its rank is ${shape.rank}; ranks up to ${MOST_RANK} are read.`;
  const numbers = hasPairs({ kind }) ? numbersOf({ ...shape, experts }, shape.rank) : 0;
  if (numbers > MOST_NUMBERS) return `A factor has ${numbers} numbers; up to ${MOST_NUMBERS} are read.`;
  if (experts * workOf(kind, shape, tensors) > MOST_WORK) {
    return `It is too large to be measured: ${shape.d} × ${shape.k} of rank ${shape.rank}.`;
  }
  return shape;
}

const numbersOf = ({ d, k, experts = 1 }: Pick<Module, 'd' | 'k' | 'experts'>, rank: number): number =>
  experts * rank * Math.max(d, k);

/** Whether a factor of this rank would not be read. */
export const tooManyNumbers = (module: Pick<Module, 'd' | 'k' | 'experts'>, rank: number): boolean =>
  numbersOf(module, rank) > MOST_NUMBERS;

/** Of a pair two QR factorisations and a contraction before; of a Hadamard product all its rows. */
function workOf(kind: ModuleKind, { d, k, rank }: ModuleShape, { mid }: Tensors): number {
  if (kind === 'loha') return 20 * rank * d * k;
  return hasPairs({ kind }) ? rank * rank * (d + k) + (mid ? rank * mid.shape[1] * k : 0) : 0;
}

type ShapeReader = (tensors: Tensors, transposed: boolean, experts: number) => ModuleShape | string;

const OF: Readonly<Record<ModuleKind, ShapeReader>> = {
  lora({ down, up, mid, diagonal }, transposed) {
    if (!down) return 'A (down) is missing.';
    if (!up) return 'B (up) is missing.';
    const [a, b] = transposed ? [down.shape.toReversed(), up.shape.toReversed()] : [down.shape, up.shape];
    const unlike = `The shapes do not match: A is ${text(down)}, B is ${text(up)}`;
    if (a.length < 2 || b.length < 2 || !onesAfter(b, 2)) return `${unlike}.`;
    if (transposed && (a.length > 2 || b.length > 2)) return `${unlike}.`;
    const [d, rank] = b;
    if (diagonal && product(diagonal.shape) !== rank) return `${unlike}, E is ${text(diagonal)}.`;
    if (!mid) return a[0] === rank ? { d, rank, k: wide(a), kernel: kernelOf(a) } : `${unlike}.`;
    const fits = mid.shape.length > 2 && mid.shape[0] === rank && mid.shape[1] === a[0] && onesAfter(a, 2);
    if (!fits) return `${unlike}, the factor between them is ${text(mid)}.`;
    return { d, rank, k: a[1] * product(mid.shape.slice(2)), kernel: kernelOf(mid.shape) };
  },

  experts(tensors, transposed, experts) {
    const whole = OF.lora(tensors, transposed, 1);
    return typeof whole === 'string' ? whole : { ...whole, rank: whole.rank / experts };
  },

  loha({ w1a, w1b, w2a, w2b, t1, t2 }) {
    if (!(w1a && w1b && w2a && w2b)) return 'A factor of its Hadamard product is missing.';
    const [first, second] = [productOf(w1a, w1b, t1), productOf(w2a, w2b, t2)];
    if (!first || !second || first.d !== second.d || first.k !== second.k) {
      return `The shapes do not match: ${[w1a, w1b, w2a, w2b].map(text).join(', ')}.`;
    }
    return first;
  },

  lokr({ w1, w1a, w1b, w2, w2a, w2b, t2 }) {
    const left = w1 ? whole(w1) : w1a && w1b && productOf(w1a, w1b);
    const right = w2 ? whole(w2) : w2a && w2b && productOf(w2a, w2b, t2);
    if (!left || !right) return 'A factor of its Kronecker product is missing or does not match the others.';
    const rank = Math.max(w1 ? 0 : left.rank, w2 ? 0 : right.rank);
    const [d, k] = [left.d * right.d, left.k * right.k];
    return { d, k, kernel: right.kernel, rank: rank || Math.min(d, k) };
  },

  full({ diff }) {
    return diff && diff.shape.length > 0 ? whole(diff) : 'It has no dimensions.';
  },
};

function whole({ shape }: TensorEntry): ModuleShape {
  const [d, k] = [shape[0] ?? 1, wide(shape)];
  return { d, k, rank: Math.min(d, k), kernel: kernelOf(shape) };
}

/** a·b, or with a core t of Tucker's form aᵀ·t·b, where a is [r, d] and b [r, in]. */
function productOf(a: TensorEntry, b: TensorEntry, t?: TensorEntry): ModuleShape | null {
  if (!t) {
    const fits =
      a.shape.length >= 2 &&
      b.shape.length >= 2 &&
      onesAfter(a.shape, 2) &&
      a.shape[1] === b.shape[0] &&
      b.shape[0] > 0;
    return fits ? { d: a.shape[0], k: wide(b.shape), rank: b.shape[0], kernel: kernelOf(b.shape) } : null;
  }
  const fits =
    t.shape.length > 2 &&
    a.shape[0] === t.shape[0] &&
    b.shape[0] === t.shape[1] &&
    onesAfter(b.shape, 2) &&
    onesAfter(a.shape, 2);
  return fits
    ? { d: a.shape[1], k: b.shape[1] * product(t.shape.slice(2)), rank: b.shape[0], kernel: kernelOf(t.shape) }
    : null;
}
