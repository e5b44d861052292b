import type { Planes, Split } from './planes.ts';

/** Which sum the strip shows: W = W₀ + ΔW with ΔW = s·B·A, or one of two where a start has moved a part of W₀. */
export type Shown = 'plain' | Split;

interface Names {
  /** The two terms of W. */
  readonly base: string;
  readonly update: string;
  /** Each matrix for those who do not see its picture. */
  readonly of: Readonly<Record<keyof Planes, string>>;
}

const OF = {
  W: 'W, the weight that the layer uses',
  W0: 'W₀, the frozen weight',
  A: 'A, trained',
  B: 'B, trained',
  dW: 'ΔW = s·B·A, the learned update',
  target: 'ΔW*, the wanted update',
  E: 'E = ΔW − ΔW*, what is still missing',
};

const NAMES: Readonly<Record<Shown, Names>> = {
  plain: { base: 'W₀', update: 'ΔW', of: OF },
  frozen: {
    base: 'W frozen',
    update: 's·B·A',
    of: { ...OF, W0: 'W frozen = W₀ − s₀·B₀·A₀, the frozen weight', dW: 's·B·A, the adapter' },
  },
  update: {
    base: 'W₀',
    update: 'ΔW',
    of: {
      ...OF,
      W0: 'W₀, the weight before a part of it moved',
      dW: 'ΔW = s·B·A − s₀·B₀·A₀, the learned update',
    },
  },
};

export function namesOf(shown: Shown): Names {
  return NAMES[shown];
}
