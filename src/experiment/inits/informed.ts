import { type Matrix64, multiply, transpose, zeros } from '../../math/matrix.ts';
import { solvePositive, svd } from '../targets/factorisations.ts';
import {
  approximationNote,
  availability,
  fullSizeRule,
  type InitRule,
  LEADING_COUNT,
  leadingRule,
  MAX_FULL,
} from './conditions.ts';
import { defineInit, requiredInput, variance } from './init.ts';
import { balancedFactors, columns, firstTriplets, scaledColumns, scaledRows } from './triplets.ts';

const ownInputs: InitRule = ({ inputs }) =>
  inputs
    ? null
    : {
        reason: 'needs task inputs',
        here: '; a matrix target has none (its inputs are treated as white, so no direction stands out)',
        nearest: { target: 'regression' },
      };

/** The directions are those of the k × k second moment. */
const leadingInputs: InitRule = ({ k, rank }) =>
  k <= MAX_FULL || rank <= LEADING_COUNT
    ? null
    : {
        reason: `is available up to rank ${LEADING_COUNT} when k is above ${MAX_FULL}`,
        here: `; here the rank is ${rank}`,
        nearest: { rank: LEADING_COUNT },
      };

export const taskInformed = defineInit({
  name: 'task-informed',
  label: 'Task-informed (EVA)',
  short: 'EVA',
  brief: 'The rows of A are the r main directions of the task’s inputs',
  more: ', orthonormal; B is zero, so the layer starts unchanged.',
  source: 'EVA, arXiv 2410.07170',
  variance: ({ k }) => ({ A: `not random: orthonormal rows, ${variance('1/k', 1 / k)}`, B: '0' }),
  filling: { A: 'ordered', B: 'zero' },
  needs: ['inputs'],
  ...availability('Task-informed initialisation', ownInputs, leadingInputs),
  draw: ({ d, rank, leadingInputs }) => ({
    A: transpose(requiredInput(leadingInputs, 'leadingInputs')(rank).U),
    B: zeros(d, rank),
  }),
});

/** The share of C's mean diagonal entry that is added to its diagonal, so that it can be inverted. */
const DAMPING = 0.01;

/**
 * From W₀·C = U·S·Vᵀ: B = U_r·√(S_r/s) and A = √(S_r/s)·V_rᵀ·C⁻¹, so that s·B·A = U_r·U_rᵀ·W₀. If the inputs are white,
 * C is I without damping, and this is PiSSA.
 */
export const corda = defineInit({
  name: 'corda',
  label: 'CorDA',
  brief: 'Like PiSSA, but W₀ is weighted by the second moment of the task’s inputs',
  more: '. On matrix targets the inputs are white, so it equals PiSSA.',
  source: 'CorDA, arXiv 2406.05223',
  variance: () => ({ A: '√(Sᵣ/s)·Vᵣᵀ·C⁻¹ of the SVD of W₀·C, not random', B: 'Uᵣ·√(Sᵣ/s)' }),
  filling: { A: 'ordered', B: 'ordered' },
  needs: ['base', 'inputs'],
  moves: true,
  ...availability('CorDA', fullSizeRule),
  draw({ base, rank, scaling, leadingBase, secondMoment, decompose = svd }) {
    if (!secondMoment) return balancedFactors(requiredInput(leadingBase, 'leadingBase')(rank), scaling);
    const C = damped(secondMoment());
    const { U, S, V } = firstTriplets(decompose(multiply(base, C)), rank);
    // C is symmetric: V_rᵀ·C⁻¹ = (C⁻¹·V_r)ᵀ.
    return balancedFactors({ U, S, V: solvePositive(C, V) }, scaling);
  },
});

function damped(C: Matrix64): Matrix64 {
  const n = C.rows;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += C.data[i * (n + 1)];
  const out = { rows: n, cols: n, data: C.data.slice() };
  for (let i = 0; i < n; i++) out.data[i * (n + 1)] += (DAMPING * trace) / n;
  return out;
}

/** √γ, with the γ = 16 of the paper's own code. */
const ROOT_GAMMA = 4;

const roomForTwice: InitRule = ({ d, k, rank }) => {
  const size = Math.min(d, k);
  if (2 * rank <= size) return null;
  const reason = 'needs 2r directions';
  const here = `, which may not exceed the smaller of d and k, ${size}; here 2r is ${2 * rank}`;
  if (size > 1) return { reason, here, nearest: { rank: Math.floor(size / 2) } };
  return { reason, here, nearest: { ...(d < 2 ? { d: 2 } : {}), ...(k < 2 ? { k: 2 } : {}), rank: 1 } };
};

/**
 * With the gradient G = U·S·Vᵀ at step 0 and c = d^¼/√γ: A = c·(v₁ … v_r)ᵀ, B = c·(u_{r+1} … u_{2r}), so that at a
 * small rate η the first SGD step of W is −η·s²·(G·AᵀA + BBᵀ·G) = −η·s²·c²·(best rank-2r approximation of G).
 */
export const loraGa = defineInit({
  name: 'lora-ga',
  label: 'LoRA-GA',
  brief: 'A and B hold singular directions of the first gradient',
  more: ' (with samples, that of the first batch), so a small first SGD step follows its best rank-2r approximation; s·BA is subtracted from the frozen weight.',
  source: 'LoRA-GA, arXiv 2407.05000, with γ = 16',
  variance: ({ d, k }) => ({
    A: `not random: orthonormal rows times ⁴√d/4${approximationNote({ d, k })}, ${variance('√d/(16k)', Math.sqrt(d) / (16 * k))}`,
    B: `orthonormal columns times ⁴√d/4, ${variance('1/(16√d)', 1 / (16 * Math.sqrt(d)))}`,
  }),
  filling: { A: 'ordered', B: 'ordered' },
  needs: ['gradient'],
  moves: true,
  // The lower bound decides: 2r ≤ 64 above 512.
  ...availability('LoRA-GA', leadingRule(2), roomForTwice),
  draw({ d, rank, leadingGradient }) {
    const { U, V } = requiredInput(leadingGradient, 'leadingGradient')(2 * rank);
    const sizes = new Float64Array(rank).fill(Math.sqrt(Math.sqrt(d)) / ROOT_GAMMA);
    return { A: scaledRows(columns(V, 0, rank), sizes), B: scaledColumns(columns(U, rank, 2 * rank), sizes) };
  },
});
