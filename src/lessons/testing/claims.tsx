import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { LESSON_NAMES } from '../../experiment/settings/view.ts';
import { initialPage, updatePage } from '../../state/page.ts';
import { createStore, initialState } from '../../state/state.ts';
import { PageProvider } from '../../ui/page.tsx';
import { LessonValuesProvider } from '../pane/values.tsx';
import type { Lesson, Question, Step } from '../step.tsx';

/** One sentence of a lesson, and the proof that it is true. */
export interface Claim {
  readonly step: string;
  /** Verbatim; … for a number that is computed there. */
  readonly says: string;
  /** Computes it by other means than the page's, asserts it, and returns the value. */
  readonly shows: () => string | Promise<string>;
}

interface Options {
  /** Sentences with digits that claim nothing: set-up, questions, names. Written as in `says`. */
  readonly plain?: readonly string[];
}

const FORMATS = /\b(bfloat16|float(16|32|64)|arXiv \d+\.\d+|GPT-2|NF4)\b/g;

const DOCS = join(import.meta.dirname, '../../../docs/claims');

/** Runs the claims of a lesson, and checks them against its text and docs/claims/. */
export function claims(lesson: Lesson, all: readonly Claim[], { plain = [] }: Options = {}): void {
  describe(`what the lesson ${lesson.name} claims`, () => {
    const texts = new Map(lesson.steps.map((step) => [step.title, sentencesOf(step)]));
    const results = new Map<Claim, string>();
    for (const claim of all)
      it(claim.says, async () => {
        const sentences = texts.get(claim.step) ?? [];
        expect(
          sentences.filter((one) => fits(claim.says, one)),
          `in the step “${claim.step}”`,
        ).not.toEqual([]);
        results.set(claim, await claim.shows());
      });
    it('leaves no sentence with a number unclaimed', () => {
      const known = [...all.map(({ says }) => says), ...plain];
      const left = [...texts.values()]
        .flat()
        .filter((one) => /\d/.test(one.replaceAll(FORMATS, '')) && !known.some((says) => fits(says, one)));
      expect(left).toEqual([]);
    });
    // The template is no lesson of the page.
    if (!LESSON_NAMES.includes(lesson.name)) return;
    it('has the table of docs/claims', () => {
      const file = join(DOCS, `${lesson.name}.md`);
      const table = tableOf(lesson.name, all, results);
      if (process.env.UPDATE_DOCS) {
        mkdirSync(DOCS, { recursive: true });
        writeFileSync(file, table);
      }
      expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(table);
    });
  });
}

function tableOf(name: string, all: readonly Claim[], results: ReadonlyMap<Claim, string>): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const rows = all.map((claim) => {
    return `| ${cell(claim.says)} | ${cell(claim.step)} | ${cell(results.get(claim) ?? 'did not run')} |`;
  });
  return [
    `# What the lesson \`${name}\` claims`,
    '',
    `Each sentence is computed by \`src/lessons/${name}/claims.test.tsx\`, which writes this table (\`UPDATE_DOCS=1\`).`,
    '',
    '| claim | step | what came out |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** Whether a sentence is the quoted one; … matches a number. */
function fits(says: string, sentence: string): boolean {
  const parts = says.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.{0,24}?')}$`).test(sentence);
}

/** Every sentence that a step can show, its questions and their answers included. */
function sentencesOf(step: Step): readonly string[] {
  const { Text, guess, act, questions = [], Limits, Foot } = step;
  const pieces: ReactNode[] = [
    Text,
    guess?.Ask,
    ...Object.keys(guess?.options ?? {}).map((value) => guess?.Result(value)),
    guess?.Result(''),
    act?.Ask,
    act?.Seen,
    act?.Status,
    ...questions.flatMap((question, i) => piecesOf(question, String(i))),
    Limits,
    Foot,
  ];
  return pieces.flatMap((piece) => (piece ? sentences(textOf(piece)) : []));
}

/** Options claim nothing; the replies to them do. */
function piecesOf(question: Question, key: string): ReactNode[] {
  const said = (texts: readonly string[]) => [
    question.Ask,
    ...texts.map((text, i) => <p key={`${key}.${i}`}>{text}</p>),
  ];
  switch (question.kind) {
    case 'choice':
      return said(Object.values(question.options));
    case 'number': {
      const answer = question.answer(initialState({ backend: null, stepper: null }), {});
      // Any input: too little, too much, in another unit.
      const wrong = [0, answer / 100, answer / 2, answer * 2, answer * 100].map((given) => question.why(given, answer));
      return said([question.hint, question.shown(answer), ...new Set(wrong)]);
    }
    case 'lab':
      return said([question.hint]);
    default:
      return question satisfies never;
  }
}

/** Plain text, with a line break after each paragraph and cell. */
function textOf(piece: ReactNode): string {
  const store = createStore(initialPage({ backend: null, stepper: null }), updatePage, () => {});
  const html = renderToStaticMarkup(
    <PageProvider store={store}>
      <LessonValuesProvider>{piece}</LessonValuesProvider>
    </PageProvider>,
  );
  return html
    .replaceAll(/<(svg|math|pre)\b[\s\S]*?<\/\1>/g, ' ')
    .replaceAll(/<\/?(p|li|div|td|th|tr|h\d|table|ul|ol|dt|dd|figcaption|label)\b[^>]*>/g, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&#x27;', '’')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** A sentence ends with a mark before a space and a letter that begins another one. */
function sentences(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line) =>
      line
        .replaceAll(/\s+/g, ' ')
        .trim()
        .split(/(?<=[.?!:]) (?=[\p{Lu}“∂σα‖])/u),
    )
    .filter((one) => one !== '');
}
