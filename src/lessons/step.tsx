import type { ComponentType, ReactNode } from 'react';
import { parseLink, settingsLink } from '../experiment/link/link.ts';
import { number } from '../experiment/numbers.ts';
import { presetOf } from '../experiment/presets.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import { Sym } from '../kit/symbols.tsx';
import type { PageEvent } from '../state/events.ts';
import { isComplete, lastStep } from '../state/run/run.ts';
import { floorsOf } from '../state/select.ts';
import type { ReadyDrawing, State } from '../state/state.ts';
import type { FigurePlace } from '../ui/lesson-container.tsx';
import { useLab } from '../ui/page.tsx';
import type { LessonValues } from './pane/values.tsx';
import { progressIn } from './state/progress.ts';

/** A text that operates the lab beside it. */
export interface Lesson {
  /** As links call it. */
  readonly name: string;
  readonly steps: readonly Step[];
}

/** A lesson as the contents list it; its text is loaded when it is opened. */
export interface LessonEntry {
  /** As links call it. */
  readonly name: string;
  readonly title: string;
  /** What it answers. */
  readonly question: string;
  readonly minutes: number;
  /** The titles of its steps. */
  readonly steps: readonly string[];
  /** A small picture made from real data, about 86 × 40 px. */
  readonly Picture: ComponentType;
  readonly load: () => Promise<{ readonly lesson: Lesson }>;
  /** For whoever teaches with it: aims, minutes, questions to ask, common mistakes. */
  readonly notes: () => Promise<{ readonly default: ComponentType }>;
}

/** One idea. It can be read without pressing anything; its act shows what it says. */
export interface Step {
  readonly title: string;
  /** The settings that it is about, as a link; left out: whatever is on screen. */
  readonly link?: string;
  /** How the run of these settings stands when the step begins: at step 0, or trained to its end at once; left out: anywhere. */
  readonly begins?: 'untrained' | 'trained';
  readonly Text: ComponentType;
  /** In the place of the whole lab, which needs no engine then, or of the charts below the matrices. */
  readonly figure?: {
    readonly place: FigurePlace;
    readonly Figure: ComponentType;
    /** It takes the place of the lab and yet shows the lab's own run. */
    readonly live?: true;
  };
  /** What is marked, by selector: LAB has the usual ones. */
  readonly shows?: readonly string[];
  /** What the reader expects, before it is seen. */
  readonly guess?: Guess;
  readonly act?: Act;
  readonly questions?: readonly Question[];
  /** Where what it says does not hold. */
  readonly Limits?: ComponentType;
  /** What comes after the act, whether that is done or not. */
  readonly Foot?: ComponentType;
}

export interface Act {
  readonly Ask: ComponentType;
  /** The button that does it; left out where a control does. */
  readonly label?: string;
  readonly does?: (state: State) => readonly PageEvent[];
  /** Any way to get there counts. */
  readonly done: (state: State, values: LessonValues) => boolean;
  /** True where the rank may be dragged too. */
  readonly rank?: boolean;
  /** A live control in the text. */
  readonly Control?: ComponentType;
  /** What it says while it is not done. */
  readonly Status?: ComponentType;
  /** What was to be seen. */
  readonly Seen: ComponentType;
}

/** A prediction. It stays beside what comes out. */
export interface Guess {
  /** As it is kept. */
  readonly name: string;
  readonly Ask: ComponentType;
  /** What can be guessed, as it is kept, with its text. */
  readonly options: Readonly<Record<string, string>>;
  /** What comes out; `guess` is empty where the reader would rather not. */
  readonly Result: ComponentType<{ readonly guess: string }>;
}

interface QuestionForm {
  readonly Ask: ComponentType;
}

export type Question =
  | (QuestionForm & {
      readonly kind: 'choice';
      /** The right one of the options. */
      readonly right: string;
      /** The possible answers, with what is said to each. */
      readonly options: Readonly<Record<string, string>>;
    })
  | (QuestionForm & {
      readonly kind: 'number';
      readonly answer: (state: State, values: LessonValues) => number;
      /** How far an answer may be from it. */
      readonly within: number;
      readonly why: (given: number, answer: number) => string;
      readonly hint: string;
      readonly shown: (answer: number) => string;
    })
  | (QuestionForm & {
      /** Answered on the lab, or on the figure. */
      readonly kind: 'lab';
      readonly check: (state: State, values: LessonValues) => Judgement;
      readonly hint: string;
      /** The settings that it begins with, as a link; left out: whatever is on screen. */
      readonly link?: string;
    });

/** What is said to an answer that was given on the lab. */
export interface Judgement {
  readonly right: boolean;
  readonly says: string;
}

export const correct = (says: string): Judgement => ({ right: true, says });
export const wrong = (says: string): Judgement => ({ right: false, says });

/** Parts of the lab that a step can frame. */
export const LAB = {
  W0: '.hero [data-matrix="W0"]',
  W: '.hero [data-matrix="W"]',
  A: '.hero [data-matrix="A"]',
  B: '.hero [data-matrix="B"]',
  dW: '.hero [data-matrix="dW"]',
  target: '.hero [data-matrix="target"]',
  error: 'figure[data-chart="error"]',
} as const;

/** A lesson does not wait for the pace that a person has chosen: full speed, and the pace stays as it is. */
export const trainEvent = (steps?: number): PageEvent => ({ type: 'train', steps, atOnce: true });

/** Other settings, and the run of them to its end; one that is there already is not trained further. */
export const trainEvents =
  (changes: Partial<Experiment>) =>
  ({ run }: State): readonly PageEvent[] => {
    const changed: PageEvent = { type: 'changed', changes };
    const same = settingsLink({ ...run.experiment, ...changes }) === settingsLink(run.experiment);
    return isComplete(run) && same ? [changed] : [changed, trainEvent()];
  };

/** True where a run is at its end and no other is being made. */
export const isEnded = ({ run, next }: State) => next === null && isComplete(run);

/** The relative error of the run on show, at its last step unless another is given; before there is one, 1. */
export const errorAt = ({ run }: State, step = lastStep(run)): number => run.trace.series.relativeError?.[step] ?? 1;
/** The least error at a rank; before that is known, 0. */
export const floorAt = (state: State, rank: number): number => floorsOf(state)?.floor[rank] ?? 0;

// The same as the page prints them.
export const useError = (step?: number): string => useLab((s) => number(errorAt(s, step)));
export const useFloor = (rank: number): string => useLab((s) => number(floorAt(s, rank)));
/** Whether the reader has made a prediction, or would rather not. */
export const useHasPredicted = (lesson: string, guess: string): boolean =>
  useLab((s) => progressIn(s.progress, lesson).guesses[guess] !== undefined);
export const useRank = (): number => useLab(({ run }) => run.experiment.rank);

/** What has to happen in the lab when a step begins, `drawing` being what its link holds. Settings that are on screen already keep their run. */
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
    // A step is no place of its own in the browser's history.
    fromAddress: true,
  };
  if (!same) return begins === 'trained' ? [open, trainEvent()] : [open];
  const moved = lastStep(state.run) > 0;
  if (begins === 'untrained') return moved ? [{ type: 'rewind' }] : [];
  return begins === 'trained' && !isComplete(state.run) ? [trainEvent()] : [];
}

function gradientOf(factor: ReactNode) {
  return (
    <span className="whole">
      ∂<Sym of="L" />
      /∂{factor}
    </span>
  );
}

// Letters in the hue of their matrix, for the prose.
export const W0 = <Sym of="W₀" />;
export const W = <Sym of="W" />;
export const A = <Sym of="A" />;
export const B = <Sym of="B" />;
/** The two gradients. */
export const GRAD_A = gradientOf(A);
export const GRAD_B = gradientOf(B);
export const DW = <Sym of="ΔW" />;
export const DWT = <Sym of="ΔW*" />;
export const R = <Sym of="r" />;
export const S = <Sym of="s" />;
export const ALPHA = <Sym of="α" />;
