/** Tasks that a pretrained network is adapted to, by target, as tiles name them. The first one is the default. */
const BY_TARGET = {
  digits: {
    rotate: 'rotated',
    mirror: 'mirrored',
    invert: 'inverted',
    shuffle: 'shuffled',
    relabel: '9 − d',
    'zero-to-nine': '5–9 too',
    'five-to-nine': '5–9 only',
    hand: 'own hand',
  },
  transformer: { 'sort-down': 'sort down', 'copy-reverse': 'reverse', 'base-6': 'base 6' },
  classifier: {
    'circles-spirals': 'spirals',
    'moons-rotated': 'moons',
    'spirals-rotated': 'turned',
    'spirals-relabelled': 'swapped',
  },
} as const;

type ByTarget = typeof BY_TARGET;
export type DigitTaskName = keyof ByTarget['digits'];
export type SequenceAdaptation = keyof ByTarget['transformer'];
export type PointAdaptation = keyof ByTarget['classifier'];
export type AdaptationName = DigitTaskName | SequenceAdaptation | PointAdaptation;

export const ADAPTATIONS: Readonly<Record<AdaptationName, string>> = {
  ...BY_TARGET.digits,
  ...BY_TARGET.transformer,
  ...BY_TARGET.classifier,
};

const isNetwork = (target: string): target is keyof ByTarget => Object.hasOwn(BY_TARGET, target);

/** Those of a target, the usual one first; of a target without a network: of all. */
export function adaptationsOf(target: string): readonly AdaptationName[] {
  return Object.keys(isNetwork(target) ? BY_TARGET[target] : ADAPTATIONS) as AdaptationName[];
}

export const isDigitTask = (name: AdaptationName): name is DigitTaskName => Object.hasOwn(BY_TARGET.digits, name);
export const isSequenceTask = (name: AdaptationName): name is SequenceAdaptation =>
  Object.hasOwn(BY_TARGET.transformer, name);
export const isPointTask = (name: AdaptationName): name is PointAdaptation => Object.hasOwn(BY_TARGET.classifier, name);
