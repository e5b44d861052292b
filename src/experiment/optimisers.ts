import { catalogue } from './settings/catalogue.ts';

/** What proposed rates are made of: a, b and σ₁ are the largest singular values of the initial A and B and of ΔW*. */
export interface RateFacts {
  /** The largest curvature of the loss along the way. */
  readonly q: number;
  /** √(max(d, k)·r): the Frobenius norm of a factor whose entries are all 1. */
  readonly entries: number;
  /** s·max(a, b): how far ΔW moves at first by a factor's step of size 1. */
  readonly lever: number;
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

const signsgd = optimiser({
  name: 'signsgd',
  label: 'signSGD',
  explanation: 'Every entry moves by the learning rate, against the sign of its gradient; it never comes to rest.',
  formula: 'θ ← θ − lr·sign(g)',
  moments: 0,
  rate: ({ share, entries }) => 0.1 / (share * entries),
  hasEdge: false,
});

export const optimisers = catalogue([sgd, momentum, adam, adamw, muon, polar, signsgd]);
export type OptimiserName = (typeof optimisers.all)[number]['name'];

/** The rules that update one factor from its own gradient. */
export type FactorRule = OptimiserName;

/** The rules whose step takes a whole matrix: WebAssembly makes them in TypeScript, the kernels for devices do not. */
const WHOLE: readonly string[] = ['muon', 'polar'] satisfies OptimiserName[];
export const needsWholeMatrices = (opt: string): boolean => WHOLE.includes(opt);

/** Why a rule is not to be had on a device. */
export const noRule = (where: 'WebGPU' | 'TensorFlow.js', opt: OptimiserName): string =>
  `The steps of ${optimisers.byName(opt).label} work on whole matrices, for which there are no kernels ${where === 'WebGPU' ? 'on WebGPU' : 'in TensorFlow.js'}.`;

/** Adam's ε unless it is set, as in PyTorch. */
export const USUAL_EPSILON = 1e-8;

export const hasEpsilon = (opt: string): boolean => opt === 'adam' || opt === 'adamw';
