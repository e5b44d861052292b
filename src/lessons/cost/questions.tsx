import { adaptedModules, rankOf, totalsOf } from '../../experiment/cost/counts.ts';
import type { Cost } from '../../experiment/cost/setting.ts';
import { count } from '../../experiment/numbers.ts';
import { text } from '../pane/prose.tsx';
import { correct, type Judgement, type Question, type Step, wrong } from '../step.tsx';
import { costOfState } from './calculator/use-cost.ts';
import { listText } from './calculator/words.ts';
import { RANKS } from './figures.tsx';

const MOST = 20_000_000;
const ATTENTION = ['q', 'k', 'v', 'o'];
const WANTED = [...ATTENTION, 'up', 'down'];

/** The answer to a setting: attention, up and down adapted, and at most 20 million numbers. */
export function judgeCost(cost: Cost): Judgement {
  if (cost.model.name !== 'llama-2-7b') return wrong('The question is about the 7B decoder: choose it again.');
  const missing = WANTED.filter((name) => !adaptedModules(cost).some((type) => type.name === name));
  if (missing.length > 0) return wrong(`${listText(missing)} ${missing.length === 1 ? 'is' : 'are'} still frozen.`);
  const { trained } = totalsOf(cost);
  if (trained > MOST) return wrong(`This trains ${count(trained)} numbers: lower a rank, or several.`);
  const ranks = new Set(adaptedModules(cost).map((type) => rankOf(cost, type)));
  const same = ranks.size === 1 ? ' With one rank for all six, 9 is the highest that fits.' : '';
  return correct(`${count(trained)} numbers.${same}`);
}

const QUESTIONS: readonly Question[] = [
  {
    kind: 'lab',
    Ask: text`Take the 7B decoder with q, k, v and o. Adapt up and down as well, and train at most 20 million numbers.
      Which ranks?`,
    check: (state) => judgeCost(costOfState(state)),
    hint: 'One rank more costs 262,144 numbers for each of q, k, v and o in the 32 layers, and 483,328 for each of up and down.',
  },
  {
    kind: 'number',
    Ask: text`GPT-2 small has one matrix of 2,304 × 768 for q, k and v in each layer. How many numbers does rank 8 train
      in one of them?`,
    answer: () => 8 * (2304 + 768),
    within: 0,
    why: (given, answer) =>
      given === 8 * 2304 || given === 8 * 768
        ? 'That is one of the two factors. Both B and A are trained.'
        : given === 12 * answer
          ? 'That is for all 12 layers together.'
          : 'Count B and A: 8 columns of 2,304 numbers, and 8 rows of 768.',
    hint: 'r(d + k), with r = 8.',
    shown: (answer) => `8 × (2,304 + 768) = ${count(answer)}.`,
  },
  {
    kind: 'choice',
    Ask: 'Which of these is as large with LoRA as with full fine-tuning, if both use bfloat16 weights?',
    right: 'The frozen weights',
    options: {
      'The frozen weights': 'LoRA needs all of them, in the forward pass and on the way back.',
      'The gradients': 'A gradient is kept for trained numbers only: those of A and B.',
      'The state of the optimiser': 'Adam keeps two numbers for each trained one: those of A and B.',
    },
  },
  {
    kind: 'choice',
    Ask: 'A matrix of 1,024 × 1,024 gets an adapter of rank 600. What is true?',
    right: 'It trains more numbers than full fine-tuning',
    options: {
      'It trains fewer numbers than full fine-tuning':
        'Its break-even rank is 512: r(d + k) is 1,228,800 at rank 600, and dk is 1,048,576.',
      'It trains more numbers than full fine-tuning':
        '1,228,800 instead of 1,048,576: rank 600 is past the break-even rank, 512.',
      'Such a rank is impossible': 'Ranks up to 1,024 are possible. They only save nothing any more.',
    },
  },
];

export const questions: Step = {
  title: 'Questions',
  figure: RANKS,
  Text: null,
  questions: QUESTIONS,
};
