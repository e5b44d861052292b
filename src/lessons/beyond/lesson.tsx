import { type CSSProperties, useMemo } from 'react';
import type { AdapterName } from '../../experiment/methods/which/adapters.ts';
import type { KindName } from '../../experiment/methods/which/kinds.ts';
import { cellOf, type MapScale } from '../../experiment/methods/which/map.ts';
import { number, percent } from '../../experiment/numbers.ts';
import { LESSON_NAMES } from '../../experiment/settings/view.ts';
import { Figure, Plot } from '../../kit/figure.tsx';
import { Subscripts } from '../../kit/symbols.tsx';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { errorText } from '../../ui/experiments/which/map-words.ts';
import { curvesDrawing } from '../charts/curves/curves.ts';
import { Pick } from '../figures/figures.tsx';
import { A, B, b, DW, DWT, ERROR, formula, i, inShort, liveFloor, prose, R, term, text, W0 } from '../pane/prose.tsx';
import { SetButton, useLessonValue, valueIn } from '../pane/values.tsx';
import { correct, isEnded, LAB, type Lesson, type Step, trainEvent, wrong } from '../step.tsx';
import {
  DoraFigure,
  EntriesFigure,
  LowestOfRow,
  MatrixPicture,
  once,
  SixFormulas,
  spectrumScene,
  TurnedMatrix,
  UpdatesAndAdapters,
} from './figures.tsx';
import {
  ASKED,
  CELL,
  CHOSEN_FROM,
  DORA_AT_RANK,
  DORA_KIND,
  KIND_WORDS,
  MEASURE_NAMES,
  MEASURES,
  type MeasureName,
  matricesOf,
  PICTURED,
  sharesOf,
  UNKNOWN,
  UNKNOWN_SEED,
  type UnknownName,
} from './values.ts';

const measured = once((name: UnknownName) => {
  const { update } = matricesOf(UNKNOWN[name], UNKNOWN_SEED);
  return { update, shares: sharesOf(name), sigma: singularValues(update) };
});

/** An update without its name: picture, spectrum, and how much of its energy each adapter could write. */
function UnknownUpdate() {
  const [name] = useLessonValue(ASKED);
  const { update, shares, sigma } = measured(name);
  const scene = useMemo(() => spectrumScene(sigma), [sigma]);
  return (
    <section className="of-beyond unknown" aria-label="An update without its name">
      <Pick label="Update" of={ASKED} options={{ P: 'P', Q: 'Q', R: 'R', S: 'S' }} />
      <div className="both">
        <MatrixPicture matrix={update} of="target" name={`Update ${name}`} />
        <Figure title="Its singular values" help="over the largest">
          <Plot chart={curvesDrawing} scene={scene} />
        </Figure>
      </div>
      <h3>Share of its energy</h3>
      <ul className="shares">
        {MEASURE_NAMES.map((one: MeasureName) => (
          <li key={one}>
            <span>
              <Subscripts>{MEASURES[one]}</Subscripts>
            </span>
            <span
              className="track"
              style={{ '--share': `${100 * shares[one]}%` } as CSSProperties}
              aria-hidden="true"
            />
            <span className="value">{(100 * shares[one]).toFixed(1)}%</span>
          </li>
        ))}
      </ul>
      <p className="note">
        Computed here from ΔW* and <Subscripts>W₀</Subscripts>, 64 × 64.
      </p>
    </section>
  );
}

/** What LoRA would leave of the update on screen. */
function UnknownReply() {
  const [name] = useLessonValue(ASKED);
  const { lora } = measured(name).shares;
  return (
    <>
      {name}: eight directions hold {percent(lora)} of its energy. LoRA would leave an error of{' '}
      {number(Math.sqrt(1 - lora), 2)}.
    </>
  );
}

const ROTATION = '#v=1&target=turned-base&turns=2&d=64&k=64';

const MAP: MapScale = { rank: 8, places: false };
/** Of the map. */
const left = (kind: KindName, adapter: AdapterName, scale: MapScale = MAP) => errorText(cellOf(kind, adapter, scale));

const rotation: Step = {
  title: 'What LoRA cannot write',
  figure: { place: 'lab', Figure: TurnedMatrix },
  Text: prose`
    LoRA adds a few directions to ${W0}. Some updates are of another kind. Here the outputs of ${W0} are turned: the upper
    half by one rotation, the lower half by another.

    That leaves the length of each half as it was, whatever the input. But ${DWT} spreads over nearly all directions, and
    its ${term('singular value', 'singular values')} fall slowly.
  `,
  guess: {
    name: 'rotation',
    Ask: text`LoRA trains on it at rank 8, as long as it likes. Which relative error is left?`,
    options: { little: 'About 0.1', half: 'About 0.4', most: 'About 0.7' },
    Result: (guess) => prose`
      ${guess === 'most' && 'You saw it coming. '}The ${term('floor')} is 0.73: no eight directions hold more than 47% of the
      energy of this update, and a run can only find the best eight.
    `,
  },
  Limits: text`A higher rank helps: at rank 32, 0.24 is left. But these two rotations have only 992 numbers, fewer than
    LoRA at rank 8.`,
};

const training: Step = {
  title: 'Training cannot help',
  link: `${ROTATION}&rank=8&alpha=16`,
  begins: 'untrained',
  shows: [LAB.spectrum],
  Text: prose`
    That update is the target now, and LoRA has rank 8. To the right of 8 the spectrum is out of reach.

    A floor knows no rate, no optimiser and no start: it is the lowest error of all matrices that ${B}·${A} can be.
  `,
  act: {
    Ask: 'Train, and watch where the error comes to rest.',
    label: 'Train',
    does: () => [trainEvent()],
    done: isEnded,
    Seen: text`The error is ${ERROR}, the floor ${liveFloor(8)}. Ten times as many steps lower it by less than 0.0001.`,
  },
};

const turning: Step = {
  title: 'Another formula can',
  link: `${ROTATION}&method=oft&block=32`,
  begins: 'untrained',
  chart: 'error',
  Text: prose`
    OFT is not limited to a few directions. It turns ${W0} itself: ${DW} = ${i`R`}${W0} − ${W0}, with a trained rotation ${i`R`} for each half.

    It has 992 numbers, fewer than LoRA had. The target is the same.
  `,
  act: {
    Ask: 'Train.',
    label: 'Train',
    does: () => [trainEvent()],
    done: isEnded,
    Seen: text`The error is ${ERROR} and still falls: the floor of OFT is 0 here. What an adapter can write is a matter of its
      formula, not of how many numbers it has.`,
  },
};

const formulas: Step = {
  title: 'Six formulas',
  figure: { place: 'lab', Figure: SixFormulas },
  Text: prose`
    An ${term('adapter')} is a formula for ${DW} with few numbers in it. Six of them, each for a whole matrix:

    LoRA adds directions. OFT turns the rows of ${W0} in blocks, IA³ scales them. HiRA multiplies each entry of ${W0} by
    one of a low-rank matrix. LoKr repeats one block with four factors. SHiRA changes single entries at chosen places.

    Most have about 1,024 numbers here, IA³ only 64. The formula decides what they can write.
  `,
  act: {
    Ask: 'Show what one number moves. Whose number moves a single entry?',
    Control: (
      <Pick label="Pictures" of={PICTURED} options={{ whole: 'a whole update', one: 'what one number moves' }} />
    ),
    done: (_, values) => valueIn(values, PICTURED) === 'one',
    Seen: text`SHiRA’s. One of LoRA, HiRA or IA³ moves a row, one of OFT all 32 rows of a block, one of LoKr a quarter of
      the matrix.`,
  },
  Limits: text`The number of LoRA and HiRA is one of ${B}; one of ${A} moves a column. The papers: OFT 2306.07280, IA³
    2205.05638, HiRA ICLR 2025, LoKr 2309.14859, SHiRA 2406.13175.`,
};

const map: Step = {
  title: 'A map of updates',
  figure: { place: 'lab', Figure: UpdatesAndAdapters },
  Text: prose`
    Seven kinds of update. For six of them an adapter is made, for noise none.

    The map has a column for each adapter, with about as many trained numbers as LoRA at rank 8; IA³ has 64, and no size. A cell is the lowest
    error that training can reach. ${b`Read a row:`} my task needs this change, who gets close? ${b`Read a column:`} this
    is all that one adapter can write.
  `,
  guess: {
    name: 'never-far',
    Ask: 'One adapter leaves at most 0.53 of every kind of update. Which?',
    options: { lora: 'LoRA', hira: 'HiRA', oft: 'OFT', shira: 'SHiRA' },
    Result: (guess) => prose`
      ${guess === 'shira' && 'Yes. '}SHiRA. It is made for the dots alone, yet LoRA is better than it in one row only, low
      rank. The next step says why.
    `,
  },
  act: {
    Ask: 'In one row every number is above 0.5. Choose that row.',
    done: (_, values) => valueIn(values, CELL).kind === 'noise',
    Status: <LowestOfRow />,
    Seen: text`Noise. It has no structure for which an adapter could be made; the best of them leaves
      ${left('noise', 'shira')}.`,
  },
  Limits: text`One matrix of 64 × 64, and one size of adapter. A floor says what can be reached, not how fast.`,
};

const entries: Step = {
  title: 'The largest entries',
  figure: { place: 'lab', Figure: EntriesFigure },
  Text: prose`
    SHiRA looks before it chooses: it takes the first ${term('gradient')} and trains the entries where it is largest. Here
    that gradient is −${DWT}, so it sees the whole update.

    Random entries are chosen blindly, and so are the directions of ${B} alone beside a frozen ${A}. A random quarter of
    all directions holds a quarter of the energy, on average, and √0.75 = 0.87 is left of ${b`any`} update.
  `,
  guess: {
    name: 'energy',
    Ask: text`Of 4,096 Gaussian numbers you keep the largest quarter. How much of the energy do they hold?`,
    options: { quarter: '25%', half: '50%', most: '72%' },
    Result: (guess) => prose`
      ${guess === 'most' && 'Right. '}It is 72%. Squares make large entries count more, even where nothing has a pattern. So
      √0.28 = 0.53 is left of noise, less than LoRA leaves.
    `,
  },
  act: {
    Ask: 'Now an update of rank 8. Who leaves less?',
    Control: (
      <SetButton value={CHOSEN_FROM} to="low-rank">
        An update of low rank
      </SetButton>
    ),
    done: (_, values) => valueIn(values, CHOSEN_FROM) === 'low-rank',
    Seen: text`LoRA, by far: ${left('low-rank', 'lora')} against ${left('low-rank', 'shira')} with 1,024 numbers. Where
      there are few directions, directions win.`,
  },
  Limits: text`Places must be stored, too. With 512 numbers and their 512 places, SHiRA leaves
    ${left('noise', 'shira', { ...MAP, places: true })} of noise, still less than LoRA. In a network the first gradient is
    not the whole update.`,
};

const dora: Step = {
  title: 'DoRA, and what lengths cost',
  figure: { place: 'lab', Figure: DoraFigure },
  Text: prose`
    ${term('DoRA')} also trains a length ${i`m`} for each row:

    ${formula('W = m·(W₀ + B·A)/‖W₀ + B·A‖')}

    So it writes a scaling of rows and ${R} directions. At equal rank it can write all that LoRA can, for 64 numbers more:
    1,088 instead of 1,024 at rank 8. On an update of rank 8, DoRA then leaves
    ${errorText(DORA_AT_RANK['low-rank'][1])} and LoRA ${left('low-rank', 'lora')}.

    With no more than 1,024 numbers DoRA has rank 7 and 960 numbers. One of eight directions is missing, and
    ${left('low-rank', 'dora')} is left.
  `,
  act: {
    Ask: text`Choose the row scaling, and then ${W0} turned.`,
    Control: <Pick label="Kind of update" of={DORA_KIND} options={KIND_WORDS} />,
    done: (_, values) => valueIn(values, DORA_KIND) !== 'low-rank',
    Seen: text`Row scaling: DoRA’s lowest error is 0 at any size, LoRA’s ${left('row-scaling', 'lora', { ...MAP, rank: 16 })}
      even at rank 16. ${W0} turned: DoRA is lower at every size. Low rank: level at equal rank, and with as many numbers
      LoRA is lower. So neither is the better adapter.`,
  },
  Limits: text`DoRA (arXiv 2402.09353) has no floor in closed form: its numbers are the lowest found from six starts, and
    training may pass them. It may also be slow: on row scaling, at rank 8 and the automatic rate, 0.27 is left after 300 steps with
    the norm that PEFT detaches, 0.08 with the exact one (medians of five draws).`,
};

const ask: Step = {
  title: 'How would you know?',
  figure: { place: 'lab', Figure: UnknownUpdate },
  Text: prose`
    An adapter is chosen before its update is known. But on a small model one can train whole matrices, take their
    updates, and ask how much of their energy each formula could write.

    Here are four updates without their names. A bar near 100% means: this formula can write it. Where all bars are
    low, a larger adapter is needed, or all of ${DW}.
  `,
  act: {
    Ask: 'Which of the four would you give to LoRA? Choose it.',
    done: (_, values) => valueIn(values, ASKED) === 'S',
    Status: <UnknownReply />,
    Seen: text`S: eight directions hold 99.8% of its energy, and its spectrum drops after the eighth. LoRA leaves an error of
      0.04. The next bar is long too, 76.3% for the largest entries, but it leaves 0.49.`,
  },
  Limits: text`Real updates are mixed, and a task may be done by another update than the one that you measured: in lesson
    ${LESSON_NAMES.indexOf('low-rank')} full fine-tuning used many directions, and LoRA learned nearly as much with few.`,
};

const NAMED = { P: 'SHiRA', Q: 'IA³', S: 'LoRA' } as const;

const questions: Step = {
  title: 'Questions',
  figure: { place: 'lab', Figure: UnknownUpdate },
  Text: prose`Three questions on the text, and one that the figure answers.`,
  questions: [
    {
      kind: 'choice',
      Ask: 'At rank 8, LoRA stands at 0.73 on W₀ turned. What brings it lower?',
      right: 'A higher rank',
      options: {
        'More steps': 'It is at its floor: no run at this rank ends lower.',
        'A larger α': 'α scales ΔW. It adds no direction.',
        'A higher rank': 'More directions hold more of its energy. An adapter that turns W₀ would need none.',
      },
    },
    {
      kind: 'number',
      Ask: text`An adapter trains a random half of all entries. Which relative error is left of an update, on average?`,
      answer: () => Math.SQRT1_2,
      within: 0.01,
      hint: 'How much of the energy lies in the other half? The error is a root.',
      why: (given) =>
        given === 0.5
          ? 'That is the share of the energy that is left. The error is its root.'
          : 'Half of the energy is left, and the error is its root.',
      shown: () => '√(1 − 1/2) = 0.71.',
    },
    {
      kind: 'choice',
      Ask: text`A task makes some rows of ${W0} louder and others softer. Which adapter needs the fewest numbers for it?`,
      right: 'IA³',
      options: {
        LoRA: 'The rows point in all directions, so the update has full rank: LoRA cannot write it at a low one.',
        HiRA: 'It can: a factor for each row is of rank 1. But B and A have twice as many numbers as there are rows, even then.',
        'IA³': 'One number for each row is just what the task changes.',
        DoRA: 'It can, with its lengths alone. But it also has B and A.',
      },
    },
    {
      kind: 'lab',
      Ask: 'Choose the update that OFT writes.',
      hint: 'Its rows of W₀ are turned: which bar would then be full?',
      check: (_, values) => {
        const asked = valueIn(values, ASKED);
        return asked === 'R'
          ? correct('R: turns of 32 rows hold all of its energy, though no bar but that one is full.')
          : wrong(`${asked} is an update for ${NAMED[asked]}.`);
      },
    },
  ],
  Foot: inShort(
    text`An adapter’s formula decides which updates it can write. Training only finds the best of them.`,
    text`${b`Few directions:`} LoRA. ${b`Rows turned or scaled:`} OFT, IA³, DoRA. ${b`No pattern at all:`} the largest
      entries of the gradient.`,
    text`Random entries, or ${B} alone beside a frozen ${A}, are equally bad for every task: they are chosen blindly.`,
  ),
};

export const lesson: Lesson = {
  name: 'beyond',
  steps: [rotation, training, turning, formulas, map, entries, dora, ask, questions],
};
