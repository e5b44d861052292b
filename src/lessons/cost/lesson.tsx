import { count, listed } from '../../experiment/numbers.ts';
import { presets } from '../../experiment/presets.ts';
import { writeCost } from '../../plan/model/cost-link.ts';
import { savingText } from '../../plan/model/cost-text.ts';
import { adaptedModules, countType, rankOf, totalsOf } from '../../plan/model/counts.ts';
import { DEFAULT_MODEL, MODELS } from '../../plan/model/models.ts';
import { type Cost, defaultCost, withModel } from '../../plan/model/setting.ts';
import { costOfState } from '../../plan/ui/choices.tsx';
import type { PageEvent } from '../../state/events.ts';
import { useLab } from '../../ui/page.tsx';
import { A, B, b, code, formula, i, live, mark, prose, R, term, text, W0 } from '../pane/prose.tsx';
import {
  correct,
  type Guess,
  isEnded,
  type Judgement,
  type Lesson,
  type Question,
  type Step,
  trainEvents,
  wrong,
} from '../step.tsx';
import { MEMORY, PREDICTION, RANKS, ScaleFigure, VariantsFigure, WorkFigure } from './figures.tsx';

const MOST = 20_000_000;
const ATTENTION = ['q', 'k', 'v', 'o'];
const WANTED = [...ATTENTION, 'up', 'down'];

/** The answer to a setting: attention, up and down adapted, and at most 20 million parameters. */
export function judgeCost(cost: Cost): Judgement {
  if (cost.model.name !== 'llama-2-7b') return wrong('The question is about the 7B decoder: choose it again.');
  const missing = WANTED.filter((name) => !adaptedModules(cost).some((type) => type.name === name));
  if (missing.length > 0) return wrong(`${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} still frozen.`);
  const { trained } = totalsOf(cost);
  if (trained > MOST) return wrong(`This trains ${count(trained)} numbers: lower a rank, or several.`);
  const ranks = new Set(adaptedModules(cost).map((type) => rankOf(cost, type)));
  const same = ranks.size === 1 ? ' With one rank for all six, 9 is the highest that fits.' : '';
  return correct(`${count(trained)} parameters.${same}`);
}

const QUESTIONS: readonly Question[] = [
  {
    kind: 'lab',
    Ask: text`Take the 7B decoder with q, k, v and o. Adapt up and down as well, and train at most 20 million
      parameters. Which ranks?`,
    check: (state) => judgeCost(costOfState(state)),
    hint: 'One rank more costs 262,144 parameters for each of q, k, v and o in the 32 layers, and 483,328 for each of up and down.',
  },
  {
    kind: 'number',
    Ask: text`GPT-2 small has one matrix of 2,304 × 768 for q, k and v in each layer. How many parameters does rank 8
      train in one of them?`,
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
      'The gradients': 'A gradient is kept for trained parameters only: those of A and B.',
      'The state of the optimiser': 'Adam keeps two numbers for each trained one: those of A and B.',
    },
  },
  {
    kind: 'choice',
    Ask: 'A matrix of 1,024 × 1,024 gets an adapter of rank 600. What is true?',
    right: 'It trains more parameters than full fine-tuning',
    options: {
      'It trains fewer parameters than full fine-tuning':
        'Its break-even rank is 512: r(d + k) is 1,228,800 at rank 600, and dk is 1,048,576.',
      'It trains more parameters than full fine-tuning':
        '1,228,800 instead of 1,048,576: rank 600 is past the break-even rank, 512.',
      'Such a rank is impossible': 'Ranks up to 1,024 are possible. They only save nothing any more.',
    },
  },
];

const questions: Step = {
  title: 'Questions',
  figure: RANKS,
  Text: null,
  questions: QUESTIONS,
};

const costEvent = (cost: Cost): PageEvent => ({ type: 'viewed', changes: { cost: writeCost(cost) } });

const SAID: Readonly<Record<string, string>> = {
  eighth: 'Your guess was 16 times too high.',
  sixteenth: 'Your guess was 8 times too high.',
  right: 'You were right.',
  square: 'Your guess was 512 times too low: each of the 16 columns of B has 4,096 numbers, and so has each row of A.',
};

const guess: Guess = {
  name: PREDICTION,
  Ask: 'How many of the 16,777,216 parameters does rank 16 train?',
  options: {
    eighth: '1 in 8: 2,097,152',
    sixteenth: '1 in 16: 1,048,576',
    right: '1 in 128: 131,072',
    square: '16 × 16: 256',
  },
  Result: (guess) => prose`
    Rank 16 trains 131,072 numbers: 1 in 128, or 0.78%. ${SAID[guess]}

    In letters, ${R}(${i`d`} + ${i`k`}) instead of ${i`dk`}. The saving is larger for larger matrices: ${i`dk`} grows
    with the product of the sides, ${R}(${i`d`} + ${i`k`}) only with their sum.

    ${formula('r(d + k)', '16·(4,096 + 4,096) = 131,072')}
  `,
};

const numbers: Step = {
  title: 'How many parameters does a rank train?',
  figure: { place: 'lab', Figure: ScaleFigure },
  Text: prose`
    A matrix ${W0} in the attention of a large model has ${i`d`} = 4,096 rows and ${i`k`} = 4,096 columns:
    16,777,216 parameters. Full fine-tuning trains all of them.

    LoRA at ${term('rank')} ${R} trains two thin matrices. ${B} has ${i`d`} rows and ${R} columns, ${A} has ${R} rows
    and ${i`k`} columns.
  `,
  guess,
};

/** The rank of q if that is 4,096 × 4,096; null for other models. */
const rankOfQ = ({ model, ranks }: Cost): number | null => {
  const shape = model.modules.find(({ name }) => name === 'q')?.shapes[0];
  return shape?.d === 4096 && shape.k === 4096 ? (ranks.q ?? 0) : null;
};

const square = { name: 'q', target: 'q_proj', shapes: [{ d: 4096, k: 4096, count: 1 }] } as const;

function Saving() {
  const rank = useLab((s) => rankOfQ(costOfState(s)));
  if (rank === null) return <>Choose the 7B decoder again: its q has 4,096 rows and columns.</>;
  if (rank === 0) return <>q is frozen. Check its box first.</>;
  const saved = savingText(countType(square, rank).fewer);
  if (rank > 20)
    return (
      <>
        Rank {count(rank)} gives {saved}. Lower it.
      </>
    );
  return (
    <>
      Rank {count(rank)} gives {saved}. A higher rank is possible.
    </>
  );
}

const saving: Step = {
  title: 'Is it always 100 times fewer?',
  figure: RANKS,
  shows: ['.calculator [data-module="q"]'],
  Text: prose`
    It is often said that ranks from 4 to 64 train over 100 times fewer parameters. Here that is false. Twice the rank
    trains twice the parameters: rank 4 trains 512 times fewer than full fine-tuning, rank 64 only 32 times.

    At the ${term('break-even rank')} ${i`dk`}/(${i`d`} + ${i`k`}), 2,048 here, ${B} and ${A} together have as many
    parameters as ${W0}. Beyond it LoRA trains more than full fine-tuning would.
  `,
  act: {
    Ask: text`Find the largest rank of q that still trains more than 100 times fewer parameters. Drag its slider, or
      type into its field.`,
    label: 'Begin with q alone, at rank 64',
    does: () => [costEvent({ ...defaultCost(), ranks: { q: 64 } })],
    done: (s) => rankOfQ(costOfState(s)) === 20,
    Status: <Saving />,
    Seen: 'Rank 20 it is: 102 times fewer parameters. At rank 21 they are only 97 times fewer.',
  },
};

const GROUPED = MODELS.find(({ name }) => name === 'llama-3-8b') ?? DEFAULT_MODEL;

export const attention: Step = {
  title: 'All attention of a model',
  figure: RANKS,
  shows: ['.calculator .totals'],
  Text: prose`
    A decoder with 7 billion parameters has 32 layers. In each, attention has four such matrices, called q, k, v and o:
    2.1 billion parameters in all.

    At rank 16 LoRA trains 16.8 million for them, 0.25% of the whole model. In ${term('bfloat16')} the adapter is a file
    of 33.6 MB, the model one of 13.5 GB.

    In newer models several heads share their keys and values. Then k and v have fewer rows, and the same rank saves
    less there.
  `,
  act: {
    Ask: 'Choose the grouped-query decoder. How many times fewer parameters does rank 16 train in k and v?',
    label: 'Choose it for me',
    does: (s) => [costEvent(withModel(costOfState(s), GROUPED))],
    done: (s) => costOfState(s).model.name === GROUPED.name,
    Seen: text`Its k and v have 1,024 rows only. Rank 16 trains 51 times fewer parameters there, and still 128 times
      fewer in q and o.`,
  },
};

export const memory: Step = {
  title: 'Which GPU is enough?',
  figure: MEMORY,
  marks: ['.calculator [data-chart="memory"]'],
  Text: prose`
    Training needs memory for four things: the weights, gradients, what the
    ${term('optimiser state', 'optimiser')} keeps, and the ${term('activation', 'activations')}.

    The bars ${mark(1)} are for the 7B decoder. Full fine-tuning takes 76.6 GiB, an 80 GB card. LoRA needs all the
    weights, but gradients and optimiser state for few parameters: 14.1 GiB, a 16 GB card.

    QLoRA stores the frozen matrices in 4 bits, in 3.7 GiB instead of 12.6. With 5.1 GiB in all an 8 GB card is enough.
  `,
  act: {
    Ask: text`With ${i`checkpoints`} only the input of each layer is kept, and the rest is computed again. Uncheck them.
      Which GPUs are enough now?`,
    label: 'Begin with the 7B decoder',
    does: () => [costEvent(defaultCost())],
    done: (s) => {
      const { model, checkpoints } = costOfState(s);
      return model.name === 'llama-2-7b' && !checkpoints;
    },
    Seen: text`Activations grow from 1.3 to 9.9 GiB, in all three bars. LoRA now needs 22.7 GiB, a 24 GB card, and QLoRA
      13.7, a 16 GB card. LoRA saves a little of this; the calculator assumes none.`,
  },
  Limits: text`Programs also keep buffers: add one or two GiB. Full fine-tuning often keeps a float32 copy of the
    weights too: 25 GiB more. “How each byte is counted” lists what is assumed, and lets you change it.`,
};

const ALL = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'];

const ranksByKind: Step = {
  title: 'A rank for each kind of matrix',
  figure: RANKS,
  shows: ['.calculator .ranks'],
  Text: prose`
    The rank need not be the same everywhere. One rank more costs 8,192 parameters in each q, and 15,104 in each up or
    down.

    It is often said that attention needs a lower rank than the feed-forward part. No source is given, and we cannot
    test it here. The authors of LoRA found very small ranks enough for q and v (arXiv 2106.09685); they did not adapt
    the feed-forward part. Measure it on your own task.
  `,
  act: {
    Ask: text`Begin with all seven kinds at rank 16: 40.0 million parameters. Then give gate, up and down another rank than
      q, k, v and o.`,
    label: 'Adapt all seven, at rank 16',
    does: () => [costEvent({ ...defaultCost(), ranks: Object.fromEntries(ALL.map((name) => [name, 16])) })],
    done: (s) => {
      const cost = costOfState(s);
      const ranks = adaptedModules(cost).map((type) => rankOf(cost, type));
      return ranks.length === cost.model.modules.length && new Set(ranks).size > 1;
    },
    Status: live((s) => {
      const cost = costOfState(s);
      const frozen = cost.model.modules.filter((type) => rankOf(cost, type) === 0).map(({ name }) => name);
      if (frozen.length === 0) return 'All have the same rank: change some.';
      return `${listed(frozen)} ${frozen.length === 1 ? 'is' : 'are'} frozen.`;
    }),
    Seen: text`“Copy as LoraConfig” now has a ${code`rank_pattern`}, and an ${code`alpha_pattern`} that keeps the
      scaling the same in all of them.`,
  },
};

const WHICH_SAID: Readonly<Record<string, string>> = {
  all: 'It was far fewer than you expected.',
  half: 'It was fewer than you expected.',
  few: 'You were right.',
};

export const which: Step = {
  title: 'Which matrices matter?',
  link: presets.byName('which-matrices').link,
  begins: 'untrained',
  Text: prose`
    A small decoder copies eight symbols. Now it has to give them back in reverse, so each answer is a symbol from
    another position. Attention, that is q, k, v and o, moves information between positions. Up and down change each
    position by itself.

    Here the ${term('target module', 'target modules')} are up and down alone, in both layers.
  `,
  guess: {
    name: 'modules',
    Ask: 'How many of the symbols will it get right?',
    options: { all: 'Nearly all', half: 'About half', few: 'Hardly more than before' },
    Result: (guess) => prose`
      About 10%; before training it was 6%, as by chance. ${WHICH_SAID[guess]} Up and down can hardly change what
      attention brings.
    `,
  },
  act: {
    Ask: 'Train. Then adapt q and v in their place, and train again.',
    label: 'Adapt q and v, and train',
    does: trainEvents({ modules: 'q,v' }),
    done: (s) => s.run.experiment.modules === 'q,v' && isEnded(s),
    Seen: text`All symbols are right, with 4,096 trained parameters in the place of 6,144. All six kinds of matrices
      learn it, too.`,
  },
  Limits: text`Medians of five recorded runs of 400 steps; up and down ranged from 6% to 14%, all six from 89% to 100%.
    Another task may need other matrices. If in doubt, adapt all: QLoRA’s authors found that necessary (arXiv 2305.14314).`,
};

const runningCost: Step = {
  title: 'What does not get cheaper',
  figure: { place: 'lab', Figure: WorkFigure },
  Text: prose`
    Each token still goes through ${W0}, and through ${A} and ${B} as well. That takes

    ${formula('d k + r(d + k)', '16,777,216 + 131,072 = 16,908,288')}

    multiply-adds, 0.78% more than before. Once ${B}${A} is merged into ${W0}, it is ${i`dk`} again.

    Nor does a training step become 128 times faster. Only the gradient of ${W0} itself is left out: 67% of the
    multiply-adds of full fine-tuning remain in these matrices.

    LoRA saves memory while training, and space for every further task: one model, and a small file for each adapter.
  `,
  Limits: 'Counted without checkpoints, which make a second forward pass in both cases.',
};

const variants: Step = {
  title: 'Variants',
  figure: { place: 'lab', Figure: VariantsFigure },
  Text: prose`
    ${b`QLoRA`} (arXiv 2305.14314) freezes the model in ${term('NF4')}: with the scales of its blocks, 4.127 bits for each
    number.

    ${b`AdaLoRA`} (arXiv 2303.10512) trains ${i`PΛQ`}, like a singular value decomposition, and takes away the entries of Λ
    that matter least.

    ${b`DoRA`} (arXiv 2402.09353) trains the lengths of the weight’s columns apart: 3.1% more than rank 16 here.

    ${b`VeRA`} (arXiv 2310.11454) freezes random ${A} and ${B} for all layers and trains ${R} + ${i`d`} parameters.
    ${b`LoHa`} multiplies two low-rank products entry by entry, ${b`LoKr`} takes a Kronecker product (arXiv 2309.14859).
  `,
  Limits: 'This page counts them; it trains none of them.',
};

export const lesson: Lesson = {
  name: 'cost',
  // Each begins with the 7B decoder, attention at rank 16.
  steps: [numbers, saving, attention, memory, ranksByKind, which, runningCost, variants, questions].map((step) => ({
    ...step,
    cost: '',
  })),
};
