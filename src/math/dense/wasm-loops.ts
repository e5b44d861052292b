import type { OnProgress } from '../progress.ts';
import { inlineModule, layOut, numbersAt } from '../wasm-memory.ts';
import type { BidiagonalRoom, DenseHeld, DenseLoops, DenseMatrix, Fill, VectorTimes } from './loops.ts';
import source from './loops.wasm?url&inline';

type MatrixTimes = (M: number, row: number, rows: number, cols: number, x: number, out: number) => void;

/** Exports of vectors.as. Addresses and rows are in bytes, sizes in numbers. */
interface VectorKernel {
  readonly memory: WebAssembly.Memory;
  times32: MatrixTimes;
  times64: MatrixTimes;
  transposeTimes32: MatrixTimes;
  transposeTimes64: MatrixTimes;
}

/** A line of the processor's cache more than a row, so that rows of a power of two do not fall into one set of it. */
const SPARE = 64;

const rowBytes = (cols: number, bytes: number): number => SPARE * (Math.ceil((cols * bytes) / SPARE) + 1);

function vectorsOf(kernel: VectorKernel, { rows, cols, data }: DenseMatrix): VectorTimes | null {
  const bytes = data.BYTES_PER_ELEMENT;
  const row = rowBytes(cols, bytes);
  const longest = Math.max(rows, cols);
  const at = tryLayOut(kernel, { x: longest, out: longest, M: (rows * row) / 8 });
  if (!at) return null;
  const narrow = data instanceof Float32Array;
  const buffer = kernel.memory.buffer;
  const M = narrow ? new Float32Array(buffer, at.M, (rows * row) / 4) : numbersAt(kernel, at.M, (rows * row) / 8);
  for (let i = 0; i < rows; i++) M.set(data.subarray(i * cols, (i + 1) * cols), (i * row) / bytes);
  return timesAt(kernel, at, row, rows, cols, narrow);
}

/** Products with a matrix that is in the memory, in float32 if `narrow`, with room for a vector at x and at `out`. */
function timesAt(
  kernel: VectorKernel,
  at: Readonly<Record<'M' | 'x' | 'out', number>>,
  row: number,
  rows: number,
  cols: number,
  narrow: boolean,
): VectorTimes {
  const longest = Math.max(rows, cols);
  const [x, out] = [numbersAt(kernel, at.x, longest), numbersAt(kernel, at.out, longest)];
  const forth = narrow ? kernel.times32 : kernel.times64;
  const back = narrow ? kernel.transposeTimes32 : kernel.transposeTimes64;
  return {
    times(v) {
      x.set(v);
      forth(at.M, row, rows, cols, at.x, at.out);
      return out.slice(0, rows);
    },
    transposeTimes(u) {
      x.set(u);
      out.fill(0, 0, cols);
      back(at.M, row, rows, cols, at.x, at.out);
      return out.slice(0, cols);
    },
  };
}

/** Null if there is not so much memory. */
function tryLayOut<N extends string>(
  kernel: VectorKernel,
  lengths: Readonly<Record<N, number>>,
): Record<N, number> | null {
  try {
    return layOut(kernel, lengths);
  } catch {
    return null;
  }
}

type HeldProduct = (
  ...of: [out: number, outRow: number, x: number, xRow: number, panels: number, m: number, n: number, k: number]
) => void;

/** Exports of multiply.as and held.as. Addresses and rows are in bytes, sizes in numbers. */
interface HeldKernel extends VectorKernel {
  /** All panels of eight columns of y, n rows of k. */
  pack(y: number, row: number, panels: number, n: number, k: number): void;
  addProduct: HeldProduct;
  takeProduct: HeldProduct;
  joinProduct(...of: [...Parameters<HeldProduct>, s: number]): void;
  squares(M: number, row: number, rows: number, cols: number): number;
  largest(M: number, row: number, rows: number, cols: number): number;
  /** s·x, in place and in float32. */
  scale(x: number, s: number, count: number): void;
  rounded(x: number, s: number, count: number, to: number): void;
}

/** Rows that stay in the processor's cache while the panels of a factor pass by. */
const ROWS = 32;
/** Rows whose panels do, as terms of a sum. */
const TERMS = 128;
/** Columns of a panel, which lie together row by row. */
const PANEL = 8;
const padded = (n: number) => PANEL * Math.ceil(n / PANEL);

/** A matrix of zeros in a memory of its own, beside room for factors of n columns; null if there is no such memory. */
function heldIn(kernel: HeldKernel, rows: number, cols: number, n: number): DenseHeld | null {
  const row = rowBytes(cols, 8);
  const longest = Math.max(rows, cols);
  const factors = { left: rows * n, right: (n * row) / 8, part: ROWS * padded(n), panel: TERMS * PANEL };
  const panels = { inside: padded(cols) * n, V: cols * padded(n), across: padded(cols) * n };
  const at = tryLayOut(kernel, { x: longest, out: longest, ...factors, ...panels, M: (rows * row) / 8 });
  if (!at) return null;
  const M = numbersAt(kernel, at.M, (rows * row) / 8);
  const [left, right] = [numbersAt(kernel, at.left, rows * n), numbersAt(kernel, at.right, (n * row) / 8)];
  const narrow = new Float32Array(kernel.memory.buffer, at.x, cols);

  const eachBlock = (visit: (address: number, first: number, count: number) => void, progress: OnProgress) => {
    for (let first = 0; first < rows; first += ROWS) {
      visit(at.M + first * row, first, Math.min(ROWS, rows - first));
      progress(Math.min(1, (first + ROWS) / rows));
    }
  };
  /** y (n × cols) with the zeros behind its rows that M has, in panels. */
  const packRows = (y: Float64Array, to: number) => {
    right.fill(0);
    for (let p = 0; p < n; p++) right.set(y.subarray(p * cols, (p + 1) * cols), (p * row) / 8);
    kernel.pack(at.right, row, to, n, cols);
  };

  return {
    row: (i) => M.subarray((i * row) / 8, (i * row) / 8 + cols),
    leaveOut(U, V, progress) {
      left.set(across(U));
      right.fill(0);
      for (let first = 0; first < rows; first += TERMS) {
        const count = Math.min(TERMS, rows - first);
        for (let j = 0; j < cols; j += PANEL) {
          kernel.pack(at.M + first * row + 8 * j, row, at.panel, count, PANEL);
          kernel.addProduct(at.right + 8 * j, row, at.left + 8 * first, 8 * rows, at.panel, n, count, PANEL);
        }
        progress(first / rows / 3);
      }
      kernel.pack(at.right, row, at.inside, n, cols);
      packRows(across(V), at.across);
      // A last panel that V does not fill holds what comes next, in columns of the part that nobody reads.
      right.set(V.data);
      kernel.pack(at.right, 8 * n, at.V, cols, n);
      left.set(U.data);
      const part = numbersAt(kernel, at.part, ROWS * padded(n));
      const wide = 8 * padded(n);
      eachBlock(
        (block, first, count) => {
          kernel.takeProduct(block, row, at.left + 8 * first * n, 8 * n, at.inside, count, n, cols);
          part.fill(0);
          kernel.addProduct(at.part, wide, block, row, at.V, count, cols, n);
          kernel.takeProduct(block, row, at.part, wide, at.across, count, n, cols);
        },
        (done) => progress((1 + 2 * done) / 3),
      );
    },
    join(X, Y, s, progress) {
      left.set(X.data);
      packRows(new Float64Array(Y.data), at.across);
      eachBlock(
        (block, first, count) =>
          kernel.joinProduct(block, row, at.left + 8 * first * n, 8 * n, at.across, count, n, cols, s),
        progress,
      );
    },
    squares: () => kernel.squares(at.M, row, rows, cols),
    largest: () => kernel.largest(at.M, row, rows, cols),
    vectors: timesAt(kernel, at, row, rows, cols, false),
    rounded(s) {
      const all = new Float32Array(rows * cols);
      for (let i = 0; i < rows; i++) {
        kernel.rounded(at.M + i * row, s, cols, at.x);
        all.set(narrow, i * cols);
      }
      return all;
    },
  };
}

/** The entries of mᵀ. */
function across({ rows, cols, data }: DenseMatrix): Float64Array {
  const out = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = data[i * cols + j];
  return out;
}

/** Exports of index.as. Addresses are in bytes, sizes in numbers unless said. */
interface DenseKernel extends HeldKernel {
  multiply(out: number, x: number, y: number, panel: number, m: number, n: number, k: number, row: number): void;
  gather(
    ...of: [
      ...[A: number, row: number, n: number, k: number, v: number, w: number, z: number, u: number],
      ...[next: number, out: number, column: number],
    ]
  ): void;
  timesVector(A: number, row: number, n: number, first: number, u: number, out: number): void;
  factorPanel(panel: number, V: number, tau: number, n: number, first: number, q: number): void;
  formPanel(panel: number, V: number, tau: number, n: number, first: number, q: number): void;
  toPanels(m: number, panels: number, rows: number, cols: number, p: number): void;
  toPanelsAcross(m: number, panels: number, rows: number, cols: number, p: number): void;
  fromPanel(panel: number, to: number, stride: number, rows: number, count: number): void;
  signs(panels: number, panel: number, rows: number, first: number, count: number): void;
  triangle(panels: number, to: number, rows: number, cols: number, q: number, p: number): void;
  draw(to: number, pairs: number, state: number, squares: number, drawn: number): void;
  takeBlocks(from: number, rows: number, cols: number, width: number, sums: number, extremes: number): void;
}

/** Numbers of a factor that are in the memory at a time. */
const PART = 1 << 20;
/** Normal numbers made by one call. */
const DRAWN = 1 << 14;
/** Pairs of a round of draw, as in normal.as. */
const ROUND = 128;

/**
 * The loops of a compiled loops.wasm. Large matrices have a memory of their own, which goes with them; others share one,
 * since a machine takes longer to hand out new memory than some of the loops take. A bidiagonal form stays in its own.
 */
export function wasmLoops(module: WebAssembly.Module): DenseLoops {
  const instance = () => new WebAssembly.Instance(module).exports as unknown as DenseKernel;
  const shared = instance();
  const forms = instance();
  const sharedFor = (numbers: number) => (numbers <= PART ? shared : instance());
  return {
    multiply: (x, y, out, m, n, k) => multiplyParts(shared, x, y, out, m, n, k),
    bidiagonal: (n, fill) => roomOf(n * n <= PART ? forms : instance(), n, fill),
    thinQr: (m, p, progress) => thinQrOf(sharedFor(m.data.length), m, p, progress),
    orthonormal(m, p, progress) {
      const kernel = sharedFor(m.data.length);
      return orthonormalOf(kernel, reflected(kernel, m, false), p, progress);
    },
    upperTriangle: (m, p, across) => upperOf(sharedFor(m.data.length), m, p, across),
    timesVectors: (m) => vectorsOf(instance(), m),
    held: (rows, cols, n) => heldIn(instance(), rows, cols, n),
    takeBlocks: blocksBy(shared),
    normals: (out, deviation, words) => drawNormals(shared, out, deviation, words),
  };
}

/** The loops, whose module is part of the script; null without SIMD, or under a policy without 'wasm-unsafe-eval'. */
export function inlineLoops(): DenseLoops | null {
  try {
    return wasmLoops(inlineModule(source));
  } catch {
    return null;
  }
}

/** In parts of y's rows, the first first, and of x's rows: the sums of an entry go on from part to part. */
function multiplyParts(
  kernel: DenseKernel,
  x: Float64Array,
  y: Float64Array,
  out: Float64Array,
  m: number,
  n: number,
  k: number,
): void {
  const terms = Math.min(n, Math.max(8, Math.floor(PART / k)));
  const rows = Math.min(m, Math.max(2, Math.floor(PART / Math.max(n, k))));
  const at = layOut(kernel, { y: terms * k, panel: terms * 8, x: rows * n, out: rows * k });
  const [ys, xs, outs] = [
    numbersAt(kernel, at.y, terms * k),
    numbersAt(kernel, at.x, rows * n),
    numbersAt(kernel, at.out, rows * k),
  ];
  for (let p = 0; p < n; p += terms) {
    const count = Math.min(terms, n - p);
    ys.set(y.subarray(p * k, (p + count) * k));
    for (let i = 0; i < m; i += rows) {
      const height = Math.min(rows, m - i);
      const part = out.subarray(i * k, (i + height) * k);
      xs.set(x.subarray(i * n, (i + height) * n));
      outs.set(part);
      kernel.multiply(at.out, at.x + 8 * p, at.y, at.panel, height, count, k, n);
      part.set(outs.subarray(0, height * k));
    }
  }
}

/** Rows that are taken at a time; the last group of them is filled with zeros. */
const GROUP = 8;

function roomOf(kernel: DenseKernel, n: number, fill: Fill): BidiagonalRoom {
  const row = rowBytes(n, 8);
  const stride = row / 8;
  const room = n + GROUP;
  const vectors = { v: room, w: room, u: room, z: room, nextV: room, nextW: room, column: room };
  const at = layOut(kernel, { ...vectors, A: room * stride });
  // Of the matrix before.
  numbersAt(kernel, at.v, (at.A - at.v) / 8 + room * stride).fill(0);
  const vector = (name: keyof typeof vectors) => numbersAt(kernel, at[name], n);
  const A = numbersAt(kernel, at.A, n * stride);
  const column = vector('column');
  fill(A, stride);
  for (let i = 0; i < n; i++) column[i] = A[i * stride];
  return {
    ...{ A, stride, column },
    v: vector('v'),
    w: vector('w'),
    u: vector('u'),
    z: vector('z'),
    nextV: vector('nextV'),
    nextW: vector('nextW'),
    gather: (k) => kernel.gather(at.A, row, n, k, at.v, at.w, at.z, at.u, at.nextV, at.nextW, at.column),
    times: (first) => kernel.timesVector(at.A, row, n, first, at.u, at.z),
  };
}

/** Places of p·m or p·mᵀ (rows × cols) in panels, its q reflections, R, and m itself, which Q takes the place of. */
function reflected(kernel: DenseKernel, { data, ...m }: DenseMatrix, across: boolean) {
  const [rows, cols] = across ? [m.cols, m.rows] : [m.rows, m.cols];
  const q = Math.min(rows, cols);
  const panels = rows * PANEL * Math.ceil(cols / PANEL);
  const at = layOut(kernel, { D: panels, V: q * (rows + 1), tau: q, E: rows * PANEL, R: q * cols, m: rows * cols });
  const own = numbersAt(kernel, at.m, rows * cols);
  own.set(data);
  return { at, rows, cols, q, own };
}

/**
 * Panel by panel: each takes all reflections before it while it lies in the processor's cache. A column takes them in
 * the order of the plain loop, which applies each to all columns.
 */
function factor(
  kernel: DenseKernel,
  { at, rows, cols, q }: ReturnType<typeof reflected>,
  p: number,
  across: boolean,
  progress?: OnProgress,
): void {
  if (across) kernel.toPanelsAcross(at.m, at.D, rows, cols, p);
  else kernel.toPanels(at.m, at.D, rows, cols, p);
  for (let first = 0; first < cols; first += PANEL) {
    kernel.factorPanel(at.D + 8 * first * rows, at.V, at.tau, rows, first, q);
    // A panel takes as many reflections as there are columns before it.
    const done = Math.min(1, (first + PANEL) / cols);
    progress?.(done * done);
  }
}

function triangleOf(kernel: DenseKernel, { at, rows, cols, q }: ReturnType<typeof reflected>, p: number): Float64Array {
  const R = numbersAt(kernel, at.R, q * cols);
  R.fill(0);
  kernel.triangle(at.D, at.R, rows, cols, q, p);
  return R.slice();
}

function upperOf(kernel: DenseKernel, m: DenseMatrix, p: number, across: boolean): Float64Array {
  const made = reflected(kernel, m, across);
  factor(kernel, made, p, across);
  return triangleOf(kernel, made, p);
}

/** Q begins as the signs of R's diagonal, and takes the reflections from the last to the first. */
/** Q takes the place of m; what R is read from stays. */
function orthonormalOf(
  kernel: DenseKernel,
  made: ReturnType<typeof reflected>,
  p: number,
  progress?: OnProgress,
): Float64Array {
  const { at, rows, q, own } = made;
  factor(kernel, made, p, false, progress && ((fraction) => progress(fraction / 2)));
  for (let first = 0; first < q; first += PANEL) {
    const count = Math.min(PANEL, q - first);
    kernel.signs(at.D, at.E, rows, first, count);
    kernel.formPanel(at.E, at.V, at.tau, rows, first, q);
    kernel.fromPanel(at.E, at.m + 8 * first, q, rows, count);
    const done = (first + count) / q;
    progress?.((1 + done * done) / 2);
  }
  return own.slice(0, rows * q);
}

function thinQrOf(
  kernel: DenseKernel,
  m: DenseMatrix,
  p: number,
  progress?: OnProgress,
): { readonly Q: Float64Array; readonly R: Float64Array } {
  const made = reflected(kernel, m, false);
  const Q = orthonormalOf(kernel, made, p, progress);
  return { Q, R: triangleOf(kernel, made, p) };
}

function drawNormals(
  kernel: DenseKernel,
  out: Float32Array | Float64Array,
  deviation: number,
  words: Int32Array,
): void {
  const at = layOut(kernel, { state: 2, squares: ROUND, drawn: 2 * ROUND, out: DRAWN });
  const state = new Int32Array(kernel.memory.buffer, at.state, 4);
  const narrow = out instanceof Float32Array;
  const drawn = narrow ? new Float32Array(kernel.memory.buffer, at.out, DRAWN) : numbersAt(kernel, at.out, DRAWN);
  state.set(words);
  for (let first = 0; first < out.length; first += DRAWN) {
    const count = Math.min(DRAWN, out.length - first);
    kernel.draw(at.out, count / 2, at.state, at.squares, at.drawn);
    // In place: what is written lies behind what is still to be read.
    if (narrow) kernel.rounded(at.out, deviation, count, at.out);
    else if (deviation !== 1) kernel.scale(at.out, deviation, count);
    out.set(drawn.subarray(0, count), first);
  }
  words.set(state);
}

const blocksBy =
  (kernel: DenseKernel): DenseLoops['takeBlocks'] =>
  (values, cols, width, sums, extremes) => {
    const at = layOut(kernel, { sums: sums.length, extremes: extremes.length / 2, values: values.length / 2 });
    const [sumsThere, extremesThere, there] = [
      numbersAt(kernel, at.sums, sums.length),
      new Float32Array(kernel.memory.buffer, at.extremes, extremes.length),
      new Float32Array(kernel.memory.buffer, at.values, values.length),
    ];
    sumsThere.set(sums);
    extremesThere.set(extremes);
    there.set(values);
    kernel.takeBlocks(at.values, values.length / cols, cols, width, at.sums, at.extremes);
    sums.set(sumsThere);
    extremes.set(extremesThere);
  };
