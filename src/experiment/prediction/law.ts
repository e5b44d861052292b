import { inits } from '../inits/index.ts';
import { type OptimiserName, optimisers } from '../optimisers.ts';
import { isActive, param } from '../settings/experiment.ts';
import { type Experiment, PARAM_KEYS, type ParamKey } from '../settings/params.ts';
import { targets } from '../targets/index.ts';
import type { AlignedRule } from './recursion.ts';

/**
 * What is known of a run before its first step. `recursion`: every step, exactly. `flow`: the gradient flow, exactly;
 * SGD keeps near it. `band`: the error of a flow that the start resembles. Else why nothing is known, in one sentence.
 */
export type Law =
  | { readonly kind: 'recursion'; readonly rule: AlignedRule }
  | { readonly kind: 'flow' | 'band' }
  | { readonly kind: 'none'; readonly why: string };

/** From this rank on the single directions of a Kaiming start keep within BAND of the flow's. */
export const LEAST_BAND_RANK = 8;

/** Largest distance of a direction from its curve at ranks 8 and 16, in units of σ₁ (docs/predicted.md). */
export const BAND = 0.13;

interface LawDistance {
  readonly rank: number;
  /** Of the largest distance of a run's relative errors from the predicted ones, over 40 runs. */
  readonly median: number;
  readonly worst: number;
}

/** SGD at the automatic rate, 300 steps, four targets, 16 and 64 rows and columns, five seeds (docs/predicted.md). */
const DISTANCES: Readonly<Record<'flow' | 'band', readonly LawDistance[]>> = {
  flow: [
    { rank: 1, median: 0.005, worst: 0.013 },
    { rank: 4, median: 0.0098, worst: 0.025 },
    { rank: 16, median: 0.033, worst: 0.075 },
  ],
  band: [
    { rank: 2, median: 0.006, worst: 0.16 },
    { rank: 4, median: 0.0091, worst: 0.066 },
    { rank: 8, median: 0.028, worst: 0.14 },
    { rank: 16, median: 0.047, worst: 0.13 },
  ],
};

/** The measured distance at the nearest rank. */
export function measuredDistance(law: keyof typeof DISTANCES, rank: number): LawDistance {
  const away = (one: LawDistance) => Math.abs(Math.log(one.rank / rank));
  return DISTANCES[law].reduce((best, one) => (away(one) < away(best) ? one : best));
}

/** The rules whose steps from an aligned start are known. */
const RECURSIONS: Readonly<Partial<Record<string, AlignedRule>>> = { sgd: 'sgd', polar: 'polar' };

/** Settings of a run that the laws read, or that change nothing about its steps. */
const READ: readonly ParamKey[] = ['size', 'ratio', 'batch', 'steps', 'seed', 'opt', 'lr', 'auto'];

export function lawOf(e: Experiment): Law {
  const none = (why: string): Law => ({ kind: 'none', why });
  const { kind, label } = targets.byName(e.target);
  if (kind === 'network') return none('No law for networks.');
  if (kind === 'samples') return none(`No law for ${label.toLowerCase()}: batches are drawn at random.`);
  if (e.method !== 'lora') return none('No law for this method yet.');
  if (e.train !== 'both') return none('No law for a frozen factor yet.');
  const other = unread(e);
  if (other) return none(`No law with “${param(other).label}” yet.`);
  const optimiser = optimisers.byName(e.opt).label;
  const init = inits.byName(e.init);
  if (e.init === 'aligned') {
    const rule = RECURSIONS[e.opt];
    return rule ? { kind: 'recursion', rule } : none(`No law for ${optimiser} yet.`);
  }
  if (e.opt !== ('sgd' satisfies OptimiserName))
    return none(`No law for ${optimiser}${RECURSIONS[e.opt] ? ' but from the aligned start' : ' yet'}.`);
  if (!init.params.some((name: string) => name === 'size'))
    return none(`No law from ${init.label} yet: one is known for B = 0 and a random or aligned A.`);
  if (Math.min(e.d, e.k) > MOST_DIRECTIONS)
    return none(`No law above ${MOST_DIRECTIONS} rows or columns: it needs all directions of ΔW*.`);
  if (e.init === 'orthonormal' || e.rank === 1) return { kind: 'flow' };
  if (e.init === 'kaiming-uniform') return { kind: 'band' };
  return none(`No law from ${init.label} yet, but at rank 1.`);
}

/** All singular vectors of ΔW* are known up to this min(d, k). */
const MOST_DIRECTIONS = 256;

/** A setting of the training that no law reads, and that is not at its default. */
function unread(e: Experiment): ParamKey | null {
  const changed = (key: ParamKey) => isActive(key, e) && e[key] !== param(key).default(e);
  const training = (key: ParamKey) => ['optimiser', 'budget'].includes(param(key).group);
  return PARAM_KEYS.find((key) => training(key) && !READ.includes(key) && changed(key)) ?? null;
}
