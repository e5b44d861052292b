import { type AnyMatrix, multiply, transpose } from '../../../math/matrix.ts';
import { held, type MakePass, type MethodPass, squareOf, trainedArray } from './pass.ts';

/**
 * Methods whose ΔW is linear in their numbers, in coordinates along orthogonal directions: E splits into a part that
 * they can change, a difference of coordinates, and one that they cannot, whose norm is their floor. Nothing cancels,
 * and a step costs a few operations a number, in float64 as written here on every back end.
 */

/** ΔW = diag(ℓ − 1)·W₀ by rows, or W₀·diag(ℓ − 1): per row w of W₀ and m of ΔW*, ‖(ℓ−1)w − m‖² = ‖w‖²(ℓ − ℓ*)² + rest. */
export const ia3Pass: MakePass = ({ kernels, task: { settings, base }, target }) => {
  const { d, k, side } = settings;
  const byRow = side !== 'in';
  const n = byRow ? d : k;
  const own = trainedArray(kernels, byRow ? n : 1, byRow ? 1 : n, 'B');
  const at = (i: number, j: number) => (byRow ? i * k + j : j * k + i);
  const length = byRow ? k : d;
  const weight = new Float64Array(n);
  const best = new Float64Array(n);
  let rest = 0;
  for (let i = 0; i < n; i++) {
    let [ww, wm, left] = [0, 0, 0];
    for (let j = 0; j < length; j++) {
      ww += base[at(i, j)] * base[at(i, j)];
      wm += base[at(i, j)] * target[at(i, j)];
    }
    const share = ww > 0 ? wm / ww : 0;
    for (let j = 0; j < length; j++) left += (share * base[at(i, j)] - target[at(i, j)]) ** 2;
    weight[i] = ww;
    best[i] = 1 + share;
    rest += left;
  }
  return {
    trained: [own],
    evaluate() {
      let sum = rest;
      for (let i = 0; i < n; i++) {
        const off = own.values[i] - best[i];
        own.gradient[i] = weight[i] * off;
        sum += weight[i] * off * off;
      }
      return sum / 2;
    },
    update(into) {
      for (let i = 0; i < d; i++)
        for (let j = 0; j < k; j++) into[i * k + j] = (own.values[byRow ? i : j] - 1) * base[i * k + j];
    },
  };
};

/** ΔW holds the trained entries at their places Ω: ‖E‖² = Σ_Ω(θ − M)² + Σ_∉Ω M². */
export const shiraPass: MakePass = ({ kernels, task: { settings, places = new Int32Array() }, target }) => {
  const own = trainedArray(kernels, 1, settings.entries, 'B');
  const goal = held(
    kernels,
    Float32Array.from(places, (at) => target[at]),
  );
  const outside = target.slice();
  for (const at of places) outside[at] = 0;
  const rest = squareOf(outside);
  return {
    trained: [own],
    evaluate: () => (kernels.difference(own.gradient, own.values, goal) + rest) / 2,
    update(into) {
      into.fill(0);
      for (let i = 0; i < places.length; i++) into[places[i]] = own.values[i];
    },
  };
};

/** ΔW = s·UΣ·R·Vᵀ with orthonormal columns of U and V: ‖E‖² = ‖sΣR − UᵀMV‖² + ‖M − UUᵀMVVᵀ‖², ∂R = sΣ(sΣR − UᵀMV). */
export const loraXsPass: MakePass = ({ kernels, task: { settings, directions }, target }): MethodPass => {
  if (!directions) throw new Error('LoRA-XS needs directions of W₀.');
  const { U, S, V } = directions;
  const { d, k, rank } = settings;
  const own = trainedArray(kernels, rank, rank, 'B');
  const M: AnyMatrix = { rows: d, cols: k, data: target };
  const goal = multiply(multiply(transpose(U), M), V);
  const within = multiply(multiply(U, goal), transpose(V)).data;
  let rest = 0;
  for (let at = 0; at < within.length; at++) rest += (target[at] - within[at]) ** 2;
  return {
    trained: [own],
    evaluate(s) {
      let sum = rest;
      for (let i = 0; i < rank; i++) {
        const size = s * S[i];
        for (let at = i * rank; at < (i + 1) * rank; at++) {
          const off = size * own.values[at] - goal.data[at];
          own.gradient[at] = size * off;
          sum += off * off;
        }
      }
      return sum / 2;
    },
    update(into, s) {
      const middle = {
        rows: rank,
        cols: rank,
        data: Float64Array.from(own.values, (x, at) => s * S[Math.floor(at / rank)] * x),
      };
      into.set(multiply(U, multiply(middle, transpose(V))).data);
    },
  };
};
