import { number } from '../../experiment/numbers.ts';
import { initialState } from '../../state/state.ts';
import type { Question, Step } from '../step.tsx';

const FIRST_LETTER = 'a'.charCodeAt(0);

/** The solution was shown before any try. */
export const SHOWN_ANSWER = 'x';
export const labAnswer = (right: boolean): string => (right ? 'y' : 'n');

export function choiceAnswer(options: Readonly<Record<string, string>>, chosen: string): string {
  return String.fromCharCode(FIRST_LETTER + Object.keys(options).indexOf(chosen));
}

export const questionsOf = (steps: readonly Step[]): readonly Question[] =>
  steps.flatMap(({ questions = [] }) => questions);

/** The answer to a question about numbers, on a lab that nobody has touched. */
export function truthOf(question: Extract<Question, { readonly kind: 'number' }>): number {
  return question.answer(initialState({ backend: null, stepper: null }), {});
}

const MARK_LENGTH = 3;

/** Letters and digits that change with the answers of a lesson: answers to other questions are not judged by these. */
export function markOf(questions: readonly Question[]): string {
  const text = questions.map((question) => {
    if (question.kind === 'lab') return question.kind;
    if (question.kind === 'number') return numberKey(truthOf(question));
    return `${Object.keys(question.options).length}${choiceAnswer(question.options, question.right)}`;
  });
  let hash = 0;
  for (const letter of text.join()) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  return hash.toString(36).slice(-MARK_LENGTH).padStart(MARK_LENGTH, '0');
}

const numberKey = (truth: number) => truth.toPrecision(6);

export interface JudgedAnswer {
  readonly how: 'right' | 'wrong' | 'none';
  /** What was answered. */
  readonly text: string;
  /** The mistake, in the words of the lesson. */
  readonly why: string;
}

const NONE: JudgedAnswer = { how: 'none', text: '', why: '' };

/** An answer as a link has it; what fits no option, or is no number, counts as none. */
export function judgeAnswer(question: Question, given: string | undefined): JudgedAnswer {
  if (given === undefined || given === '') return NONE;
  if (given === SHOWN_ANSWER)
    return { how: 'wrong', text: 'had it shown', why: 'pressed “Show me” before a first try' };
  if (question.kind === 'choice') {
    const option = given.length === 1 ? Object.keys(question.options)[given.charCodeAt(0) - FIRST_LETTER] : undefined;
    if (option === undefined) return NONE;
    return { how: option === question.right ? 'right' : 'wrong', text: option, why: question.options[option] };
  }
  // With numbers of one's own it is kept whether the answer was right.
  if (question.kind === 'lab' || (question.own && /^[yn]$/.test(given))) {
    if (given === 'y') return { how: 'right', text: 'right at the first try', why: '' };
    return given === 'n' ? { how: 'wrong', text: 'not at the first try', why: question.hint } : NONE;
  }
  const value = Number(given);
  if (!Number.isFinite(value)) return NONE;
  const truth = truthOf(question);
  const text = Number.isInteger(value) ? value.toLocaleString('en') : number(value);
  if (Math.abs(value - truth) <= question.within) return { how: 'right', text, why: question.shown(truth) };
  return { how: 'wrong', text, why: question.why(value, truth) };
}

export interface MistakeGroup extends JudgedAnswer {
  readonly count: number;
}

/** Answers to one question by mistake: the right ones first, then the most frequent mistake; other numbers, same reply. */
export function mistakesIn(answers: readonly JudgedAnswer[]): readonly MistakeGroup[] {
  const groups = new Map<string, MistakeGroup>();
  for (const answer of answers) {
    if (answer.how === 'none') continue;
    const key = answer.how === 'right' ? 'right' : answer.why;
    const known = groups.get(key);
    const texts = new Set([...(known?.text.split(' · ') ?? []), answer.text]);
    groups.set(key, { ...answer, text: [...texts].join(' · '), count: (known?.count ?? 0) + 1 });
  }
  return [...groups.values()].sort(
    (a, b) => Number(b.how === 'right') - Number(a.how === 'right') || b.count - a.count,
  );
}

export interface AnswerRow {
  readonly name: string;
  readonly answers: readonly JudgedAnswer[];
}

export const rightIn = (rows: readonly AnswerRow[], at: number): number =>
  rows.filter(({ answers }) => answers[at].how === 'right').length;

/** The question with the fewest right answers, from 0; of those with as many, the first. */
export function hardest(rows: readonly AnswerRow[], count: number): number {
  const right = Array.from({ length: count }, (_, at) => rightIn(rows, at));
  return right.indexOf(Math.min(...right));
}
