import { buildDecay } from './decay.ts';
import { buildEdit } from './edited-owl.ts';
import { buildDots, buildKronecker, buildNoise } from './full-rank/drawn.ts';
import { buildHadamard, buildRowScaling, buildTurnedBase } from './full-rank/of-base.ts';
import type { TargetName } from './index.ts';
import { buildLowRank } from './low-rank.ts';
import { builtMatrix } from './own-matrix.ts';
import { buildPicture } from './picture.ts';
import { buildRotation } from './rotation.ts';
import type { BuiltTarget, Refusal, TargetContext } from './target.ts';

type Build = (context: TargetContext) => BuiltTarget | Refusal;

const unknown: Build = () => ({ why: 'A network has no known ΔW*.' });

/** ΔW* of each target. */
export const builtTargets: Readonly<Record<TargetName, Build>> = {
  edit: buildEdit,
  'low-rank': buildLowRank,
  decay: buildDecay,
  rotation: buildRotation,
  picture: buildPicture,
  /**
   * `truerank` equal singular values of 1 without a noise floor, seen only through samples (X, (W₀ + ΔW*)·X + noise).
   * Independent of W₀; the bits of the low-rank target of that true rank.
   */
  regression: (context) =>
    buildLowRank({ ...context, settings: { ...context.settings, shape: 'equal', noise: 0, align: null } }),
  digits: unknown,
  classifier: unknown,
  transformer: unknown,
  /** An imported matrix, as it is or scaled to σ₁ = 1. Never resampled: its size is d × k. */
  matrix: builtMatrix,
  kronecker: buildKronecker,
  'row-scaling': buildRowScaling,
  hadamard: buildHadamard,
  'turned-base': buildTurnedBase,
  dots: buildDots,
  noise: buildNoise,
};
