import { inits } from './inits/index.ts';
import { choice, type Draft, flag, integer, number, optionalNumber, text } from './kinds.ts';
import { isMatrixData, LONGEST_MATRIX } from './matrix-file/kind.ts';
import { optimisers } from './optimisers/index.ts';
import { pictures } from './pictures/index.ts';
import { SCALINGS } from './scaling.ts';
import { targets } from './targets/index.ts';

const asks = (key: string) => (e: Draft) => {
  const wanted: readonly string[] = [...targets.byName(e.target).params, ...inits.byName(e.init).params];
  return wanted.includes(key);
};
/** No longer text is a drawing. */
const LONGEST_DRAWING = 40_000;
/** A target that is a matrix takes one and no drawing, and the other way round; one that takes neither does not mind. */
function fitsTarget(data: string, e: Draft): boolean {
  if (!isMatrixData(data) && data.length > LONGEST_DRAWING) return false;
  return !asks('data')(e) || isMatrixData(data) === (targets.byName(e.target).ownMatrix ?? false);
}
const smaller = (e: Draft) => Math.min(e.d, e.k);
const LARGEST = 4096;
/** Where W₀ has more than 1024² entries a rank is at most 256: its factors and spectra stay quick. */
export const LARGEST_RANK = 256;
const ranks = (e: Draft) => (e.d * e.k > 1024 * 1024 ? Math.min(LARGEST_RANK, smaller(e)) : smaller(e));

/**
 * Every parameter once. From this table come the link's reader and writer, the bounds and their notices, the controls
 * and their help, the type Experiment, docs/links.md and the fuzz tests. Order matters: a bound may look at entries
 * above it.
 */
export const PARAMS = {
  target: choice({
    key: 'target',
    label: 'Target ΔW*',
    help: 'The update that training should find.',
    effect: 'restart',
    names: targets.labels,
    default: 'low-rank',
  }),
  data: text({
    key: 'data',
    label: 'Drawing or matrix',
    help: 'A drawing in place of the picture, or a matrix of your own, compressed.',
    effect: 'restart',
    active: asks('data'),
    pattern: /^[A-Za-z0-9_-]+$/,
    longest: LONGEST_MATRIX,
    fits: fitsTarget,
    allowed:
      'base64url text: target=picture takes a compressed drawing, up to 40,000 characters, target=matrix a compressed matrix, up to 5,700,000',
  }),
  normalise: flag({
    key: 'normalise',
    label: 'Scale to σ₁ = 1',
    help: 'Your matrix is divided by its largest singular value.',
    effect: 'restart',
    active: asks('normalise'),
    default: true,
  }),
  picture: choice({
    key: 'picture',
    label: 'Picture',
    help: 'The picture that ΔW should become.',
    effect: 'restart',
    active: (e) => asks('picture')(e) && e.data === '',
    names: pictures.labels,
    default: 'landscape',
  }),
  d: integer({
    key: 'd',
    label: 'Rows d',
    help: 'Output features: rows of W₀, ΔW and B.',
    effect: 'restart',
    min: (e) => targets.byName(e.target).minSize ?? 1,
    max: (e) => targets.byName(e.target).maxSize ?? LARGEST,
    scale: 'log',
    default: 64,
  }),
  k: integer({
    key: 'k',
    label: 'Columns k',
    help: 'Input features: columns of W₀, ΔW and A.',
    effect: 'restart',
    min: (e) => targets.byName(e.target).minSize ?? 1,
    max: (e) => targets.byName(e.target).maxSize ?? LARGEST,
    scale: 'log',
    default: 64,
  }),
  rank: integer({
    key: 'rank',
    label: 'Rank r',
    help: 'Columns of B and rows of A: the number of directions that ΔW can have.',
    effect: 'restart',
    min: 1,
    max: ranks,
    scale: 'log',
    default: (e) => Math.min(8, smaller(e)),
  }),
  alpha: number({
    key: 'alpha',
    label: 'LoRA α',
    help: 'Scales the update through s.',
    effect: 'tune',
    min: 0.001,
    max: 65_536,
    scale: 'log',
    default: 16,
  }),
  scaling: choice({
    key: 'scaling',
    label: 'Scaling rule',
    help: 'How s follows from α and r.',
    effect: 'tune',
    names: SCALINGS,
    default: 'standard',
  }),
  truerank: integer({
    key: 'truerank',
    label: 'True rank',
    help: 'Rank of the wanted update before noise.',
    effect: 'restart',
    active: asks('truerank'),
    min: 1,
    max: ranks,
    scale: 'log',
    default: (e) => Math.min(8, smaller(e)),
  }),
  shape: choice({
    key: 'shape',
    label: 'Singular values',
    help: 'Singular values of the signal: all equal, or each 0.7 of the one before.',
    effect: 'restart',
    active: asks('shape'),
    names: { equal: 'equal', geometric: 'geometric' },
    default: 'equal',
  }),
  noise: number({
    key: 'noise',
    label: 'Noise floor',
    help: 'Frobenius norm of the added noise, relative to the signal.',
    effect: 'restart',
    active: asks('noise'),
    min: 0,
    max: 10,
    default: 0.05,
  }),
  align: optionalNumber({
    key: 'align',
    label: 'Alignment with W₀',
    help: 'Share of each wanted direction inside the leading subspace of W₀; left out: independent of W₀.',
    effect: 'restart',
    active: (e) => asks('align')(e) && smaller(e) <= 512,
    min: 0,
    max: 1,
    special: 'null',
    default: null,
  }),
  law: choice({
    key: 'law',
    label: 'Decay law',
    help: 'Singular values σᵢ = rateⁱ⁻¹ (geometric) or i^(−rate) (power).',
    effect: 'restart',
    active: asks('law'),
    names: { geometric: 'geometric', power: 'power law' },
    default: 'geometric',
  }),
  rate: number({
    key: 'rate',
    label: 'Decay rate',
    help: 'Factor between singular values (geometric), or exponent (power).',
    effect: 'restart',
    active: asks('rate'),
    min: (e) => (e.law === 'power' ? 0 : 0.01),
    max: (e) => (e.law === 'power' ? 5 : 1),
    default: (e) => (e.law === 'power' ? 0.5 : 0.8),
  }),
  samples: integer({
    key: 'samples',
    label: 'Samples',
    help: 'Training samples.',
    effect: 'restart',
    active: asks('samples'),
    min: 1,
    max: 4096,
    scale: 'log',
    default: 256,
  }),
  condition: number({
    key: 'condition',
    label: 'Condition',
    help: 'Condition number of the covariance of the inputs: 1 is white.',
    effect: 'restart',
    active: asks('condition'),
    min: 1,
    max: 1e6,
    scale: 'log',
    default: 10,
  }),
  labelnoise: number({
    key: 'labelnoise',
    label: 'Label noise',
    help: 'Standard deviation of the noise on each entry of a label.',
    effect: 'restart',
    active: asks('labelnoise'),
    min: 0,
    max: 10,
    default: 0.1,
  }),
  init: choice({
    key: 'init',
    label: 'Start of A and B',
    help: 'How A and B are filled before the first step.',
    effect: 'restart',
    names: inits.labels,
    default: 'kaiming-uniform',
  }),
  sigma: number({
    key: 'sigma',
    label: 'Start σ',
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
    label: 'Optimiser',
    help: 'The rule that turns gradients into steps.',
    effect: 'tune',
    names: optimisers.labels,
    default: 'adam',
  }),
  lr: optionalNumber({
    key: 'lr',
    label: 'Learning rate',
    help: 'Step size of A; B learns at λ times this. Left out: derived from the experiment.',
    effect: 'tune',
    min: 1e-20,
    max: 1000,
    scale: 'log',
    special: 'null',
    default: null,
  }),
  ratio: number({
    key: 'ratio',
    label: 'Ratio λ',
    help: 'LoRA+: B learns at λ times the rate of A.',
    effect: 'tune',
    min: 1,
    max: 1024,
    scale: 'log',
    default: 1,
  }),
  batch: integer({
    key: 'batch',
    label: 'Batch',
    help: 'Samples a step.',
    effect: 'restart',
    active: asks('batch'),
    min: 1,
    max: (e) => (asks('batch')(e) ? e.samples : 4096),
    scale: 'log',
    default: (e) => Math.min(16, e.samples),
  }),
  steps: integer({
    key: 'steps',
    label: 'Steps',
    help: 'Step budget: the run ends there.',
    effect: 'tune',
    min: 1,
    max: 100_000,
    scale: 'log',
    default: 300,
  }),
  seed: integer({
    key: 'seed',
    label: 'Seed',
    help: 'Every random number follows from it.',
    effect: 'restart',
    min: Number.MIN_SAFE_INTEGER,
    max: Number.MAX_SAFE_INTEGER,
    default: 1,
  }),
  pace: number({
    key: 'pace',
    label: 'Pace',
    help: 'Steps a second while a person watches.',
    effect: 'view',
    min: 0.1,
    max: 1000,
    scale: 'log',
    special: 'max',
    default: 50,
  }),
  run: flag({
    key: 'run',
    label: 'Start at once',
    help: 'Training starts when the link is opened.',
    effect: 'view',
    quiet: true,
    default: false,
  }),
  show: text({
    key: 'show',
    label: 'Controls',
    help: 'The controls to show, a comma list of keys; the others are hidden.',
    effect: 'view',
    quiet: true,
    pattern: /^[a-z0-9]+(,[a-z0-9]+)*$/,
    longest: 200,
    allowed: 'a comma list of keys, such as rank,alpha',
  }),
  view: choice({
    key: 'view',
    label: 'View',
    help: 'The whole lab, large for a projector, or without bars for another page.',
    effect: 'view',
    quiet: true,
    names: { lab: 'lab', present: 'present', embed: 'embed' },
    default: 'lab',
  }),
  origin: text({
    key: 'origin',
    label: 'Origins',
    help: 'Who may command the embedded page: exact origins or null, a comma list.',
    effect: 'view',
    quiet: true,
    pattern: /^(null|https?:\/\/[A-Za-z0-9.:[\]-]+)(,(null|https?:\/\/[A-Za-z0-9.:[\]-]+))*$/,
    longest: 1000,
    allowed: 'a comma list of exact origins such as https://example.org, or null',
  }),
};

export type ParamKey = keyof typeof PARAMS;
export const PARAM_KEYS = Object.keys(PARAMS) as ParamKey[];

type ValueOf<P> = P extends { readonly default: (e: Draft) => infer T } ? T : never;

/** One experiment: a value for every parameter, active or not. `lr: null` means: derived. */
export type Experiment = { readonly [K in ParamKey]: ValueOf<(typeof PARAMS)[K]> };
