import {
  attentionRanks,
  type BaseFormat,
  DEFAULT_MODEL,
  type Decoder,
  type Model,
  NUMBER_BYTES,
  type NumberFormat,
  OPTIMISER_BYTES,
  type OptimiserKind,
} from './models.ts';

/** Bounds and usual values of a run; only `quantised` changes its memory. */
export const RUN_NUMBERS = {
  /** One α for all matrices; 0: twice the rank of each. */
  alpha: { min: 0, max: 65_536, whole: false, usual: 0 },
  /** Batches whose gradients are added before a step. */
  accumulate: { min: 1, max: 4096, whole: true, usual: 1 },
  /** Each has the whole model and a batch of its own. */
  gpus: { min: 1, max: 1024, whole: true, usual: 1 },
  /** GB of one GPU. */
  card: { min: 1, max: 1024, whole: true, usual: 24 },
  /** 1: the frozen weights are stored in `base`, as QLoRA does. */
  quantised: { min: 0, max: 1, whole: true, usual: 0 },
  steps: { min: 1, max: 10_000_000, whole: true, usual: 1000 },
  /** TFLOP/s that one GPU reaches. */
  speed: { min: 0.01, max: 100_000, whole: false, usual: 40 },
  /** Measured seconds of one step; 0: estimated by the speed. */
  seconds: { min: 0, max: 100_000, whole: false, usual: 0 },
} as const;

export type RunNumber = keyof typeof RUN_NUMBERS;
export const RUN_NAMES = Object.keys(RUN_NUMBERS) as RunNumber[];

export interface Cost extends Readonly<Record<RunNumber, number>> {
  readonly model: Model;
  /** The shapes of an imported model; null for a built-in one. */
  readonly own: Decoder | null;
  /** By kind of matrix; unlisted ones are frozen. */
  readonly ranks: Readonly<Record<string, number>>;
  readonly weights: NumberFormat;
  readonly adapter: NumberFormat;
  readonly base: BaseFormat;
  readonly optimiser: OptimiserKind;
  readonly batch: number;
  readonly tokens: number;
  readonly checkpoints: boolean;
  readonly assumed: Readonly<Partial<Record<AssumptionName, number>>>;
}

type AssumptionInputs = Pick<Cost, 'model' | 'weights' | 'adapter' | 'optimiser'>;

interface Assumption {
  readonly label: string;
  readonly unit: string;
  readonly max: number;
  readonly whole: boolean;
  readonly usual: (cost: AssumptionInputs) => number;
}

type UsualValue = Assumption['usual'];
const countOf = (label: string, unit: string, usual: UsualValue) => ({ label, unit, max: 65_536, whole: true, usual });
const sizeOf = (label: string, unit: string, usual: UsualValue, max = 16) => ({
  label,
  unit,
  max,
  whole: false,
  usual,
});
const EACH = 'bytes per number';
const EACH_TRAINED = 'bytes per trained parameter';

export const ASSUMPTIONS = {
  block: countOf('Numbers per scale in NF4', 'numbers', () => 64),
  group: countOf('Scales per second scale (0: none)', 'scales', () => 256),
  fullgrad: sizeOf('Gradient, full fine-tuning', EACH, ({ weights }) => NUMBER_BYTES[weights]),
  loragrad: sizeOf('Gradient, LoRA', EACH, ({ adapter }) => NUMBER_BYTES[adapter]),
  state: sizeOf('Optimiser state', EACH_TRAINED, ({ optimiser }) => OPTIMISER_BYTES[optimiser], 64),
  copy: sizeOf('Second copy of trained weights', EACH_TRAINED, () => 0),
  kept: sizeOf('Kept by one block for each token', 'times its width', ({ model }) => model.kept, 1000),
  act: sizeOf('Activation', EACH, ({ weights }) => NUMBER_BYTES[weights]),
  score: sizeOf('Attention score (0: computed again)', 'bytes per score', () => 0),
  logit: sizeOf('Output and its gradient', EACH, () => 8),
} satisfies Record<string, Assumption>;

export type AssumptionName = keyof typeof ASSUMPTIONS;
export const ASSUMPTION_NAMES = Object.keys(ASSUMPTIONS) as AssumptionName[];
export const minOf = (name: AssumptionName): number => (name === 'block' ? 1 : 0);

export function assumption(cost: Cost, name: AssumptionName): number {
  return cost.assumed[name] ?? ASSUMPTIONS[name].usual(cost);
}

/** Set by a check box, and by a choice of modules, if there was no rank before. */
export const USUAL_RANK = 16;

const USUAL_RUN = Object.fromEntries(RUN_NAMES.map((name) => [name, RUN_NUMBERS[name].usual])) as Record<
  RunNumber,
  number
>;

export function defaultCost(model: Model = DEFAULT_MODEL, own: Decoder | null = null): Cost {
  return {
    model,
    own,
    ranks: attentionRanks(model, USUAL_RANK),
    weights: 'bf16',
    adapter: 'f32',
    base: 'nf4',
    optimiser: 'adam',
    batch: 1,
    tokens: model.tokens ?? 2048,
    checkpoints: true,
    assumed: {},
    ...USUAL_RUN,
  };
}

/** The same settings with another model and the default ranks of its matrices. */
export function withModel(cost: Cost, model: Model, own: Decoder | null = null): Cost {
  const { ranks, tokens } = defaultCost(model, own);
  const { kept: _, ...assumed } = cost.assumed;
  return { ...cost, model, own, ranks, tokens, assumed };
}
