import { expect, it } from 'vitest';
import { readLinkLines } from '../../class/model/entry.ts';
import { EXAMPLE_HAND_INS } from '../../class/model/example-class.ts';
import { readTries } from '../../experiment/plan/answers.ts';
import { LESSON_TITLES } from '../../experiment/plan/class-link.ts';
import { LESSONS } from '../list.ts';
import { hardest, judgeAnswer, markOf, mistakesIn, questionsOf, rightIn } from './judge.ts';

const questionsIn = async (name: string) => {
  const entry = LESSONS.find((one) => one.name === name);
  return questionsOf((await entry?.load())?.lesson.steps ?? []);
};

const exampleRows = async () => {
  const questions = await questionsIn('what-is-lora');
  return readLinkLines(EXAMPLE_HAND_INS.join('\n')).map((entry) => {
    if (!('answers' in entry)) throw new Error(`no run: ${JSON.stringify(entry)}`);
    return { name: entry.name, answers: questions.map((one, i) => judgeAnswer(one, entry.answers[0]?.given[i])) };
  });
};

it('the example class: 11, 7, 12 and 8 of 12 are right, so question 2 is the one to talk about', async () => {
  const rows = await exampleRows();
  expect(rows).toHaveLength(12);
  expect([0, 1, 2, 3].map((at) => rightIn(rows, at))).toEqual([11, 7, 12, 8]);
  expect(hardest(rows, 4)).toBe(1);
});

it('its wrong answers are grouped by mistake, in the words of the lesson', async () => {
  const rows = await exampleRows();
  const groups = mistakesIn(rows.map(({ answers }) => answers[1]));
  expect(groups.map(({ text, count, how }) => [text, count, how])).toEqual([
    ['512', 7, 'right'],
    ['256', 4, 'wrong'],
    ['1,024', 1, 'wrong'],
  ]);
  expect(groups[1].why).toBe('That is one of the two. Both B and A are trained.');
  // Nobody answers twice, and Lena has left the last one out.
  expect(mistakesIn(rows.map(({ answers }) => answers[3])).reduce((sum, { count }) => sum + count, 0)).toBe(11);
});

it('other numbers with the same reply are one mistake', async () => {
  const [, counts] = await questionsIn('what-is-lora');
  const groups = mistakesIn(['100', '200', '512', '100'].map((given) => judgeAnswer(counts, given)));
  expect(groups.map(({ text, count }) => [text, count])).toEqual([
    ['512', 1],
    ['100 · 200', 3],
  ]);
});

it.each(LESSONS.map(({ name }) => name))(
  '%s: only the right answer is right, and nothing else counts',
  async (name) => {
    const questions = await questionsIn(name);
    expect(markOf(questions)).toMatch(/^[a-z0-9]{3}$/);
    expect(readTries(`${markOf(questions)}:a`)).not.toBeNull();
    for (const question of questions) {
      expect(judgeAnswer(question, '').how).toBe('none');
      expect(judgeAnswer(question, undefined).how).toBe('none');
      expect(judgeAnswer(question, 'x').how).toBe('wrong');
      if (question.kind === 'choice') {
        const options = Object.keys(question.options);
        const judged = options.map((_, i) => judgeAnswer(question, 'abcdefgh'[i]));
        expect(judged.filter(({ how }) => how === 'right').map(({ text }) => text)).toEqual([question.right]);
        expect(judged.map(({ why }) => why)).toEqual(Object.values(question.options));
        expect(judgeAnswer(question, 'w').how).toBe('none');
      }
      if (question.kind === 'number') expect(judgeAnswer(question, 'y').how).toBe(question.own ? 'right' : 'none');
      if (question.kind === 'lab')
        expect(['y', 'n'].map((one) => judgeAnswer(question, one).how)).toEqual(['right', 'wrong']);
    }
  },
);

it('lessons have distinct marks, and the titles that the class link offers', async () => {
  const marks = await Promise.all(LESSONS.map(async ({ name }) => markOf(await questionsIn(name))));
  expect(new Set(marks).size).toBe(LESSONS.length);
  expect(LESSONS.map(({ name, title }) => [name, title])).toEqual(Object.entries(LESSON_TITLES));
});
