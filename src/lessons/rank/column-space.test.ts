import { expect, it } from 'vitest';
import { svd } from '../../math/factor/svd.ts';
import { addVec, cross, dot3, scaleVec, type Vec } from '../charts/turned/turn.ts';
import { applyMatrix, cornersOf, INPUTS, momentOf, RUNS, recordedIndex, thirdStretch } from './column-space.ts';

const { learned, frozen } = RUNS;
const T = { rows: 3, cols: 3, data: Float64Array.from(learned.target) };
const column = (M: ReturnType<typeof svd>['U'], j: number): Vec =>
  [0, 1, 2].map((i) => M.data[3 * i + j]) as unknown as Vec;

it('finds what ΔW* does to the direction that it stretches least', () => {
  const third = thirdStretch(learned);
  const length = Math.sqrt(dot3(third, third));
  expect(length).toBeCloseTo(learned.values[2], 6);
  // ΔW*ᵀu₃ is σ₃ long too: only a singular direction of σ₃ is shrunk that much.
  const back = [0, 1, 2].map((j) =>
    [0, 1, 2].reduce((sum, i) => sum + (learned.target[3 * i + j] * third[i]) / length, 0),
  );
  expect(Math.hypot(...back)).toBeCloseTo(learned.values[2], 6);
});

it('ends with the plane of the two strongest directions, and every output on the plane at every step', () => {
  const { U } = svd(T);
  const last = momentOf(learned, learned.steps.length - 1);
  expect(Math.abs(dot3(last.normal ?? [0, 0, 0], column(U, 2)))).toBeCloseTo(1, 5);
  expect(last.share).toBeCloseTo(1 - 0.36 ** 2 / (1 + 0.6 ** 2 + 0.36 ** 2), 5);
  for (const at of [1, 5, 40]) expect(momentOf(learned, at).off).toBeLessThan(1e-6);
  expect(momentOf(learned, 0)).toMatchObject({ normal: null, share: 0 });
});

it('has the same output for inputs that differ along what A does not see', () => {
  const at = recordedIndex(learned, 300);
  const { unseen } = momentOf(learned, at);
  const [A, B] = [learned.A[at], learned.B[at]];
  const z = (x: Vec) => [0, 1].map((i) => dot3([A[3 * i], A[3 * i + 1], A[3 * i + 2]], x));
  for (const x of INPUTS.slice(0, 9))
    expect(z(addVec(x, scaleVec(unseen, 2)))).toEqual(z(x).map((v) => expect.closeTo(v, 4)));
  expect(B.length).toBe(6);
});

it('keeps the plane of a frozen B, whose share gives its error', () => {
  const [first, last] = [momentOf(frozen, 0), momentOf(frozen, frozen.steps.length - 1)];
  expect(Math.abs(dot3(first.normal ?? [0, 0, 0], last.normal ?? [0, 0, 0]))).toBeCloseTo(1, 6);
  expect(Math.sqrt(1 - last.share)).toBeCloseTo(frozen.error, 4);
  expect(last.error).toBeCloseTo(frozen.error, 4);
  expect(first.error).toBe(1);
});

it('draws a rectangle that lies in the plane', () => {
  const { normal } = momentOf(learned, 20);
  const corners = cornersOf(learned, normal ?? [0, 0, 1]);
  for (const corner of corners) expect(dot3(corner, normal ?? [0, 0, 0])).toBeCloseTo(0, 10);
  const [a, b, c] = corners as unknown as readonly [Vec, Vec, Vec];
  expect(dot3(addVec(a, scaleVec(b, -1)), addVec(c, scaleVec(b, -1)))).toBeCloseTo(0, 10);
  expect(dot3(cross(a, b), cross(a, b))).toBeGreaterThan(1);
  expect(applyMatrix([1, 0, 0, 0, 1, 0, 0, 0, 1], a)).toEqual(a);
});
