import { leadingOnly, nearly, offeredWhere, type Rule } from './conditions.ts';
import { handed, initialisation, variance } from './initialisation.ts';
import { columns, scaledColumns, scaledRows } from './triplets.ts';

/** √γ, with the γ = 16 of the paper's own code. */
const ROOT_GAMMA = 4;

const roomForTwice: Rule = ({ d, k, rank }) => {
  const size = Math.min(d, k);
  if (2 * rank <= size) return null;
  const why = `needs 2r directions, which may not exceed the smaller of d and k, ${size}; here 2r is ${2 * rank}`;
  if (size > 1) return { why, nearest: { rank: Math.floor(size / 2) } };
  return { why, nearest: { ...(d < 2 ? { d: 2 } : {}), ...(k < 2 ? { k: 2 } : {}), rank: 1 } };
};

/**
 * With the gradient G = U·S·Vᵀ at step 0 and c = d^¼/√γ: A = c·(v₁ … v_r)ᵀ and B = c·(u_{r+1} … u_{2r}), so that for a small
 * rate η the first SGD step of W is −η·s²·(G·AᵀA + BBᵀ·G) = −η·s²·c²·(best rank-2r approximation of G).
 */
export const loraGa = initialisation({
  name: 'lora-ga',
  label: 'LoRA-GA',
  explanation:
    'A and B hold singular directions of the first gradient (with samples, that of the first batch), so a small first SGD step follows its best rank-2r approximation; s·BA is subtracted from the frozen weight.',
  source: 'LoRA-GA, arXiv 2407.05000, with γ = 16',
  variance: ({ d, k }) => ({
    A: `not random: orthonormal rows times ⁴√d/4${nearly({ d, k })}, ${variance('√d/(16k)', Math.sqrt(d) / (16 * k))}`,
    B: `orthonormal columns times ⁴√d/4, ${variance('1/(16√d)', 1 / (16 * Math.sqrt(d)))}`,
  }),
  filling: { A: 'ordered', B: 'ordered' },
  params: [],
  needs: ['gradient'],
  moves: true,
  // The bound that is lower decides: 2r ≤ 64 above 512.
  ...offeredWhere('LoRA-GA', leadingOnly(2), roomForTwice),
  draw({ d, rank, leadingGradient }) {
    const { U, V } = handed(leadingGradient, 'leadingGradient')(2 * rank);
    const sizes = new Float64Array(rank).fill(Math.sqrt(Math.sqrt(d)) / ROOT_GAMMA);
    return { A: scaledRows(columns(V, 0, rank), sizes), B: scaledColumns(columns(U, rank, 2 * rank), sizes) };
  },
});
