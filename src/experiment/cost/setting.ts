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

export interface Cost {
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

export const ASSUMPTIONS = {
  block: { label: 'Numbers per scale in NF4', unit: 'numbers', max: 65_536, whole: true, usual: () => 64 },
  group: {
    label: 'Scales per second scale (0: none)',
    unit: 'scales',
    max: 65_536,
    whole: true,
    usual: () => 256,
  },
  fullgrad: {
    label: 'Gradient, full fine-tuning',
    unit: 'bytes per number',
    max: 16,
    whole: false,
    usual: ({ weights }) => NUMBER_BYTES[weights],
  },
  loragrad: {
    label: 'Gradient, LoRA',
    unit: 'bytes per number',
    max: 16,
    whole: false,
    usual: ({ adapter }) => NUMBER_BYTES[adapter],
  },
  state: {
    label: 'Optimiser state',
    unit: 'bytes per trained number',
    max: 64,
    whole: false,
    usual: ({ optimiser }) => OPTIMISER_BYTES[optimiser],
  },
  copy: {
    label: 'Second copy of trained weights',
    unit: 'bytes per trained number',
    max: 16,
    whole: false,
    usual: () => 0,
  },
  kept: {
    label: 'Kept by one block for each token',
    unit: 'times its width',
    max: 1000,
    whole: false,
    usual: ({ model }) => model.kept,
  },
  act: {
    label: 'Activation',
    unit: 'bytes per number',
    max: 16,
    whole: false,
    usual: ({ weights }) => NUMBER_BYTES[weights],
  },
  score: {
    label: 'Attention score (0: computed again)',
    unit: 'bytes per score',
    max: 16,
    whole: false,
    usual: () => 0,
  },
  logit: {
    label: 'Output and its gradient',
    unit: 'bytes per number',
    max: 16,
    whole: false,
    usual: () => 8,
  },
} as const satisfies Record<string, Assumption>;

export type AssumptionName = keyof typeof ASSUMPTIONS;
export const ASSUMPTION_NAMES = Object.keys(ASSUMPTIONS) as AssumptionName[];
export const minOf = (name: AssumptionName): number => (name === 'block' ? 1 : 0);

export function assumption(cost: Cost, name: AssumptionName): number {
  return cost.assumed[name] ?? ASSUMPTIONS[name].usual(cost);
}

const USUAL_RANK = 16;

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
  };
}

/** The same settings with another model and the default ranks of its matrices. */
export function withModel(cost: Cost, model: Model, own: Decoder | null = null): Cost {
  const { ranks, tokens } = defaultCost(model, own);
  const { kept: _, ...assumed } = cost.assumed;
  return { ...cost, model, own, ranks, tokens, assumed };
}
