import { lowRank } from '../targets/low-rank.ts';
import type { BuiltTarget, Refusal, TargetContext } from '../targets/target.ts';

/**
 * ΔW* of a regression target: `truerank` equal singular values of 1 and no noise floor, independent of W₀; the bits of
 * the `low-rank` target of that true rank.
 */
export function regressionUpdate(context: TargetContext): BuiltTarget | Refusal {
  return lowRank.build({ ...context, settings: { ...context.settings, shape: 'equal', noise: 0, align: null } });
}
