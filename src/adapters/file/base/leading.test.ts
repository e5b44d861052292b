import { expect, it } from 'vitest';
import { frobenius, leadingColumns, multiply, transpose } from '../../../math/matrix.ts';
import { gaussian, stream } from '../../../math/random.ts';
import { orthonormalColumns } from '../checkpoints/panel-products.ts';
import { panelsOfMatrix } from '../checkpoints/panels.ts';
import { separatedDirections } from '../checkpoints/separated-directions.ts';
import { alignmentOf } from './alignment.ts';

const [D, K, RANK] = [514, 560, 4];
const drawn = (rows: number, cols: number, what: string) => gaussian(rows, cols, stream(1, what));
/** Singular vectors of W₀, all D of them. */
const [U, V] = [orthonormalColumns(drawn(D, D, 'U')), orthonormalColumns(drawn(K, D, 'V'))];

function baseOf(sigma: readonly number[]) {
  const scaled = { ...U, data: U.data.map((x, at) => x * (sigma[at % D] ?? 0)) };
  return multiply(scaled, transpose(V));
}
const slow = Array.from({ length: D }, (_, i) => 1 / Math.sqrt(1 + i));

/** ΔW = L·R with a part of each factor in the leading directions. */
const L = drawn(D, RANK, 'L');
const R = drawn(RANK, K, 'R');
for (let i = 0; i < D; i++) for (let p = 0; p < RANK; p++) L.data[i * RANK + p] += 9 * U.data[i * D + p];

it('beyond 512 the shares of ΔW in leading directions of W₀ are those of its known vectors, within the bound', async () => {
  const W0 = baseOf(slow);
  const options = { baseNorm: frobenius(W0), turned: false, leading: 'any' } as const;
  const { leading } = (await alignmentOf(panelsOfMatrix(W0), { L, R }, options)) ?? {};
  if (!leading || leading === 'close') throw new Error('no leading directions');
  const delta = multiply(L, R);
  const left = (frobenius(multiply(transpose(leadingColumns(U, RANK)), delta)) / frobenius(delta)) ** 2;
  const right = (frobenius(multiply(delta, leadingColumns(V, RANK))) / frobenius(delta)) ** 2;
  expect(left).toBeGreaterThan(0.1);
  expect(leading.error).toBeGreaterThan(0);
  expect(leading.error).toBeLessThan(1e-3);
  expect(Math.abs(leading.left - left)).toBeLessThan(leading.error);
  expect(Math.abs(leading.right - right)).toBeLessThan(leading.error);
  expect(leading.most).toBeCloseTo(Math.hypot(...slow.slice(0, RANK)), 6);
  const small = { ...options, leading: 'small' } as const;
  expect((await alignmentOf(panelsOfMatrix(W0), { L, R }, small))?.leading).toBe(null);
});

it('the angle to the true space is below its bound', async () => {
  const n = 8;
  const found = await separatedDirections(panelsOfMatrix(baseOf(slow)), n);
  if (!found) throw new Error('not separated');
  // Θ: what lies in all other directions.
  const rest = V.data.map((x, at) => (at % D < n ? 0 : x));
  const sine = frobenius(multiply(transpose({ ...V, data: rest }), found.V));
  expect(sine).toBeLessThan(found.angle);
  for (const [i, sigma] of found.sigma.entries()) expect(sigma).toBeCloseTo(slow[i], 7);
});

it('of two σ that are equal neither is the leading one', async () => {
  const W0 = baseOf(slow.with(RANK, slow[RANK - 1]));
  const options = { baseNorm: frobenius(W0), turned: false, leading: 'any' } as const;
  expect((await alignmentOf(panelsOfMatrix(W0), { L, R }, options))?.leading).toBe('close');
});
