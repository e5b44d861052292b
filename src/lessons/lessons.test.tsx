import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createElement, Fragment, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { parseLink } from '../experiment/link/link.ts';
import { LESSON_NAMES } from '../experiment/settings/view.ts';
import { initialPage, updatePage } from '../state/page.ts';
import { FIRST_LESSON_MINUTES } from '../state/places.ts';
import { createStore } from '../state/state.ts';
import { PageProvider } from '../ui/page.tsx';
import { NOTES } from './contents/notes-page.tsx';
import { meaningOf, TERM_NAMES } from './glossary/terms.ts';
import { LESSONS } from './list.ts';
import { LessonValuesProvider } from './pane/values.tsx';
import type { Step } from './step.tsx';
import { template } from './testing/template/entry.tsx';

const ALL = await Promise.all(
  [...LESSONS, template].map(async (entry) => ({ entry, ...(await entry.load()), Notes: NOTES[entry.name] })),
);
const CLAIMS = join(import.meta.dirname, '../../docs/claims');

const textOf = (...parts: readonly ReactNode[]): string => htmlOf(...parts).replaceAll(/<[^>]*>/g, '');

function htmlOf(...parts: readonly ReactNode[]): string {
  const store = createStore(initialPage({ backend: null, stepper: null }), updatePage, () => {});
  return renderToStaticMarkup(
    <PageProvider store={store}>
      <LessonValuesProvider>{createElement(Fragment, null, ...parts)}</LessonValuesProvider>
    </PageProvider>,
  );
}

/** All that a step can show but its figure. */
function wholeText({ title, Text, guess, act, questions = [], Limits, Foot }: Step): string {
  const asked = questions.flatMap((one) => [
    one.Ask,
    ...(one.kind === 'choice' ? Object.entries(one.options).flat() : []),
  ]);
  const guesses = guess ? [guess.Ask, guess.Result('')] : [];
  return [title, ...[Text, ...guesses, act?.Ask, act?.Seen, Limits, Foot, ...asked].map(spacedText)].join(' ');
}

const wordsIn = (text: string) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

function minutesOf(steps: readonly Step[]): number {
  const minutes = steps.map(({ title, Text, guess, act, questions = [], Limits, Foot }) => {
    const result = guess?.Result('');
    const parts = [Text, guess?.Ask, result, act?.Ask, act?.Seen, Limits, Foot, ...questions.map(({ Ask }) => Ask)];
    const words = parts.reduce((all: number, part) => all + wordsIn(spacedText(part)), wordsIn(title));
    return words / 150 + (act ? 0.5 : 0) + 0.7 * (questions.length + (guess ? 1 : 0));
  });
  return Math.round(minutes.reduce((all, one) => all + one, 0));
}

/** The paragraphs and lists of a step's text, without formulas, derivations, tables, marks and numbers of papers. */
const proseOf = ({ Text }: Step): string =>
  [
    ...htmlOf(Text)
      .replaceAll(/<ol[\s\S]*?<\/ol>/g, '')
      .matchAll(/<(p|li)>([\s\S]*?)<\/\1>/g),
  ]
    .map(([, , html]) => html.replaceAll(/<button[^>]*class="mark-tag"[\s\S]*?<\/button>|<[^>]*>/g, ''))
    .join(' ')
    .replaceAll(/\([^()]*arXiv[^()]*\)|bfloat16|float32/g, '');

const numbersIn = (text: string) => text.match(/\d[\d.,]*/g)?.length ?? 0;
const mean = (values: readonly number[]) => values.reduce((all, one) => all + one, 0) / values.length;

/** Words in cells and paragraphs apart; what is folded away is not read by everybody. */
const spacedText = (part: ReactNode) =>
  htmlOf(part)
    .replaceAll(/<details[\s\S]*?<\/details>/g, '')
    .replaceAll(/<\/?(p|li|td|th|tr|div|h3)\b[^>]*>/g, ' ')
    .replaceAll(/<[^>]*>/g, '');

describe.each(ALL)('lesson $entry.name', ({ entry, lesson, Notes }) => {
  const { steps } = lesson;

  it('has the name and the steps that the contents list, one idea each', () => {
    expect(lesson.name).toBe(entry.name);
    expect(steps.map(({ title }) => title)).toEqual(entry.steps);
    expect(new Set(entry.steps).size).toBe(steps.length);
    if (entry !== template) expect(steps.length).toBeGreaterThanOrEqual(5);
    expect(steps.length).toBeLessThanOrEqual(10);
    expect(entry.question).toMatch(/[.?]$/);
  });

  it('opens links that the page reads without a correction', () => {
    const asked = steps.flatMap(({ questions = [] }) => questions.map((one) => (one.kind === 'lab' ? one.link : null)));
    for (const link of [...steps.map((step) => step.link), ...asked])
      if (link) expect(parseLink(link).faults, link).toEqual([]);
  });

  it('is opened by a link that names it alone', () => {
    if (entry === template) return;
    for (const link of [`#lesson=${entry.name}`, `#lesson=${entry.name}&step=2`]) {
      expect(parseLink(link).faults, link).toEqual([]);
      expect(parseLink(link).view.lesson).toBe(entry.name);
    }
  });

  it('takes as long as it says: 150 words a minute, half a minute an act, 0.7 a question', () => {
    expect(entry.minutes).toBe(minutesOf(steps));
    if (entry !== template) expect(textOf(Notes)).toContain(`${entry.minutes} minutes alone`);
    if (entry === LESSONS[0]) expect(FIRST_LESSON_MINUTES).toBe(entry.minutes);
  });

  it('begins with a prediction', () => {
    const predicts = steps
      .slice(0, 2)
      .some(({ guess, act }) => guess !== undefined || /\b(draw|guess)\b/i.test(textOf(act?.Ask, act?.Control)));
    expect(predicts).toBe(true);
    const names = steps.flatMap(({ guess }) => (guess ? [guess.name] : []));
    expect(new Set(names).size).toBe(names.length);
  });

  it('ends with three to five questions, one of them answered on the lab; wrong answers explain', () => {
    const questions = steps.at(-1)?.questions ?? [];
    expect([3, 4, 5]).toContain(questions.length);
    expect(questions.map(({ kind }) => kind)).toContain('lab');
    for (const one of questions) {
      expect(textOf(one.Ask)).toMatch(/\w/);
      if (one.kind === 'choice') {
        expect(Object.keys(one.options)).toContain(one.right);
        for (const why of Object.values(one.options)) expect(why).toMatch(/^.{8,}[.!?]$/);
      } else expect(one.hint).toMatch(/^.{8,}[.!?]$/);
    }
  });

  it('leaves a space between a symbol and the word after it', () => {
    for (const { title, Text, act, guess, questions = [], Limits, Foot } of steps) {
      const asks = questions.map(({ Ask }) => Ask);
      const html = htmlOf(Text, act?.Ask, act?.Seen, guess?.Ask, Limits, Foot, ...asks);
      expect(html.match(/.{20}(<\/i>|<\/b>|<\/button>)[a-z]{2,}.{10}|[a-z]{2,}<i class="m.{20}/g) ?? [], title).toEqual(
        [],
      );
    }
  });

  it('reads well without the engine, and has notes for teachers', () => {
    for (const { title, Text, act, guess, questions, Limits, Foot } of steps) {
      if (!questions) expect(textOf(Text).length, title).toBeGreaterThan(40);
      expect(textOf(act?.Ask, act?.Seen, guess?.Ask, Limits, Foot), title).not.toMatch(/NaN|undefined|Infinity/);
    }
    if (entry !== template) expect(textOf(Notes)).toMatch(/Aim[\s\S]*Time[\s\S]*Common mistakes/);
    expect(renderToStaticMarkup(<entry.Picture />)).toContain('viewBox="0 0 86 40"');
  });
});

/** Of prose; they may only fall. */
const MOST = { words: 80, wordsOnAverage: 68, numbersInHundredWords: 9 };

describe('all lessons', () => {
  it('say one thing a step, in few words, with few numbers', () => {
    const told = ALL.filter(({ entry }) => entry !== template).map(({ entry, lesson }) => ({
      name: entry.name,
      steps: lesson.steps.filter(({ questions = [] }) => questions.length < 3),
    }));
    const steps = told.flatMap(({ name, steps }) =>
      steps.map((step) => ({ name, step, words: wordsIn(proseOf(step)) })),
    );
    const long = steps.filter(({ words }) => words > MOST.words);
    expect(long.map(({ name, step, words }) => `${name}: ${step.title}, ${words}`)).toEqual([]);
    expect(mean(steps.map(({ words }) => words))).toBeLessThanOrEqual(MOST.wordsOnAverage);
    const dense = told
      .map(({ name, steps }) => ({ name, text: steps.map(proseOf).join(' ') }))
      .map(({ name, text }) => ({ name, share: (100 * numbersIn(text)) / wordsIn(text) }))
      .filter(({ share }) => share > MOST.numbersInHundredWords);
    expect(dense.map(({ name, share }) => `${name}: ${share.toFixed(1)}`)).toEqual([]);
  });

  it('stand in the order of their names', () => {
    expect(LESSONS.map(({ name }) => name)).toEqual(LESSON_NAMES);
  });

  it('use the words of the glossary that lead to them', () => {
    const texts = new Map(
      ALL.map(({ entry, lesson: { steps } }) => [entry.name, steps.map(wholeText).join(' ').toLowerCase()]),
    );
    const missing = TERM_NAMES.filter((name) => {
      const { lesson, also = [] } = meaningOf(name);
      const text = texts.get(lesson ?? '') ?? '';
      return lesson !== undefined && ![name, ...also].some((word) => text.includes(word.toLowerCase()));
    });
    expect(missing).toEqual([]);
  });

  it('have one word for one thing', () => {
    for (const { lesson } of ALL) {
      const text = lesson.steps.map(wholeText).join(' ');
      expect(text, 'a step is no page').not.toMatch(/\b(next|previous|last) pages?\b/i);
      if (lesson.name === 'rank')
        expect(text, 'a term of rank one is a pattern').not.toMatch(/\b(few|no fewer|first|weakest|same|4) layers?\b/i);
      expect(text, 'parts that a phone does not draw').not.toMatch(/turns the corner|dotted square|from the top/);
    }
  });

  it('explain a channel where they first speak of one, and the names that papers have for A, B and the SVD', () => {
    for (const { lesson } of ALL) {
      const first = lesson.steps.find(({ Text }) => /channel/.test(textOf(Text)));
      if (first) expect(htmlOf(first.Text), lesson.name).toMatch(/class="term"[^>]*>channel</);
    }
    const [byHand, rank] = ['by-hand', 'rank'].map((name) =>
      ALL.filter(({ entry }) => entry.name === name)
        .flatMap(({ lesson }) => lesson.steps.map(wholeText))
        .join(' '),
    );
    expect(byHand).toMatch(/down-projection[\s\S]*up-projection/);
    expect(rank).toMatch(/= UΣVᵀ[\s\S]*right angles[\s\S]*orthogonal/);
  });

  it('claim at least 60 sentences, all of them computed', () => {
    const files = readdirSync(CLAIMS).map((file) => [file, readFileSync(join(CLAIMS, file), 'utf8')] as const);
    expect(files.map(([file]) => file).toSorted()).toEqual(LESSON_NAMES.map((name) => `${name}.md`).toSorted());
    const rows = files.flatMap(([, text]) => text.split('\n').filter((line) => /^\| (?!claim \||---)/.test(line)));
    expect(rows.filter((row) => row.includes('did not run'))).toEqual([]);
    expect(rows.length).toBeGreaterThanOrEqual(60);
  });

  it('are about the words of the glossary', () => {
    const about = new Set<string | undefined>(TERM_NAMES.map((name) => meaningOf(name).lesson));
    for (const { name } of LESSONS) expect([...about], name).toContain(name);
  });
});
