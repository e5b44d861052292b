import type { SweepScene } from '../../charts/sweep/cells.ts';
import type { CellRun } from '../../experiment/run-file/run-record.ts';
import recorded from './recorded.json' with { type: 'json' };

export const HELD_OUT = (samples: number, rank: number, seed: number) =>
  `#v=1&target=regression&d=32&k=32&rank=${rank}&alpha=16&truerank=4&samples=${samples}&labelnoise=0.3&condition=1&batch=48&steps=800&opt=adam&seed=${seed}`;

export const SAMPLES = [48, 1024] as const;
export const RANKS = [1, 2, 4, 8, 16, 32] as const;
export const SEEDS = [1, 2, 3, 4, 5] as const;

/** [held-out, training] loss of each seed, by number of samples and rank. */
const LOSSES = recorded as unknown as readonly (readonly (readonly (readonly [number, number])[])[])[];

export const recordedLosses = (samples: (typeof SAMPLES)[number]) => LOSSES[SAMPLES.indexOf(samples)];

const figures = ([heldOut, training]: readonly [number, number]): CellRun => ({
  status: 'finished',
  steps: 800,
  error: null,
  floor: null,
  loss: training,
  heldOut,
  training,
  effectiveRank: Number.NaN,
  rate: Number.NaN,
  reached: null,
  curve: { steps: [], values: [] },
});

export function heldOutScene(samples: (typeof SAMPLES)[number], palette: SweepScene['palette']): SweepScene {
  return {
    axes: [{ key: 'rank', name: 'rank r', before: 'r = ', texts: RANKS.map(String), numbers: RANKS, scale: 'log' }],
    cells: recordedLosses(samples).map((runs, i) => ({ at: [i], runs: runs.map(figures), why: null })),
    seeds: SEEDS.length,
    measure: 'heldOut',
    samples: true,
    pointed: null,
    palette,
    floors: null,
    noise: null,
    perRank: 64 / 1024,
    weights: 1024,
  };
}
