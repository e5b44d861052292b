import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseLink, writeLink } from '../link/link.ts';
import { defaults } from '../settings/experiment.ts';
import { defaultView, LESSON_NAMES } from '../settings/view.ts';
import { type AnswerSheet, MAX_ANSWERS, numberAnswer, readAnswers, withFirstTry, writeAnswers } from './answers.ts';

const anyAnswer = fc.oneof(
  fc.constantFrom('', 'a', 'h', 'x', 'y', 'n'),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }).map(numberAnswer),
);
const anySheet = fc.record({
  lesson: fc.constantFrom(...LESSON_NAMES),
  mark: fc.constantFrom('', '1k3', 'zz9', '0'),
  given: fc.array(anyAnswer, { minLength: 1, maxLength: 7 }).filter((given) => given.some((one) => one !== '')),
});

it('a hand-written list', () => {
  expect(readAnswers('what-is-lora.1k3:b,512,y,;by-hand:a,-8.6563,1e-7')).toEqual([
    { lesson: 'what-is-lora', mark: '1k3', given: ['b', '512', 'y', ''] },
    { lesson: 'by-hand', mark: '', given: ['a', '-8.6563', '1e-7'] },
  ]);
});

it('answers go through a link and back, and need no escapes', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anySheet, { maxLength: 3, selector: ({ lesson }) => lesson }), (sheets) => {
      const answers = writeAnswers(sheets);
      expect(answers.length).toBeLessThanOrEqual(MAX_ANSWERS);
      const link = writeLink(defaults(), { ...defaultView(), answers }, null);
      if (answers) expect(link).toContain(`&answers=${answers}`);
      const { view, faults } = parseLink(link);
      expect(faults).toEqual([]);
      const read = readAnswers(view.answers);
      expect(sheets.slice(0, read.length)).toEqual(read);
      if (answers.length < MAX_ANSWERS / 2) expect(read).toHaveLength(sheets.length);
    }),
  );
});

it('whatever a link holds is read as sheets of known lessons, or not at all', () => {
  const pieces = fc.constantFrom(
    ...LESSON_NAMES,
    ':',
    ';',
    ',',
    '.',
    'b',
    '512',
    '-',
    'e',
    '1e999',
    '__proto__',
    '<b>',
    '\u202e',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 30 }).map((list) => list.join('')),
      ),
      (text) => {
        const { view } = parseLink(`#v=1&answers=${encodeURIComponent(text)}`);
        for (const { lesson, mark, given } of [...readAnswers(text), ...readAnswers(view.answers)]) {
          expect(LESSON_NAMES).toContain(lesson);
          expect(mark).toMatch(/^[a-z0-9]{0,6}$/);
          expect(given.length).toBeLessThanOrEqual(20);
          for (const one of given) expect(one).toMatch(/^([a-z]|-?\d[\d.e-]*)?$/);
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(readAnswers(`rank:${'1,'.repeat(300)}`)).toEqual([]);
});

it('the first try stays; questions that have changed begin anew', () => {
  const once = withFirstTry('', '1k3', 1, 4, '256');
  expect(once).toBe('1k3:,256,,');
  expect(withFirstTry(once, '1k3', 1, 4, '512')).toBe(once);
  expect(withFirstTry(once, '1k3', 3, 4, 'b')).toBe('1k3:,256,,b');
  expect(withFirstTry(once, 'zz9', 0, 2, 'a')).toBe('zz9:a,');
});

it('a sheet for which a link has no room is left out', () => {
  const long: AnswerSheet = { lesson: 'rank', mark: '1k3', given: Array.from({ length: 20 }, () => '0.123456789012') };
  const read = readAnswers(writeAnswers([long, { ...long, lesson: 'cost' }]));
  expect(read.map(({ lesson }) => lesson)).toEqual(['rank']);
});
