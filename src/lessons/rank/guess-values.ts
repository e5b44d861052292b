import { blankGuess, type DrawnGuess } from '../charts/guess/guess.ts';
import type { GuessScene } from '../charts/guess/picture.ts';
import { type LessonRuns, NO_LESSON_RUNS } from '../pane/lesson-runs.tsx';
import { lessonValue } from '../pane/values.tsx';
import recorded from './recorded.json';

export const PICTURE = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&steps=300';

export const RANKS: readonly number[] = [1, 2, 4, 8, 16, 32];

/** The drawn line; not part of the link. */
export const GUESS = lessonValue<DrawnGuess>('guess', blankGuess(RANKS.length));
/** Whether the line and the results are shown. */
export const LINE_SHOWN = lessonValue('line', true);
export const ANSWER_SHOWN = lessonValue('shown', false);
export const SIX_RUNS = lessonValue<LessonRuns>('six', NO_LESSON_RUNS);

/** The error of each run: if any were trained here, only those; otherwise the recorded ones. */
export function errorsOf({ runs, going }: LessonRuns): readonly (number | null)[] {
  const own = runs.map((run) => run?.error ?? null);
  return going || own.some((error) => error !== null) ? own : recorded.picture.errors;
}

const FLOOR = recorded.picture.floor.map((value, i) => [Math.log2(i + 1), value] as const);

export function sceneOf(
  guess: DrawnGuess,
  line: boolean,
  truth: readonly (number | null)[] | null,
): Omit<GuessScene, 'at'> {
  return {
    places: RANKS.map(String),
    axis: 'rank',
    top: 1,
    ticks: [0, 0.25, 0.5, 0.75, 1],
    text: (value) => value.toFixed(3),
    guess: line ? guess : blankGuess(RANKS.length),
    name: 'your guess',
    ask: 'Draw your guess here',
    truth,
    hue: 'dw',
    floor: { points: FLOOR, name: ['floor', 'no rank-i matrix', 'gets closer'] },
  };
}
