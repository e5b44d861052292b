import { totalsOf } from './counts.ts';
import { moduleNumbers } from './models.ts';
import type { Cost } from './setting.ts';

interface TimeEstimate {
  readonly seconds: number;
  /** The same steps with full fine-tuning; null if the seconds of a step were measured. */
  readonly full: number | null;
  /** Passes through the model in one step, if they were counted. */
  readonly passes: number | null;
}

/** Tokens that one GPU sees in a step; null for models whose blocks differ in tokens. */
function stepTokens({ model, tokens, batch, accumulate }: Cost): number | null {
  const [first, ...others] = model.blocks;
  return first && others.length === 0 ? batch * accumulate * (first.tokens ?? tokens) : null;
}

/** Multiply-adds of one token without A and B: the matrices of the table, and the output. */
const frozenMultiplyAdds = ({ model }: Cost): number =>
  moduleNumbers(model) + model.logits * (model.blocks[0]?.width ?? 0);

/**
 * passes × 2 × multiply-adds × tokens × steps ÷ speed. LoRA makes two passes, forward and back to A and B; full
 * fine-tuning a third one, for the gradients of the weights. Checkpoints add one. Null if the model has parts whose
 * multiply-adds are not counted.
 */
export function timeOf(cost: Cost): TimeEstimate | null {
  const { steps, speed, seconds, checkpoints } = cost;
  if (seconds > 0) return { seconds: steps * seconds, full: null, passes: null };
  const tokens = stepTokens(cost);
  if (tokens === null) return null;
  const again = checkpoints ? 1 : 0;
  const frozen = frozenMultiplyAdds(cost);
  const took = (passes: number, adds: number) => (passes * 2 * adds * tokens * steps) / (speed * 1e12);
  return {
    seconds: took(2 + again, frozen + totalsOf(cost).trained),
    full: took(3 + again, frozen),
    passes: 2 + again,
  };
}

/** Multiply-adds of attention scores, which the estimate leaves out, per multiply-add that it counts. */
export function scoreShare(cost: Cost): number {
  const { model, tokens } = cost;
  // Each token meets all others in q·k and in the sum of v; in a text only those before it, which are half as many.
  const scores = model.blocks.map(({ count, width, tokens: fixed }) => count * width * (fixed ? 2 * fixed : tokens));
  return scores.reduce((sum, one) => sum + one, 0) / frozenMultiplyAdds(cost);
}

/** Samples that one step learns from. */
export const stepSamples = ({ batch, accumulate, gpus }: Cost): number => batch * accumulate * gpus;
