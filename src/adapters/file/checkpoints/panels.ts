import { type Matrix32, type Matrix64, zeros } from '../../../math/matrix.ts';
import { bitsOf, countOf, fromBytes, type Numbers, toBytes } from '../safetensors/numbers.ts';
import type { CheckpointTensor } from './checkpoint.ts';
import type { TensorPair } from './match-tensors.ts';

/** Some rows of a matrix, in float64. The numbers are valid until the next panel is requested. */
export interface RowPanel {
  readonly first: number;
  readonly block: Matrix64;
}

/** A matrix that is read in panels of rows, any number of times, from the first row to the last. */
export interface PanelMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly panels: () => AsyncIterable<RowPanel>;
  /** All of it, if it is in memory. */
  readonly whole: Matrix64 | null;
}

/** Numbers of a panel, about, and of a matrix that is kept in memory between passes (134 MB), at most. */
const PANEL = 2 ** 20;
const KEPT = 2 ** 24;

/** Sums over all numbers of a pair; ‖·‖² in float64. */
export interface DeltaScan {
  /** The same bytes in the same type. */
  readonly sameBits: boolean;
  /** ΔW = 0, in another type or with other signs of zero. */
  readonly sameValues: boolean;
  /** The types differ, and the numbers of the wider one rounded to the narrower are those of the other file. */
  readonly rounded: boolean;
  readonly delta: number;
  readonly base: number;
  readonly fine: number;
  /** The first number that is NaN or infinite, by its place in the tensor; null: none. */
  readonly odd: { readonly of: 'base' | 'fine'; readonly at: number; readonly value: number } | null;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let i = 0;
  if (a.byteOffset % 4 === 0 && b.byteOffset % 4 === 0) {
    const [x, y] = [a, b].map(({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length >> 2));
    for (let at = 0; at < x.length; at++) if (x[at] !== y[at]) return false;
    i = 4 * x.length;
  }
  for (; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Reads a pair once, in pieces: norms, and whether anything changed. */
export async function scanDelta({ base, fine, shape }: TensorPair, signal?: AbortSignal): Promise<DeltaScan> {
  const count = countOf(shape);
  const narrow = narrowerType(base.dtype, fine.dtype);
  let [sameBits, sameValues, rounded] = [base.dtype === fine.dtype, true, narrow !== null];
  const sums = { delta: 0, base: 0, fine: 0 };
  let odd: DeltaScan['odd'] = null;
  for (let at = 0; at < count; at += PANEL) {
    signal?.throwIfAborted();
    const end = Math.min(count, at + PANEL);
    const [a, b] = await Promise.all([readPart(base, at, end), readPart(fine, at, end)]);
    if (sameBits) sameBits = isSame(a, b);
    const [x, y] = [fromBytes(a, base.dtype), fromBytes(b, fine.dtype)];
    if (rounded && narrow) {
      const [wide, other] = narrow === fine.dtype ? [x, b] : [y, a];
      rounded = isSame(toBytes(wide, narrow), other);
    }
    if (addSums(sums, x, y)) sameValues = false;
    if (!odd && !Number.isFinite(sums.delta + sums.base + sums.fine)) odd = firstOdd(x, y, at);
  }
  const [delta, first, second] = [sums.delta, sums.base, sums.fine].map(Math.sqrt);
  return { sameBits, sameValues, rounded: rounded && !sameValues, delta, base: first, fine: second, odd };
}

/** Adds the squares of a piece; returns whether any two numbers differ. */
function addSums(sums: { delta: number; base: number; fine: number }, x: Numbers, y: Numbers): boolean {
  let delta = 0;
  let base = 0;
  let fine = 0;
  // Squares below 10⁻³²⁴ vanish: the numbers themselves decide.
  let unlike = 0;
  for (let i = 0; i < x.length; i++) {
    const p = x[i];
    const q = y[i];
    const difference = q - p;
    if (p !== q) unlike++;
    delta += difference * difference;
    base += p * p;
    fine += q * q;
  }
  sums.delta += delta;
  sums.base += base;
  sums.fine += fine;
  return unlike > 0;
}

function firstOdd(x: Numbers, y: Numbers, from: number): DeltaScan['odd'] {
  const isOdd = (value: number) => !(Math.abs(value) < 1e150);
  const [i, j] = [x.findIndex(isOdd), y.findIndex(isOdd)];
  if (i >= 0) return { of: 'base', at: from + i, value: x[i] };
  return { of: 'fine', at: from + Math.max(0, j), value: y[Math.max(0, j)] };
}

/** The type of fewer bits if numbers are written in it; null if neither type holds fewer of them. */
function narrowerType(a: string, b: string): 'F16' | 'BF16' | null {
  const narrow = (bitsOf(a) ?? 0) < (bitsOf(b) ?? 0) ? a : b;
  return a !== b && bitsOf(a) !== bitsOf(b) && (narrow === 'F16' || narrow === 'BF16') ? narrow : null;
}

const sizeOf = (tensor: CheckpointTensor) => (bitsOf(tensor.dtype) ?? 0) / 8;

function readPart(tensor: CheckpointTensor, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
  const size = sizeOf(tensor);
  return tensor.source.read(tensor.from + from * size, tensor.from + to * size);
}

/** The numbers from place `from` up to `to` of a tensor that has numbers. */
export const readRange = async (tensor: CheckpointTensor, from: number, to: number): Promise<Numbers> =>
  fromBytes(await readPart(tensor, from, to), tensor.dtype);

/** Writes the numbers from place `from` up to `to` of a matrix: whole rows. */
export type PanelFill = (into: Float64Array, from: number, to: number) => Promise<void>;

/** W_fine − W_base of a matrix. Small ones are read once and kept, until the next matrix takes the place. */
export const deltaPanels = (pair: TensorPair, signal?: AbortSignal, kept = KEPT): Promise<PanelMatrix> =>
  filledPanels(
    matrixOf(pair),
    async (into, from, to) => {
      const [a, b] = await Promise.all([readPart(pair.base, from, to), readPart(pair.fine, from, to)]);
      const [x, y] = [fromBytes(a, pair.base.dtype), fromBytes(b, pair.fine.dtype)];
      for (let i = 0; i < x.length; i++) into[i] = y[i] - x[i];
    },
    signal,
    kept,
  );

/** One of the two weights of a matrix. */
export const weightPanels = (pair: TensorPair, of: 'base' | 'fine', signal?: AbortSignal): Promise<PanelMatrix> =>
  filledPanels(matrixOf(pair), async (into, from, to) => into.set(await readRange(pair[of], from, to)), signal);

function matrixOf({ name, matrix }: TensorPair) {
  if (!matrix) throw new Error(`${name} is no matrix`);
  return { rows: matrix.d, cols: matrix.k };
}

/** One place for the kept matrix: a new one for each would be freed late. Grows, and is never returned. */
let place = new Float64Array(0);

function room(count: number): Float64Array {
  if (place.length < count) place = new Float64Array(Math.min(KEPT, Math.max(count, 2 * place.length)));
  return place.subarray(0, count);
}

/** A matrix that `fill` reads or computes. Small ones are filled once and kept, until the next matrix takes the place. */
export async function filledPanels(
  { rows, cols }: { readonly rows: number; readonly cols: number },
  fill: PanelFill,
  signal?: AbortSignal,
  kept = KEPT,
): Promise<PanelMatrix> {
  const height = Math.min(rows, panelHeight(cols));
  if (rows * cols > kept) {
    return { rows, cols, panels: () => streamed(rows, cols, height, fill, signal), whole: null };
  }
  const data = room(rows * cols);
  for await (const { first, block } of streamed(rows, cols, height, fill, signal)) data.set(block.data, first * cols);
  return panelsOfMatrix({ rows, cols, data }, signal);
}

async function* streamed(rows: number, cols: number, height: number, fill: PanelFill, signal?: AbortSignal) {
  const buffer = new Float64Array(height * cols);
  for (let first = 0; first < rows; first += height) {
    signal?.throwIfAborted();
    const count = Math.min(height, rows - first);
    const data = buffer.subarray(0, count * cols);
    await fill(data, first * cols, (first + count) * cols);
    yield { first, block: { rows: count, cols, data } };
  }
}

/** Rows of a panel, a multiple of 64 if that has not too many numbers. */
function panelHeight(cols: number): number {
  const height = Math.max(1, Math.floor(PANEL / cols));
  return cols <= PANEL / 16 ? Math.max(64, height - (height % 64)) : height;
}

/** A matrix in memory, panel by panel. */
export function panelsOfMatrix(whole: Matrix64, signal?: AbortSignal): PanelMatrix {
  const { rows, cols, data } = whole;
  const height = panelHeight(cols);
  async function* panels() {
    for (let first = 0; first < rows; first += height) {
      signal?.throwIfAborted();
      const count = Math.min(height, rows - first);
      yield { first, block: { rows: count, cols, data: data.subarray(first * cols, (first + count) * cols) } };
    }
  }
  return { rows, cols, panels, whole };
}

/** All of a matrix at once; what is kept is not copied. */
export async function inMemory({ rows, cols, panels, whole }: PanelMatrix): Promise<Matrix64> {
  if (whole) return whole;
  const matrix = zeros(rows, cols);
  for await (const { first, block } of panels()) matrix.data.set(block.data, first * cols);
  return matrix;
}

/** All of a matrix, each number rounded to float32. */
export async function roundedMatrix({ rows, cols, panels }: PanelMatrix): Promise<Matrix32> {
  const data = new Float32Array(rows * cols);
  for await (const { first, block } of panels()) data.set(block.data, first * cols);
  return { rows, cols, data };
}
