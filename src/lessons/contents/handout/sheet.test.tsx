import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialPage, updatePage } from '../../../state/page.ts';
import { createStore, initialState } from '../../../state/state.ts';
import { PageProvider } from '../../../ui/page.tsx';
import { LESSONS } from '../../list.ts';
import { LessonValuesProvider } from '../../pane/values.tsx';
import type { Lesson, LessonEntry } from '../../step.tsx';
import { Sheet, usualMistakes } from './handout.tsx';
import { IsKey } from './paper.tsx';
import { TASKS } from './tasks.tsx';

const START = { backend: null, stepper: null };

function htmlOf(entry: LessonEntry, lesson: Lesson, isKey: boolean): string {
  const store = createStore(initialPage(START), updatePage, () => {});
  return renderToStaticMarkup(
    <PageProvider store={store}>
      <LessonValuesProvider>
        <IsKey value={isKey}>
          <Sheet entry={entry} lesson={lesson} />
        </IsKey>
      </LessonValuesProvider>
    </PageProvider>,
  );
}

const textOf = (html: string) =>
  html
    .replaceAll(/<svg class="qr"[\s\S]*?<\/svg>/g, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&#x27;', '’')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
const plain = (text: string) => text.replaceAll("'", '’').replaceAll(/\s+/g, ' ');

beforeAll(() => {
  Object.assign(globalThis, { location: new URL('https://lora.example/') });
});

describe.each(LESSONS.map((entry) => [entry.name, entry] as const))('%s on paper', (name, entry) => {
  const read = async () => {
    const { lesson } = await entry.load();
    const [handout, key] = [false, true].map((isKey) => htmlOf(entry, lesson, isKey));
    return { lesson, questions: lesson.steps.flatMap(({ questions = [] }) => questions), handout, key };
  };

  it('the handout has no answer, the key has all of them', async () => {
    const { lesson, questions, handout, key } = await read();
    const [asked, answered] = [handout, key].map(textOf);
    expect(handout).not.toMatch(/class="(filled|why)"|data-right/);
    const blanks = [...key.matchAll(/<b class="filled">(.*?)<\/b>/g)].map(([, answer]) => answer);
    expect(blanks.length).toBeGreaterThanOrEqual(4);
    expect(handout.match(/class="gap"/g)?.length).toBe(blanks.length);
    // A number of three digits or more is not on the sheet by chance.
    const telling = blanks.filter((answer) => /\d.*\d.*\d/.test(answer) && !/^\d+ × \d+$/.test(answer));
    const tasks = textOf([...handout.matchAll(/<section class="task">.*?<\/section>/g)].join(' '));
    expect(telling.filter((answer) => new RegExp(`(?<![\\d.,])${answer}(?![\\d.,])`).test(tasks))).toEqual([]);
    const state = initialState(START);
    for (const question of questions) {
      const replies =
        question.kind === 'choice'
          ? Object.values(question.options)
          : question.kind === 'number'
            ? [question.shown(question.answer(state, {}))]
            : [];
      for (const reply of replies) {
        expect(asked).not.toContain(plain(reply));
        expect(answered).toContain(plain(reply));
      }
      if (question.kind === 'choice') expect(key).toMatch(/data-right/);
    }
    // A number of a lab that has not trained yet.
    expect(asked + answered).not.toMatch(/NaN|undefined|null|Infinity/);
    const hints = questions.flatMap((question) => (question.kind === 'choice' ? [] : [plain(question.hint)]));
    for (const hint of hints) expect(asked).not.toContain(hint);
    const onPage = questions.filter(({ kind }) => kind === 'lab').length;
    expect(TASKS[name].onThePage).toHaveLength(onPage);
    for (const answer of TASKS[name].onThePage) {
      expect(asked).not.toContain(plain(answer));
      expect(answered).toContain(plain(answer));
    }
    expect(lesson.steps.filter(({ guess }) => guess)).toHaveLength(asked.split('Guess first').length - 1);
  });
});

it('usual mistakes are those to which a lesson has a reply of their own', () => {
  const why = (given: number) => (given === 256 ? 'one of the two' : given === 4096 ? 'the whole' : 'count again');
  expect(usualMistakes({ why }, 512)).toEqual([
    ['256', 'one of the two'],
    ['4,096', 'the whole'],
  ]);
});
