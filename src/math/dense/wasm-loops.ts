import type { OnProgress } from '../progress.ts';
import { layOut, numbersAt } from '../wasm-memory.ts';
import type { BidiagonalRoom, DenseLoops, DenseMatrix } from './loops.ts';

/** Exports of index.as. Addresses are in bytes, sizes in numbers unless said. */
interface DenseKernel {
  readonly memory: WebAssembly.Memory;
  multiply(out: number, x: number, y: number, panel: number, m: number, n: number, k: number, row: number): void;
  gather(A: number, n: number, k: number, v: number, w: number, z: number, u: number, next: number, out: number): void;
  timesVector(A: number, n: number, first: number, u: number, out: number): void;
  /** `stride` in bytes. */
  reflector(D: number, stride: number, j: number, n: number, v: number): number;
  apply(v: number, tau: number, data: number, stride: number, n: number, count: number): void;
  draw(to: number, pairs: number, state: number): void;
}

/** Numbers of a factor that are in the memory at a time. */
const PART = 1 << 20;
/** Normal numbers made by one call. */
const DRAWN = 1 << 14;
/** The loops of a compiled loops.wasm. Large matrices have a memory of their own, which goes with them. */
export function wasmLoops(module: WebAssembly.Module): DenseLoops {
  const instance = () => new WebAssembly.Instance(module).exports as unknown as DenseKernel;
  const shared = instance();
  return {
    multiply: (x, y, out, m, n, k) => multiplyParts(shared, x, y, out, m, n, k),
    bidiagonal: (A, n) => roomOf(instance(), A, n),
    thinQr: (m, p, progress) => thinQrOf(instance(), m, p, progress),
    normals: (out, words) => drawNormals(shared, out, words),
  };
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

function roomOf(kernel: DenseKernel, from: Float64Array, n: number): BidiagonalRoom {
  const at = layOut(kernel, { A: n * n, v: n, w: n, u: n, z: n, nextV: n, nextW: n });
  const vector = (name: keyof typeof at) => numbersAt(kernel, at[name], n);
  const A = numbersAt(kernel, at.A, n * n);
  A.set(from);
  return {
    A,
    v: vector('v'),
    w: vector('w'),
    u: vector('u'),
    z: vector('z'),
    nextV: vector('nextV'),
    nextW: vector('nextW'),
    gather: (k) => kernel.gather(at.A, n, k, at.v, at.w, at.z, at.u, at.nextV, at.nextW),
    times: (first) => kernel.timesVector(at.A, n, first, at.u, at.z),
  };
}

/** Rows begin an odd number of lines apart, so that a column does not fall into one set of the processor's cache. */
const strideOf = (cols: number) => 8 * (2 * Math.ceil(cols / 16) + 1);

/**
 * Row by row, where a pass of a reflection reads and writes whole vectors of columns. Q begins as the signs of R's
 * diagonal; column j of it is untouched by the reflections after j.
 */
function thinQrOf(
  kernel: DenseKernel,
  m: DenseMatrix,
  p: number,
  progress?: OnProgress,
): { readonly Q: Float64Array; readonly R: Float64Array } {
  const { rows, cols, data } = m;
  const q = Math.min(rows, cols);
  const [wide, thin] = [strideOf(cols), strideOf(q)];
  const at = layOut(kernel, { D: rows * wide, E: rows * thin, v: rows });
  const D = numbersAt(kernel, at.D, rows * wide);
  const E = numbersAt(kernel, at.E, rows * thin);
  const v = numbersAt(kernel, at.v, rows);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) D[i * wide + j] = data[i * cols + j] * p;
  const tau = new Float64Array(q);
  for (let j = 0; j < q; j++) {
    tau[j] = kernel.reflector(at.D, 8 * wide, j, rows - j, at.v);
    kernel.apply(at.v, tau[j], at.D + 8 * (j * wide + j + 1), 8 * wide, rows - j, cols - j - 1);
    const left = 1 - (j + 1) / cols;
    progress?.((1 - left * left) / 2);
  }
  for (let j = 0; j < q; j++) E[j * thin + j] = D[j * wide + j] < 0 ? -1 : 1;
  for (let j = q - 1; j >= 0; j--) {
    for (let i = 1; i < rows - j; i++) v[i] = D[(j + i) * wide + j];
    kernel.apply(at.v, tau[j], at.E + 8 * (j * thin + j), 8 * thin, rows - j, q - j);
    const done = 1 - j / q;
    progress?.((1 + done * done) / 2);
  }
  const [Q, R] = [new Float64Array(rows * q), new Float64Array(q * cols)];
  for (let i = 0; i < rows; i++) Q.set(E.subarray(i * thin, i * thin + q), i * q);
  for (let i = 0; i < q; i++) {
    const sign = D[i * wide + i] < 0 ? -1 : 1;
    for (let j = i; j < cols; j++) {
      const r = D[i * wide + j];
      R[i * cols + j] = r === 0 ? 0 : (sign * r) / p;
    }
  }
  return { Q, R };
}

function drawNormals(kernel: DenseKernel, out: Float64Array, words: Int32Array): void {
  const at = layOut(kernel, { state: 2, out: DRAWN });
  const state = new Int32Array(kernel.memory.buffer, at.state, 4);
  const drawn = numbersAt(kernel, at.out, DRAWN);
  state.set(words);
  for (let first = 0; first < out.length; first += DRAWN) {
    const count = Math.min(DRAWN, out.length - first);
    kernel.draw(at.out, count / 2, at.state);
    out.set(drawn.subarray(0, count), first);
  }
  words.set(state);
}
