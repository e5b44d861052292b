/** Tasks that a pretrained network is adapted to, as the page writes them. */
export const ADAPTATIONS = {
  rotate: 'rotated by 90°',
  mirror: 'mirrored',
  invert: 'inverted contrast',
  shuffle: 'pixels shuffled',
  relabel: 'answer 9 − d',
  'zero-to-nine': '5 to 9 too',
  'five-to-nine': '5 to 9 only',
} as const;

export type AdaptationName = keyof typeof ADAPTATIONS;
