import type { HistoryLosses } from '../../experiment/run-file/run-record.ts';
import type { KeptPath, Losses, OtherRun, Scene } from '../chart.ts';
import type { KeptScene } from '../network/kept.ts';
import type { RanksScene } from '../network/ranks.ts';
import { madeUpScene } from './made-up-scene.ts';

/** Accuracies of a run that goes from one pair of shares to another; the old task falls at once, the new one later. */
export function accuraciesOf(length: number, [from, to]: readonly [Pair, Pair], every = 5): HistoryLosses {
  const steps = Array.from({ length: Math.floor((length - 1) / every) + 1 }, (_, i) => every * i);
  const move = (a: number, b: number, slow: number) => steps.map((t) => b + (a - b) * Math.exp(-t / slow));
  const nothing = steps.map(() => Number.NaN);
  return {
    ...{ steps, training: nothing, heldOut: move(2, 0.2, 60) },
    ...{ accuracy: move(from[0], to[0], 60), oldAccuracy: move(from[1], to[1], 90) },
  };
}

/** Shares on the new task and on the old one. */
type Pair = readonly [now: number, before: number];

interface NetworkSceneOptions {
  readonly step: number;
  readonly newest?: number;
  /** At the start and, if training went on for ever, at the end. */
  readonly ends?: readonly [Pair, Pair];
  readonly full?: boolean;
  readonly others?: readonly string[];
  readonly pinned?: boolean;
  readonly names?: readonly [string, string];
}

const DIGITS = { heldOut: 597, old: 597, seen: false, rank: 4, trained: 1320 / 8832, paths: [], ranks: [] } as const;
const BEFORE: Pair = [0.11, 0.972];

/** A run on digits with the figures of rank 4, beside full fine-tuning. */
export function networkScene(wanted: NetworkSceneOptions): Scene {
  const { step, newest = step, ends = [BEFORE, [0.95, 0.55]], full = true, others = [], pinned = false } = wanted;
  const [newName, oldName] = wanted.names ?? ['turned', 'upright'];
  const scene = madeUpScene({ rank: 4, step, newest });
  const reference = full ? accuraciesOf(301, [ends[0], [0.97, 0.58]]) : null;
  const run = (name: string, i: number): OtherRun => {
    const losses: Losses = accuraciesOf(301, [ends[0], [0.9 - 0.03 * i, 0.7 - 0.1 * i]]);
    const pin = pinned ? { pin: { id: i, directions: 4, ownFloor: null, diverged: false } } : {};
    return { name, rank: 4, curves: scene.curves, sampled: scene.sampled, losses, pale: true, ...pin };
  };
  return {
    ...scene,
    network: { losses: accuraciesOf(newest + 1, ends), reference, newName, oldName, ...DIGITS },
    others: others.map(run),
  };
}

const RATES = [0.001, 0.002, 0.005, 0.01, 0.02];
const path = (name: string, rank: number | null, ends: readonly Pair[]): KeptPath => ({
  ...{ name, rank, kind: rank === null ? 'full' : 'lora' },
  points: ends.map(([accuracy, old], i) => ({ rate: RATES[i], accuracy, old })),
});

/** New and old accuracy after 300 steps on digits turned by 90°, by rate. */
export const KEPT_PATHS: readonly KeptPath[] = [
  path('full fine-tuning', null, [
    [0.94, 0.83],
    [0.96, 0.75],
    [0.97, 0.59],
    [0.97, 0.37],
    [0.97, 0.22],
  ]),
  path('r = 1', 1, [
    [0.43, 0.85],
    [0.63, 0.87],
    [0.79, 0.8],
    [0.83, 0.62],
    [0.87, 0.37],
  ]),
  path('r = 4', 4, [
    [0.75, 0.87],
    [0.89, 0.77],
    [0.94, 0.57],
    [0.95, 0.34],
    [0.93, 0.15],
  ]),
  path('r = 8', 8, [
    [0.86, 0.85],
    [0.94, 0.73],
    [0.95, 0.5],
    [0.96, 0.27],
    [0.94, 0.12],
  ]),
  path('r = 16', 16, [
    [0.92, 0.82],
    [0.95, 0.69],
    [0.96, 0.45],
    [0.97, 0.21],
    [0.94, 0.11],
  ]),
];

export function keptScene(step: number, changes: Partial<KeptScene> = {}): KeptScene {
  return {
    paths: KEPT_PATHS,
    before: { accuracy: BEFORE[0], old: BEFORE[1] },
    trail: accuraciesOf(step + 1, [BEFORE, [0.95, 0.55]]),
    ...{ step, rank: 4, newName: 'turned', oldName: 'upright', pointed: null },
    ...changes,
  };
}

/** Best runs of each rank, and full fine-tuning cut to it, on digits turned by 90°. */
export const RANK_FIGURES: RanksScene['ranks'] = [
  { rank: 1, trained: 330 / 8832, best: 0.85, cut: 0.2 },
  { rank: 2, trained: 660 / 8832, best: 0.928, cut: 0.45 },
  { rank: 4, trained: 1320 / 8832, best: 0.94, cut: 0.74 },
  { rank: 8, trained: 2640 / 8832, best: 0.95, cut: 0.925 },
  { rank: 16, trained: 4836 / 8832, best: 0.96, cut: 0.97 },
];

export function ranksScene(changes: Partial<RanksScene> = {}): RanksScene {
  return {
    ranks: RANK_FIGURES,
    run: { rank: 4, trained: 1320 / 8832, accuracy: 0.774 },
    ...{ full: 0.973, before: 0.11, pointed: null },
    ...changes,
  };
}
