import { type ModuleType, moduleNumbers, NUMBER_BYTES, nf4Bytes, sumOverShapes } from './models.ts';
import { assumption, type Cost } from './setting.ts';

interface TypeCount {
  /** In one matrix, r(d + k), for each size. */
  readonly each: readonly number[];
  readonly trained: number;
  readonly full: number;
  readonly fewer: number;
}

export function countType(type: ModuleType, rank: number): TypeCount {
  const trained = sumOverShapes(type, ({ d, k }) => rank * (d + k));
  const full = sumOverShapes(type, ({ d, k }) => d * k);
  return { each: type.shapes.map(({ d, k }) => rank * (d + k)), trained, full, fewer: full / trained };
}

/** r* = dk/(d + k) for each size: at this rank A and B have as many numbers as W₀. */
export function breakEven({ shapes }: ModuleType): readonly number[] {
  return shapes.map(({ d, k }) => (d * k) / (d + k));
}

export const rankOf = ({ ranks }: Pick<Cost, 'ranks'>, { name }: ModuleType): number => ranks[name] ?? 0;

export const adaptedModules = (cost: Pick<Cost, 'model' | 'ranks'>): readonly ModuleType[] =>
  cost.model.modules.filter((type) => rankOf(cost, type) > 0);

interface Totals {
  readonly trained: number;
  readonly full: number;
  readonly share: number;
  readonly fewer: number;
}

export function totalsOf(cost: Pick<Cost, 'model' | 'ranks'>): Totals {
  const counts = adaptedModules(cost).map((type) => countType(type, rankOf(cost, type)));
  const [trained, full] = [sum(counts.map((one) => one.trained)), sum(counts.map((one) => one.full))];
  return { trained, full, share: trained / cost.model.parameters, fewer: full / trained };
}

/** α of each matrix is its rank times this, so that all have the same scaling s. */
export const ALPHA_PER_RANK = 2;

type Adapted = Pick<Cost, 'model' | 'ranks'> & Partial<Pick<Cost, 'alpha'>>;

/** α of a matrix with an adapter of that rank. */
export const alphaOf = ({ alpha }: Partial<Pick<Cost, 'alpha'>>, rank: number): number =>
  alpha || ALPHA_PER_RANK * rank;

/** The commonest rank of the adapted matrices; null if there is none. */
export function mainRank(cost: Adapted): number | null {
  const types = adaptedModules(cost);
  return types.length === 0 ? null : commonest(types.map((type) => rankOf(cost, type)));
}

/** PEFT's configuration in Python; null if nothing is adapted. `r` is the commonest rank. */
export function loraConfig(cost: Adapted): string | null {
  const types = adaptedModules(cost);
  const rank = mainRank(cost);
  if (rank === null) return null;
  const { task, transposed } = cost.model.peft;
  const others = types.filter((type) => rankOf(cost, type) !== rank);
  const pattern = (name: string, of: (rank: number) => number) =>
    others.length === 0
      ? []
      : [`    ${name}={${others.map((type) => `"${type.target}": ${of(rankOf(cost, type))}`).join(', ')}},`];
  return [
    'from peft import LoraConfig',
    '',
    'config = LoraConfig(',
    `    r=${rank},`,
    `    lora_alpha=${alphaOf(cost, rank)},`,
    `    target_modules=[${types.map(({ target }) => `"${target}"`).join(', ')}],`,
    ...pattern('rank_pattern', (r) => r),
    ...(cost.alpha ? [] : pattern('alpha_pattern', (r) => alphaOf(cost, r))),
    ...(transposed ? ['    fan_in_fan_out=True,'] : []),
    ...(task ? [`    task_type="${task}",`] : []),
    ')',
    '',
  ].join('\n');
}

/** The most frequent value, the first on ties. */
function commonest(values: readonly number[]): number {
  const times = (value: number) => values.filter((other) => other === value).length;
  return values.reduce((best, value) => (times(value) > times(best) ? value : best));
}

export interface MemoryParts {
  readonly weights: number;
  readonly gradients: number;
  readonly optimiser: number;
  readonly activations: number;
}

export type TrainingWay = 'full' | 'lora' | 'qlora';
export const TRAINING_WAYS: readonly TrainingWay[] = ['full', 'lora', 'qlora'];
type Memory = Readonly<Record<TrainingWay, MemoryParts>>;

export const GIB = 1_073_741_824;

export const CARDS: readonly number[] = [8, 16, 24, 48, 80];

export function sumOf({ weights, gradients, optimiser, activations }: MemoryParts): number {
  return weights + gradients + optimiser + activations;
}

/** The smallest card with that many bytes; null if there is none. */
export function smallestCard(bytes: number): number | null {
  return CARDS.find((gib) => bytes <= gib * GIB) ?? null;
}

/** Bytes of training all numbers, A and B alone, and A and B with quantised weights. */
export function memoryOf(cost: Cost): Memory {
  const { model, weights, adapter } = cost;
  const { trained } = totalsOf(cost);
  const number = NUMBER_BYTES[weights];
  const copy = assumption(cost, 'copy');
  const state = assumption(cost, 'state');
  const activations = activationsOf(cost);
  const all = model.parameters;
  const lora = {
    gradients: trained * assumption(cost, 'loragrad'),
    optimiser: trained * (state + copy),
    activations,
  };
  const own = trained * NUMBER_BYTES[adapter];
  return {
    full: {
      weights: all * number,
      gradients: all * assumption(cost, 'fullgrad'),
      optimiser: all * (state + copy),
      activations,
    },
    lora: { ...lora, weights: all * number + own },
    qlora: { ...lora, weights: quantised(cost) + (all - moduleNumbers(model)) * number + own },
  };
}

function quantised(cost: Cost): number {
  const { model, base } = cost;
  if (base === 'nf4') return moduleNumbers(model) * nf4Bytes(assumption(cost, 'block'), assumption(cost, 'group'));
  // One float32 scale per row.
  return moduleNumbers(model) + 4 * model.modules.reduce((sum, type) => sum + sumOverShapes(type, ({ d }) => d), 0);
}

/**
 * Kept for the backward pass. With checkpoints: the input of every block, and one block in full. Without: every block
 * in full. Attention scores, if kept, are tokens² per head.
 */
export function activationsOf(cost: Cost): number {
  const { model, batch, checkpoints, tokens } = cost;
  const [kept, act, score] = [assumption(cost, 'kept'), assumption(cost, 'act'), assumption(cost, 'score')];
  const blocks = model.blocks.map(({ count, width, heads, tokens: fixed }) => {
    const n = fixed ?? tokens;
    return { count, input: n * width * act, whole: n * width * kept * act + heads * n * n * score };
  });
  const inside = checkpoints
    ? sum(blocks.map(({ count, input }) => count * input)) + Math.max(...blocks.map(({ whole }) => whole))
    : sum(blocks.map(({ count, whole }) => count * whole));
  const output = model.logits * tokens * assumption(cost, 'logit');
  return batch * (inside + output);
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** Bytes of the file with A and B, without its header. */
export function fileBytes(trained: number, format: keyof typeof NUMBER_BYTES): number {
  return trained * NUMBER_BYTES[format];
}

/** Multiply-adds of all adapted matrices per token: merged, or W₀ alone; and with separate A and B. */
export function multiplyAdds(cost: Cost): { readonly merged: number; readonly unmerged: number } {
  const { full, trained } = totalsOf(cost);
  return { merged: full, unmerged: full + trained };
}

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

/**
 * Multiply-adds of attention scores, which the estimate leaves out, per multiply-add that it counts. Null for models
 * whose blocks differ in tokens.
 */
export function scoreShare(cost: Cost): number | null {
  const { blocks, modules } = cost.model;
  const [first, ...others] = blocks;
  if (!first || others.length > 0) return null;
  // Heads together may be wider than the model.
  const width = modules.find(({ name }) => name === 'q')?.shapes[0].d ?? first.width;
  // Each token meets all others in q·k and in the sum of v; in a text only those before it, which are half as many.
  const met = first.tokens ? 2 * first.tokens : cost.tokens;
  return (first.count * width * met) / frozenMultiplyAdds(cost);
}

/** Samples that one step learns from. */
export const stepSamples = ({ batch, accumulate, gpus }: Cost): number => batch * accumulate * gpus;
