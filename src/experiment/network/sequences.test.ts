import { describe, expect, it } from 'vitest';
import { stream } from '../../math/random.ts';
import { SEPARATOR, type SequenceTaskName, sequencesOf } from './sequences.ts';

const task = (name: SequenceTaskName, seed = 1) => sequencesOf(name, 32, (purpose) => stream(seed, purpose));

/** Question and answers of each sequence, after a look at how they lie in the inputs. */
function pairs(name: SequenceTaskName, count = 32) {
  const { length, asked, at } = task(name);
  const { inputs, answers } = at(3);
  return Array.from({ length: count }, (_, i) => {
    const row = [...inputs.subarray(i * length, (i + 1) * length)];
    const given = [...answers.subarray(i * asked, (i + 1) * asked)];
    expect(row.slice(8)).toEqual([SEPARATOR, ...given.slice(0, -1)]);
    return { question: row.slice(0, 8), answers: given };
  });
}

describe('answers are those of the task', () => {
  it.each([
    ['sort', (a: number, b: number) => a <= b],
    ['sort-down', (a: number, b: number) => a >= b],
  ] as const)('%s', (name, inOrder) => {
    for (const { question, answers } of pairs(name)) {
      expect(answers.every((answer, i) => i === 0 || inOrder(answers[i - 1], answer))).toBe(true);
      for (let symbol = 0; symbol < 16; symbol++)
        expect(answers.filter((it) => it === symbol).length).toBe(question.filter((it) => it === symbol).length);
    }
  });

  it('copy and its reverse', () => {
    for (const { question, answers } of pairs('copy')) expect(answers).toEqual(question);
    for (const { question, answers } of pairs('copy-reverse')) expect([...answers].reverse()).toEqual(question);
  });

  it.each([5, 6] as const)('sums in base %i, the lowest digit first', (base) => {
    const value = (digits: readonly number[]) => Number.parseInt([...digits].reverse().join(''), base);
    for (const { question, answers } of pairs(`base-${base}`)) {
      expect(Math.max(...question, ...answers)).toBeLessThan(base);
      expect(value(answers)).toBe(value(question.slice(0, 4)) + value(question.slice(4)));
    }
  });
});

it('a step has the same batch in any order of steps, another step another one', () => {
  const [one, two] = [task('sort'), task('sort')];
  const later = two.at(7);
  expect(two.at(2)).toEqual(one.at(2));
  expect(one.at(7)).toEqual(later);
  expect(one.at(8)).not.toEqual(later);
  expect(task('sort', 2).at(7)).not.toEqual(later);
});

it('no batch has a question of the held-out set', () => {
  const { heldOut, at, length } = task('base-5');
  const questions = ({ inputs, count }: typeof heldOut) =>
    Array.from({ length: count }, (_, i) => inputs.subarray(i * length, i * length + 8).join());
  const known = new Set(questions(heldOut));
  expect(known.size).toBeGreaterThan(1000);
  // Of 32 × 300 draws among 5⁸ about 25 would be in it.
  for (let step = 0; step < 300; step++) expect(questions(at(step)).filter((it) => known.has(it))).toEqual([]);
});
