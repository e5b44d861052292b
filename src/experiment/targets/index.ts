import { classifier } from '../network/classifier-target.ts';
import { digits } from '../network/digits-target.ts';
import { transformer } from '../network/transformer-target.ts';
import { catalogue } from '../settings/catalogue.ts';
import { isModuleData } from '../settings/data-kind.ts';
import { fullRankTargets } from './full-rank/words.ts';
import { type Target, target } from './target.ts';

// Words and bounds alone, which a page shows without making a matrix; build.ts makes ΔW*.

const edit = target({
  name: 'edit',
  kind: 'matrix',
  from: 'settings',
  takes: 'painting',
  label: 'edit',
  explanation: 'W₀ is a picture of an owl, and the update an edit of it: sunglasses, a hat, confetti, or your own.',
  caption: () => 'an edit of the owl',
  params: ['edit', 'data'],
  // The left half of the owl mirrors the right one.
  ownBase: { rank: (d, k) => Math.min(d, Math.ceil(k / 2)) },
  minSize: 2,
});

const lowRank = target({
  name: 'low-rank',
  kind: 'matrix',
  from: 'settings',
  label: 'low rank',
  explanation: 'A random update of known rank with a little noise: a large enough r finds everything except the noise.',
  caption: (s) => `true rank ${s.truerank}${s.noise > 0 ? ' and noise' : ''}`,
  params: ['truerank', 'shape', 'noise', 'align'],
  small: { d: 16, k: 16, truerank: 1, noise: 0, align: null },
});

const decay = target({
  name: 'decay',
  kind: 'matrix',
  from: 'settings',
  label: 'decay',
  explanation: 'A full-rank update whose singular values fall off: every extra rank adds a little.',
  caption: (s) => (s.law === 'power' ? `σᵢ = 1/iᵖ, p = ${s.rate}` : `σᵢ = ${s.rate}ⁱ⁻¹`),
  params: ['law', 'rate'],
  sign: { lines: 'M8 42V7M16 42V20M24 42V29M32 42V35M40 42V39' },
});

const rotation = target({
  name: 'rotation',
  kind: 'matrix',
  from: 'settings',
  label: 'rotation',
  explanation: 'An orthogonal matrix: all directions count equally, so no low rank is enough.',
  caption: (s) => (s.d === s.k ? 'a rotation' : s.d < s.k ? 'orthonormal rows' : 'orthonormal columns'),
  params: [],
  group: 'full rank',
  sign: { lines: 'M10 14A17 17 0 1 1 7 24M8 4L10 14L20 12' },
});

const picture = target({
  name: 'picture',
  kind: 'matrix',
  from: 'settings',
  label: 'picture',
  explanation: 'Uses a picture, or your drawing, as the update, so that you can see rank.',
  caption: () => 'a picture',
  params: ['picture', 'data'],
  minSize: 2,
});

/** Dots of radius 2 at "x,y x,y …". */
const samplesAt = (places: string) => places.replace(/(\S+),(\S+) ?/g, 'M$1 $2m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0');

const regression = target({
  name: 'regression',
  kind: 'samples',
  label: 'regression',
  explanation: 'A low-rank update seen only through noisy samples: when they are few, rank acts as regularisation.',
  caption: (s) => `rank ${s.truerank}, from samples`,
  params: ['truerank', 'samples', 'labelnoise', 'condition', 'batch'],
  sign: {
    lines: 'M6 42L44 7',
    dots: samplesAt('9,37 13,30 18,34 20,25 25,28 27,19 33,22 34,13 40,15 41,8 14,40 29,30'),
  },
  maxSize: 1024,
});

const matrix = target({
  name: 'matrix',
  kind: 'matrix',
  from: 'data',
  label: 'your own',
  explanation:
    'Your own matrix as the update: paste numbers, or drop or pick a CSV, TSV, JSON or .npy file or a picture.',
  caption: ({ data }) => (isModuleData(data) ? 'of a module' : 'your matrix'),
  params: ['data', 'normalise'],
  sign: { lines: 'M24 34V8M14 18L24 8L34 18M8 42H40' },
});

const matrices = [edit, lowRank, decay, rotation, ...fullRankTargets, picture];
const all = [...matrices, regression, digits, classifier, transformer, matrix];
export type TargetName = (typeof all)[number]['name'];
export const targets = catalogue<Target<TargetName>>(all);
