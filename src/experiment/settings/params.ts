import { inits } from '../inits/index.ts';
import { bases } from '../layer/bases.ts';
import { type MethodName, methods } from '../methods/index.ts';
import { isFactor } from '../methods/lokr.ts';
import { divisorUpTo } from '../methods/method.ts';
import { ADAPTATIONS, adaptationsOf } from '../network/adaptations.ts';
import { hasEpsilon, isPairRule, optimisers, takesRatio } from '../optimisers.ts';
import { ORDERS } from '../regression/order.ts';
import { targets } from '../targets/index.ts';
import { editWords, pictureNames } from '../targets/names.ts';
import {
  areModules,
  batchSizes,
  choosesFactor,
  choosesOrder,
  decaysB,
  fitsTarget,
  isAskedFor,
  isHand,
  isInFloat16,
  isNetwork,
  MAX_BUDGET,
  maxRank,
  maxSize,
  minSide,
  minSize,
  requires,
  sampleCounts,
  takesFloat16,
  trainedMatrices,
  usedByMethod,
  usualSteps,
} from './bounds.ts';
import { holdsBase, holdsStart, MAX_MATRIX_LENGTH } from './data-kind.ts';
import {
  type ControlWords,
  choice,
  flag,
  type Group,
  integer,
  type KindWords,
  number,
  optionalNumber,
  optionalNumbers,
  type SettingsDraft,
  text,
  type ValueOf,
} from './kinds.ts';
import { RATES, type Rate, SCALINGS, SCHEDULES } from './rate.ts';

/** Controls that stand together. A change of one restarts the run unless its `effect` is another. */
function inGroup<T extends Readonly<Record<string, KindWords>>>(group: Group, settings: T) {
  const entries = Object.entries<KindWords>(settings).map(([key, p]) => {
    const isWanted = (e: SettingsDraft) => requires(key)(e) && (p.active?.(e) ?? true);
    return [key, { effect: 'restart', ...p, group, active: isAskedFor(key) ? isWanted : p.active }];
  });
  return Object.fromEntries(entries) as { readonly [K in keyof T]: T[K] & ControlWords };
}

/** Only LoRA has pairs of factors whose product is ΔW. */
const optimisersOf = (e: SettingsDraft) =>
  optimisers.all.map(({ name }) => name).filter((name) => !(e.method !== 'lora' && isPairRule(name)));

const LISTED = inits.all.map(({ name }) => name);
const WITH_FILE = [...LISTED, 'file'] as const;
/** `file` if the data holds A and B. A worker gets them beside its settings, whose data is then empty. */
const startsOf = ({ target, method, data }: SettingsDraft) =>
  target === 'matrix' && method === 'lora' && (data === '' || holdsStart(data)) ? WITH_FILE : LISTED;

const hasSizes = (e: SettingsDraft) => !isNetwork(e);
const kindOf = ({ target }: SettingsDraft) => targets.byName(target).kind;
const METHODS: Readonly<Record<ReturnType<typeof kindOf>, readonly (MethodName | 'full')[]>> = {
  matrix: methods.all.map(({ name }) => name),
  samples: ['lora'],
  network: [...methods.all.map(({ name }) => name), 'full'],
};
const SIDE = { min: minSize, max: maxSize, scale: 'log', default: 64, active: hasSizes } as const;
const RANK = {
  min: 1,
  max: maxRank,
  scale: 'log',
  default: (e: SettingsDraft) => Math.min(8, minSide(e)),
} as const;

/** LoRA's; in a network LoRA-XS trains about as many numbers with the square root of as many, r² against r(d + k). */
function usualRank(e: SettingsDraft): number {
  const rank = isHand(e) ? 4 : RANK.default(e);
  return isNetwork(e) && e.method === 'lora-xs' ? Math.floor(Math.sqrt(rank * (e.d + e.k))) : rank;
}

const TARGET_AND_BASE = inGroup('target', {
  target: choice({
    label: 'Target ΔW*',
    names: targets.labels,
    default: 'low-rank',
  }),
  data: text({
    label: 'Drawing or matrix',
    pattern: /^[A-Za-z0-9_-]+$/,
    longest: MAX_MATRIX_LENGTH,
    fits: fitsTarget,
    allowed:
      'base64url text: target=edit takes a compressed painting, target=picture a compressed drawing, each up to 40,000 characters, target=matrix a compressed matrix, up to 13,400,000',
  }),
  normalise: flag({
    label: 'Scale to σ₁ = 1',
    default: true,
  }),
  picture: choice({
    label: 'Picture',
    active: (e) => e.data === '',
    names: pictureNames.labels,
    default: 'landscape',
  }),
  edit: choice({
    label: 'Edit',
    active: (e) => e.data === '',
    names: editWords.labels,
    default: 'sunglasses',
  }),
  d: integer({ label: 'Rows d', ...SIDE }),
  k: integer({ label: 'Columns k', ...SIDE }),
  base: choice({
    label: 'Frozen W₀',
    active: (e) => !targets.byName(e.target).ownBase && !isNetwork(e) && !(e.target === 'matrix' && holdsBase(e.data)),
    names: bases.labels,
    default: 'gaussian',
  }),
  quant: choice({
    label: 'Base',
    active: (e) => kindOf(e) === 'matrix',
    omitsDefault: () => true,
    names: { none: 'full precision', nf4: 'NF4' },
    default: 'none',
  }),
  adapt: choice({
    label: 'New task',
    names: ADAPTATIONS,
    among: ({ target }) => adaptationsOf(target),
    default: ({ target }) => adaptationsOf(target)[0],
  }),
  others: integer({
    label: 'Upright digits a step',
    active: isHand,
    min: 0,
    max: 1000,
    default: 50,
  }),
  modules: text({
    label: 'Adapted layers',
    pattern: /^[a-z]+(,[a-z]+)*$/,
    longest: 60,
    fits: areModules,
    allowed:
      'names of matrices of the network in their order, such as in,hidden,out; left out: all (of target=classifier: hidden)',
  }),
  method: choice({
    label: 'Method',
    active: (e) => kindOf(e) !== 'samples',
    names: { ...methods.labels, full: 'Full fine-tuning' },
    among: (e) => METHODS[kindOf(e)],
    omitsDefault: (e) => !isNetwork(e),
    default: 'lora',
  }),
  full: flag({
    label: 'Full fine-tuning beside it',
    effect: 'none',
    default: false,
  }),
});

const MADE = inGroup('target', {
  truerank: integer({ label: 'True rank', ...RANK }),
  shape: choice({
    label: 'Singular values',
    names: { equal: 'equal', geometric: 'geometric' },
    default: 'equal',
  }),
  noise: number({
    label: 'Noise',
    min: 0,
    max: 10,
    default: 0.05,
  }),
  turns: integer({
    label: 'Blocks that turn',
    min: 1,
    max: (e) => Math.max(1, Math.floor(e.d / 2)),
    scale: 'log',
    default: (e) => (e.d < 4 ? 1 : 2),
  }),
  align: optionalNumber({
    label: 'Alignment with W₀',
    active: (e) => minSide(e) <= 512,
    min: 0,
    max: 1,
    special: 'null',
    absent: 'a target independent of W₀',
    default: null,
  }),
  law: choice({
    label: 'Decay law',
    names: { geometric: 'geometric', power: 'power law' },
    default: 'geometric',
  }),
  rate: number({
    label: 'Decay rate',
    min: (e) => (e.law === 'power' ? 0 : 0.01),
    max: (e) => (e.law === 'power' ? 5 : 1),
    default: (e) => (e.law === 'power' ? 0.5 : 0.8),
  }),
  samples: integer({
    label: 'Samples',
    active: (e) => !isHand(e),
    min: 1,
    max: (e) => sampleCounts(e).most,
    scale: 'log',
    omitsDefault: isNetwork,
    default: (e) => sampleCounts(e).usual,
  }),
  condition: number({
    label: 'Condition number',
    min: 1,
    max: 1e6,
    scale: 'log',
    default: 10,
  }),
  labelnoise: number({
    label: 'Label noise',
    min: 0,
    max: 10,
    default: 0.1,
  }),
});

/**
 * Every parameter of an experiment: source of the link's reader and writer, bounds, controls, the type Experiment,
 * docs/links.md and the fuzz tests. Order matters: a bound may look at entries above it.
 */
export const SETTINGS = {
  ...TARGET_AND_BASE,
  ...inGroup('adapter', {
    rank: integer({
      label: 'Rank r',
      active: usedByMethod('rank'),
      ...RANK,
      default: usualRank,
    }),
    alpha: number({
      label: 'LoRA α',
      effect: 'tune',
      active: usedByMethod('alpha'),
      min: 0.001,
      max: 65_536,
      scale: 'log',
      default: (e) => (isNetwork(e) ? 2 * e.rank : 16),
    }),
    scaling: choice({
      label: 'Scaling rule',
      effect: 'tune',
      active: usedByMethod('scaling'),
      names: SCALINGS,
      default: 'standard',
    }),
    train: choice({
      label: 'Trained factors',
      active: choosesFactor,
      omitsDefault: () => true,
      names: { both: 'A and B', A: 'A only', B: 'B only' },
      default: 'both',
    }),
  }),
  ...inGroup('adapter', {
    norm: choice({
      label: 'Norm of V',
      active: usedByMethod('norm'),
      names: { detached: 'detached', exact: 'exact' },
      default: 'detached',
    }),
    block: integer({
      label: 'Block size',
      active: usedByMethod('block'),
      min: 1,
      max: ({ d }) => d,
      scale: 'log',
      default: ({ d }) => divisorUpTo(d, 32),
    }),
    factor: text({
      label: 'Size of C',
      active: usedByMethod('factor'),
      pattern: /^[1-9]\d{0,3}x[1-9]\d{0,3}$/,
      longest: 9,
      fits: (size, e) => size === '' || isFactor(size, e),
      allowed:
        'd₁xk₁ such as 2x2, which divide d and k; left out: the divisors next below √d and √k, as in PEFT, and 2x2 in a network',
    }),
    entries: integer({
      label: 'Trained entries',
      active: usedByMethod('entries'),
      min: 1,
      max: ({ d, k }) => d * k,
      scale: 'log',
      default: ({ d, k, rank }) => Math.min(d * k, rank * (d + k)),
    }),
    places: choice({
      label: 'Places',
      active: usedByMethod('places'),
      names: { gradient: 'largest gradient', random: 'random' },
      default: 'gradient',
    }),
    side: choice({
      label: 'Side',
      active: usedByMethod('side'),
      names: { out: 'rows', in: 'columns' },
      default: 'out',
    }),
  }),
  ...MADE,
  ...inGroup('start', {
    init: choice({
      label: 'Initialisation of A and B',
      active: usedByMethod('init'),
      names: inits.labels,
      among: startsOf,
      // A frozen factor of zeros would leave nothing to learn.
      default: (e) =>
        choosesFactor({ ...e, init: 'kaiming-uniform' }) && e.train === 'A' ? 'init-b' : 'kaiming-uniform',
    }),
    sigma: number({
      label: 'Initial σ',
      active: usedByMethod('init'),
      min: 1e-6,
      max: 10,
      scale: 'log',
      default: 0.05,
    }),
  }),
  ...inGroup('budget', {
    size: number({
      label: 'Size of A',
      active: usedByMethod('size'),
      min: 0.001,
      max: 1000,
      scale: 'log',
      default: 1,
    }),
  }),
  ...inGroup('optimiser', {
    opt: choice({
      label: 'Optimiser',
      effect: 'tune',
      names: optimisers.labels,
      among: optimisersOf,
      default: 'adam',
    }),
    lr: optionalNumbers({
      label: 'Learning rate',
      effect: 'tune',
      count: (e) => trainedMatrices(e).length,
      min: RATES.least,
      max: RATES.most,
      scale: 'log',
      special: 'null',
      absent: 'the automatic rate',
      default: null,
    }),
    auto: text({
      label: 'Automatic rate and α',
      effect: 'none',
      active: (e) => e.lr !== null || isNetwork(e),
      pattern: /^(lr|alpha|lr,alpha|alpha,lr)$/,
      longest: 8,
      fits: (keys, e) => isNetwork(e) || keys === '' || keys === 'lr',
      allowed: (e) => (isNetwork(e) ? 'any of lr,alpha' : 'lr'),
    }),
    epsilon: optionalNumber({
      label: 'Adam’s ε',
      effect: 'tune',
      active: ({ opt }) => hasEpsilon(opt),
      min: 1e-20,
      max: 1,
      scale: 'log',
      special: 'null',
      absent: '1e-8',
      default: null,
    }),
    precision: choice({
      label: 'Precision',
      active: takesFloat16,
      omitsDefault: () => true,
      names: { float32: 'float32', float16: 'float16' },
      default: 'float32',
    }),
    lossscale: number({
      label: 'Loss scale',
      active: isInFloat16,
      omitsDefault: () => true,
      min: 0.001,
      max: 4_294_967_296,
      scale: 'log',
      default: 1,
    }),
    clip: optionalNumber({
      label: 'Gradient clip',
      min: 1e-6,
      max: 1e6,
      scale: 'log',
      special: 'null',
      absent: 'no clipping',
      default: null,
    }),
    decayb: number({
      label: 'Weight decay on B',
      active: decaysB,
      omitsDefault: () => true,
      min: 0,
      max: 10,
      default: 0,
    }),
  }),
  ...inGroup('budget', {
    ratio: number({
      label: 'Ratio λ',
      effect: 'tune',
      active: (e) => takesRatio(e.opt) && usedByMethod('ratio')(e),
      min: 1,
      max: 1024,
      scale: 'log',
      default: 1,
    }),
    batch: integer({
      label: 'Batch',
      active: (e) => !isHand(e),
      min: 1,
      max: (e) => batchSizes(e).most,
      scale: 'log',
      default: (e) => batchSizes(e).usual,
    }),
    order: choice({
      label: 'Order of samples',
      active: choosesOrder,
      omitsDefault: () => true,
      names: ORDERS,
      default: 'drop-last',
    }),
    steps: integer({
      label: 'Steps',
      effect: 'tune',
      min: 1,
      max: MAX_BUDGET,
      scale: 'log',
      default: usualSteps,
    }),
    warmup: integer({
      label: 'Warm-up',
      omitsDefault: () => true,
      min: 0,
      max: MAX_BUDGET,
      default: 0,
    }),
    schedule: choice({
      label: 'Schedule',
      omitsDefault: () => true,
      names: SCHEDULES,
      default: 'constant',
    }),
    seed: integer({
      label: 'Seed',
      min: Number.MIN_SAFE_INTEGER,
      max: Number.MAX_SAFE_INTEGER,
      default: 1,
    }),
  }),
};

export type ParamKey = keyof typeof SETTINGS;
export const PARAM_KEYS = Object.keys(SETTINGS) as ParamKey[];

/**
 * A value for every parameter, active or not. `lr: null`: derived; `auto` with `lr`: so was this number of a link; with
 * `alpha`: α of a network is 2r, and follows the rank. A rate for each matrix is a comma list.
 */
export type Experiment = { readonly [K in ParamKey]: ValueOf<(typeof SETTINGS)[K]> };

export const TUNED_KEYS = [
  'alpha',
  'scaling',
  'opt',
  'lr',
  'epsilon',
  'ratio',
  'steps',
] as const satisfies readonly ParamKey[];

export type TunedKey = (typeof TUNED_KEYS)[number];

/** A change during a run: from step `step` on (before entry `step` is measured), `key` is `value`. */
export interface Change {
  readonly step: number;
  readonly key: TunedKey;
  readonly value: number | string;
}

export type Tuning = Pick<Experiment, Exclude<TunedKey, 'lr' | 'epsilon'>> & {
  readonly lr: Rate;
  readonly epsilon: number;
};
