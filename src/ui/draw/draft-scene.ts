import type { Hover, Scene } from '../../charts/chart.ts';
import { floorOf } from '../../experiment/layer/floor.ts';
import type { Drafted } from '../../state/view.ts';

const NONE = new Float64Array(0);

/** A scene for the spectrum of a ΔW* that nothing is trained on yet. */
export function draftScene({ d, k, singularValues }: Drafted, name: string, rank: number, hover: Hover | null): Scene {
  const norm = Math.sqrt(singularValues.reduce((sum, s) => sum + s * s, 0));
  return {
    status: 'idle',
    d,
    k,
    rank: Math.min(rank, d, k),
    scaling: 1,
    budget: 0,
    step: 0,
    lookingBack: false,
    curves: {
      length: 0,
      loss: NONE,
      gradNormA: NONE,
      gradNormB: NONE,
      updateNormA: NONE,
      updateNormB: NONE,
      relativeError: NONE,
    },
    sampled: { steps: [], spectra: [] },
    spectrum: null,
    alignment: null,
    target: { name, values: singularValues, how: 'computed', error: 0, norm, floor: floorOf(singularValues) },
    ownFloor: { value: null, by: 'rank' },
    frozenFactor: null,
    samples: null,
    zeroAtStart: null,
    definition: 'entropy',
    others: [],
    ended: [],
    hover,
    empty: null,
  };
}
