import { catalogue } from './settings/catalogue.ts';

export interface Optimiser<Name extends string = string> {
  readonly name: Name;
  readonly label: string;
  readonly explanation: string;
  /** The update as a formula in text, PyTorch's conventions. */
  readonly formula: string;
  /** State matrices per factor (0 for plain SGD). */
  readonly moments: 0 | 1 | 2;
  /**
   * The proposed learning rate (docs/model.md, "The learning rate"). `q` is the largest curvature along the way, `root`
   * is s·√(max(d, k)·r)·max(a, b).
   */
  readonly rate: (q: number, root: number) => number;
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
  rate: (q) => 1 / q,
  hasEdge: true,
});

const momentum = optimiser({
  name: 'momentum',
  label: 'Momentum',
  explanation: 'Gradient descent with momentum 0.9: steps add up as long as the gradient keeps its direction.',
  formula: 'v ← 0.9·v + g,  θ ← θ − lr·v',
  moments: 1,
  rate: (q) => 0.3 / q,
  hasEdge: false,
});

/** The rate that Adam and AdamW share: at most 0.02, less if a step of that size would move s·B·A too far. */
const adamRate = (root: number) => Math.min(0.02, 0.5 / root);

const adam = optimiser({
  name: 'adam',
  label: 'Adam',
  explanation: 'Every entry moves by about the learning rate, whatever the size of its gradient.',
  formula: 'm ← 0.9·m + 0.1·g,  v ← 0.999·v + 0.001·g²,  θ ← θ − lr·m̂/(√v̂ + 10⁻⁸)',
  moments: 2,
  rate: (_q, root) => adamRate(root),
  hasEdge: false,
});

const adamw = optimiser({
  name: 'adamw',
  label: 'AdamW',
  explanation: 'Adam with decoupled weight decay: θ also shrinks by 0.01·lr·θ per step.',
  formula: 'θ ← θ − lr·(m̂/(√v̂ + 10⁻⁸) + 0.01·θ)',
  moments: 2,
  rate: (_q, root) => adamRate(root),
  hasEdge: false,
});

export const optimisers = catalogue([sgd, momentum, adam, adamw]);
export type OptimiserName = (typeof optimisers.all)[number]['name'];
