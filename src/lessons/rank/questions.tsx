import { number, percent } from '../../experiment/numbers.ts';
import { floorsOf } from '../../state/select.ts';
import { A, B, S } from '../pane/parts.tsx';
import { i, text } from '../pane/prose.tsx';
import { valueIn } from '../pane/values.tsx';
import { correct, errorAt, isEnded, type Question, wrong } from '../step.tsx';
import { PICTURE } from './guess-values.ts';
import { KEPT_LAYERS, minLayers } from './peel.tsx';

const WANTED = 0.2;

export const questions: readonly Question[] = [
  {
    kind: 'lab',
    Ask: text`Keep as few layers as hold 90% of the energy of ${i`this`} run.`,
    hint: 'Read the percentages under the running sums.',
    link: PICTURE,
    check: (state, values) => {
      const [fewest, kept] = [minLayers(state), valueIn(values, KEPT_LAYERS)];
      if (fewest === null) return wrong('Train the run first, at a rank up to 32.');
      if (kept < fewest) return wrong(`These layers hold less than ${percent(0.9)}. Add one.`);
      return kept === fewest ? correct('No fewer layers hold as much.') : wrong('They hold enough, but so do fewer.');
    },
  },
  {
    kind: 'lab',
    Ask: 'Find the lowest rank at which a run of this picture ends below an error of 0.2, and train it.',
    hint: 'The dashed curve of the chart “Error against rank” tells before you train.',
    link: PICTURE,
    check: (state) => {
      const { run } = state;
      const { rank, target } = run.experiment;
      const error = errorAt(state);
      const below = floorsOf(state)?.floor[rank - 1] ?? 1;
      if (target !== 'picture') return wrong('Set up the lab first: the question is about the picture.');
      if (!isEnded(state)) return wrong('Train the run to its end first.');
      if (error >= WANTED) return wrong(`At rank ${rank} the error is ${number(error)}: too high.`);
      return below >= WANTED
        ? correct(`At rank ${rank} the error is ${number(error)}; one rank less cannot go below ${number(below)}.`)
        : wrong(`An error of ${number(error)} is low enough, but a lower rank will do.`);
    },
  },
  {
    kind: 'choice',
    Ask: 'You double the rank. What happens to the lowest possible error?',
    right: 'It falls, by how much depends on the target',
    options: {
      'It halves': 'Only for some targets. It depends on how the singular values fall.',
      'It falls, by how much depends on the target':
        'The floor is made of the singular values that are left. Fast decay: it falls a lot. A rotation: hardly.',
      'It stays: the rate decides': 'The rate decides how soon a run comes down, not how far it can.',
    },
  },
  {
    kind: 'number',
    Ask: 'A rotation has 64 rows and 64 columns. What is the lowest error at rank 16?',
    answer: () => Math.sqrt(1 - 16 / 64),
    within: 0.006,
    hint: 'Rank 16 takes 16 of 64 equal shares of the energy. The error is the root of what is left.',
    why: (given) =>
      Math.abs(given - 0.75) < 0.01
        ? 'That is the share of the energy that is left. The error is its root.'
        : Math.abs(given - 0.25) < 0.01
          ? 'That is the share of the energy that is kept. The error is the root of what is left.'
          : 'It is √(1 − r/d).',
    shown: (answer) => `√(1 − 16/64) = ${number(answer)}.`,
  },
  {
    kind: 'choice',
    Ask: text`After training at rank 2, you send a new input through the layer. Where can ${S}·${B}${A}${i`x`} lie?`,
    right: 'Only in the plane of the columns of B',
    options: {
      'Anywhere: the input is new': 'The input may be new, but it still passes through two numbers.',
      'Only in the plane of the columns of B': 'Each output is B times two numbers, whatever the input.',
      'Only in the plane of the rows of A':
        'The rows of A are directions of the input. They decide what gets through, not where it goes.',
    },
  },
];
