import type { FloatArray, NetworkKernels, SequenceShape } from '../../tasks/network/kernels.ts';
import { loops32 } from '../../tasks/network/loops.ts';
import { updates } from '../updates.ts';
import { bestBuild, rules, type WasmBuild, writeCorrections } from './instance.ts';

/** Exports of network/index.as. Addresses are in bytes, lengths and strides in numbers. */
interface NetworkModule {
  readonly memory: WebAssembly.Memory;
  take(bytes: number): number;
  product(
    C: number,
    X: number,
    Y: number,
    n: number,
    m: number,
    l: number,
    rowX: number,
    columnX: number,
    s: number,
    adds: boolean,
  ): void;
  transpose(Y: number, X: number, d: number, k: number): void;
  relu(H: number, numbers: number): void;
  reluBackward(delta: number, H: number, numbers: number): void;
  sum(Z: number, X: number, Y: number, numbers: number): void;
  attend(
    mixed: number,
    weights: number,
    q: number,
    k: number,
    v: number,
    scores: number,
    count: number,
    heads: number,
    length: number,
    width: number,
  ): void;
  attendBackward(
    delta: number,
    weights: number,
    q: number,
    k: number,
    v: number,
    dq: number,
    dk: number,
    dv: number,
    dots: number,
    count: number,
    heads: number,
    length: number,
    width: number,
  ): void;
  normalise(y: number, inverse: number, x: number, rows: number, width: number, epsilon: number): void;
  normaliseBackward(g: number, delta: number, y: number, inverse: number, rows: number, width: number): void;
  residual(E: number, V: number, T: number, c: number, rows: number, k: number): number;
  rowDots(out: number, X: number, Y: number, rows: number, k: number): void;
  mixRows(E: number, V: number, a: number, b: number, rows: number, k: number): void;
  weightedResidual(P: number, W: number, M: number, numbers: number): number;
  rankOne(c: number, w: number, M: number, dc: number, dw: number, rows: number, k: number): number;
  difference(E: number, X: number, Y: number, numbers: number): number;
  /** Σx². */
  squares(x: number, numbers: number): number;
  /** Each returns Σ Δθ². */
  sgd(theta: number, g: number, numbers: number, rate: number): number;
  signsgd(theta: number, g: number, numbers: number, rate: number): number;
  momentum(theta: number, g: number, v: number, numbers: number, rate: number): number;
  adam(
    theta: number,
    g: number,
    m: number,
    v: number,
    numbers: number,
    rate: number,
    decay: number,
    c1: number,
    c2: number,
    epsilon: number,
  ): number;
}

const compiled = new Map<WasmBuild, WebAssembly.Module>();

/** Compiles the products of a build; `bytes` null: they could not be loaded. */
export async function takeNetworkBuild(
  build: WasmBuild,
  bytes: (build: WasmBuild) => Promise<BufferSource | null>,
): Promise<void> {
  const loaded = compiled.has(build) ? null : await bytes(build).catch(() => null);
  if (loaded) compiled.set(build, await WebAssembly.compile(loaded));
}

/** Kernels of a taken build; plain loops in float32 if it could not be loaded. */
export function networkKernels(build: WasmBuild = bestBuild()): NetworkKernels {
  const module = compiled.get(build);
  return module ? wasmKernels(module) : loops32;
}

/** Products in SIMD WebAssembly, in float32: one run's own instance with its own memory of 64 MB. */
export function wasmKernels(module: WebAssembly.Module): NetworkKernels {
  const { memory, take, product, ...own } = new WebAssembly.Instance(module).exports as unknown as NetworkModule;
  const buffer = (length: number) => {
    const at = take(4 * length);
    if (at === 0) throw new RangeError('The run does not fit into the memory of its WebAssembly.');
    return new Float32Array(memory.buffer, at, length);
  };
  const buffer64 = (length: number) => new Float64Array(memory.buffer, buffer(2 * length).byteOffset, length);
  let row = buffer(0);
  /** The address of a number for each position, in whole vectors. */
  function scratch({ length, heads, width }: SequenceShape): number {
    if ((width / heads) % 4 !== 0) throw new RangeError('A head of attention has a multiple of four numbers.');
    if (row.length < length) row = buffer(length + 3);
    return at(row);
  }
  const corrections = new Float64Array(2);
  /** The update of which they are. */
  let corrected = 0;
  return {
    buffer,
    buffer64,
    product(C, X, Y, { n, m, l, transposed = false, s = 1, adds = false }) {
      const [row, column] = transposed ? [1, n] : [l, 1];
      product(at(C), at(X), at(Y), n, m, l, row, column, s, adds);
    },
    transpose: (Y, X, d, k) => own.transpose(at(Y), at(X), d, k),
    relu: (H) => own.relu(at(H), H.length),
    reluBackward: (delta, H) => own.reluBackward(at(delta), at(H), H.length),
    sum: (Z, X, Y) => own.sum(at(Z), at(X), at(Y), X.length),
    attend({ mixed, weights }, { q, k, v }, shape) {
      const { count, heads, length, width } = shape;
      own.attend(at(mixed), at(weights), at(q), at(k), at(v), scratch(shape), count, heads, length, width);
    },
    attendBackward(delta, weights, { q, k, v }, gradients, shape) {
      const { count, heads, length, width } = shape;
      const [dq, dk, dv] = [gradients.q, gradients.k, gradients.v].map(at);
      const places = [at(q), at(k), at(v), dq, dk, dv] as const;
      own.attendBackward(at(delta), at(weights), ...places, scratch(shape), count, heads, length, width);
    },
    normalise: (y, inverse, x, width, epsilon) =>
      own.normalise(at(y), at(inverse), at(x), inverse.length, width, epsilon),
    normaliseBackward: (gradient, delta, y, inverse, width) =>
      own.normaliseBackward(at(gradient), at(delta), at(y), at(inverse), inverse.length, width),
    residual: (E, V, T, c) => own.residual(at(E), at(V), at(T), at(c), c.length, E.length / c.length),
    rowDots: (out, X, Y) => own.rowDots(at(out), at(X), at(Y), out.length, X.length / out.length),
    mixRows: (E, V, a, b) => own.mixRows(at(E), at(V), at(a), at(b), a.length, E.length / a.length),
    weightedResidual: (P, W, M) => own.weightedResidual(at(P), at(W), at(M), P.length),
    rankOne: (c, w, M, dc, dw) => own.rankOne(at(c), at(w), at(M), at(dc), at(dw), c.length, w.length),
    difference: (E, X, Y) => own.difference(at(E), at(X), at(Y), E.length),
    norm: (X) => Math.sqrt(own.squares(at(X), X.length)),
    update(theta, gradient, moments, by) {
      const found = rules[by.opt];
      if (found === null) return Math.sqrt(updates[by.opt](theta, gradient, moments, by));
      const { rule, decay } = found;
      const { rate, t, epsilon } = by;
      const [to, g, n] = [at(theta), at(gradient), theta.length];
      if (rule === 0) return Math.sqrt(own.sgd(to, g, n, rate));
      if (rule === 3) return Math.sqrt(own.signsgd(to, g, n, rate));
      const [first, second] = moments.map(at);
      if (rule === 1) return Math.sqrt(own.momentum(to, g, first, n, rate));
      if (t !== corrected) writeCorrections(corrections, 1, t - 1);
      corrected = t;
      return Math.sqrt(own.adam(to, g, first, second, n, rate, decay, corrections[0], corrections[1], epsilon));
    },
  };
}

const at = ({ byteOffset }: FloatArray) => byteOffset;
