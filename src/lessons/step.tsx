import type { ComponentType, ReactNode } from 'react';
import { parseLink, settingsLink } from '../experiment/link/link.ts';
import { presetOf } from '../experiment/presets.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import { CHART_NAMES } from '../experiment/settings/view.ts';
import type { PageEvent } from '../state/events.ts';
import { isComplete, lastStep } from '../state/run/run.ts';
import { floorsOf } from '../state/select.ts';
import type { ReadyDrawing, State } from '../state/state.ts';
import type { FigurePlace } from '../ui/figures/lesson-container.tsx';
import { useLab } from '../ui/page.tsx';
import type { LessonValues } from './pane/values.tsx';
import { progressIn } from './state/progress.ts';

export interface Lesson {
  /** Its name in links. */
  readonly name: string;
  readonly steps: readonly Step[];
}

/** A lesson in the contents; its text is loaded when it is opened. */
export interface LessonEntry {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** To read it, with its acts and questions; a test computes them from its words. */
  readonly minutes: number;
  readonly steps: readonly string[];
  /** A small picture made from real data, about 86 × 40 px. */
  readonly Picture: ComponentType;
  readonly load: () => Promise<{ readonly lesson: Lesson }>;
}

/** One idea, readable without pressing anything; its act shows what it says. */
export interface Step {
  readonly title: string;
  /** Its settings, as a link; default: those on screen. */
  readonly link?: string;
  /** Values of its figure when it begins, by name; default: their initial ones. */
  readonly values?: LessonValues;
  /** The calculator's setting when it begins, as in links; default: that on screen. */
  readonly cost?: string;
  /** State of the run when the step begins: at step 0, or trained to its end at once; default: any. */
  readonly begins?: 'untrained' | 'trained';
  readonly Text: ReactNode;
  /** In place of the whole lab, which then needs no engine, or of the charts below the matrices. */
  readonly figure?: {
    readonly place: FigurePlace;
    readonly Figure: ComponentType;
    /** Replaces the lab but shows the lab's own run. */
    readonly live?: true;
  };
  /** Selectors of the framed parts; LAB has the usual ones. */
  readonly shows?: readonly string[];
  /** Framed and numbered parts, in the order in which the text names them: `mark(1)` is the first. */
  readonly marks?: readonly string[];
  /** The chart below the matrices; default: the one that it frames, or none. */
  readonly chart?: ChartName;
  /** The reader's prediction, before the result. */
  readonly guess?: Guess;
  readonly act?: Act;
  readonly questions?: readonly Question[];
  /** Where its statements do not hold. */
  readonly Limits?: ReactNode;
  readonly Foot?: ReactNode;
}

export interface Act {
  readonly Ask: ReactNode;
  /** The button that does it; none if a control does. */
  readonly label?: string;
  readonly does?: (state: State) => readonly PageEvent[];
  /** Any way to get there counts. */
  readonly done: (state: State, values: LessonValues) => boolean;
  readonly rank?: boolean;
  /** The act is a prediction: its own button is the main action until it is done. */
  readonly predicts?: true;
  readonly Control?: ReactNode;
  readonly Status?: ReactNode;
  readonly Seen: ReactNode;
}

export interface Guess {
  /** Its key in the progress. */
  readonly name: string;
  readonly Ask: ReactNode;
  /** Text by key in the progress. */
  readonly options: Readonly<Record<string, string>>;
  /** The outcome; `guess` is empty if skipped. */
  readonly Result: (guess: string) => ReactNode;
}

interface QuestionForm {
  readonly Ask: ReactNode;
}

export type Question =
  | (QuestionForm & {
      readonly kind: 'choice';
      readonly right: string;
      /** Replies by option. */
      readonly options: Readonly<Record<string, string>>;
    })
  | (QuestionForm & {
      readonly kind: 'number';
      readonly answer: (state: State, values: LessonValues) => number;
      /** Whether the reader has other numbers than the example: then only whether the answer was right is kept. */
      readonly own?: (values: LessonValues) => boolean;
      /** Tolerance of the answer. */
      readonly within: number;
      readonly why: (given: number, answer: number) => string;
      readonly hint: string;
      readonly shown: (answer: number) => string;
    })
  | (QuestionForm & {
      /** Answered in the lab, or in the figure. */
      readonly kind: 'lab';
      readonly check: (state: State, values: LessonValues) => Judgement;
      readonly hint: string;
      /** The settings that it begins with, as a link; default: those on screen. */
      readonly link?: string;
    });

export interface Judgement {
  readonly right: boolean;
  readonly says: string;
}

export const correct = (says: string): Judgement => ({ right: true, says });
export const wrong = (says: string): Judgement => ({ right: false, says });

type ChartName = 'spectrum' | 'gradients' | 'error' | 'effectiveRank';

function chartAt(name: string): string {
  return `figure[data-chart="${name}"]`;
}

/** Parts of the lab that a step can frame. */
export const LAB = {
  W0: '.hero [data-matrix="W0"]',
  W: '.hero [data-matrix="W"]',
  A: '.hero [data-matrix="A"]',
  B: '.hero [data-matrix="B"]',
  dW: '.hero [data-matrix="dW"]',
  target: '.hero [data-matrix="target"]',
  error: chartAt('error'),
  spectrum: chartAt('spectrum'),
  gradients: chartAt('gradients'),
  effectiveRank: chartAt('effectiveRank'),
  /** The error over training, beside the buttons. */
  course: '.transport .course',
} as const;

/** The charts that a step leaves in the lab: its own, or those that it frames. */
export const chartsOf = ({ chart, shows = [], marks = [] }: Step): readonly string[] =>
  chart ? [chart] : CHART_NAMES.filter((name) => [...shows, ...marks].includes(chartAt(name)));

/** At full speed, whatever pace the person has chosen, which is kept. */
export const trainEvent = (steps?: number): PageEvent => ({ type: 'train', steps, atOnce: true });

/** Changes the settings and trains that run to its end, unless it is there already. */
export const trainEvents =
  (changes: Partial<Experiment>) =>
  ({ run }: State): readonly PageEvent[] => {
    const changed: PageEvent = { type: 'changed', changes };
    const same = settingsLink({ ...run.experiment, ...changes }) === settingsLink(run.experiment);
    return isComplete(run) && same ? [changed] : [changed, trainEvent()];
  };

export const isEnded = ({ run, next }: State) => next === null && isComplete(run);

/** Relative error of the lab's run, at its last step by default; 1 before there is one. */
export const errorAt = ({ run }: State, step = lastStep(run)): number => run.trace.series.relativeError?.[step] ?? 1;
/** The least error at a rank; 0 while unknown. */
export const floorAt = (state: State, rank: number): number => floorsOf(state)?.floor[rank] ?? 0;

export const useHasPredicted = (lesson: string, guess: string): boolean =>
  useLab((s) => progressIn(s.progress, lesson).guesses[guess] !== undefined);

/** Events for the lab when a step begins; `drawing` is that of its link. Settings already on screen keep their run. */
export function stepEvents(
  { link, begins }: Pick<Step, 'link' | 'begins'>,
  state: State,
  drawing: ReadyDrawing | null = null,
): readonly PageEvent[] {
  const { experiment } = link === undefined ? state : parseLink(link);
  const same = state.run.ready !== null && settingsLink(state.experiment) === settingsLink(experiment);
  const open: PageEvent = {
    type: 'opened',
    experiment,
    drawing,
    notices: [],
    preset: presetOf(experiment),
    // A step makes no entry in the browser's history.
    fromAddress: true,
  };
  if (!same) return begins === 'trained' ? [open, trainEvent()] : [open];
  const moved = lastStep(state.run) > 0;
  if (begins === 'untrained') return moved ? [{ type: 'rewind' }] : [];
  return begins === 'trained' && !isComplete(state.run) ? [trainEvent()] : [];
}
