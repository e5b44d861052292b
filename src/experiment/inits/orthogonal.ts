import { type Matrix64, multiply, scale, transpose, zeros } from '../../math/matrix.ts';
import { orthonormal } from '../factorisations.ts';
import { normalColumns, normalRows } from '../targets/draws.ts';
import { FULL, offeredWhere, type Rule } from './conditions.ts';
import { handed, initialisation, type Nearest, variance } from './initialisation.ts';

/** Q costs r³; part of link version 1. */
const smallRank: Rule = ({ rank }) =>
  rank <= FULL ? null : { why: `is available up to rank ${FULL}; here it is ${rank}`, nearest: { rank: FULL } };

const evenRank: Rule = ({ d, k, rank }) =>
  rank % 2 === 0
    ? null
    : {
        why: `gives A and B half of the r directions each, so r must be even; here it is ${rank}`,
        nearest: even(d, k, rank),
      };

/** The even rank below, since fewer parameters are always possible; 2 for rank 1, and room for it. */
function even(d: number, k: number, rank: number): Nearest {
  if (rank > 1) return { rank: rank - 1 };
  return { ...(d < 2 ? { d: 2 } : {}), ...(k < 2 ? { k: 2 } : {}), rank: 2 };
}

/**
 * With Q orthogonal (r × r), Q_odd its rows 1, 3, … and Q_even its rows 2, 4, …: A = (N·Q_odd)ᵀ/10 and B = N′·Q_even/10, so
 * B·A = N′·Q_even·Q_oddᵀ·Nᵀ/100 = 0 (PEFT, LoraLayer.orthogonal_init). Q has a stream of its own, and so have N and N′, which
 * are drawn by rows of A and columns of B like every other initialisation.
 */
export const orthogonal = initialisation({
  name: 'orthogonal',
  label: 'Orthogonal',
  explanation:
    'A and B are both random but use different halves of the r directions, so BA is zero and each factor has only rank r/2.',
  source: 'PEFT, init_lora_weights="orthogonal"',
  variance: () => ({ A: variance('1/200', 1 / 200), B: variance('1/200', 1 / 200) }),
  filling: { A: 'noise', B: 'noise' },
  params: [],
  ...offeredWhere('Orthogonal initialisation', smallRank, evenRank),
  draw({ d, k, rank, streamA, streamB, stream }) {
    const Q = orthonormal(rank, rank, handed(stream, 'stream')('Q'));
    const half = rank / 2;
    return {
      A: scale(multiply(transpose(everyOtherRow(Q, 0)), normalRows(half, k, 1, streamA)), 1 / 10),
      B: scale(multiply(normalColumns(d, half, 1, streamB), everyOtherRow(Q, 1)), 1 / 10),
    };
  },
});

function everyOtherRow(m: Matrix64, first: 0 | 1): Matrix64 {
  const out = zeros(m.rows / 2, m.cols);
  for (let i = 0; i < out.rows; i++) {
    const from = (2 * i + first) * m.cols;
    out.data.set(m.data.subarray(from, from + m.cols), i * m.cols);
  }
  return out;
}
