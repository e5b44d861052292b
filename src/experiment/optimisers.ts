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
  /** State matrices per factor (0 for plain SGD). */
  readonly moments: 0 | 1 | 2;
  /** The proposed learning rate (docs/model.md, "The learning rate"). */
  readonly rate: (of: RateFacts) => number;
  /** True if the slider can mark where the rate becomes unstable. */
  readonly hasEdge?: true;
}

function optimiser<const Name extends string>(it: Optimiser<Name>): Optimiser<Name> {
  return it;
}

const sgd = optimiser({
  name: 'sgd',
  label: 'SGD',
  moments: 0,
  rate: ({ q }) => 1 / q,
  hasEdge: true,
});

const momentum = optimiser({
  name: 'momentum',
  label: 'Momentum',
  moments: 1,
  rate: ({ q }) => 0.3 / q,
});

/** The rate that Adam and AdamW share: at most 0.02, less if a step of that size would move s·B·A too far. */
const adamRate = ({ entries, lever }: RateFacts) => Math.min(0.02, 0.5 / (entries * lever));

const adam = optimiser({
  name: 'adam',
  label: 'Adam',
  moments: 2,
  rate: adamRate,
});

const adamw = optimiser({
  name: 'adamw',
  label: 'AdamW',
  moments: 2,
  rate: adamRate,
});

/** The rate that both share: a step moves ΔW by 2 to 4% of σ₁. */
const muonRate = ({ share }: RateFacts) => 0.02 / share;

const muon = optimiser({
  name: 'muon',
  label: 'Muon',
  moments: 1,
  rate: muonRate,
});

const polar = optimiser({
  name: 'polar',
  label: 'Muon (exact step)',
  moments: 0,
  rate: muonRate,
});

const scaled = optimiser({
  name: 'scaled',
  label: 'ScaledGD',
  moments: 0,
  rate: ({ ofUpdate }) => 0.5 / ofUpdate,
});

const loraPro = optimiser({
  name: 'lora-pro',
  label: 'LoRA-Pro',
  moments: 0,
  rate: ({ ofUpdate }) => 0.3 / ofUpdate,
});

const signsgd = optimiser({
  name: 'signsgd',
  label: 'signSGD',
  moments: 0,
  rate: ({ share, entries }) => 0.1 / (share * entries),
});

export const optimisers = catalogue([sgd, momentum, adam, adamw, muon, polar, scaled, loraPro, signsgd]);
export type OptimiserName = (typeof optimisers.all)[number]['name'];

/** The rules whose step takes both factors of a module. */
export type PairRule = 'scaled' | 'lora-pro';
export const isPairRule = (opt: OptimiserName): opt is PairRule => opt === 'scaled' || opt === 'lora-pro';

/**
 * Whether B may learn λ times as fast as A. LoRA-Pro moves along X·A and −B·X, which cancel in ΔW only if both factors
 * take the same rate: with λ = 16 a run from MiLoRA ends above its start.
 */
export const takesRatio = (opt: string): boolean => opt !== 'lora-pro';

/** λ of a rule: 1 if it takes none, whatever was set for another. */
export const ratioOf = ({ opt, ratio }: { readonly opt: string; readonly ratio: number }): number =>
  takesRatio(opt) ? ratio : 1;

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

export const hasEpsilon = (opt: string): boolean => opt.startsWith('adam');
