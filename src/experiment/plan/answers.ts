import { LESSON_NAMES } from '../settings/view.ts';

/**
 * First answers to the questions of lessons, as `answers` of a link and the progress on a device have them:
 * "what-is-lora.1k3:b,512,y,;rank:a". A sheet a lesson, separated by semicolons: the lesson, a mark of its questions (left
 * out: any), and an answer a question in their order. A letter is the option of a choice; a number is itself; y and n say
 * whether a setting on the page was right; x: the answer was shown before any try; empty: not answered.
 */
export interface AnswerSheet {
  readonly lesson: string;
  readonly mark: string;
  readonly given: readonly string[];
}

export const MAX_ANSWERS = 400;
const MAX_QUESTIONS = 20;
const ANSWER = '(?:[a-z]|-?\\d{1,15}(?:\\.\\d{1,15})?(?:e-?\\d{1,3})?)?';
const TRIES = new RegExp(`^([a-z0-9]{0,6}):(${ANSWER}(?:,${ANSWER}){0,${MAX_QUESTIONS - 1}})$`);
const SHEET = /^([a-z-]{1,30})(?:\.(?=[a-z0-9]))?([^.]*:.*)$/;

/** Whether a text is a mark and answers: "1k3:b,512,y,". */
export const isTries = (text: string): boolean => TRIES.test(text);

export function readTries(text: string): Omit<AnswerSheet, 'lesson'> | null {
  const [, mark, list] = TRIES.exec(text) ?? [];
  return list === undefined ? null : { mark, given: list.split(',') };
}

/** Reads `answers` of a link, hostile until checked: a sheet that is malformed, or of no lesson, is left out. */
export function readAnswers(text: string): readonly AnswerSheet[] {
  if (text.length > MAX_ANSWERS) return [];
  const sheets = text.split(';').flatMap((part): AnswerSheet[] => {
    const [, lesson = '', rest = ''] = SHEET.exec(part) ?? [];
    const tries = LESSON_NAMES.includes(lesson) ? readTries(rest) : null;
    return tries ? [{ lesson, ...tries }] : [];
  });
  return sheets.filter(({ lesson }, i) => sheets.findIndex((one) => one.lesson === lesson) === i);
}

const hasAnswer = ({ given }: Pick<AnswerSheet, 'given'>) => given.some((one) => one !== '');

/** Sheets without an answer are left out, and so are those for which a link has no room. */
export function writeAnswers(sheets: readonly AnswerSheet[]): string {
  let text = '';
  for (const sheet of sheets.filter(hasAnswer)) {
    const part = `${text && ';'}${sheet.lesson}${sheet.mark && '.'}${writeTries(sheet)}`;
    if (text.length + part.length <= MAX_ANSWERS) text += part;
  }
  return text;
}

const writeTries = ({ mark, given }: Omit<AnswerSheet, 'lesson'>) => `${mark}:${given.join(',')}`;

/** A number as an answer: what a link needs no escapes for. */
export const numberAnswer = (value: number): string => {
  const text = String(Number(value.toPrecision(12))).replace('+', '');
  return isTries(`:${text}`) ? text : '';
};

/** First tries with an answer to a question of `count`, from 0; the first one stays. Other marks begin anew. */
export function withFirstTry(kept: string, mark: string, at: number, count: number, answer: string): string {
  const before = readTries(kept);
  const known = before?.mark === mark ? before.given : [];
  const given = Array.from({ length: count }, (_, i) => known[i] ?? '');
  if (given[at] === '') given[at] = answer;
  return writeTries({ mark, given });
}
