import { count, number, trim } from '../../experiment/numbers.ts';
import { isOwl } from '../../experiment/settings/bounds.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { lastStep } from '../../state/run/run.ts';
import { floorsOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import {
  A,
  ALPHA,
  B,
  b,
  DW,
  ERROR,
  i,
  inShort,
  live,
  liveFloor,
  prose,
  R,
  RANK,
  S,
  term,
  text,
  W,
  W0,
} from '../pane/prose.tsx';
import {
  correct,
  floorAt,
  isEnded,
  LAB,
  type Lesson,
  type Question,
  trainEvent,
  trainEvents,
  wrong,
} from '../step.tsx';

/** Sunglasses for an owl at rank 8: the page's default. */
const OWL = '#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=8&alpha=16&steps=300&seed=3';

/** The same at rank 1, where the last question begins. */
const RANK_ONE = OWL.replace('rank=8', 'rank=1');

const BELOW = 0.25;

const FULL = 64 * 64;

const questions: readonly Question[] = [
  {
    kind: 'choice',
    Ask: 'What does LoRA train?',
    right: 'Two thin matrices',
    options: {
      'All numbers of the large matrix, a little': 'That is full fine-tuning. LoRA leaves the large matrix as it is.',
      'Two thin matrices': 'B and A. Their product is added to the frozen matrix.',
      'The entries of ΔW, one by one': 'ΔW is never trained directly: it is what the product of B and A makes of it.',
    },
  },
  {
    kind: 'number',
    Ask: text`${W0} has 64 rows and 64 columns, and the rank is 4. How many numbers does LoRA train?`,
    answer: () => 4 * (64 + 64),
    within: 0,
    hint: 'B has 64 rows and 4 columns. A has 4 rows and 64 columns.',
    why: (given) => {
      if (given === FULL) return 'That is how many W₀ and ΔW have. B and A are thinner.';
      return given === FULL / 16
        ? 'That is one of the two. Both B and A are trained.'
        : 'Count the entries of B, then those of A.';
    },
    shown: (answer) => `${answer}: 64 × 4 in B and 4 × 64 in A.`,
  },
  {
    kind: 'lab',
    Ask: 'Find the lowest rank at which the sunglasses can be learned with an error below 0.25.',
    link: RANK_ONE,
    hint: 'Drag the rank. The dashed floor in “Error against rank” says what each rank can reach at best.',
    check: (state) => {
      const { experiment, trace } = state.run;
      const { target, edit, rank } = experiment;
      const floor = floorsOf(state)?.floor;
      if (target !== 'edit' || edit !== 'sunglasses' || !floor)
        return wrong('These are not the sunglasses: press “Set up the lab” first.');
      if (!isEnded(state)) return wrong('Wait for the run to end, or press Train.');
      const error = trace.series.relativeError?.[lastStep(state.run)] ?? 1;
      const at = `At rank ${rank} the error is ${number(error)}`;
      if (error >= BELOW) {
        const best =
          floor[rank] < BELOW
            ? 'More steps would get there.'
            : `No matrix of this rank gets below ${number(floor[rank])}.`;
        return wrong(`${at}. ${best}`);
      }
      if (floor[rank - 1] < BELOW) return wrong(`${at}, which is enough, but a lower rank can do it too.`);
      return correct(`${at}. One rank lower, no matrix gets below ${number(floor[rank - 1])}.`);
    },
  },
  {
    kind: 'choice',
    Ask: text`At rank 8, ${ALPHA} is doubled. What does that do to ${DW}, the product of ${B} and ${A} times
      ${ALPHA}/${R}?`,
    right: 'The same product counts twice as much',
    options: {
      'It can be made of twice as many patterns': 'The number of patterns is the rank, and that is still 8.',
      'The same product counts twice as much': 's = α/r is doubled, and the limit stays where it was.',
      'It has twice as many numbers to train': 'α is one number, set by hand. B and A stay as they are.',
    },
  },
];

const LARGE = countsOf({ d: 4096, k: 4096, rank: 16, frozenFactor: null });

/** The first rank at which the floor is 0. */
const WHOLE = live((s) => floorsOf(s)?.floor.findIndex((error) => error < 1e-9) ?? 0);

/** The first rank that can have an error below BELOW. */
const ENOUGH = live((s) => floorsOf(s)?.floor.findIndex((error) => error < BELOW) ?? 0);
const OWN_FLOOR = live((s) => number(floorAt(s, s.run.experiment.rank)));

const isDrawn = ({ run }: State) => isOwl(run.experiment) && run.experiment.data !== '';
const rankIs = (rank: number) => (s: State) => s.run.experiment.rank === rank && isEnded(s);

export const lesson: Lesson = {
  name: 'what-is-lora',
  steps: [
    {
      title: 'One large matrix is frozen',
      link: OWL,
      begins: 'untrained',
      shows: [LAB.W0],
      Text: prose`
        A layer of a neural network is a matrix, ${W0}. It takes a list of numbers ${i`x`} and returns ${W0}${i`x`}.
        This one has 64 rows and 64 columns: 4,096 numbers, all set by earlier training. Here each is a grey cell, and
        together they show an owl.

        ${b`Fine-tuning`} changes such a matrix a little, so that the network learns something new. Here the owl is to
        wear sunglasses.
      `,
      guess: {
        name: 'changed',
        Ask: text`${term('LoRA')}, low-rank adaptation, trains 20 steps, and the layer puts on sunglasses. How many of the
          4,096 numbers in ${W0} have changed?`,
        options: { all: 'All of them', some: 'Those under the sunglasses', none: 'None' },
        Result: () => prose`None. LoRA leaves ${W0} alone: it is ${term('frozen weight', 'frozen')}. The layer uses
          ${W} = ${W0} + ${DW}, and only the change ${DW} is learned. The sunglasses are in ${DW}.`,
      },
      act: {
        Ask: text`Train 20 steps. Watch ${W0}, and watch ${W}.`,
        label: 'Train 20 steps',
        does: () => [trainEvent(20)],
        done: (s) => lastStep(s.run) >= 20,
        Seen: text`${W} has begun to wear sunglasses. In ${W0} not one of the 4,096 numbers has changed.`,
      },
    },
    {
      title: 'Two thin ones are trained',
      link: OWL,
      shows: [LAB.B, LAB.A],
      Text: prose`
        ${DW} is as large as ${W0}, but it is not trained directly. It is the product of two thin matrices:
        ${B}, with 8 columns, and ${A}, with 8 rows. Only ${B} and ${A} are ${b`trained`}.

        They hold ${count(countsOf({ d: 64, k: 64, rank: 8, frozenFactor: null }).trained)} numbers, a quarter of
        ${W0}’s. In a large layer, with 4,096 rows and columns, and 16 columns in ${B}, it is ${trim(1 / LARGE.share)}
        times fewer.

        ${B} starts at zero, and with it ${DW}: at first the layer does exactly what it did before.
      `,
      act: {
        Ask: text`Train to the end. ${DW} is made of nothing but ${B} and ${A}.`,
        label: 'Train',
        does: () => [trainEvent()],
        done: isEnded,
        Seen: text`The relative error has fallen from 1 to ${ERROR}. This measures how far ${DW} is from the target, the
          exact sunglasses: 1 means that nothing has been learned, 0 that nothing is missing.`,
      },
    },
    {
      title: 'The rank is the limit',
      link: OWL,
      begins: 'trained',
      shows: [LAB.dW, LAB.W],
      chart: 'spectrum',
      Text: prose`
        The number of columns in ${B} is the ${term('rank')}, ${R}. One column of ${B} times one row of ${A} makes a
        simple pattern: that row again and again, here stronger, there weaker. The charts call it a
        ${term('direction')}.

        ${DW} is always a sum of ${R} such patterns. The rank limits how many they are, not how large ${DW} is.
      `,
      act: {
        Ask: 'Set the rank to 1, a single pattern. The page retrains at once.',
        label: 'Set rank 1',
        does: trainEvents({ rank: 1, alpha: 2 }),
        done: rankIs(1),
        rank: true,
        Seen: text`One pattern is only a dark bar, and the eyes shine through. The error stops at ${ERROR}. More
          training does not help: no matrix of rank 1 gets closer than ${liveFloor(1)}.`,
      },
    },
    {
      title: 'How high must the rank be?',
      link: OWL.replace('rank=8&alpha=16', 'rank=1&alpha=2'),
      begins: 'trained',
      shows: [LAB.error],
      Text: prose`
        Every further rank adds one pattern, and 128 numbers to train. The dashed curve in ${b`Error against rank`} is
        the ${term('floor')}: the smallest error that any matrix of that rank can have.

        For these sunglasses the floor falls from ${liveFloor(1)} at rank 1 to ${liveFloor(8)} at rank 8. At rank
        ${WHOLE} nothing is left: the sunglasses are made of exactly that many patterns.
      `,
      act: {
        Ask: 'Drag the rank up until the sunglasses look right to you.',
        label: 'Set rank 8',
        does: trainEvents({ rank: 8, alpha: 16 }),
        done: (s) => s.run.experiment.rank >= 4 && isEnded(s),
        rank: true,
        Seen: text`At rank ${RANK} the error is ${ERROR}, with
          ${live((s) => count(countsOf(adapterOf(s.run.experiment)).trained))} numbers trained. Other changes need other
          ranks: a hat needs fewer patterns, confetti nearly all 64.`,
      },
    },
    {
      title: 'Draw the sunglasses yourself',
      link: OWL,
      begins: 'trained',
      shows: [LAB.W],
      chart: 'error',
      Text: prose`
        The target need not be ours: what you paint on the owl is a change of ${W0}, and training can look for it.

        A change in two rows of cells is a sum of at most two patterns, however long it is. So straight strokes along
        rows or columns need few patterns. A slanted one needs about one for every row that it crosses.

        Draw sunglasses, or anything else. While you draw, the page shows what each rank can reach.
      `,
      act: {
        Ask: text`Draw on the owl and press “Use it”: training begins. Then find the rank that your drawing needs.`,
        label: 'Draw on the owl',
        does: () => [{ type: 'draw', on: 'owl' }],
        done: (s) => isDrawn(s) && isEnded(s),
        rank: true,
        Seen: text`Your drawing is a sum of ${WHOLE} patterns. At rank ${RANK} the error is ${ERROR}; no matrix of that
          rank gets closer than ${OWN_FLOOR}. An error below ${BELOW} takes at least rank ${ENOUGH}.`,
      },
    },
    {
      title: 'α sets the strength',
      link: `${OWL.replace('alpha=16', 'alpha=1').replace('steps=300', 'steps=30')}&lr=0.005`,
      begins: 'trained',
      shows: [LAB.dW],
      Text: prose`
        One more number is set by hand and never trained: ${term('α', ALPHA)}. The product of ${B} and ${A} is
        multiplied by ${S} = ${ALPHA}/${R} before it is added: ${DW} = ${S}·${B}·${A}.

        ${ALPHA} does not change what rank ${R} can reach. It changes how much each training step counts, as the
        learning rate does. Here the learning rate is fixed at 0.005, ${ALPHA} is 1, and there are 30 steps.
      `,
      act: {
        Ask: text`With ${ALPHA} = 1, ${S} is 1/8. Set ${ALPHA} to 16, so that ${S} is 2.`,
        label: 'Set α = 16',
        does: trainEvents({ alpha: 16 }),
        done: (s) => s.run.experiment.alpha === 16 && isEnded(s),
        Seen: text`The same 30 steps now reach an error of ${ERROR}. The pale curve is the previous run. If ${ALPHA} is
          far too large, training becomes unstable. Elsewhere in this lab the learning rate is set automatically, and
          makes up for part of such a change.`,
      },
      Foot: (
        <>
          {inShort(
            text`${b`Frozen:`} ${W0}, all of its numbers.`,
            text`${b`Trained:`} ${B} and ${A}, ${i`r`} × (rows + columns) numbers.`,
            text`${b`The rank`} limits ${DW} to a sum of ${i`r`} patterns.`,
            text`${b`α`} sets how strongly the product counts: ${S} = ${ALPHA}/${R}.`,
          )}
          {prose`
            A real network has no picture of the target, only examples to learn from, and many layers with their own
            ${B} and ${A}. Together these are a small file, an ${term('adapter')}: it can be merged into the large
            matrices, or swapped for another one.

            In GPT-3, with two kinds of matrices adapted, ranks from 1 to 64 did about equally well (arXiv 2106.09685,
            section 7.2). This page does not show that.
          `}
        </>
      ),
    },
    {
      title: 'Questions',
      link: RANK_ONE,
      begins: 'trained',
      chart: 'error',
      Text: prose`Four questions. You may try as often as you like; a wrong answer explains itself.`,
      act: {
        Ask: 'For the third question, drag the rank of the sunglasses here.',
        rank: true,
        done: (state) => state.run.experiment.rank > 1 && isEnded(state),
        Seen: text`At rank ${RANK} the error is ${ERROR}.`,
      },
      questions,
    },
  ],
};
