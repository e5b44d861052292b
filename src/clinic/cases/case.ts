import type { RunRecord } from '../../experiment/run-file/run-record.ts';
import { CASE_NAMES, type CaseName } from '../../experiment/settings/view.ts';

export { CASE_NAMES, type CaseName };

export const CASE_GROUPS = {
  start: 'It does not start',
  break: 'It breaks, jumps, remembers',
  worse: 'More or newer is worse',
  after: 'After training',
} as const;

/** A text with pieces of code in it. */
export type Prose = readonly (string | { readonly code: string })[];

/** A run that a case trains: its symptom, its cure, what it is compared with, or a cure that does not help. */
export interface CaseRun {
  /** `symptom` and `cure` are there if both are trained; other keys are the case's own. */
  readonly key: string;
  /** Its name beside a line: "rank 64, α/r". */
  readonly label: string;
  readonly role: 'symptom' | 'cure' | 'reference' | 'wrong';
  /** Opens it in the Lab. */
  readonly link: string;
  /** `adapt=hand`: the example hands (`exampleHand` of class/model) whose drawings, joined, it trains on and reads. */
  readonly hands?: readonly number[];
  /**
   * No step is made: what is read with the settings of `link` are factors made of runs that are known
   * (`measuredFactors`): adapters added with a weight each, or one cut to a rank by its SVD.
   */
  readonly measures?:
    | { readonly sum: readonly { readonly run: string; readonly weight: number }[] }
    | { readonly cut: string; readonly rank: number };
  /** Steps at which its losses are read besides the last one. */
  readonly observe?: readonly number[];
  /** Its A and B at the end are kept. */
  readonly keepsFactors?: true;
}

/** The finished runs of a case by key. */
export type CaseRuns = ReadonlyMap<string, RunRecord>;

export type CaseLook = 'symptom' | 'cure' | 'reference' | 'a' | 'b' | 'floor';

/** A chart of a case: lines, or bars from 0. NaN in `points` breaks a line. */
export interface CaseChart {
  readonly title: string;
  /** Its quantity and scale in one line, and where to look. */
  readonly about: string;
  /** Labels of the axes; `marks` are vertical lines with a word: an epoch, the lowest held-out loss. */
  readonly x: { readonly label: string; readonly scale: 'linear' | 'log'; readonly marks?: readonly ChartMark[] };
  readonly y: {
    readonly label: string;
    readonly scale: 'linear' | 'log';
    readonly low?: number;
    readonly high?: number;
  };
  readonly lines: readonly {
    readonly label: string;
    readonly look: CaseLook;
    readonly dots?: boolean;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
  readonly bars?: readonly {
    readonly label: string;
    readonly look: CaseLook;
    readonly value: number;
    readonly text: string;
  }[];
}

export interface ChartMark {
  readonly at: number;
  readonly label: string;
}

/** What the runs that are known so far show. */
export interface Evidence {
  /** One sentence with its figures: "Rank 64, cured: 0.067 in place of 0.781. Nothing but the rule for s was changed." */
  readonly headline: string;
  /** The first is the large one. */
  readonly charts: readonly CaseChart[];
}

/** One complaint: the words of its page, its runs, and what they show. */
export interface ClinicCase {
  readonly name: CaseName;
  readonly group: keyof typeof CASE_GROUPS;
  /** In the words of those who complain, without quotation marks. */
  readonly complaint: string;
  /** One sentence for the list. */
  readonly cause: string;
  readonly see: Prose;
  readonly look: Prose;
  readonly why: Prose;
  /** The one control that cures it: its name, its two states, what it changes. */
  readonly remedy: { readonly control: string; readonly off: string; readonly on: string; readonly effect: string };
  /** What people try first, and what that gave. */
  readonly wrong: readonly {
    readonly label: string;
    readonly effect: string;
    /** Trained for its figures alone, the last one shows it: `evidence` needs none of them. */
    readonly runs?: readonly CaseRun[];
  }[];
  readonly peft: Prose;
  readonly kohya: Prose;
  /** When this is not the cause, and the cases that look like it. */
  readonly otherwise: { readonly text: Prose; readonly cases: readonly CaseName[] };
  /** Words that people search for. */
  readonly words: readonly string[];
  readonly runs: readonly CaseRun[];
  /** What the known runs show; `cured`: with the remedy switched on. Synchronous, under 20 ms. */
  evidence(runs: CaseRuns, cured: boolean): Evidence;
}
