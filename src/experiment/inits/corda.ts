import { type Matrix64, multiply } from '../../math/matrix.ts';
import { solvePositive, svd } from '../factorisations.ts';
import { fullSize, offeredWhere } from './conditions.ts';
import { handed, initialisation } from './initialisation.ts';
import { balancedFactors, firstTriplets } from './triplets.ts';

/** The share of C's mean diagonal entry that is added to its diagonal, so that it can be inverted. */
const DAMPING = 0.01;

/**
 * From W₀·C = U·S·Vᵀ: B = U_r·√(S_r/s) and A = √(S_r/s)·V_rᵀ·C⁻¹, so that s·B·A = U_r·U_rᵀ·W₀. Where the inputs are white,
 * C is I as it stands, without damping, and this is PiSSA.
 */
export const corda = initialisation({
  name: 'corda',
  label: 'CorDA',
  explanation:
    'Like PiSSA, but W₀ is weighted by the second moment of the task’s inputs. On matrix targets the inputs are white, so it equals PiSSA.',
  source: 'CorDA, arXiv 2406.05223',
  variance: () => ({ A: '√(Sᵣ/s)·Vᵣᵀ·C⁻¹ of the SVD of W₀·C, not random', B: 'Uᵣ·√(Sᵣ/s)' }),
  filling: { A: 'ordered', B: 'ordered' },
  params: [],
  needs: ['base', 'inputs'],
  moves: true,
  ...offeredWhere('CorDA', fullSize),
  draw({ base, rank, scaling, leadingBase, secondMoment, decompose = svd }) {
    if (!secondMoment) return balancedFactors(handed(leadingBase, 'leadingBase')(rank), scaling);
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
