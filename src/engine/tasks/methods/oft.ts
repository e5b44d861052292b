import type { FloatArray, NetworkKernels } from '../network/kernels.ts';
import { held, type MakePass, trainedArray } from './pass.ts';

/**
 * ΔW = (R − I)W₀ in blocks of b rows, R = (I + Q)(I − Q)⁻¹ with Q = −Qᵀ (Cayley). With N = (I − Q)⁻¹ this is R − I = 2(N − I).
 * Per block X of W₀, E of the residual and S = E·Xᵀ: T = (I + R)ᵀ·S·(I + Q)⁻¹ = 2NᵀSNᵀ and ∂qᵢⱼ = Tᵢⱼ − Tⱼᵢ for i < j.
 */
export const oftPass: MakePass = ({ kernels, task: { settings, base }, target }) => {
  const { d, k, block: b } = settings;
  const each = (b * (b - 1)) / 2;
  const Q = trainedArray(kernels, d / b, each, 'B');
  const bk = b * k;
  const inverse = new Float64Array(b * b);
  const [N, turnedN, less] = Array.from({ length: 3 }, () => kernels.buffer(b * b));
  const gradient = cayleyGradient(kernels, b, k);
  const E = kernels.buffer(bk);
  const ones = kernels.buffer(b).fill(1);
  const blocks = Array.from({ length: d / b }, (_, i) => {
    const X = held(kernels, base.subarray(i * bk, (i + 1) * bk));
    const turned = kernels.buffer(bk);
    kernels.transpose(turned, X, b, k);
    return { X, turned, M: held(kernels, target.subarray(i * bk, (i + 1) * bk)), first: i * each };
  });

  /** N of a block, and ΔW there into E. */
  function turn({ X, first }: (typeof blocks)[number]): void {
    invertCayley(inverse, Q.values, first, b);
    N.set(inverse);
    kernels.transpose(turnedN, N, b, b);
    for (let i = 0; i < b; i++) inverse[i * b + i] -= 1;
    less.set(inverse);
    kernels.product(E, less, X, { n: b, m: k, l: b, s: 2 });
  }

  return {
    trained: [Q],
    evaluate() {
      let sum = 0;
      for (const one of blocks) {
        turn(one);
        sum += kernels.residual(E, E, one.M, ones);
        gradient(Q.gradient, one.first, E, { turned: one.turned, N, turnedN });
      }
      return sum / 2;
    },
    update(into) {
      for (const [i, one] of blocks.entries()) {
        turn(one);
        into.set(E, i * bk);
      }
    },
  };
};

type TurnedBlock = Readonly<Record<'turned' | 'N' | 'turnedN', FloatArray>>;

/** From G = ∂L/∂W′ of a block (b × k) to those of its entries of Q, from `first` on. `turned`: W₀ᵀ there. */
export function cayleyGradient(kernels: NetworkKernels, b: number, k: number) {
  const [S, U, T] = Array.from({ length: 3 }, () => kernels.buffer(b * b));
  return (into: FloatArray, first: number, G: FloatArray, { turned, N, turnedN }: TurnedBlock): void => {
    kernels.product(S, G, turned, { n: b, m: b, l: k });
    kernels.product(U, S, turnedN, { n: b, m: b, l: b });
    kernels.product(T, N, U, { n: b, m: b, l: b, transposed: true, s: 2 });
    let at = first;
    for (let i = 0; i < b; i++) for (let j = i + 1; j < b; j++) into[at++] = T[i * b + j] - T[j * b + i];
  };
}

/**
 * (I − Q)⁻¹ into `out` (b × b), Q given by its entries above the diagonal from `first` on. Gauss–Jordan without a change of
 * rows: the symmetric part of I − Q is I, so that no pivot is below 1.
 */
export function invertCayley(out: Float64Array, q: ArrayLike<number>, first: number, b: number): void {
  let at = first;
  for (let i = 0; i < b; i++) {
    out[i * b + i] = 1;
    for (let j = i + 1; j < b; j++) {
      out[i * b + j] = -q[at];
      out[j * b + i] = q[at++];
    }
  }
  for (let p = 0; p < b; p++) {
    const row = p * b;
    const pivot = 1 / out[row + p];
    out[row + p] = 1;
    for (let j = 0; j < b; j++) out[row + j] *= pivot;
    for (let i = 0; i < b; i++) {
      if (i === p) continue;
      const factor = out[i * b + p];
      out[i * b + p] = 0;
      for (let j = 0; j < b; j++) out[i * b + j] -= factor * out[row + j];
    }
  }
}
