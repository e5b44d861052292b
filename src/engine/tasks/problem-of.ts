import { present } from '../../experiment/layer/cache.ts';
import { type Problem, type ProblemOptions, prepareProblem } from '../../experiment/layer/problem.ts';
import type { HandSets } from '../../experiment/network/digits.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { ReadyDrawing } from '../../experiment/targets/factored-matrix.ts';
import { targets } from '../../experiment/targets/index.ts';
import type { Refusal } from '../../experiment/targets/target.ts';
import type { NetworkAssets } from './network/assets.ts';
import { networkParts } from './network/network-parts.ts';

interface ProblemParts extends ProblemOptions {
  readonly drawing: ReadyDrawing | null;
  /** For a network: its files, and the drawings of a hand. */
  readonly assets: NetworkAssets | null;
  readonly hand?: HandSets | null;
}

/** The content of an experiment of any kind. */
export function problemOf(e: Experiment, { drawing, assets, hand, ...options }: ProblemParts): Problem | Refusal {
  const target = targets.byName(e.target);
  if (target.kind !== 'network') return prepareProblem(e, drawing, options);
  return networkParts().problem.prepareNetwork(e, target, present(assets, 'no assets of networks'), hand);
}
