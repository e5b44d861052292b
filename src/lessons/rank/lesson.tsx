import { leastOf } from '../../experiment/settings/rate.ts';
import './rank.css';
import { number, percent } from '../../experiment/numbers.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { Choice } from '../../kit/button.tsx';
import { floorsOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { RankSlider } from '../../ui/controls/numeric.tsx';
import { useDispatch, useGetLab, useLab } from '../../ui/page.tsx';
import {
  A,
  B,
  b,
  DW,
  DWT,
  ERROR,
  Formula,
  formula,
  i,
  live,
  mark,
  prose,
  R,
  RANK,
  S,
  term,
  text,
  W0,
} from '../pane/prose.tsx';
import { valueIn } from '../pane/values.tsx';
import { correct, errorAt, floorAt, isEnded, LAB, type Lesson, type Question, trainEvents, wrong } from '../step.tsx';
import { RUNS } from './column-space.ts';
import { B_MODE, BModeChoice, isEdgeOn, LearnedPlane, PlaneFigure, TurnButtons, VIEW } from './columns.tsx';
import { ANGLE, EllipseFigure, InputControl, isMaxStretch, StretchStatus, StretchSummary } from './ellipse.tsx';
import { KEPT_LAYERS, LayerSlider, LayerStatus, minLayers, PeelFigure } from './peel.tsx';
import {
  ANSWER_SHOWN,
  LargestMiss,
  LineStatus,
  PICTURE,
  PredictControl,
  PredictFigure,
  ResultFigure,
} from './predict.tsx';

const WANTED = 0.2;

/** The rate of the run on screen over ten; once set it stays. */
const tenthOfRate = ({ run }: State) => run.experiment.lr ?? Number((leastOf(run.rate ?? 0) / 10).toPrecision(2));

const questions: readonly Question[] = [
  {
    kind: 'lab',
    Ask: text`Keep as few patterns as hold 90% of the energy of ${i`this`} run.`,
    hint: 'Read the percentages under the running sums.',
    link: PICTURE,
    check: (state, values) => {
      const [fewest, kept] = [minLayers(state), valueIn(values, KEPT_LAYERS)];
      if (fewest === null) return wrong('Train the run first, at a rank up to 32.');
      if (kept < fewest) return wrong(`These patterns hold less than ${percent(0.9)}. Add one.`);
      return kept === fewest ? correct('No fewer patterns hold as much.') : wrong('They hold enough, but so do fewer.');
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

const x = <i>x</i>;
const z = <i>z</i>;

/** Three targets of one size at rank 8 whose singular values fall differently. */
const SPECTRA: readonly (readonly [label: string, changes: Partial<Experiment>])[] = [
  ['They fall fast', { target: 'decay', law: 'geometric', rate: 0.8, rank: 8 }],
  ['Eight equal ones', { target: 'low-rank', truerank: 8, shape: 'equal', noise: 0.05, rank: 8 }],
  ['All 64 equal', { target: 'rotation', rank: 8 }],
];

function SpectrumChoice() {
  const target = useLab((s) => s.experiment.target);
  const dispatch = useDispatch();
  const now = useGetLab();
  return (
    <div className="row">
      <Choice
        aria-label="Singular values of the target"
        options={SPECTRA.map(([label], i) => [i, label])}
        value={SPECTRA.findIndex(([, changes]) => changes.target === target)}
        onChange={(i) => {
          for (const event of trainEvents(SPECTRA[i][1])(now())) dispatch(event);
        }}
      />
    </div>
  );
}

const AT_RANK = prose`Rank ${RANK}${live((s) =>
  isEnded(s)
    ? `: the run ended at ${number(errorAt(s))}, the floor is ${number(floorAt(s, s.run.experiment.rank))}.`
    : '.',
)}`;

export const lesson: Lesson = {
  name: 'rank',
  steps: [
    {
      title: 'Draw your guess',
      figure: { place: 'lab', Figure: PredictFigure },
      Text: prose`
        Here is a target ${DWT}: a picture with 64 rows and 64 columns. An update of ${term('rank')} ${R} can only be a
        sum of ${R} simple patterns, each one column times one row.

        We will train it at six ranks, from 1 to 32. How far from the target will each run end? An error of 1 means that
        nothing was learned, 0 that the picture is perfect.
      `,
      act: {
        Ask: 'Draw the error that you expect, from rank 1 to rank 32. Then train.',
        predicts: true,
        Control: <PredictControl />,
        Status: <LineStatus />,
        done: (_, values) => valueIn(values, ANSWER_SHOWN),
        Seen: <LargestMiss />,
      },
    },
    {
      title: 'No run beats the floor',
      link: PICTURE,
      begins: 'trained',
      figure: { place: 'charts', Figure: ResultFigure },
      Text: prose`
        All six dots lie on the dashed curve, within 0.002. That curve is the ${term('floor')}. No run made it: it
        follows from ${DWT} alone.

        The error falls fast, then slowly, because a few patterns hold most of the picture. From rank 4 to 8 it falls by
        0.135, from 16 to 32 only by 0.059, although that adds four times as many parameters to train.
      `,
      act: {
        Ask: 'Choose rank 2 in the lab. Then find out what rank 16 adds.',
        rank: true,
        done: (s) => s.run.experiment.rank === 16 && isEnded(s),
        Status: AT_RANK,
        Seen: AT_RANK,
      },
    },
    {
      title: 'What the floor is made of',
      link: PICTURE,
      begins: 'trained',
      shows: [LAB.spectrum],
      Text: prose`
        ${DWT} is a sum of patterns. The strength of each is its ${term('singular value')} σ; the chart has them as
        rings. The theorem of ${term('Eckart–Young', 'Eckart and Young')}: of all matrices of rank ${R}, the sum of the
        ${R} strongest patterns is closest. The error is made of those left out:

        ${formula('error = sqrt(Σ[j > r] σⱼ²) / ‖ΔW*‖_F')}

        No learning rate gets below this floor, and no initialisation either, as long as ${W0} stays as it is.
      `,
      act: {
        Ask: text`Train at a tenth of the rate, for as many steps. Does it get below the floor?`,
        label: 'A tenth of the rate',
        does: (s) => trainEvents({ lr: tenthOfRate(s) })(s),
        done: (s) => s.run.experiment.lr !== null && isEnded(s),
        Seen: text`No: it ends at ${ERROR}, above the floor of ${live((s) => number(floorAt(s, s.run.experiment.rank)))}.`,
      },
      Limits: text`Distance here is the ${term('Frobenius norm')}: the root of the sum of all squared entries. Mirsky
        showed that the same matrix is best in every norm that rotations do not change. A network that weighs inputs
        differently has another floor. Some initialisations move a part of ${W0} into the adapter. Then ${DW} can have
        twice the rank, and a floor of its own: LoRA-GA ends lower here, at 0.106, and PiSSA higher, at 0.843.`,
    },
    {
      title: 'A bottleneck of r numbers',
      link: PICTURE,
      begins: 'trained',
      marks: [LAB.A, LAB.B],
      Text: prose`
        Why can ${DW} = ${i`s`}·${B}·${A} do no more? Follow an input ${x} of 64 numbers. ${mark(1)} ${A} turns it into
        ${z} = ${A}${x}, which has only ${R} numbers. ${mark(2)} ${B} makes the whole output from these.

        Each column of ${DW} is a mix of the ${R} columns of ${B}, each row a mix of the ${R} rows of ${A}. So the rank of
        the product cannot exceed that of either factor:

        ${<BottleneckFormula />}
      `,
      act: {
        Ask: text`Set the rank to 1: one number passes. Compare the rows of ${DW}.`,
        rank: true,
        done: (s) => s.run.experiment.rank === 1 && isEnded(s),
        Seen: prose`Now ${B} is one column and ${A} one row. Every row of ${DW} is a multiple of the same row.`,
      },
      Limits: text`“At most ${R}”: a product can have a lower rank. With ${B} = 0, as at step 0, it has rank 0.`,
    },
    {
      title: 'Peel it, and add it up again',
      link: PICTURE,
      begins: 'trained',
      figure: { place: 'charts', Figure: PeelFigure },
      marks: ['.peel .at-kept .sum'],
      Text: prose`
        The trained ${DW} is a sum of eight patterns. Pattern ${i`i`} is one column ${i`u`}ᵢ times one row ${i`v`}ᵢ, an
        ${term('outer product')}, scaled by its ${term('singular value')} σᵢ: alone, a tartan. In the ${i`singular value
        decomposition`} ${DW} = UΣVᵀ the ${i`u`}ᵢ are the columns of U, the ${i`v`}ᵢ those of V, all at right angles to
        each other: ${i`orthogonal`}.

        Three patterns ${mark(1)} already show sun and mountains. Each takes the largest share of the
        ${term('energy')} that is left that one pattern can.
      `,
      act: {
        Ask: text`Keep as few patterns as you can and still hold 90% of the energy of ${DW}.`,
        Control: <LayerSlider />,
        Status: <LayerStatus />,
        // Early in training fewer patterns are enough.
        done: (s, values) => isEnded(s) && minLayers(s) === valueIn(values, KEPT_LAYERS),
        Seen: prose`4 patterns hold 93% of the energy of ${DW}, and 91% of that of ${DWT}. That leaves an error of 0.307,
          the same as that of the run at rank 4: that run found the same patterns.`,
      },
      Limits: text`“Energy” weighs directions by ${i`σ`}². A network may need a weak one.`,
    },
    {
      title: 'The direction stretched most',
      figure: { place: 'lab', Figure: EllipseFigure },
      Text: prose`
        A matrix ${i`M`} of two rows and two columns turns the circle of all inputs of length 1 into an ellipse.

        The input ${i`v`}₁ is stretched most, by ${i`σ`}₁ = 1.28: its output is the long half axis, ${i`σ`}₁${i`u`}₁. At
        right angles to it lies ${i`v`}₂, stretched least, by ${i`σ`}₂ = 0.561.

        Keep only the first pattern, and the ellipse collapses to its long axis. What is lost is never longer than
        ${i`σ`}₂. So the weakest pattern costs least to drop.
      `,
      act: {
        Ask: 'Turn the input until its output is as long as possible. Then keep only the first pattern.',
        Control: <InputControl />,
        Status: <StretchStatus />,
        done: (_, values) => isMaxStretch(valueIn(values, ANGLE)),
        Seen: prose`
          ${<StretchSummary />}

          The longest output is 1.28, that of ${i`v`}₁. The same holds in 64 dimensions: ${i`v`}₁ is the input that
          ${DW} stretches most, ${i`v`}₂ the one at right angles to it that it stretches most, and so on.
        `,
      },
    },
    {
      title: 'The singular values decide',
      link: '#v=1&target=decay&law=geometric&rate=0.8&d=64&k=64&rank=8&steps=300',
      begins: 'trained',
      shows: [LAB.error],
      Text: prose`
        The floor depends only on how the singular values of ${DWT} fall. Here each is 0.8 times the one before: rank 8
        leaves an error of 0.168, rank 16 only 0.028.

        A target of ${b`true rank 8`} is eight patterns and a little noise. Its floor falls to 0.043 at that rank. Higher
        ranks learn nothing but noise.

        The worst case is a rotation: it stretches all 64 directions equally, so no pattern is more important than
        another.
      `,
      guess: {
        name: 'rotation',
        Ask: 'How much error will rank 8 leave of a rotation with 64 rows?',
        options: { eighth: 'About 0.13: an eighth', half: 'About 0.5', most: 'About 0.94' },
        Result: (guess) => prose`${guess === 'most' && 'Yes. '}The error is √(1 − 8/64) = 0.935. Rank 8 takes 8 of 64
          equal shares of the energy, and the error is a root: even rank 32 leaves √(1 − 32/64) = 0.707. Only full rank
          leaves nothing.`,
      },
      act: {
        Ask: 'Train all three at rank 8, and watch the dashed curve.',
        Control: <SpectrumChoice />,
        done: (s) => s.run.experiment.target === 'rotation' && isEnded(s),
        Status: AT_RANK,
        Seen: AT_RANK,
      },
    },
    {
      title: 'Only in the plane of B',
      figure: { place: 'lab', Figure: LearnedPlane },
      Text: prose`
        A run with three inputs, three outputs and rank 2. Inputs may lie anywhere. Each output of ${DW} is ${B} times
        something, so it lies in the plane of ${B}’s two columns, its ${term('column space')}.

        ${A} squeezes three numbers into two: inputs that differ only along the blue line get the same ${z}, and the same
        ${i`s`}·${B}${A}${x}. So ${A} says what of the input counts, and ${B} says where the output may move.
      `,
      act: {
        Ask: text`Turn the right picture until the plane is a line. What remains between dots and rings is at right
          angles to it: the part that rank 2 cannot reach.`,
        Control: <TurnButtons />,
        done: (_, values) => isEdgeOn(valueIn(values, VIEW), RUNS.learned),
        Seen: prose`The crimson stroke is ${i`σ`}₃ = 0.36 long: no input of length 1 is sent further out of this
          plane.`,
      },
      Limits: 'Three dimensions fit on a page. At 4,096 outputs and rank 16 the “plane” has 16 dimensions of 4,096.',
      Foot: prose`With singular values 1, 0.6 and 0.36 the floor is 0.36/√(1² + 0.6² + 0.36²) = 0.295, and there the run
        ends.`,
    },
    {
      title: 'The plane is learned',
      figure: { place: 'lab', Figure: PlaneFigure },
      Text: prose`
        Nobody told ${B} which plane to use. At step 10 it holds 87% of the energy of ${DWT}. Training turns it until it
        holds 91.3%; no plane can hold more. Drag the timeline to see it turn.

        Some methods freeze one random factor. Then the plane stays where chance has put it: on average it holds
        ${i`r`}/${i`d`} of a target, two thirds here, but 0.4% with 4,096 outputs and rank 16.
      `,
      act: {
        Ask: text`Freeze ${B}, and compare where the run ends.`,
        Control: <BModeChoice />,
        done: (_, values) => valueIn(values, B_MODE) === 'frozen',
        Seen: prose`The frozen plane holds 67% of ${DWT}, at every step. The error ends at 0.574 instead of 0.295: a
          floor of its own, √(1 − 0.67).`,
      },
      Limits: text`The frozen run is the initialisation MiCA, which takes ${B} from the weakest directions of the frozen
        weight (arXiv 2604.01694). Here that weight is random, so the plane is too; in a network its authors choose it
        with care.`,
    },
    {
      title: 'Questions',
      link: PICTURE,
      begins: 'trained',
      figure: { place: 'charts', Figure: PeelFigure },
      Text: (
        <>
          {prose`Try as often as you like. The first two are answered on the lab, with these sliders.`}
          <div className="beside-questions">
            <LayerSlider />
            <RankSlider />
          </div>
        </>
      ),
      questions,
    },
  ],
};

function BottleneckFormula() {
  const rank = useLab(({ run }) => run.experiment.rank);
  return <Formula plain="rank of B·A ≤ r" numbers={`rank of B·A ≤ ${rank}`} />;
}
