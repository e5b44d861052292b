import type { Experiment } from '../../experiment/settings/params.ts';
import { Choice } from '../../kit/choice.tsx';
import type { State } from '../../state/state.ts';
import { RankSlider } from '../../ui/controls/numeric.tsx';
import { useDispatch, useGetLab, useLab } from '../../ui/page.tsx';
import { Formula, MarkTag, P, Term } from '../pane/prose.tsx';
import { valueIn } from '../pane/values.tsx';
import { A, B, DW, DWT, isEnded, LAB, type Lesson, R, trainEvents, useError, useFloor, useRank, W0 } from '../step.tsx';
import { RUNS } from './column-space.ts';
import { B_MODE, BModeChoice, isEdgeOn, LearnedPlane, PlaneFigure, TurnButtons, VIEW } from './columns.tsx';
import { ANGLE, EllipseFigure, InputControl, isMaxStretch, StretchStatus, StretchSummary } from './ellipse.tsx';
import { ANSWER_SHOWN, PICTURE } from './guess-values.ts';
import { KEPT_LAYERS, LayerSlider, LayerStatus, minLayers, PeelFigure } from './peel.tsx';
import { LargestMiss, LineStatus, PredictControl, PredictFigure, ResultFigure } from './predict.tsx';
import { questions } from './questions.tsx';

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

export const lesson: Lesson = {
  name: 'rank',
  steps: [
    {
      title: 'Draw your guess',
      figure: { place: 'lab', Figure: PredictFigure },
      Text: () => (
        <>
          <P>
            Here is a target {DWT}: a picture with 64 rows and 64 columns. An update of <Term of="rank">rank</Term> {R}{' '}
            can only be a sum of {R} simple patterns, each one column times one row.
          </P>
          <P>
            We will train it at six ranks: 1, 2, 4, 8, 16 and 32. How far from the target will each run end? An error of
            1 means that nothing was learned, 0 that the picture is perfect.
          </P>
        </>
      ),
      act: {
        Ask: () => <>Draw the error that you expect, from rank 1 to rank 32. Then train.</>,
        Control: PredictControl,
        Status: LineStatus,
        done: (_, values) => valueIn(values, ANSWER_SHOWN),
        Seen: LargestMiss,
      },
    },
    {
      title: 'No run beats the floor',
      link: PICTURE,
      begins: 'trained',
      figure: { place: 'charts', Figure: ResultFigure },
      Text: () => (
        <>
          <P>
            All six dots lie on the dashed curve, within 0.002. That curve is the <Term of="floor">floor</Term>. No run
            made it: it follows from {DWT} alone.
          </P>
          <P>
            The error falls fast, then slowly, because a few patterns hold most of the picture. From rank 4 to 8 it
            falls by 0.135, from 16 to 32 only by 0.059, although that adds four times as many numbers to train.
          </P>
          <P>
            {DWT} is a sum of patterns. The strength of each is its <Term of="singular value">singular value</Term> σ.
            The theorem of <Term of="Eckart–Young">Eckart and Young</Term>: of all matrices of rank {R}, the sum of the{' '}
            {R} strongest patterns is closest. The error is made of those left out:
          </P>
          <Formula plain="error = sqrt(Σ[j > r] σⱼ²) / ‖ΔW*‖_F" />
          <P>No training gets below the floor, at any learning rate, and no initialisation that leaves {W0} alone.</P>
        </>
      ),
      act: {
        Ask: () => <>Choose rank 2 in the lab. Then find out what rank 16 adds.</>,
        rank: true,
        done: (s) => s.run.experiment.rank === 16 && isEnded(s),
        Status: AtRank,
        Seen: AtRank,
      },
      Limits: () => (
        <>
          Distance here is the <Term of="Frobenius norm">Frobenius norm</Term>: the root of the sum of all squared
          entries. Mirsky showed that the same matrix is best in every norm that rotations do not change. A network that
          weighs inputs differently has another floor. Some initialisations move a part of {W0} into the adapter. Then{' '}
          {DW} can have twice the rank, and a floor of its own: LoRA-GA ends lower here, at 0.106, and PiSSA higher, at
          0.843.
        </>
      ),
    },
    {
      title: 'A bottleneck of r numbers',
      link: PICTURE,
      begins: 'trained',
      shows: [LAB.A, LAB.B],
      Text: () => (
        <>
          <P>
            Why can {DW} = <i>s</i>·{B}·{A} do no more? Follow an input {x} of 64 numbers. <MarkTag n={1} /> {A} turns
            it into {z} = {A}
            {x}, which has only {R} numbers. <MarkTag n={2} /> {B} makes the whole output from these.
          </P>
          <P>
            Whatever the input says must pass through {R} numbers. Each column of {DW} is a mix of the {R} columns of{' '}
            {B}, each row a mix of the {R} rows of {A}. So the rank of the product cannot exceed that of either factor:
          </P>
          <BottleneckFormula />
        </>
      ),
      act: {
        Ask: () => <>Set the rank to 1: one number passes. Compare the rows of {DW}.</>,
        rank: true,
        done: (s) => s.run.experiment.rank === 1 && isEnded(s),
        Seen: () => (
          <p>
            Now {B} is one column and {A} one row. Every row of {DW} is a multiple of the same row.
          </p>
        ),
      },
      Limits: () => (
        <>
          “At most {R}”: a product can have a lower rank. With {B} = 0, as at step 0, it has rank 0.
        </>
      ),
    },
    {
      title: 'Peel it, and add it up again',
      link: PICTURE,
      begins: 'trained',
      figure: { place: 'charts', Figure: PeelFigure },
      shows: ['.peel .at-kept .sum'],
      Text: () => (
        <>
          <P>
            The trained {DW} is a sum of eight patterns. They can be peeled off one by one, like layers. Layer <i>i</i>{' '}
            is one column <i>u</i>ᵢ times one row <i>v</i>ᵢ, an <Term of="outer product">outer product</Term>, scaled by
            its <Term of="singular value">singular value</Term> σᵢ.
          </P>
          <P>
            Alone, each layer is a tartan: all its rows are multiples of one row. Three of them <MarkTag n={1} />{' '}
            already show sun and mountains. They come by importance: each layer takes as much of the{' '}
            <Term of="energy">energy</Term> that is left as a single pattern can.
          </P>
        </>
      ),
      act: {
        Ask: () => <>Keep as few layers as you can and still hold 90% of the energy of {DW}.</>,
        Control: LayerSlider,
        Status: LayerStatus,
        // Early in training fewer layers are enough.
        done: (s, values) => isEnded(s) && minLayers(s) === valueIn(values, KEPT_LAYERS),
        Seen: () => (
          <p>
            4 layers hold 93% of the energy of {DW}, and 91% of that of {DWT}. That leaves an error of 0.307, the same
            as that of the run at rank 4: that run found the same layers.
          </p>
        ),
      },
      Limits: () => (
        <>
          “Energy” weighs directions by <i>σ</i>². A network may need a weak one.
        </>
      ),
    },
    {
      title: 'The direction stretched most',
      figure: { place: 'lab', Figure: EllipseFigure },
      Text: () => (
        <>
          <P>
            What does a singular value measure? Take a matrix <i>M</i> with two rows and two columns, and all inputs of
            length 1. They lie on a circle. <i>M</i> turns the circle into an ellipse.
          </P>
          <P>
            The input <i>v</i>₁ is stretched most, by <i>σ</i>₁ = 1.28: its output is the long half axis, <i>σ</i>₁
            <i>u</i>₁. At right angles to it lies <i>v</i>₂, stretched least, by <i>σ</i>₂ = 0.561. Any other input is a
            mix of the two.
          </P>
          <P>
            To keep only the first layer is to flatten the ellipse to its long axis. What is lost is never longer than{' '}
            <i>σ</i>₂. So the weakest layer costs least to drop.
          </P>
        </>
      ),
      act: {
        Ask: () => <>Turn the input until its output is as long as possible. Then keep only the first layer.</>,
        Control: InputControl,
        Status: StretchStatus,
        done: (_, values) => isMaxStretch(valueIn(values, ANGLE)),
        Seen: () => (
          <>
            <StretchSummary />
            <p>
              The longest output is 1.28, that of <i>v</i>₁. The same holds in 64 dimensions: <i>v</i>₁ is the input
              that {DW} stretches most, <i>v</i>₂ the one at right angles to it that it stretches most, and so on.
            </p>
          </>
        ),
      },
    },
    {
      title: 'The singular values decide',
      link: '#v=1&target=decay&law=geometric&rate=0.8&d=64&k=64&rank=8&steps=300',
      begins: 'trained',
      shows: [LAB.error],
      Text: () => (
        <>
          <P>
            How high the floor lies depends only on how the singular values of {DWT} fall. Here each is 0.8 times the
            one before: at rank 8 an error of 0.168 is left, and at rank 16 only 0.028.
          </P>
          <P>
            A target of <b>true rank 8</b> is the sum of eight patterns and a little noise. Its floor falls to 0.043 at
            rank 8. From there on only noise is left, and higher ranks learn nothing but noise.
          </P>
          <P>
            The worst case is a rotation: it stretches all 64 directions equally, so no pattern is more important than
            another.
          </P>
        </>
      ),
      guess: {
        name: 'rotation',
        Ask: () => <>How much error will rank 8 leave of a rotation with 64 rows?</>,
        options: { eighth: 'About 0.13: an eighth', half: 'About 0.5', most: 'About 0.94' },
        Result: ({ guess }) => (
          <p>
            {guess === 'most' && 'Yes. '}The error is √(1 − 8/64) = 0.935. Rank 8 takes 8 of 64 equal shares of the
            energy, and the error is a root: even rank 32 leaves √(1 − 32/64) = 0.707. Only full rank leaves nothing.
          </p>
        ),
      },
      act: {
        Ask: () => <>Train all three at rank 8, and watch the dashed curve.</>,
        Control: SpectrumChoice,
        done: (s) => s.run.experiment.target === 'rotation' && isEnded(s),
        Status: AtRank,
        Seen: () => <AtRank />,
      },
    },
    {
      title: 'Only in the plane of B',
      figure: { place: 'lab', Figure: LearnedPlane },
      Text: () => (
        <>
          <P>
            A run with three inputs, three outputs and rank 2. Inputs may lie anywhere. The outputs of {DW} may not:
            each is {B} times something, so each lies in the plane of {B}’s two columns, its{' '}
            <Term of="column space">column space</Term>, whatever the input.
          </P>
          <P>
            {A} decides what gets through. It squeezes three numbers into two, so one direction of input is lost: inputs
            that differ only along the blue line get the same {z}, and the same <i>s</i>·{B}
            {A}
            {x}. So {A} says what of the input counts, and {B} says where the output may move.
          </P>
        </>
      ),
      act: {
        Ask: () =>
          'Turn the right picture until the plane is a line. What remains between dots and rings is at right angles to it: the part that rank 2 cannot reach.',
        Control: TurnButtons,
        done: (_, values) => isEdgeOn(valueIn(values, VIEW), RUNS.learned),
        Seen: () => (
          <p>
            The crimson stroke is <i>σ</i>₃ = 0.36 long: no input of length 1 is sent further out of this plane.
          </p>
        ),
      },
      Limits: () =>
        'Three dimensions fit on a page. At 4,096 outputs and rank 16 the “plane” has 16 dimensions of 4,096.',
      Foot: () => (
        <P>
          With singular values 1, 0.6 and 0.36 the floor is 0.36/√(1² + 0.6² + 0.36²) = 0.295, and there the run ends.
        </P>
      ),
    },
    {
      title: 'The plane is learned',
      figure: { place: 'lab', Figure: PlaneFigure },
      Text: () => (
        <>
          <P>
            Nobody told {B} which plane to use. At step 10 it holds 87% of the energy of {DWT}. Training turns it until
            it holds 91.3%, the most that any plane can. Drag the timeline to see it turn.
          </P>
          <P>
            So LoRA does not project onto given directions, it learns which ones to use. Some methods draw one factor at
            random and freeze it. Then the plane stays where chance has put it, and {A} can only do its best within it.
          </P>
          <P>
            A random plane holds <i>r</i>/<i>d</i> of a target on average: two thirds here, but 0.4% with 4,096 outputs
            and rank 16.
          </P>
        </>
      ),
      act: {
        Ask: () => <>Freeze {B}, and compare where the run ends.</>,
        Control: BModeChoice,
        done: (_, values) => valueIn(values, B_MODE) === 'frozen',
        Seen: () => (
          <p>
            The frozen plane holds 67% of {DWT}, at every step. The error ends at 0.574 instead of 0.295: a floor of its
            own, √(1 − 0.67).
          </p>
        ),
      },
      Limits: () => (
        <>
          The frozen run is the initialisation MiCA, which takes {B} from the weakest directions of the frozen weight
          (arXiv 2604.01694). Here that weight is random, so the plane is too; in a network its authors choose it with
          care.
        </>
      ),
    },
    {
      title: 'Questions',
      link: PICTURE,
      begins: 'trained',
      figure: { place: 'charts', Figure: PeelFigure },
      Text: () => (
        <>
          <P>Tries are free. The first two are answered on the lab, with these sliders.</P>
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

function AtRank() {
  const rank = useRank();
  const [error, floor] = [useError(), useFloor(rank)];
  const isOver = useLab((s: State) => isEnded(s));
  return <p>{isOver ? `Rank ${rank}: the run ended at ${error}, the floor is ${floor}.` : `Rank ${rank}.`}</p>;
}

function BottleneckFormula() {
  const rank = useRank();
  return <Formula plain="rank of B·A ≤ r" numbers={`rank of B·A ≤ ${rank}`} />;
}
