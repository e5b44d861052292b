import { catalogue } from './settings/catalogue.ts';

/** What proposed rates are made of: a, b and σ₁ are the largest singular values of the initial A and B and of ΔW*. */
export interface RateFacts {
  /** The largest curvature of the loss along the way. */
  readonly q: number;
  /** √(max(d, k)·r): the Frobenius norm of a factor whose entries are all 1. */
  readonly entries: number;
  /** s·max(a, b): how far ΔW moves at first by a factor's step of size 1. */
  readonly lever: number;
  /** λ times the largest curvature of the loss in ΔW itself: 1 on a matrix, λmax + tr/batch on samples. */
  readonly ofUpdate: number;
  /** s·max(λ·a, b, √(λ·σ₁/s))/σ₁: the same on the whole way to ΔW*, as a share of σ₁, with B λ times as fast. */
  readonly share: number;
}

export interface Optimiser<Name extends string = string> {
  readonly name: Name;
  readonly label: string;
  readonly explanation: string;
  /** The update as a formula in text, PyTorch's conventions. */
  readonly formula: string;
  /** State matrices per factor (0 for plain SGD). */
  readonly moments: 0 | 1 | 2;
  /** The proposed learning rate (docs/model.md, "The learning rate"). */
  readonly rate: (of: RateFacts) => number;
  /** True if the slider can mark where the rate becomes unstable. */
  readonly hasEdge: boolean;
}

function optimiser<const Name extends string>(it: Optimiser<Name>): Optimiser<Name> {
  return it;
}

const sgd = optimiser({
  name: 'sgd',
  label: 'SGD',
  explanation: 'Plain gradient descent: each step is the gradient times the learning rate.',
  formula: 'θ ← θ − lr·g',
  moments: 0,
  rate: ({ q }) => 1 / q,
  hasEdge: true,
});

const momentum = optimiser({
  name: 'momentum',
  label: 'Momentum',
  explanation: 'Gradient descent with momentum 0.9: steps add up as long as the gradient keeps its direction.',
  formula: 'v ← 0.9·v + g,  θ ← θ − lr·v',
  moments: 1,
  rate: ({ q }) => 0.3 / q,
  hasEdge: false,
});

/** The rate that Adam and AdamW share: at most 0.02, less if a step of that size would move s·B·A too far. */
const adamRate = ({ entries, lever }: RateFacts) => Math.min(0.02, 0.5 / (entries * lever));

const adam = optimiser({
  name: 'adam',
  label: 'Adam',
  explanation: 'Every entry moves by about the learning rate, whatever the size of its gradient.',
  formula: 'm ← 0.9·m + 0.1·g,  v ← 0.999·v + 0.001·g²,  θ ← θ − lr·m̂/(√v̂ + 10⁻⁸)',
  moments: 2,
  rate: adamRate,
  hasEdge: false,
});

const adamw = optimiser({
  name: 'adamw',
  label: 'AdamW',
  explanation: 'Adam with decoupled weight decay: θ also shrinks by 0.01·lr·θ per step.',
  formula: 'θ ← θ − lr·(m̂/(√v̂ + 10⁻⁸) + 0.01·θ)',
  moments: 2,
  rate: adamRate,
  hasEdge: false,
});

const muon = optimiser({
  name: 'muon',
  label: 'Muon',
  explanation: 'Turns the gradient of A, and that of B, into a matrix whose singular values are all about 1.',
  formula: 'v ← 0.95·v + g,  θ ← θ − lr·NS₅(g + 0.95·v),  NS₅: five Newton–Schulz steps',
  moments: 1,
  rate: ({ share }) => 0.02 / share,
  hasEdge: false,
});

const polar = optimiser({
  name: 'polar',
  label: 'Polar',
  explanation: 'Muon without momentum, and exact: all singular values of a step are 1.',
  formula: 'θ ← θ − lr·U·Vᵀ  with g = U·Σ·Vᵀ',
  moments: 0,
  rate: ({ share }) => 0.02 / share,
  hasEdge: false,
});

const scaled = optimiser({
  name: 'scaled',
  label: 'ScaledGD',
  explanation:
    'Gradient descent on B, then on A, each step divided by the size of the other factor: on a matrix the loss never rises at a rate below 2.',
  formula: 'B ← B − lr·g_B·(s²AAᵀ)⁻¹,  then with the new gradient A ← A − lr·(s²BᵀB)⁻¹·g_A',
  moments: 0,
  rate: ({ ofUpdate }) => 0.5 / ofUpdate,
  hasEdge: false,
});

const loraPro = optimiser({
  name: 'lora-pro',
  label: 'LoRA-Pro',
  explanation: 'Moves A and B so that ΔW moves as nearly as it can like a step of full fine-tuning.',
  formula: 'ΔW ← ΔW − lr·(P_B·E + (I − P_B)·E·P_A) to first order,  P_A = A⁺A, P_B = BB⁺, E = ∂L/∂ΔW',
  moments: 0,
  rate: ({ ofUpdate }) => 0.3 / ofUpdate,
  hasEdge: false,
});

const signsgd = optimiser({
  name: 'signsgd',
  label: 'signSGD',
  explanation: 'Every entry moves by the learning rate, against the sign of its gradient; it never comes to rest.',
  formula: 'θ ← θ − lr·sign(g)',
  moments: 0,
  rate: ({ share, entries }) => 0.1 / (share * entries),
  hasEdge: false,
});

export const optimisers = catalogue([sgd, momentum, adam, adamw, muon, polar, scaled, loraPro, signsgd]);
export type OptimiserName = (typeof optimisers.all)[number]['name'];

/** The rules whose step takes both factors of a module. */
export type PairRule = 'scaled' | 'lora-pro';
export const isPairRule = (opt: OptimiserName): opt is PairRule => opt === 'scaled' || opt === 'lora-pro';

/** The rules that update one factor from its own gradient. */
export type FactorRule = Exclude<OptimiserName, PairRule>;

/** The rules whose step takes a whole matrix: the kernels for devices do not have them. */
const WHOLE: readonly string[] = ['muon', 'polar', 'scaled', 'lora-pro'] satisfies OptimiserName[];
export const needsWholeMatrices = (opt: string): boolean => WHOLE.includes(opt);

/** Why a rule is not to be had on a device. */
export const noRule = (where: 'WebGPU' | 'TensorFlow.js', opt: OptimiserName): string =>
  `The steps of ${optimisers.byName(opt).label} work on whole matrices, for which there are no kernels ${where === 'WebGPU' ? 'on WebGPU' : 'in TensorFlow.js'}.`;

/** Adam's ε unless it is set, as in PyTorch. */
export const USUAL_EPSILON = 1e-8;

export const hasEpsilon = (opt: string): boolean => opt === 'adam' || opt === 'adamw';
