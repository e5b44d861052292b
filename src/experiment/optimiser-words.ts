import type { OptimiserName } from './optimisers.ts';

// Apart from optimisers.ts: the page loads these words after its first view.

export interface OptimiserWords {
  readonly explanation: string;
  /** The update as a formula in text, PyTorch's conventions. */
  readonly formula: string;
}

export const optimiserWords: Readonly<Record<OptimiserName, OptimiserWords>> = {
  sgd: {
    explanation: 'Plain gradient descent: each step is the gradient times the learning rate.',
    formula: 'θ ← θ − lr·g',
  },
  momentum: {
    explanation: 'Gradient descent with momentum 0.9: steps add up as long as the gradient keeps its direction.',
    formula: 'v ← 0.9·v + g,  θ ← θ − lr·v',
  },
  adam: {
    explanation: 'Every entry moves by about the learning rate, whatever the size of its gradient.',
    formula: 'm ← 0.9·m + 0.1·g,  v ← 0.999·v + 0.001·g²,  θ ← θ − lr·m̂/(√v̂ + 10⁻⁸)',
  },
  adamw: {
    explanation: 'Adam with decoupled weight decay: θ also shrinks by 0.01·lr·θ per step.',
    formula: 'θ ← θ − lr·(m̂/(√v̂ + 10⁻⁸) + 0.01·θ)',
  },
  muon: {
    explanation: 'Turns the gradient of A, and that of B, into a matrix whose singular values are all about 1.',
    formula: 'v ← 0.95·v + g,  θ ← θ − lr·NS₅(g + 0.95·v),  NS₅: five Newton–Schulz steps',
  },
  polar: {
    explanation: 'Muon without momentum, and exact: all singular values of a step are 1.',
    formula: 'θ ← θ − lr·U·Vᵀ  with g = U·Σ·Vᵀ',
  },
  scaled: {
    explanation:
      'Gradient descent on B, then on A, each step divided by the size of the other factor: on a matrix the loss never rises at a rate below 2.',
    formula: 'B ← B − lr·g_B·(s²AAᵀ)⁻¹,  then with the new gradient A ← A − lr·(s²BᵀB)⁻¹·g_A',
  },
  'lora-pro': {
    explanation: 'Moves A and B so that ΔW moves as nearly as it can like a step of full fine-tuning.',
    formula: 'ΔW ← ΔW − lr·(P_B·E + (I − P_B)·E·P_A) to first order,  P_A = A⁺A, P_B = BB⁺, E = ∂L/∂ΔW',
  },
  signsgd: {
    explanation: 'Every entry moves by the learning rate, against the sign of its gradient; it never comes to rest.',
    formula: 'θ ← θ − lr·sign(g)',
  },
};

interface OrderSettings {
  readonly target: string;
  readonly shape: string;
  readonly rank: number;
  readonly truerank: number;
}

/**
 * What a rule does to the order in which the directions of ΔW* are learned, where the settings tell it: under Muon they
 * grow alike (docs/methods.md, "Optimisers"). Empty for other rules and settings.
 */
export function orderWords(opt: OptimiserName, { target, shape, rank, truerank }: OrderSettings): string {
  if ((opt !== 'muon' && opt !== 'polar') || target !== 'low-rank' || shape === 'equal') return '';
  return rank > truerank
    ? ` Directions grow alike, so here the small ones are done first: rank ${rank} is above the ${truerank} of ΔW*.`
    : ` Directions grow alike, but here the small ones are first only in part: rank ${rank} is not above the ${truerank} of ΔW*.`;
}

/** Explanation and formula of each rule in an experiment, by name. */
export const rulesOf = (e: OrderSettings): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(optimiserWords).map(([name, { explanation, formula }]) => [
      name,
      `${explanation}${orderWords(name as OptimiserName, e)} ${formula}`,
    ]),
  );

/** The marks on SGD's rate, with what they mean. */
export const SGD_EDGE: readonly (readonly [name: string, sentence: string])[] = [
  [
    'may jump',
    'Slow training ends where steps of this rate begin to jump across the valley: 2 over the curvature there.',
  ],
  ['cannot settle', 'Even the flattest minimum has a curvature of 2s√λ·σ₁(ΔW*): above 1/(s√λ·σ₁) none is stable.'],
];
export const SAFE_RATE: typeof SGD_EDGE = [
  ['2/q', 'q is the largest curvature of the loss along the run; plain gradient descent is surely stable up to 2/q.'],
];
