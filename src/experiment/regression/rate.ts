import { optimisers } from '../optimisers/index.ts';
import { curvature, type Facts, type RateSettings, roundDown } from '../rate.ts';
import type { InputFacts } from './moments.ts';

export type RegressionFacts = Facts & InputFacts;

/**
 * q·(λmax + tr/batch), q the curvature for white inputs: the largest curvature of the loss along the way. The trace
 * bounds how far the second moment of a small batch may lie above that of all samples; without it batches of four
 * diverge.
 */
export function regressionCurvature(e: RateSettings, scaling: number, facts: RegressionFacts, batch: number): number {
  return curvature(e, scaling, facts) * (facts.lambdaMax + facts.trace / batch);
}

/** The proposed learning rate of mathematics.md where there are inputs, rounded down to two significant digits. */
export function regressionRate(e: RateSettings, scaling: number, facts: RegressionFacts, batch: number): number {
  const root = scaling * Math.sqrt(Math.max(e.d, e.k) * e.rank) * Math.max(facts.a, facts.b);
  return roundDown(optimisers.byName(e.opt).rate(regressionCurvature(e, scaling, facts, batch), root));
}
