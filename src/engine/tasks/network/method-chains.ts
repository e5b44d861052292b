import { scaledColumns } from '../../../experiment/inits/triplets.ts';
import { sizesOfC } from '../../../experiment/methods/lokr.ts';
import type { BesideLora } from '../../../experiment/methods/starts.ts';
import { transpose } from '../../../math/matrix.ts';
import { cayleyGradient, invertCayley } from '../methods/oft.ts';
import { held, type MethodTask, type TrainedArray, trainedArray } from '../methods/pass.ts';
import type { FloatArray, NetworkKernels } from './kernels.ts';

/** A method on a matrix of a network: from its numbers to ΔW, and from G = ∂L/∂W′ back to them (both d × k). */
export interface MethodChain {
  /** In the order of the method's own numbers (experiment/methods/). */
  readonly trained: readonly TrainedArray[];
  /** Writes ΔW of the present numbers. `s`: α/r, where the method has it. */
  update(into: FloatArray, s: number): void;
  /** Writes the gradients of the numbers that `update` saw last. */
  backward(G: FloatArray, s: number): void;
}

type MakeChain = (kernels: NetworkKernels, task: MethodTask) => MethodChain;

/**
 * W′ᵢ = mᵢ·Vᵢ/‖Vᵢ‖, V = W₀ + s·BA. With cᵢ = mᵢ/‖Vᵢ‖: ∂mᵢ = ⟨Gᵢ, Vᵢ⟩/‖Vᵢ‖ and ∂Vᵢ = cᵢ(Gᵢ − ∂mᵢ·Vᵢ/‖Vᵢ‖), or cᵢGᵢ if the
 * norm is detached, as in PEFT; ∂B = s·∂V·Aᵀ, ∂A = s·Bᵀ·∂V.
 */
const dora: MakeChain = (kernels, { settings: { d, k, rank, norm }, base }) => {
  const A = trainedArray(kernels, rank, k, 'A');
  const B = trainedArray(kernels, d, rank, 'B', true);
  const m = trainedArray(kernels, d, 1, 'B');
  const [V, dV, turned] = [kernels.buffer(d * k), kernels.buffer(d * k), kernels.buffer(k * rank)];
  // Lengths are rounded as m is, so that c is 1 at the start.
  const [c, back, lengths] = [kernels.buffer(d), kernels.buffer(d), kernels.buffer(d)];
  const dots = kernels.buffer64(d);
  return {
    trained: [A, B, m],
    update(into, s) {
      V.set(base);
      kernels.product(V, B.values, A.values, { n: d, m: k, l: rank, s, adds: true });
      kernels.rowDots(dots, V, V);
      for (let i = 0; i < d; i++) {
        lengths[i] = Math.sqrt(dots[i]);
        c[i] = m.values[i] / lengths[i];
        for (let at = i * k; at < (i + 1) * k; at++) into[at] = c[i] * V[at] - base[at];
      }
    },
    backward(G, s) {
      kernels.rowDots(dots, G, V);
      for (let i = 0; i < d; i++) {
        m.gradient[i] = dots[i] / lengths[i];
        back[i] = norm === 'exact' ? (-c[i] * dots[i]) / (lengths[i] * lengths[i]) : 0;
      }
      dV.set(G);
      kernels.mixRows(dV, V, c, back);
      kernels.transpose(turned, A.values, rank, k);
      kernels.product(B.gradient, dV, turned, { n: d, m: rank, l: k, s });
      kernels.product(A.gradient, B.values, dV, { n: rank, m: k, l: d, transposed: true, s });
    },
  };
};

/** ΔW = (R − I)W₀ by blocks of b rows: with N = (I − Q)⁻¹ and S = G·W₀ᵀ of a block, R − I = 2(N − I), ∂qᵢⱼ = Tᵢⱼ − Tⱼᵢ of T = 2NᵀSNᵀ. */
const oft: MakeChain = (kernels, { settings: { d, k, block: b }, base }) => {
  const each = (b * (b - 1)) / 2;
  const Q = trainedArray(kernels, d / b, each, 'B');
  const inverse = new Float64Array(b * b);
  const less = kernels.buffer(b * b);
  const gradient = cayleyGradient(kernels, b, k);
  const E = kernels.buffer(b * k);
  const blocks = Array.from({ length: d / b }, (_, i) => {
    const X = held(kernels, base.subarray(i * b * k, (i + 1) * b * k));
    const turned = kernels.buffer(b * k);
    kernels.transpose(turned, X, b, k);
    return { X, turned, N: kernels.buffer(b * b), turnedN: kernels.buffer(b * b) };
  });
  return {
    trained: [Q],
    update(into) {
      for (const [i, { X, N, turnedN }] of blocks.entries()) {
        invertCayley(inverse, Q.values, i * each, b);
        N.set(inverse);
        kernels.transpose(turnedN, N, b, b);
        for (let at = 0; at < b; at++) inverse[at * b + at] -= 1;
        less.set(inverse);
        kernels.product(E, less, X, { n: b, m: k, l: b, s: 2 });
        into.set(E, i * b * k);
      }
    },
    backward(G) {
      for (const [i, block] of blocks.entries()) {
        E.set(G.subarray(i * b * k, (i + 1) * b * k));
        gradient(Q.gradient, i * each, E, block);
      }
    },
  };
};

/** ΔW = C ⊗ W₂: ∂Cᵢⱼ = ⟨G of block ij, W₂⟩, ∂W₂ = Σ Cᵢⱼ·G of block ij. */
const lokr: MakeChain = (kernels, { settings }) => {
  const { d, k } = settings;
  const [d1, k1] = sizesOfC(settings);
  const [d2, k2] = [d / d1, k / k1];
  const W2 = trainedArray(kernels, d2, k2, 'A');
  const C = trainedArray(kernels, d1, k1, 'B');
  const sums = new Float64Array(d2 * k2);
  return {
    trained: [W2, C],
    update(into) {
      for (let i = 0, at = 0; i < d; i++)
        for (let j = 0; j < k; j++) {
          const block = Math.floor(i / d2) * k1 + Math.floor(j / k2);
          into[at++] = C.values[block] * W2.values[(i % d2) * k2 + (j % k2)];
        }
    },
    backward(G) {
      sums.fill(0);
      for (let block = 0; block < d1 * k1; block++) {
        const [top, left] = [Math.floor(block / k1) * d2, (block % k1) * k2];
        let dot = 0;
        for (let p = 0; p < d2; p++)
          for (let q = 0; q < k2; q++) {
            const g = G[(top + p) * k + left + q];
            dot += g * W2.values[p * k2 + q];
            sums[p * k2 + q] += C.values[block] * g;
          }
        C.gradient[block] = dot;
      }
      W2.gradient.set(sums);
    },
  };
};

/** ΔW = W₀ ∘ (BA): with Ĝ = G ∘ W₀ ∂B = Ĝ·Aᵀ, ∂A = Bᵀ·Ĝ. */
const hira: MakeChain = (kernels, { settings: { d, k, rank }, base }) => {
  const A = trainedArray(kernels, rank, k, 'A');
  const B = trainedArray(kernels, d, rank, 'B', true);
  const [P, turned] = [kernels.buffer(d * k), kernels.buffer(k * rank)];
  return {
    trained: [A, B],
    update(into) {
      kernels.product(P, B.values, A.values, { n: d, m: k, l: rank });
      for (let at = 0; at < P.length; at++) into[at] = base[at] * P[at];
    },
    backward(G) {
      for (let at = 0; at < P.length; at++) P[at] = base[at] * G[at];
      kernels.transpose(turned, A.values, rank, k);
      kernels.product(B.gradient, P, turned, { n: d, m: rank, l: k });
      kernels.product(A.gradient, B.values, P, { n: rank, m: k, l: d, transposed: true });
    },
  };
};

/** ΔW holds the trained entries at their places. */
const shira: MakeChain = (kernels, { settings: { entries }, places = new Int32Array() }) => {
  const own = trainedArray(kernels, 1, entries, 'B');
  return {
    trained: [own],
    update(into) {
      into.fill(0);
      for (let i = 0; i < places.length; i++) into[places[i]] = own.values[i];
    },
    backward(G) {
      for (let i = 0; i < places.length; i++) own.gradient[i] = G[places[i]];
    },
  };
};

/** ΔW = diag(ℓ − 1)·W₀ by rows, or W₀·diag(ℓ − 1): ∂ℓᵢ = ⟨Gᵢ, W₀ᵢ⟩. */
const ia3: MakeChain = (kernels, { settings: { d, k, side }, base }) => {
  const byRow = side !== 'in';
  const own = trainedArray(kernels, byRow ? d : 1, byRow ? 1 : k, 'B');
  const sums = new Float64Array(byRow ? d : k);
  return {
    trained: [own],
    update(into) {
      for (let i = 0, at = 0; i < d; i++)
        for (let j = 0; j < k; j++, at++) into[at] = (own.values[byRow ? i : j] - 1) * base[at];
    },
    backward(G) {
      sums.fill(0);
      for (let i = 0, at = 0; i < d; i++) for (let j = 0; j < k; j++, at++) sums[byRow ? i : j] += G[at] * base[at];
      own.gradient.set(sums);
    },
  };
};

/** ΔW = s·UΣ·R·Vᵀ with the leading directions of W₀: ∂R = s·ΣUᵀ·G·V. */
const loraXs: MakeChain = (kernels, { settings: { d, k, rank }, directions }) => {
  if (!directions) throw new Error('LoRA-XS needs directions of W₀.');
  const own = trainedArray(kernels, rank, rank, 'B');
  const left = held(kernels, scaledColumns(directions.U, directions.S).data);
  const [V, turnedV] = [held(kernels, directions.V.data), held(kernels, transpose(directions.V).data)];
  const [E, half] = [kernels.buffer(d * k), kernels.buffer(d * rank)];
  return {
    trained: [own],
    update(into, s) {
      kernels.product(half, left, own.values, { n: d, m: rank, l: rank });
      kernels.product(E, half, turnedV, { n: d, m: k, l: rank, s });
      into.set(E);
    },
    backward(G, s) {
      E.set(G);
      kernels.product(half, E, V, { n: d, m: rank, l: k });
      kernels.product(own.gradient, left, half, { n: rank, m: rank, l: d, transposed: true, s });
    },
  };
};

export const methodChains: Readonly<Record<BesideLora, MakeChain>> = {
  ...{ dora, oft, lokr, hira, shira, ia3 },
  'lora-xs': loraXs,
};
