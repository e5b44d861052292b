import { number } from '../../../experiment/numbers.ts';
import { A, B, DW, ERROR, mark, prose, term, text } from '../../pane/prose.tsx';
import { errorAt, isEnded, LAB, type Lesson, trainEvent, trainEvents } from '../../step.tsx';

// Set the lab up as the lesson needs it, press Share, and copy the part after the #.
const HAT = '#v=1&target=edit&edit=hat&d=64&k=64&rank=1&alpha=2&steps=300';

export const lesson: Lesson = {
  name: 'template',
  steps: [
    {
      title: 'A pattern',
      link: HAT,
      // At step 0; 'trained' trains it at once.
      begins: 'untrained',
      // Framed and numbered: mark(1) in the text is the same tag. `shows` frames without a number.
      marks: [LAB.dW],
      Text: prose`At ${term('rank')} 1, ${B} is one column and ${A} is one row. Their product ${DW} ${mark(1)} has 4,096
        numbers, and yet only 128 of them can be chosen.`,
      guess: {
        name: 'hat',
        Ask: 'The owl is to wear a hat. What will it look like at rank 1?',
        options: { whole: 'a hat', smear: 'a smear where the hat should be', nothing: 'nothing at all' },
        // `guess` is the choice, empty if skipped.
        Result: (guess) => prose`${guess === 'smear' ? 'Yes: the brim is smeared.' : 'A smear.'} Train to see it.`,
      },
      act: {
        Ask: 'Train it.',
        label: 'Train',
        does: () => [trainEvent()],
        done: isEnded,
        Seen: text`The error stops at ${ERROR}.`,
      },
    },
    {
      title: 'Two of them',
      link: HAT,
      begins: 'trained',
      shows: [LAB.error],
      Text: prose`A second pattern costs 128 numbers more. It lies on top of the first.`,
      act: {
        Ask: 'Set the rank to 2.',
        label: 'Set rank 2',
        does: trainEvents({ rank: 2, alpha: 4 }),
        done: (state) => state.run.experiment.rank === 2 && isEnded(state),
        // The rank may be dragged here too.
        rank: true,
        Seen: text`Now it stops at ${ERROR}.`,
      },
      Limits: 'A hat lies along rows and columns. Most updates need more patterns.',
    },
    {
      title: 'Questions',
      // Keeps the settings on screen.
      Text: prose`Three questions.`,
      questions: [
        {
          kind: 'choice',
          Ask: 'What does rank 1 mean?',
          right: 'One column times one row',
          options: {
            'One number is trained': 'A whole column and a whole row are trained.',
            'One column times one row': 'Every row of ΔW is a multiple of that one row.',
          },
        },
        {
          kind: 'number',
          Ask: 'How many numbers does rank 3 train in a 64 × 64 layer?',
          answer: () => 3 * (64 + 64),
          within: 0,
          hint: 'Each pattern is a column of 64 and a row of 64.',
          why: () => 'Count the numbers of one pattern first.',
          shown: (answer) => `${answer}: three columns and three rows of 64.`,
        },
        {
          kind: 'lab',
          Ask: 'Bring the error below 0.1.',
          link: HAT,
          hint: 'Raise the rank.',
          check: (state) => {
            const error = errorAt(state);
            return { right: error < 0.1, says: `The error is ${number(error)}.` };
          },
        },
      ],
    },
  ],
};
