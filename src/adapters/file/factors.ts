import { frobenius, type Matrix64, multiply, transpose, zeros } from '../../math/matrix.ts';
import { isTall, type PackedProduct } from '../../math/simd/product.ts';
import type { PackedMatrix, PackedType } from '../../math/simd/tall.ts';
import type { ByteSource, Fault, Module, ModuleFactors, ModuleKind, TensorEntry } from './model.ts';
import { fromBytes } from './safetensors/numbers.ts';
import { hasPairs } from './shapes.ts';

/** Entries of a ΔW that is formed, at most; of a larger one only the norm is computed. */
const MOST_FORMED = 4096 * 4096;

/** A tensor of a file with its bytes. */
export interface RawTensor {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** The tensors of a pair B·A as they are in its file. */
export interface RawPair {
  readonly up: RawTensor;
  readonly down: RawTensor;
  readonly mid: RawTensor | null;
  /** AdaLoRA: a number for each row of A. */
  readonly diagonal: RawTensor | null;
  readonly transposed: boolean;
}

const noPair = ({ name }: Pick<Module, 'name'>): Fault => ({
  fault: `${name} has no pair of factors.`,
  details: 'Only LoRA pairs can be compared and merged.',
});

/** The tensors as they are; of experts those of all together. */
async function readRawPair(source: ByteSource, { name, kind, tensors, transposed }: Module): Promise<RawPair | Fault> {
  const { down, up, mid, diagonal } = tensors;
  if (!hasPairs({ kind }) || !down || !up) return noPair({ name });
  const [[a, b], [t = null], [e = null]] = await Promise.all([
    readTensors(source, [down, up]),
    readTensors(source, mid ? [mid] : []),
    readTensors(source, diagonal ? [diagonal] : []),
  ]);
  return { up: b, down: a, mid: t, diagonal: e, transposed };
}

/** The pairs of a module, one for each expert: see experts/experts.ts for their order in the tensors. */
export async function readPairs(source: ByteSource, module: Module): Promise<readonly RawPair[] | Fault> {
  const raw = await readRawPair(source, module);
  if ('fault' in raw) return raw;
  const { experts = 1 } = module;
  return experts === 1 ? [raw] : Array.from({ length: experts }, (_, e) => pairOfExpert(raw, e, experts));
}

function pairOfExpert({ up, down, ...rest }: RawPair, e: number, experts: number): RawPair {
  const rank = down.shape[0] / experts;
  const part = down.bytes.length / experts;
  const size = up.bytes.length / (up.shape[0] * up.shape[1]);
  const bytes = new Uint8Array(up.shape[0] * rank * size);
  for (let i = 0; i < up.shape[0] * rank; i++) {
    const from = (i * experts + e) * size;
    bytes.set(up.bytes.subarray(from, from + size), i * size);
  }
  return {
    ...rest,
    up: { ...up, bytes, shape: [up.shape[0], rank, ...up.shape.slice(2)] },
    down: { ...down, bytes: down.bytes.slice(e * part, (e + 1) * part), shape: [rank, ...down.shape.slice(1)] },
  };
}

/** The tensors of all experts from those of each, of one rank and type; `size`: bytes of a number of B. */
export function joinedExperts(
  parts: readonly { readonly up: Uint8Array<ArrayBuffer>; readonly down: Uint8Array<ArrayBuffer> }[],
  size: number,
): { readonly up: Uint8Array<ArrayBuffer>; readonly down: Uint8Array<ArrayBuffer> } {
  const [experts, length] = [parts.length, parts[0].up.length / size];
  const up = new Uint8Array(parts[0].up.length * experts);
  const down = new Uint8Array(parts[0].down.length * experts);
  for (const [e, part] of parts.entries()) {
    down.set(part.down, e * part.down.length);
    for (let i = 0; i < length; i++) up.set(part.up.subarray(i * size, (i + 1) * size), (i * experts + e) * size);
  }
  return { up, down };
}

/** In bytes: what lies between tensors is read too if it is less. A browser takes half a millisecond to begin. */
const NEAR = 65_536;

async function readTensors(source: ByteSource, tensors: readonly TensorEntry[]): Promise<RawTensor[]> {
  const [start, end] = [Math.min(...tensors.map(({ from }) => from)), Math.max(...tensors.map(({ to }) => to))];
  const wanted = tensors.reduce((sum, { from, to }) => sum + to - from, 0);
  const together = tensors.length > 1 && end - start <= wanted + NEAR ? await source.read(start, end) : null;
  return Promise.all(
    tensors.map(async ({ from, to, dtype, shape }) => ({
      bytes: together ? together.slice(from - start, to - start) : await source.read(from, to),
      dtype,
      shape,
    })),
  );
}

/** B (d × r) and A (r × k) of a pair, without s: convolutions flattened, a factor between them multiplied into A. */
export function factorsOf({ up, down, mid, diagonal, transposed }: RawPair): ModuleFactors {
  const [a, b] = [matrixOf(down), matrixOf(up)];
  if (diagonal) return { B: b, A: rowsTimes(a, matrixOf(diagonal).data) };
  if (transposed) return { B: transpose(b), A: transpose(a) };
  return { B: b, A: mid ? contracted(matrixOf(mid), a, mid.shape) : a };
}

/** The factors of a module, of each expert in its order. */
export async function readEach(source: ByteSource, module: Module): Promise<readonly ModuleFactors[] | Fault> {
  const pairs = await readPairs(source, module);
  return 'fault' in pairs ? pairs : pairs.map(factorsOf);
}

/** Those of a module with one pair. */
export async function readFactors(source: ByteSource, module: Module): Promise<ModuleFactors | Fault> {
  const raw = module.kind === 'lora' ? await readRawPair(source, module) : noPair(module);
  return 'fault' in raw ? raw : factorsOf(raw);
}

const PACKED: readonly PackedType[] = ['F32', 'F16', 'BF16'];

/** B and Aᵀ for the kernel; null for a pair of other types or shapes, or with a factor between. */
export function packedOf({ up, down, mid, diagonal, transposed }: RawPair): PackedProduct | null {
  if (mid || diagonal) return null;
  const packed = ({ bytes, dtype, shape }: RawTensor, order: PackedMatrix['order']): PackedMatrix | null => {
    const type = PACKED.find((one) => one === dtype);
    const outer = shape[0] ?? 1;
    if (!type || outer === 0) return null;
    const inner = shape.slice(1).reduce((n, m) => n * m, 1);
    return order === 'rows'
      ? { bytes, type, rows: outer, cols: inner, order }
      : { bytes, type, rows: inner, cols: outer, order };
  };
  const left = packed(up, transposed ? 'columns' : 'rows');
  const right = packed(down, transposed ? 'rows' : 'columns');
  const pair = left && right && { left, right };
  return pair && isTall(pair) && pair.left.cols > 0 ? pair : null;
}

/** E∘A. */
const rowsTimes = ({ rows, cols, data }: Matrix64, e: Float64Array): Matrix64 => ({
  rows,
  cols,
  data: data.map((x, i) => x * e[Math.floor(i / cols)]),
});

/** A tensor as a matrix with the rows of its first dimension, in float64. */
function matrixOf({ bytes, dtype, shape }: RawTensor): Matrix64 {
  const rows = shape[0] ?? 1;
  const numbers = fromBytes(bytes, dtype);
  const data = numbers instanceof Float64Array ? numbers : new Float64Array(numbers);
  return { rows, cols: data.length / rows, data };
}

export async function readMatrix(source: ByteSource, { from, to, dtype, shape }: TensorEntry): Promise<Matrix64> {
  return matrixOf({ bytes: await source.read(from, to), dtype, shape });
}

/** A of a pair with a factor t between, [p, q, kh, kw]: entry (p, i·kh·kw + x) is Σ_q t(p, q, x)·a(q, i). */
function contracted(t: Matrix64, a: Matrix64, shape: readonly number[]): Matrix64 {
  const [p, q] = shape;
  const size = t.cols / q;
  // [p, q, x] as [p·x, q], so that one product sums over q.
  const turned = new Float64Array(t.data.length);
  for (let i = 0; i < p; i++)
    for (let j = 0; j < q; j++)
      for (let x = 0; x < size; x++) turned[(i * size + x) * q + j] = t.data[(i * q + j) * size + x];
  const product = multiply({ rows: p * size, cols: q, data: turned }, a);
  const out = new Float64Array(product.data.length);
  for (let i = 0; i < p; i++)
    for (let x = 0; x < size; x++)
      for (let j = 0; j < a.cols; j++) out[(i * a.cols + j) * size + x] = product.data[(i * size + x) * a.cols + j];
  return { rows: p, cols: a.cols * size, data: out };
}

/** ΔW without s of a module that is no pair: as a matrix if it is small enough, else its Frobenius norm. */
export async function readUpdate(
  source: ByteSource,
  module: Module,
): Promise<{ readonly matrix: Matrix64 } | { readonly frobenius: number } | Fault> {
  const { d, k, kind } = module;
  const product = await READERS[kind](source, module);
  if (!product) {
    return { fault: `${module.name} cannot be formed.`, details: 'Its factors are read as a pair, or one is missing.' };
  }
  if (d * k > MOST_FORMED) return { frobenius: product.frobenius() };
  const matrix = zeros(d, k);
  const fill = product.rows();
  for (let i = 0; i < d; i++) fill(i, matrix.data.subarray(i * k, (i + 1) * k));
  return { matrix };
}

/** Writes row i of ΔW, without s, to a place of k numbers. */
export type RowWriter = (i: number, into: Float64Array) => void;

/** The rows of a module that is no pair, at any size; null for a pair. */
export async function readRows(source: ByteSource, module: Module): Promise<RowWriter | null> {
  return (await READERS[module.kind](source, module))?.rows() ?? null;
}

/** ΔW by its rows, so that its norm needs no whole matrix. */
interface FactorRows {
  rows(): RowWriter;
  frobenius(): number;
}

const READERS: Readonly<Record<ModuleKind, (source: ByteSource, module: Module) => Promise<FactorRows | null>>> = {
  lora: async () => null,
  experts: async () => null,

  async full(source, { tensors: { diff } }) {
    if (!diff) return null;
    const matrix = await readMatrix(source, diff);
    const { cols, data } = matrix;
    return {
      rows: () => (i, into) => into.set(data.subarray(i * cols, (i + 1) * cols)),
      frobenius: () => frobenius(matrix),
    };
  },

  // (W1a·W1b)⊙(W2a·W2b), Hyeon-Woo et al. 2022.
  async loha(source, { tensors, d, k }) {
    const first = await readProduct(source, tensors.w1a, tensors.w1b, tensors.t1);
    const second = await readProduct(source, tensors.w2a, tensors.w2b, tensors.t2);
    if (!first || !second) return null;
    const other = new Float64Array(k);
    const row: RowWriter = (i, into) => {
      rowOf(first, i, into);
      rowOf(second, i, other);
      for (let j = 0; j < k; j++) into[j] *= other[j];
    };
    return { rows: () => row, frobenius: () => normOfRows(row, d, k) };
  },

  // W1⊗W2: entry (i·c + u, j·e + v) is W1(i, j)·W2(u, v), and ‖W1⊗W2‖ = ‖W1‖·‖W2‖.
  async lokr(source, { tensors: { w1, w1a, w1b, w2, w2a, w2b, t2 } }) {
    const left = w1 ? await readMatrix(source, w1) : await readProduct(source, w1a, w1b);
    const right = w2 ? await readMatrix(source, w2) : await readProduct(source, w2a, w2b, t2);
    if (!left || !right) return null;
    return {
      rows() {
        const [one, other] = [formed(left), formed(right)];
        return (index, into) => {
          const [i, u] = [Math.floor(index / other.rows), index % other.rows];
          for (let j = 0; j < one.cols; j++) {
            const times = one.data[i * one.cols + j];
            for (let v = 0; v < other.cols; v++) into[j * other.cols + v] = times * other.data[u * other.cols + v];
          }
        };
      },
      frobenius: () => normOf(left) * normOf(right),
    };
  },
};

const formed = (of: ModuleFactors | Matrix64) => ('data' in of ? of : multiply(of.B, of.A));

/** ‖B·A‖_F by the r × r products: ‖B·A‖² = tr(BᵀB·AAᵀ). */
function normOf(of: ModuleFactors | Matrix64): number {
  if ('data' in of) return frobenius(of);
  const [left, right] = [multiply(transpose(of.B), of.B), multiply(of.A, transpose(of.A))];
  return Math.sqrt(left.data.reduce((sum, x, i) => sum + x * right.data[i], 0));
}

/** a·b; with a core t in Tucker's form aᵀ·t·b, where a is [p, d], b [q, in] and t [p, q, kh, kw]. */
async function readProduct(
  source: ByteSource,
  a: TensorEntry | undefined,
  b: TensorEntry | undefined,
  t?: TensorEntry,
): Promise<ModuleFactors | null> {
  if (!a || !b) return null;
  const [left, right] = [await readMatrix(source, a), await readMatrix(source, b)];
  if (!t) return { B: left, A: right };
  return { B: transpose(left), A: contracted(await readMatrix(source, t), right, t.shape) };
}

function rowOf({ B, A }: ModuleFactors, i: number, into: Float64Array): void {
  into.fill(0);
  for (let p = 0; p < B.cols; p++) {
    const times = B.data[i * B.cols + p];
    const from = p * A.cols;
    for (let j = 0; j < A.cols; j++) into[j] += times * A.data[from + j];
  }
}

function normOfRows(row: RowWriter, d: number, k: number): number {
  const norms = zeros(1, d);
  const one = zeros(1, k);
  for (let i = 0; i < d; i++) {
    row(i, one.data);
    norms.data[i] = frobenius(one);
  }
  return frobenius(norms);
}
