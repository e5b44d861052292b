import type { AxisPoint } from '../charts/curves/curves.ts';
import type { Racer } from './links.ts';
import json from './recorded.json';

export type RacedOptimiser = 'adam' | 'sgd';

/** Relative errors over five seeds, at some steps. */
export interface Course {
  readonly median: readonly number[];
  /** First and third quartile. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

interface NamedLine {
  readonly label: string;
  readonly points: readonly AxisPoint[];
}

/** Runs of the lesson, three digits each; recorded.test.ts makes them again. */
export interface StartsRecord {
  readonly steps: readonly number[];
  readonly race: Readonly<Record<RacedOptimiser, Readonly<Record<Racer, Course>>>>;
  /** Errors of a run at rank 2 that is widened to rank 4 on the way, and of the floors at both. */
  readonly widened: {
    readonly at: number;
    readonly floors: readonly [few: number, many: number];
    readonly zeros: readonly AxisPoint[];
    readonly rows: readonly AxisPoint[];
  };
  /** Error over floor by rate; null where the run diverged. */
  readonly zeros: {
    readonly rates: readonly number[];
    readonly cells: readonly (readonly (number | null)[])[];
    readonly floor: number;
  };
  readonly ownFloors: readonly NamedLine[];
  readonly pissa: { readonly along: readonly NamedLine[]; readonly apart: readonly NamedLine[] };
}

export const RECORDED = json as unknown as StartsRecord;
