import { describe, expect, it } from 'vitest';
import { pairReference } from '../../experiment/regression/testing/pair-reference.ts';
import { svd } from '../../math/factor/svd.ts';
import {
  frobenius,
  identity,
  type Matrix64,
  multiply,
  scale,
  subtract,
  toFloat32,
  transpose,
  zeros,
} from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { relaxedWasm, typescript, wasm } from '../testing/back-ends.ts';
import { lossAndGradients } from '../testing/float64.ts';
import { ADAM_SETTINGS, matrixOf } from '../testing/starts.ts';
import { type ModulePair, pairStep } from './pairs.ts';

const [D, K, R] = [14, 11, 4];
const S = 1.7;
const drawn = (rows: number, cols: number, size: number, name: string) =>
  scale(gaussian(rows, cols, stream(5, name)), size);
const target = drawn(D, K, 0.3, 'target');

/** Starts of A and B: zeros on either side, small, large and lopsided ones. */
const STARTS: Readonly<Record<string, readonly [a: number, b: number]>> = {
  'B = 0': [0.5, 0],
  'A = 0': [0, 0.5],
  'both random': [0.5, 0.5],
  'both small': [1e-4, 1e-4],
  'both large': [6, 6],
  'A large': [20, 0.01],
  'B large': [0.01, 20],
};
const startOf = (name: string) => {
  const [a, b] = STARTS[name];
  return { A: drawn(R, K, a, 'A'), B: drawn(D, R, b, 'B') };
};

/** A step in float64, in place, by the page's own rule. */
function stepInPlace(opt: 'scaled' | 'lora-pro', A: Matrix64, B: Matrix64, rate: number, s = S): void {
  const gradients = () => {
    const { gradA, gradB } = lossAndGradients(target, A, B, s);
    return { gradA: gradA.data, gradB: gradB.data };
  };
  const pair: ModulePair = {
    ...{ A: A.data, B: B.data, rank: A.rows, frozen: null, scaling: s, rateA: rate, rateB: rate },
    ...gradients(),
  };
  pairStep(opt, pair, gradients);
}

const projector = (X: Matrix64) => {
  const { U, S: sigma } = svd(X);
  const kept = { ...U, data: U.data.map((x, i) => (sigma[i % U.cols] > 1e-9 * sigma[0] ? x : 0)) };
  return multiply(kept, transpose(kept));
};
const plus = (X: Matrix64, Y: Matrix64) => subtract(X, scale(Y, -1));
const off = (X: Matrix64, Y: Matrix64) => frobenius(subtract(X, Y)) / frobenius(Y);

describe('ScaledGD', () => {
  it.each(Object.keys(STARTS))('never raises the loss at rates up to 2: %s', (name) => {
    for (const rate of [0.1, 0.5, 1, 1.5, 1.9, 1.99]) {
      const { A, B } = startOf(name);
      let before = lossAndGradients(target, A, B, S).loss;
      for (let t = 0; t < 40; t++) {
        stepInPlace('scaled', A, B, rate);
        const { loss } = lossAndGradients(target, A, B, S);
        expect(loss, `rate ${rate}, step ${t}`).toBeLessThanOrEqual(before * (1 + 1e-12));
        before = loss;
      }
    }
  });

  it('moves ΔW alike from A → T·A, B → B·T⁻¹, whatever T', () => {
    // Not orthogonal: its singular values are 4, 2, 1 and ½.
    const { U, V } = svd(drawn(R, R, 1, 'T'));
    const of = (values: readonly number[]) =>
      multiply({ ...U, data: U.data.map((x, i) => x * values[i % R]) }, transpose(V));
    const T = of([4, 2, 1, 0.5]);
    const inverse = transpose(of([0.25, 0.5, 1, 2]));
    expect(off(multiply(T, inverse), identity(R))).toBeLessThan(1e-14);
    const { A, B } = startOf('both random');
    const [turnedA, turnedB] = [multiply(T, A), multiply(B, inverse)];
    for (let t = 0; t < 25; t++) {
      stepInPlace('scaled', A, B, 0.5);
      stepInPlace('scaled', turnedA, turnedB, 0.5);
      // The damping, 10⁻⁶ of the largest eigenvalue, is not turned along.
      expect(off(multiply(turnedB, turnedA), multiply(B, A)), `step ${t}`).toBeLessThan(2e-4);
    }
  });

  it('makes half steps E·(I − η·P_A) and then (I − η·P_B)·E', () => {
    const { A, B } = startOf('both random');
    const E = subtract(scale(multiply(B, A), S), target);
    const half = subtract(E, scale(multiply(E, projector(transpose(A))), 0.5));
    stepInPlace('scaled', A, B, 0.5);
    const wanted = subtract(half, scale(multiply(projector(B), half), 0.5));
    expect(off(subtract(scale(multiply(B, A), S), target), wanted)).toBeLessThan(1e-5);
  });
});

describe('LoRA-Pro', () => {
  it.each(['both random', 'A large', 'B = 0', 'A = 0'])(
    'moves ΔW by P_B·E + (I − P_B)·E·P_A to first order: %s',
    (name) => {
      const { A, B } = startOf(name);
      const [oldA, oldB] = [scale(A, 1), scale(B, 1)];
      const E = subtract(scale(multiply(B, A), S), target);
      const rate = 1e-7;
      stepInPlace('lora-pro', A, B, rate);
      const [dA, dB] = [scale(subtract(oldA, A), 1 / rate), scale(subtract(oldB, B), 1 / rate)];
      const moved = scale(plus(multiply(oldB, dA), multiply(dB, oldA)), S);
      const inB = frobenius(oldB) === 0 ? zeros(D, D) : projector(oldB);
      const inA = frobenius(oldA) === 0 ? zeros(K, K) : projector(transpose(oldA));
      const wanted = plus(multiply(inB, E), multiply(subtract(E, multiply(inB, E)), inA));
      expect(off(moved, wanted)).toBeLessThan(2e-5);
    },
  );

  it('takes among all that move ΔW so the nearest to the gradients', () => {
    const { A, B } = startOf('both random');
    const { gradA, gradB } = lossAndGradients(target, A, B, S);
    const [nextA, nextB] = [scale(A, 1), scale(B, 1)];
    stepInPlace('lora-pro', nextA, nextB, 1);
    const [dA, dB] = [subtract(A, nextA), subtract(B, nextB)];
    // dA + Y·A and dB − B·Y move ΔW alike for every Y: at the nearest one the distance has no slope in Y.
    const slope = subtract(multiply(subtract(dA, gradA), transpose(A)), multiply(transpose(B), subtract(dB, gradB)));
    const size = frobenius(multiply(dA, transpose(A))) + frobenius(multiply(transpose(B), dB));
    expect(frobenius(slope) / size).toBeLessThan(1e-4);
  });
});

describe.each([typescript, wasm, relaxedWasm])('$name', ({ open }) => {
  it.each(['scaled', 'lora-pro'] as const)(
    'follows the float64 formulas from every start, frozen factors too: %s',
    async (opt) => {
      for (const name of Object.keys(STARTS))
        for (const frozen of [null, 'A', 'B'] as const) {
          const { A, B } = startOf(name);
          const settings = { ...ADAM_SETTINGS, scaling: S, opt, lr: 0.3 };
          const [A32, B32, M] = [A, B, target].map((m) => toFloat32(m).data);
          const stepper = await open({ d: D, k: K, rank: R, target: M, A: A32, B: B32, settings, frozen });
          const { entries, ...found } = await stepper.steps(6);
          const pair = {
            ...{ A: matrixOf(R, K, A32), B: matrixOf(D, R, B32), scaling: S, rateA: 0.3, rateB: 0.3, frozen },
          };
          const goal = matrixOf(D, K, M);
          const losses: number[] = [];
          for (let t = 0; t < 6; t++) {
            pairReference(opt, pair, (a, b) => lossAndGradients(goal, a, b, S));
            losses.push(lossAndGradients(goal, pair.A, pair.B, S).loss);
          }
          const what = `${name}, frozen ${frozen}`;
          for (const [t, loss] of losses.entries())
            expect(Math.abs(entries.loss[t] - loss), `${what}, step ${t}`).toBeLessThan(2e-4 * losses[0]);
          for (const factor of ['A', 'B'] as const)
            if (frozen === factor) expect(found[factor], what).toEqual(factor === 'A' ? A32 : B32);
          stepper.dispose();
        }
    },
  );

  it.each(['scaled', 'lora-pro', 'muon', 'polar', 'signsgd'] as const)(
    'goes on with numbers that are not finite: %s',
    async (opt) => {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const { A, B } = startOf('both random');
        const broken = toFloat32(A).data;
        broken[3] = bad;
        const settings = { ...ADAM_SETTINGS, opt };
        const rest = { target: toFloat32(target).data, B: toFloat32(B).data, settings };
        const stepper = await open({ d: D, k: K, rank: R, A: broken, ...rest });
        const { entries } = await stepper.steps(3);
        for (const loss of entries.loss) expect(loss).not.toSatisfy(Number.isFinite);
        stepper.dispose();
      }
    },
  );
});
