import { LEADING_COUNT, MAX_FULL } from '../inits/conditions.ts';
import { count } from '../numbers.ts';
import { type MethodSettings, method, type OwnShape } from './method.ts';

/** A (r × k) and B (d × r). */
const thinFactors = ({ d, k, rank }: MethodSettings): readonly OwnShape[] => [
  { name: 'A', rows: rank, cols: k, stream: 'A' },
  { name: 'B', rows: d, cols: rank, stream: 'B' },
];

export const lora = method({
  name: 'lora',
  label: 'LoRA',
  formula: 's·B·A',
  brief: 'Adds the product of two thin matrices to W₀.',
  params: ['rank', 'alpha', 'scaling', 'ratio', 'init', 'size'],
  own: thinFactors,
  largestRank: ({ rank }) => rank,
  cost: ({ d, k, rank }) => 3 * d * k * rank,
  streams: { A: 'A', B: 'B' },
});

export const dora = method({
  name: 'dora',
  label: 'DoRA',
  formula: 'm·V/‖V‖ − W₀,  V = W₀ + s·B·A',
  brief: 'Trains the length of each row of W by itself, and its direction by LoRA.',
  params: ['rank', 'alpha', 'scaling', 'ratio', 'norm'],
  own: (e) => [...thinFactors(e), { name: 'm', rows: e.d, cols: 1, stream: 'B' }],
  largestRank: ({ d, k }) => Math.min(d, k),
  cost: ({ d, k, rank }) => 3 * d * k * rank + 6 * d * k,
  streams: { A: 'A', B: '(B, m)' },
});

export const hira = method({
  name: 'hira',
  label: 'HiRA',
  formula: 'W₀ ∘ (B·A)',
  brief: 'Scales every entry of W₀ by an entry of B·A.',
  params: ['rank', 'ratio'],
  own: thinFactors,
  largestRank: ({ d, k, rank }, base) => Math.min(d, k, rank * base),
  cost: ({ d, k, rank }) => 3 * d * k * rank + 2 * d * k,
  streams: { A: 'A', B: 'B' },
});

export const loraXs = method({
  name: 'lora-xs',
  label: 'LoRA-XS',
  formula: 's·UᵣΣᵣ·R·Vᵣᵀ',
  brief: 'Trains only a small r × r matrix between the leading directions of W₀.',
  params: ['rank', 'alpha', 'scaling'],
  own: ({ rank }) => [{ name: 'R', rows: rank, cols: rank, stream: 'B' }],
  largestRank: ({ rank }, base) => Math.min(rank, base),
  cost: ({ d, k, rank }) => 2 * d * k * rank,
  streams: { A: null, B: 'R' },
  unavailable: ({ d, k, rank }) =>
    Math.min(d, k) > MAX_FULL && rank > LEADING_COUNT
      ? `LoRA-XS is available up to rank ${LEADING_COUNT} if d and k are above ${MAX_FULL}; here the rank is ${count(rank)}. Use rank ${LEADING_COUNT}.`
      : null,
});

export const shira = method({
  name: 'shira',
  label: 'SHiRA',
  formula: 'n single entries',
  brief: 'Trains a few entries of W at places that are chosen before training.',
  params: ['entries', 'places'],
  own: ({ entries }) => [{ name: 'θ', rows: 1, cols: entries, stream: 'B' }],
  largestRank: ({ d, k, entries }) => Math.min(d, k, entries),
  cost: ({ d, k }) => d * k,
  streams: { A: null, B: 'θ' },
});

export const ia3 = method({
  name: 'ia3',
  label: 'IA³',
  formula: 'diag(ℓ − 1)·W₀',
  brief: 'Multiplies each row of W₀ (or each column) by a number that trains.',
  params: ['side'],
  own: ({ d, k, side }) => [
    side === 'in' ? { name: 'ℓ', rows: 1, cols: k, stream: 'B' } : { name: 'ℓ', rows: d, cols: 1, stream: 'B' },
  ],
  largestRank: (_, base) => base,
  cost: ({ d, k }) => 2 * d * k,
  streams: { A: null, B: 'ℓ' },
});
