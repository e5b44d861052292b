import { errorAtRank } from '../../math/spectral/spectra.ts';
import type { SampleFacts, Scene } from '../chart.ts';

interface MadeUpOptions {
  readonly d?: number;
  readonly k?: number;
  readonly rank: number;
  readonly step: number;
  readonly newest?: number;
  readonly zeroAtStart?: Scene['zeroAtStart'];
  readonly definition?: Scene['definition'];
  readonly others?: readonly number[];
  /** Number of known singular values of ΔW*. */
  readonly known?: number;
  /** All singular values of ΔW* are 1. */
  readonly flat?: boolean;
  /** The error grows by this factor each step. */
  readonly growth?: number;
}

const BUDGET = 300;

/** A scene with plausible numbers and no training: for tests of the layout, which need thousands. */
export function madeUpScene(wanted: MadeUpOptions): Scene {
  const { d = 64, k = 64, rank, step, newest = step, zeroAtStart = 'B', definition = 'entropy', known } = wanted;
  const n = Math.min(d, k);
  const values = Float64Array.from({ length: n }, (_, i) => (wanted.flat ? 1 : (i + 1) ** -1.1));
  const error = errorAtRank(values);
  const floor = error.map((v) => v / error[0]);
  const grown = (t: number) => (wanted.growth ?? 1) ** t;
  const learned = (t: number) => 1 - Math.exp(-t / 30);
  const run = (r: number, length: number) => {
    const list = (value: (t: number) => number) => Float64Array.from({ length }, (_, t) => value(t));
    const start = (factor: 'A' | 'B', t: number) =>
      zeroAtStart === 'both' || (t === 0 && zeroAtStart !== null && zeroAtStart !== factor);
    return {
      curves: {
        length,
        loss: list((t) => Math.exp(-t / 20) * grown(t)),
        gradNormA: list((t) => (start('A', t) ? 0 : 0.7 * Math.exp(-t / 45) * grown(t))),
        gradNormB: list((t) => (start('B', t) ? 0 : 0.6 * Math.exp(-t / 40) * grown(t))),
        updateNormA: list(() => 0.1),
        updateNormB: list(() => 0.1),
        relativeError: list((t) => (floor[r] + (1 - floor[r]) * (1 - learned(t))) * grown(t)),
      },
      sampled: {
        steps: Array.from({ length }, (_, t) => t),
        spectra: Array.from({ length }, (_, t) =>
          zeroAtStart === 'both'
            ? new Float64Array(r)
            : values.slice(0, r).map((v, i) => v * learned(t / (1 + i / 4)) * grown(t)),
        ),
      },
      losses: null,
      rank: r,
    };
  };
  const { curves, sampled } = run(rank, newest + 1);
  return {
    status: 'training',
    d,
    k,
    rank,
    scaling: 2,
    budget: BUDGET,
    step,
    lookingBack: step < newest,
    curves,
    sampled,
    spectrum: sampled.spectra[step],
    alignment: null,
    target:
      known === undefined
        ? { values, how: 'computed', error: 1e-15, norm: error[0], floor }
        : {
            values: values.slice(0, known),
            how: 'leading',
            error: 2e-4,
            norm: error[0],
            floor: floor.slice(0, known + 1),
          },
    ownFloor: { value: known !== undefined && rank > known ? null : floor[rank], by: 'rank' },
    frozenFactor: null,
    samples: null,
    network: null,
    zeroAtStart,
    definition,
    others: (wanted.others ?? []).map((r) => ({
      ...run(r, BUDGET + 1),
      name: r === rank ? 'before' : `before, r = ${r}`,
      losses: null,
      pale: true,
    })),
    ended: [],
    hover: null,
    empty: null,
  };
}

/** A scene on samples: its losses fall from 1 towards the given ends, the held-out one not below it. */
export function withSampleLosses(
  scene: Scene,
  ends: readonly [number, number],
  floors: SampleFacts['floors'],
  batch = 16,
): Scene {
  const steps = Array.from({ length: Math.ceil(scene.curves.length / 5) }, (_, i) => 5 * i);
  const falling = (end: number) => steps.map((t) => end + (1 - end) * Math.exp(-t / 25));
  const losses = { steps, training: falling(ends[0]), heldOut: falling(ends[1]) };
  return { ...scene, samples: { count: 48, heldOut: 256, batch, condition: 10, noise: 0.3, losses, floors } };
}
