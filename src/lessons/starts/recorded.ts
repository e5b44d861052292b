import type { Racer } from './links.ts';
import json from './recorded.json';

type Pair = readonly [x: number, y: number];
export type Optimiser = 'adam' | 'sgd';

/** Relative errors over five seeds, at some steps. */
export interface Course {
  readonly median: readonly number[];
  /** First and third quartile. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

interface Named {
  readonly label: string;
  readonly points: readonly Pair[];
}

/** Runs of the lesson, three digits each; recorded.test.ts makes them again. */
export interface Recorded {
  readonly steps: readonly number[];
  readonly race: Readonly<Record<Optimiser, Readonly<Record<Racer, Course>>>>;
  /** Errors of a run at rank 2 that is widened to rank 4 on the way, and of the floors at both. */
  readonly widened: {
    readonly at: number;
    readonly floors: readonly [few: number, many: number];
    readonly zeros: readonly Pair[];
    readonly rows: readonly Pair[];
  };
  /** Error over floor by rate; null where the run diverged. */
  readonly zeros: {
    readonly rates: readonly number[];
    readonly cells: readonly (readonly (number | null)[])[];
    readonly floor: number;
  };
  readonly ownFloors: readonly Named[];
  readonly pissa: { readonly along: readonly Named[]; readonly apart: readonly Named[] };
}

export const RECORDED = json as unknown as Recorded;
