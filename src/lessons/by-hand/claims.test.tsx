import { expect } from 'vitest';
import golden from '../../math/golden/worked-example.json' with { type: 'json' };
import { type Matrix64, multiply, transpose } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { claims } from '../testing/claims.tsx';
import { lesson } from './lesson.tsx';

/** All expected values come from math/ and the golden values, not from the lesson's own model. */
const matrix = (rows: readonly (readonly number[])[]): Matrix64 => ({
  rows: rows.length,
  cols: rows[0].length,
  data: Float64Array.from(rows.flat()),
});
const list = ({ data }: Matrix64) => [...data];
const [first, second] = golden.steps;
const x = matrix(golden.x);
const delta = matrix(golden.upstream);
const s = golden.alpha / golden.rank;
const gradientA = (B: Matrix64, to = x) =>
  list(multiply(multiply(transpose(B), delta), transpose(to))).map((v) => s * v);
const lossOf = ({ output }: { readonly output: number[][] }) =>
  list(delta).reduce((sum, v, i) => sum + v * output[i][0], 0);

claims(
  lesson,
  [
    {
      step: 'A layer small enough for paper',
      says: 'This layer takes 4 numbers and returns 3.',
      shows: () => {
        const W0 = matrix(golden.W0);
        expect([W0.cols, W0.rows]).toEqual([4, 3]);
        return `W₀ is ${W0.rows} × ${W0.cols}`;
      },
    },
    {
      step: 'A layer small enough for paper',
      says: 'With rank r = 2, A has two rows and B two columns.',
      shows: () => {
        const [A, B] = [matrix(first.A), matrix(first.B)];
        expect([A.rows, A.cols, B.rows, B.cols, golden.rank]).toEqual([2, 4, 3, 2, 2]);
        return `A ${A.rows} × ${A.cols}, B ${B.rows} × ${B.cols}`;
      },
    },
    {
      step: 'A layer small enough for paper',
      says: 'In the first step the gradient of A is exactly zero; in the second it is not.',
      shows: () => {
        const [before, after] = [gradientA(matrix(first.B)), gradientA(matrix(second.B))];
        expect(before.every((v) => v === 0) && after.every((v) => v !== 0)).toBe(true);
        expect([first.gradA.flat().every((v) => v === 0), second.A]).toEqual([true, first.A]);
        return `first step ${before.map(Math.abs).join(', ')}; second ${after.map((v) => v.toFixed(4)).join(', ')}`;
      },
    },
    {
      step: 'z = Ax: four numbers become two',
      says: 'A has two rows, so z has two numbers.',
      shows: () => {
        const z = multiply(matrix(first.A), x);
        expect(list(z)).toEqual(first.intermediate.flat());
        return `z = (${list(z).join(', ')})`;
      },
    },
    {
      step: 'z = Ax: four numbers become two',
      says: 'This is a bottleneck: the adapter knows the input only through these r numbers.',
      shows: () => {
        // Two inputs that A cannot tell apart: the adapter adds the same.
        const A = matrix(first.A);
        const unseen = matrix([[1], [-2], [-1.5], [-3.5]]);
        expect(list(multiply(A, unseen)).map(Math.abs)).toEqual([0, 0]);
        const B = matrix(second.B);
        const other = matrix(list(x).map((v, i) => [v + unseen.data[i]]));
        const [one, two] = [x, other].map((input) => list(multiply(B, multiply(A, input))));
        for (const [i, v] of one.entries()) expect(two[i]).toBeCloseTo(v, 12);
        return 'x and x + (1, −2, −1.5, −3.5) get the same s·u';
      },
    },
    {
      step: 'z = Ax: four numbers become two',
      says: 'That is why the rank of B·A is at most r.',
      shows: () => {
        const random = stream(1, 'any B and A');
        const any = (m: number, n: number) =>
          matrix(Array.from({ length: m }, () => Array.from({ length: n }, () => random.normal())));
        const thirds = Array.from({ length: 20 }, () => {
          const values = singularValues(multiply(any(3, 2), any(2, 4)));
          return values[2] / values[0];
        });
        expect(Math.max(...thirds)).toBeLessThan(1e-14);
        return `third singular value of 20 random products: at most ${Math.max(...thirds).toExponential(1)} of the first`;
      },
    },
    {
      step: 'z = Ax: four numbers become two',
      says: 'z₂ = 1.75.',
      shows: () => {
        expect([first.A[1], golden.x.flat(), first.intermediate[1][0]]).toEqual([
          [1, 0, -0.5, 0.5],
          [1, 2, -1, 0.5],
          1.75,
        ]);
        expect(1 * 1 + 0 * 2 + -0.5 * -1 + 0.5 * 0.5).toBe(1.75);
        return 'z₂ = 1.75';
      },
    },
    {
      step: 'h = W₀x + s·u: at first nothing changes',
      says: 'Then z meets B, the up-projection, which makes the three numbers of u.',
      shows: () => {
        const u = multiply(matrix(second.B), matrix(second.intermediate));
        expect([u.rows, u.cols]).toEqual([3, 1]);
        return `u has ${u.rows} numbers`;
      },
    },
    {
      step: 'h = W₀x + s·u: at first nothing changes',
      says: 'The layer adds u, scaled by s = α/r = 2, to what it returned before.',
      shows: () => {
        expect([golden.alpha, golden.rank, s]).toEqual([4, 2, 2]);
        const u = list(multiply(matrix(second.B), matrix(second.intermediate)));
        for (const [i, v] of u.entries()) expect(s * v).toBeCloseTo(second.update[i][0], 12);
        return `s = ${s}`;
      },
    },
    {
      step: 'h = W₀x + s·u: at first nothing changes',
      says: 'So it begins exactly where the pretrained layer stands: h = W₀x = (4, 0.75, 0).',
      shows: () => {
        const base = list(multiply(matrix(golden.W0), x));
        expect([base, first.output.flat()]).toEqual([
          [4, 0.75, 0],
          [4, 0.75, 0],
        ]);
        return `h = (${first.output.flat().join(', ')})`;
      },
    },
    {
      step: 'B·A is never formed',
      says: 'B(Ax) and (BA)x are the same numbers: matrix products may be bracketed either way.',
      shows: () => {
        const [A, B] = [matrix(second.A), matrix(second.B)];
        const [right, left] = [multiply(B, multiply(A, x)), multiply(multiply(B, A), x)].map(list);
        const apart = Math.max(...right.map((v, i) => Math.abs(v - left[i])));
        expect(apart).toBeLessThan(1e-15);
        return `(${right.map((v) => v.toFixed(4)).join(', ')}) both ways, ${apart.toExponential(1)} apart`;
      },
    },
    {
      step: 'B·A is never formed',
      says: 'From the right, Ax and Bz take r(d + k) = 14 multiplications, one for each number of A and B.',
      shows: () => {
        expect(counted(3, 4, 2)).toEqual({ stages: 14, formed: 36 });
        return '14, counted in loops';
      },
    },
    {
      step: 'B·A is never formed',
      says: 'To form B·A first and then apply it takes 36.',
      shows: () => {
        expect(counted(3, 4, 2).formed).toBe(24 + 12);
        return '36, counted in loops';
      },
    },
    {
      step: 'B·A is never formed',
      says: 'In a layer with 4,096 rows and columns and r = 16 it is 131,072 against 285,212,672.',
      shows: () => {
        expect([16 * (4096 + 4096), 4096 * 16 * 4096 + 4096 * 4096]).toEqual([131_072, 285_212_672]);
        return '131,072 and 285,212,672';
      },
    },
    {
      step: 'B·A is never formed',
      says: 'The layer took 12 multiplications, those of W₀x; while it trains it takes 26.',
      shows: () => {
        const base = golden.W0.flat().length;
        expect([base + counted(3, 4, 2).stages, base]).toEqual([26, 12]);
        return `${base} + 14 = 26`;
      },
    },
    {
      step: 'B·A is never formed',
      says: 'Merged into one matrix, it takes 12 again.',
      shows: () => {
        const [A, B] = [matrix(second.A), matrix(second.B)];
        const added = list(multiply(B, A));
        const W = matrix(golden.W0.map((row, i) => row.map((v, j) => v + s * added[4 * i + j])));
        for (const [i, v] of list(multiply(W, x)).entries()) expect(v).toBeCloseTo(second.output[i][0], 12);
        return `${W.data.length} numbers in W₀ + s·B·A, and the same h`;
      },
    },
    {
      step: '∂L/∂B: δ meets z',
      says: 'Each cell is where its two factors cross: 3 + 2 numbers make all 6 entries.',
      shows: () => {
        const outer = list(multiply(delta, transpose(matrix(first.intermediate)))).map((v) => s * v);
        expect(outer).toEqual(first.gradB.flat());
        return `∂L/∂B = (${outer.join(', ')})`;
      },
    },
    {
      step: '∂L/∂B: δ meets z',
      says: '−7 = 2 × (−2) × 1.75.',
      shows: () => {
        expect([s, golden.upstream[1][0], first.intermediate[1][0], first.gradB[1][1]]).toEqual([2, -2, 1.75, -7]);
        return '−7, in row 2, column 2';
      },
    },
    {
      step: '∂L/∂B: δ meets z',
      says: 'The largest δ meets the largest z.',
      shows: () => {
        const sizes = first.gradB.flat().map(Math.abs);
        expect(sizes.indexOf(Math.max(...sizes))).toBe(3);
        return `|∂L/∂B| is largest, ${Math.max(...sizes)}, where |δ| = 2 and |z| = 1.75`;
      },
    },
    {
      step: '∂L/∂A is exactly zero',
      says: 'Bᵀδ has one number for each channel, and these meet x.',
      shows: () => {
        expect(multiply(transpose(matrix(second.B)), delta).rows).toBe(2);
        return 'Bᵀδ is 2 × 1';
      },
    },
    {
      step: '∂L/∂A is exactly zero',
      says: 'So Bᵀδ is zero, and with it all 8 entries of ∂L/∂A: exactly, not nearly.',
      shows: () => {
        expect(gradientA(matrix(first.B)).map(Math.abs)).toEqual(new Array(8).fill(0));
        return '8 zeros';
      },
    },
    {
      step: '∂L/∂A is exactly zero',
      says: 'They do not differ.',
      shows: () => {
        const losses = [1e-4, -1e-4].map((by) => {
          const A = matrix(first.A.map((row, i) => row.map((v, j) => (i === 0 && j === 1 ? v + by : v))));
          const h = multiply(matrix(first.B), multiply(A, x));
          return list(delta).reduce((sum, v, i) => sum + v * (first.pretrained[i][0] + s * h.data[i]), 0);
        });
        expect(losses[0]).toBe(losses[1]);
        return `both losses are ${losses[0]}`;
      },
    },
    {
      step: '∂L/∂A is exactly zero',
      says: 'If it stands in column j, row j of ∂L/∂A is no longer zero.',
      shows: () => {
        for (const j of [0, 1])
          for (const i of [0, 1, 2]) {
            const B = matrix(first.B.map((row, n) => row.map((v, m) => (n === i && m === j ? 0.3 : v))));
            const rows = [gradientA(B).slice(0, 4), gradientA(B).slice(4)];
            expect(rows.map((row) => row.some((v) => v !== 0))).toEqual([j === 0, j === 1]);
          }
        return 'each of the 6 places tried';
      },
    },
    {
      step: 'One SGD step',
      says: 'SGD subtracts the gradient times the learning rate, here 0.1, from each entry.',
      shows: () => {
        for (const [n, v] of second.B.flat().entries())
          expect(v).toBeCloseTo(first.B.flat()[n] - 0.1 * first.gradB.flat()[n], 12);
        return `B becomes (${second.B.flat()
          .map((v) => Number(v.toFixed(4)))
          .join(', ')})`;
      },
    },
    {
      step: 'One SGD step',
      says: 'A stays as it was, since its gradient is zero.',
      shows: () => {
        expect(second.A).toEqual(first.A);
        return 'A is the same at both steps';
      },
    },
    {
      step: 'One SGD step',
      says: 'The loss falls from 2.5 to −8.6563.',
      shows: () => {
        expect(lossOf(first)).toBe(2.5);
        expect(lossOf(second).toFixed(5)).toBe('-8.65625');
        return `${lossOf(first)}, then ${lossOf(second).toFixed(5)}`;
      },
    },
    {
      step: 'The second step',
      says: 'Now B is no longer zero, and A gets a gradient too.',
      shows: () => {
        for (const [n, v] of gradientA(matrix(second.B)).entries()) expect(v).toBeCloseTo(second.gradA.flat()[n], 12);
        return `∂L/∂A in row 2, column 3: ${second.gradA[1][2].toFixed(4)}`;
      },
    },
    {
      step: 'The second step',
      says: 'They agree for any numbers: the formula is the gradient.',
      shows: () => {
        const random = stream(7, 'numbers typed in');
        let largest = 0;
        for (let run = 0; run < 30; run++) {
          const any = (m: number, n: number) =>
            Array.from({ length: m }, () => Array.from({ length: n }, () => random.normal()));
          const [A, B, W0, input] = [any(2, 4), any(3, 2), any(3, 4), any(4, 1)].map(matrix);
          const loss = (a: Matrix64) => {
            const [base, added] = [list(multiply(W0, input)), list(multiply(B, multiply(a, input)))];
            return list(delta).reduce((sum, v, i) => sum + v * (base[i] + s * added[i]), 0);
          };
          const formula = gradientA(B, input);
          for (const [n, v] of formula.entries()) {
            const [up, down] = [1e-4, -1e-4].map((by) => {
              const moved = { ...A, data: A.data.map((old, m) => (m === n ? old + by : old)) };
              return loss(moved);
            });
            largest = Math.max(largest, Math.abs((up - down) / 2e-4 - v));
          }
        }
        expect(largest).toBeLessThan(1e-6);
        return `largest difference over 30 random layers ${largest.toExponential(1)}`;
      },
    },
    {
      step: 'The second step',
      says: 'W₀ changes neither of the two, and s scales both.',
      shows: () => {
        // Given δ, W₀ is in none of the products of the two gradients.
        expect(gradientA(matrix(second.B)).map((v) => v / s)).toEqual(
          list(multiply(multiply(transpose(matrix(second.B)), delta), transpose(x))),
        );
        return 'both are s times a product of B, δ, A and x';
      },
    },
    {
      step: '∂L/∂B: δ meets z',
      says: 's·δ₁·z₂ = 3.5.',
      shows: () => {
        expect(s * golden.upstream[0][0] * first.intermediate[1][0]).toBeCloseTo(3.5, 12);
        return '2 · 1 · 1.75 = 3.5';
      },
    },
    {
      step: 'The second step',
      says: 's·(Bᵀδ)₂·x₃ = 3.675.',
      shows: () => {
        const back = list(multiply(transpose(matrix(second.B)), delta));
        expect(s * back[1] * golden.x[2][0]).toBeCloseTo(3.675, 12);
        return `2 × ${back[1].toFixed(4)} × ${golden.x[2][0]} = ${second.gradA[1][2].toFixed(4)}`;
      },
    },
    {
      step: 'Questions',
      says: 'r(d + k) = 4 · (100 + 200) = 1,200.',
      shows: () => {
        expect(counted(100, 200, 4).stages).toBe(1200);
        return '1,200, counted in loops';
      },
    },
  ],
  {
    plain: [
      'z = Ax: four numbers become two',
      'It moves one entry of A up and down by 10⁻⁴ and compares the losses.',
      'Type a number other than 0 anywhere in B.',
      'What is ∂L/∂B in row 1, column 2?',
      'Row 1 takes the first number of δ, column 2 the second number of z; their product is multiplied by s.',
      'What is ∂L/∂A in row 2, column 3?',
      'Change a number of W₀, x or δ, or go back to the 1st step and change A or B.',
      'The second channel is silent: z₂ = 0.',
      'Rows belong to outputs: row 2 gets δ₂.',
      'Column 2 gets z₂ as a factor in every row.',
      'Row 2 takes the second number of Bᵀδ, column 3 the third number of x; their product is multiplied by s.',
      'Almost: the scaling s = 2 is missing.',
      'A has 4 rows of 200 numbers, B has 100 rows of 4: one multiplication for each number.',
      'Only what z₂ is a factor of.',
      'Column 1 has z₁.',
      'A layer has 200 inputs and 100 outputs, and r = 4.',
      'On the picture, in the 1st step: choose B so that row 1 of ∂L/∂A is zero and row 2 is not.',
    ],
  },
);

/** Multiplications, counted in the loops that make them. */
function counted(d: number, k: number, r: number): { readonly stages: number; readonly formed: number } {
  let [stages, formed] = [0, 0];
  for (let j = 0; j < r; j++) for (let n = 0; n < k; n++) stages += 1;
  for (let i = 0; i < d; i++) for (let j = 0; j < r; j++) stages += 1;
  for (let i = 0; i < d; i++) for (let n = 0; n < k; n++) for (let j = 0; j < r; j++) formed += 1;
  for (let i = 0; i < d; i++) for (let n = 0; n < k; n++) formed += 1;
  return { stages, formed };
}
