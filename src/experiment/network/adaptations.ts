/** Tasks that a pretrained network is adapted to, as tiles name them. */
export const ADAPTATIONS = {
  rotate: 'rotated',
  mirror: 'mirrored',
  invert: 'inverted',
  shuffle: 'shuffled',
  relabel: '9 − d',
  'zero-to-nine': '5–9 too',
  'five-to-nine': '5–9 only',
  hand: 'your hand',
} as const;

export type AdaptationName = keyof typeof ADAPTATIONS;
