import {
  approximationNote,
  availability,
  fullSizeRule,
  type InitRule,
  leadingRule,
  MAX_FULL,
  quantisedRule,
  unquantisedRule,
} from './conditions.ts';
import { defineInit, type Init, type NearestSetting, variance } from './init.ts';

const knownTarget: InitRule = ({ reference = true }) =>
  reference
    ? null
    : { reason: 'needs ΔW*', here: ', which nobody knows for a network', nearest: { target: 'low-rank' } };

export const svd = defineInit({
  name: 'svd',
  label: 'SVD of ΔW*',
  short: 'SVD',
  brief: 'A and B start as the best rank-r approximation of ΔW*',
  variance: () => ({ A: '√(Sᵣ/s)·Vᵣᵀ of ΔW*’s SVD, not random', B: 'Uᵣ·√(Sᵣ/s)' }),
  filling: { A: 'ordered', B: 'ordered' },
  needs: ['reference'],
  ...availability('Initialisation from the SVD of ΔW*', knownTarget, fullSizeRule),
});

/** Rows of this length are as long as Kaiming's on average: k entries of variance 1/(3k). */
const ROWS = 'of length 1/√3';

export const aligned = defineInit({
  name: 'aligned',
  label: 'Aligned with ΔW*',
  short: 'Aligned',
  brief: 'The rows of A are the first r right singular vectors of ΔW*, as long as Kaiming’s',
  variance: ({ k }) => ({ A: `not random: orthogonal rows ${ROWS}, ${variance('1/(3k)', 1 / (3 * k))}`, B: '0' }),
  filling: { A: 'ordered', B: 'zero' },
  needs: ['reference'],
  params: ['size'],
  ...availability('The initialisation aligned with ΔW*', knownTarget, fullSizeRule),
});

const largestOfBase: Init['variance'] = (c) => ({
  A: `√(Sᵣ/s)·Vᵣᵀ of W₀’s SVD, not random${c.exactBase ? '' : approximationNote(c)}`,
  B: 'Uᵣ·√(Sᵣ/s)',
});

export const pissa = defineInit({
  name: 'pissa',
  label: 'PiSSA',
  brief: 'A and B take over the r largest singular triplets of W₀',
  variance: largestOfBase,
  filling: { A: 'ordered', B: 'ordered' },
  needs: ['base'],
  moves: true,
  ...availability('PiSSA', leadingRule(1), unquantisedRule),
});

/** If all r smallest singular values of W₀ are 0, so are A and B, and both gradients. */
const someLeft: InitRule = ({ d, k, rank, baseRank = Math.min }) => {
  const zeros = Math.min(d, k) - baseRank(d, k);
  if (rank > zeros) return null;
  const reason = 'starts from the smallest singular values of W₀';
  const here = `, and ${zeros} of them are 0 here, since the owl is symmetric: A and B would be zero and never move`;
  return { reason, here, nearest: { target: 'low-rank' } };
};

export const milora = defineInit({
  name: 'milora',
  label: 'MiLoRA',
  brief: 'A and B take over the r smallest singular triplets of W₀',
  variance: () => ({ A: '√(S/s)·Vᵀ, the last r of W₀’s SVD, not random', B: 'U·√(S/s)' }),
  filling: { A: 'ordered', B: 'ordered' },
  needs: ['base'],
  moves: true,
  ...availability('MiLoRA', fullSizeRule, someLeft, unquantisedRule),
});

export const mica = defineInit({
  name: 'mica',
  label: 'MiCA',
  brief: 'B holds the last r left singular vectors of W₀ and stays frozen',
  variance: ({ d }) => ({ A: '0', B: `not random, frozen: orthonormal columns, ${variance('1/d', 1 / d)}` }),
  filling: { A: 'zero', B: 'ordered' },
  needs: ['base'],
  frozen: 'B',
  ...availability('MiCA', fullSizeRule),
});

export const olora = defineInit({
  name: 'olora',
  label: 'OLoRA',
  brief: 'B holds the first r columns of Q and A the first r rows of R in W₀ = QR',
  variance: ({ d }) => ({
    A: 'the first r rows of R in W₀ = QR, not random',
    B: `orthonormal columns of Q, ${variance('1/d', 1 / d)}`,
  }),
  filling: { A: 'ordered', B: 'ordered' },
  needs: ['base'],
  moves: true,
  ...availability('OLoRA', fullSizeRule, unquantisedRule),
});

/** The QR costs k·r², that of `orthogonal` r³; part of link version 1. */
const smallRank: InitRule = ({ rank }) =>
  rank <= MAX_FULL
    ? null
    : { reason: `is available up to rank ${MAX_FULL}`, here: `; here it is ${rank}`, nearest: { rank: MAX_FULL } };

const evenRank: InitRule = ({ d, k, rank }) =>
  rank % 2 === 0
    ? null
    : {
        reason: 'gives A and B half of the r directions each',
        here: `, so r must be even; here it is ${rank}`,
        nearest: even(d, k, rank),
      };

/** The even rank below, since fewer parameters are always possible; 2 for rank 1, and room for it. */
function even(d: number, k: number, rank: number): NearestSetting {
  if (rank > 1) return { rank: rank - 1 };
  return { ...(d < 2 ? { d: 2 } : {}), ...(k < 2 ? { k: 2 } : {}), rank: 2 };
}

export const orthogonal = defineInit({
  name: 'orthogonal',
  label: 'Orthogonal',
  brief: 'A and B are both random but use different halves of the r directions',
  variance: () => ({ A: variance('1/200', 1 / 200), B: variance('1/200', 1 / 200) }),
  filling: { A: 'noise', B: 'noise' },
  ...availability('Orthogonal initialisation', smallRank, evenRank),
});

export const orthonormal = defineInit({
  name: 'orthonormal',
  label: 'Orthonormal rows',
  short: 'Orthonorm. rows',
  brief: 'The rows of A are random, orthogonal to each other and as long as Kaiming’s on average',
  variance: ({ k }) => ({ A: `orthogonal rows ${ROWS}, ${variance('1/(3k)', 1 / (3 * k))}`, B: '0' }),
  filling: { A: 'noise', B: 'zero' },
  params: ['size'],
  ...availability('The initialisation with orthonormal rows', smallRank),
});

export const loftq = defineInit({
  name: 'loftq',
  label: 'LoftQ',
  brief: 'A and B start as the best rank-r approximation of what the quantisation of W₀ took',
  variance: (c) => ({
    A: `√(Sᵣ/s)·Vᵣᵀ of the SVD of W₀ − Q, not random${approximationNote(c)}`,
    B: 'Uᵣ·√(Sᵣ/s)',
  }),
  filling: { A: 'ordered', B: 'ordered' },
  needs: ['quantised'],
  quantises: 'base',
  ...availability('LoftQ', leadingRule(1), quantisedRule),
});

export const qpissa = defineInit({
  name: 'qpissa',
  label: 'QPiSSA',
  brief: 'A and B take over the r largest singular triplets of W₀, and the rest is quantised',
  variance: largestOfBase,
  filling: { A: 'ordered', B: 'ordered' },
  needs: ['base', 'quantised'],
  quantises: 'rest',
  ...availability('QPiSSA', leadingRule(1), quantisedRule),
});
