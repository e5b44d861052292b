import { inits } from '../inits/index.ts';
import { optimisers } from '../optimisers.ts';
import { asks, LARGEST_BUDGET, largestRank, smaller } from './bounds.ts';
import { choice, integer, number, optionalNumber, text, type ValueOf } from './kinds.ts';
import { RATES } from './rate.ts';
import { SCALINGS } from './scaling.ts';
import { MADE, TARGET_AND_BASE } from './target-params.ts';

/**
 * Every parameter of an experiment once; how it is looked at stands in view.ts. From this table come the link's reader
 * and writer, the bounds and their notices, the controls and their help, the type Experiment, docs/links.md and the fuzz
 * tests. Those of the target stand in target-params.ts. Order matters: a bound may look at entries above it.
 */
export const SETTINGS = {
  ...TARGET_AND_BASE,
  rank: integer({
    key: 'rank',
    group: 'adapter',
    label: 'Rank r',
    help: 'Columns of B and rows of A: how many directions (patterns) ΔW can be made of.',
    effect: 'restart',
    min: 1,
    max: largestRank,
    scale: 'log',
    default: (e) => Math.min(8, smaller(e)),
  }),
  alpha: number({
    key: 'alpha',
    group: 'adapter',
    label: 'LoRA α',
    help: 'Scales the update: by default, s = α/r. With an automatic learning rate it hardly matters: a larger s gets a smaller rate.',
    effect: 'tune',
    min: 0.001,
    max: 65_536,
    scale: 'log',
    default: 16,
  }),
  scaling: choice({
    key: 'scaling',
    group: 'adapter',
    label: 'Scaling rule',
    help: 'How s follows from α and r.',
    effect: 'tune',
    names: SCALINGS,
    default: 'standard',
  }),
  ...MADE,
  init: choice({
    key: 'init',
    group: 'start',
    label: 'Initialisation of A and B',
    help: 'How A and B are filled before the first step.',
    effect: 'restart',
    names: inits.labels,
    default: 'kaiming-uniform',
  }),
  sigma: number({
    key: 'sigma',
    group: 'start',
    label: 'Initial σ',
    help: 'Standard deviation of the entries of A and B.',
    effect: 'restart',
    active: asks('sigma'),
    min: 1e-6,
    max: 10,
    scale: 'log',
    default: 0.05,
  }),
  opt: choice({
    key: 'opt',
    group: 'optimiser',
    label: 'Optimiser',
    help: 'The rule that turns gradients into steps.',
    effect: 'tune',
    names: optimisers.labels,
    default: 'adam',
  }),
  lr: optionalNumber({
    key: 'lr',
    group: 'optimiser',
    label: 'Learning rate',
    help: 'Learning rate of A; B uses λ times this. Automatic unless you set it.',
    effect: 'tune',
    min: RATES.least,
    max: RATES.most,
    scale: 'log',
    special: 'null',
    absent: 'the automatic rate',
    default: null,
  }),
  auto: text({
    key: 'auto',
    group: 'optimiser',
    label: 'Automatic rate',
    help: 'The learning rate in the link was automatic: it keeps that number until you change a setting.',
    effect: 'none',
    active: ({ lr }) => lr !== null,
    pattern: /^lr$/,
    longest: 2,
    allowed: 'lr',
  }),
  ratio: number({
    key: 'ratio',
    group: 'budget',
    label: 'Ratio λ',
    help: 'LoRA+: B uses λ times the learning rate of A.',
    effect: 'tune',
    min: 1,
    max: 1024,
    scale: 'log',
    default: 1,
  }),
  batch: integer({
    key: 'batch',
    group: 'budget',
    label: 'Batch',
    help: 'Samples per step.',
    effect: 'restart',
    active: asks('batch'),
    min: 1,
    max: (e) => (asks('batch')(e) ? e.samples : 4096),
    scale: 'log',
    default: (e) => Math.min(16, e.samples),
  }),
  steps: integer({
    key: 'steps',
    group: 'budget',
    label: 'Steps',
    help: 'How many steps to train.',
    effect: 'tune',
    min: 1,
    max: LARGEST_BUDGET,
    scale: 'log',
    default: 300,
  }),
  seed: integer({
    key: 'seed',
    group: 'budget',
    label: 'Seed',
    help: 'Fixes all random numbers, so the run can be repeated.',
    effect: 'restart',
    min: Number.MIN_SAFE_INTEGER,
    max: Number.MAX_SAFE_INTEGER,
    default: 1,
  }),
};

export type ParamKey = keyof typeof SETTINGS;
export const PARAM_KEYS = Object.keys(SETTINGS) as ParamKey[];

/**
 * One experiment: a value for every parameter, active or not. `lr: null` means: derived; `auto: 'lr'`: so was this number,
 * which a link holds.
 */
export type Experiment = { readonly [K in ParamKey]: ValueOf<(typeof SETTINGS)[K]> };
