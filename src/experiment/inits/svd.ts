import { type Matrix64, zeros } from '../../math/matrix.ts';
import { initialisation } from '../initialisation.ts';

/** The largest min(d, k) whose SVD takes seconds; part of link version 1. */
const LARGEST = 512;

export const svd = initialisation({
  name: 'svd',
  place: 3,
  label: 'SVD of ΔW*',
  tile: 'svd',
  explanation:
    'A and B start as the best rank-r approximation of ΔW*: at the Eckart–Young floor, where training cannot improve.',
  source: 'Eckart and Young, Psychometrika 1, 1936',
  variance: () => ({ A: 'no draw: √(Sᵣ/s)·Vᵣᵀ', B: 'no draw: Uᵣ·√(Sᵣ/s)' }),
  filling: { A: 'ordered', B: 'ordered' },
  params: [],
  needsReference: true,
  unavailable: ({ d, k }) =>
    Math.min(d, k) <= LARGEST
      ? null
      : `The start from the SVD of ΔW* is offered where the smaller of d and k is at most ${LARGEST}; here it is ${Math.min(d, k)}.`,
  draw({ d, k, rank, scaling, reference }) {
    const { U, S, V } = reference();
    const A = zeros(rank, k);
    const B = zeros(d, rank);
    for (let i = 0; i < rank; i++) {
      const size = Math.sqrt(S[i] / scaling);
      for (let j = 0; j < k; j++) A.data[i * k + j] = size * entry(V, j, i);
      for (let j = 0; j < d; j++) B.data[j * rank + i] = size * entry(U, j, i);
    }
    return { A, B };
  },
});

function entry(m: Matrix64, i: number, j: number): number {
  return m.data[i * m.cols + j];
}
