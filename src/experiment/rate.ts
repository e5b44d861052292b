import { optimisers } from './optimisers/index.ts';

/** What the derived learning rate needs to know about the starting matrices; the worker sends it with the first frame. */
export interface Facts {
  /** Largest singular values of the initial A and B, and of ΔW*. */
  readonly a: number;
  readonly b: number;
  readonly sigma1: number;
  /** Of the training inputs, and samples a step; null, or left out, where they count as white. */
  readonly inputs?: (InputFacts & { readonly batch: number }) | null;
}

/** What the derived rate needs to know about the training inputs. */
export interface InputFacts {
  /** The largest eigenvalue and the trace of the second moment X·Xᵀ/n. */
  readonly lambdaMax: number;
  readonly trace: number;
}

export interface RateSettings {
  readonly opt: string;
  readonly ratio: number;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
}

/**
 * q = s²(λa² + b²) + 2s·√λ·σ₁(ΔW*): the largest curvature of the loss along the way, for white inputs; where there are
 * inputs, times λmax + tr/batch. The trace bounds how far the second moment of a small batch may lie above that of all
 * samples; without it batches of four diverge. 2/q is the edge of stability of SGD.
 */
export function curvature(e: RateSettings, scaling: number, facts: Facts): number {
  const { a, b, sigma1, inputs } = facts;
  const white = scaling * scaling * (e.ratio * a * a + b * b) + 2 * scaling * Math.sqrt(e.ratio) * sigma1;
  return inputs ? white * (inputs.lambdaMax + inputs.trace / inputs.batch) : white;
}

/** The proposed learning rate of mathematics.md, rounded down to two significant digits. */
export function derivedRate(e: RateSettings, scaling: number, facts: Facts): number {
  const root = scaling * Math.sqrt(Math.max(e.d, e.k) * e.rank) * Math.max(facts.a, facts.b);
  return roundDown(optimisers.byName(e.opt).rate(curvature(e, scaling, facts), root));
}

/** x > 0 cut to two significant decimal digits, on the digits of its shortest decimal form. */
export function roundDown(x: number): number {
  const [digits, exponent] = x.toExponential().split('e');
  return Number(`${digits.slice(0, 3)}e${exponent}`);
}
