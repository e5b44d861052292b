import { catalogue } from '../settings/catalogue.ts';

/** One kind of W₀. A target may bring its own instead. */
interface Base<Name extends string = string> {
  readonly name: Name;
  readonly label: string;
  readonly explanation: string;
  readonly exact?: true;
}

function base<const Name extends string>(it: Base<Name>): Base<Name> {
  return it;
}

/** Entries N(0, 1/k). */
const gaussianBase = base({
  name: 'gaussian',
  label: 'Gaussian',
  explanation:
    'Random entries of variance 1/k: many singular values of about the same size, so the leading directions mean nothing.',
});

/** U·diag(σ)·Vᵀ with σ_i = c·i^(−½) and ‖W₀‖_F = √d, as a Gaussian W₀ has on average. */
const decayBase = base({
  name: 'decay',
  label: 'decaying',
  explanation:
    'Singular values that fall as 1/√i, more like those of pretrained weights: the leading directions matter.',
  exact: true,
});

export const bases = catalogue([gaussianBase, decayBase]);
export type BaseName = (typeof bases.all)[number]['name'];
