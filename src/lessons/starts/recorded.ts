import { presets } from '../../experiment/presets.ts';
import type { AxisPoint } from '../charts/curves/curves.ts';
import { lessonValue } from '../pane/values.tsx';
import json from './recorded.json';

/** As many as the text is about, so that the charts show nothing else. */
export const TWO_STEPS = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&steps=2';
export const DEAD_INIT = presets.byName('dead-start').link;
/** PiSSA on a target unrelated to W₀. */
export const STUCK_PISSA = presets.byName('pissa-against').link;

export const RACE_INITS = ['kaiming-uniform', 'symmetric', 'svd', 'pissa'] as const;
export type RaceInit = (typeof RACE_INITS)[number];

export type RaceOptimiser = 'adam' | 'sgd';

export interface RaceCourse {
  readonly median: readonly number[];
  /** First and third quartile. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

interface NamedLine {
  readonly label: string;
  readonly points: readonly AxisPoint[];
}

/** Runs of the lesson to three digits; recorded.test.ts trains them again. */
export interface InitRecord {
  readonly steps: readonly number[];
  readonly race: Readonly<Record<RaceOptimiser, Readonly<Record<RaceInit, RaceCourse>>>>;
  /** Floors of a run widened from rank 2 to rank 4. */
  readonly widened: { readonly floors: readonly [few: number, many: number] };
  /** Error over floor by rate; null if the run diverged. */
  readonly zeros: {
    readonly rates: readonly number[];
    readonly cells: readonly (readonly (number | null)[])[];
    readonly floor: number;
  };
  readonly ownFloors: readonly NamedLine[];
  readonly pissa: { readonly along: readonly NamedLine[]; readonly apart: readonly NamedLine[] };
}

export const RECORDED = json as unknown as InitRecord;

export const OPTIMISER = lessonValue<RaceOptimiser>('optimiser', 'adam');
export const DRAWN_RANK = lessonValue<'1' | '4' | '16' | '64'>('drawn', '4');
/** Number of the reader's draws, used as the seed. */
export const DRAW = lessonValue('draw', 1);
/** The same for the lengths of Ax. */
export const LENGTHS = lessonValue('draw of lengths', 1);
/** The cell under the pointer: rate, initialisation. */
export const POINTED_CELL = lessonValue<readonly number[] | null>('pointed', null);

export const OPTIMISERS: Readonly<Record<RaceOptimiser, string>> = { adam: 'Adam', sgd: 'SGD' };
