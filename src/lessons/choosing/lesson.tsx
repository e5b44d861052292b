import '../figures/figures.css';
import { useMemo, useRef } from 'react';
import { sweepLines } from '../../charts/sweep/lines.ts';
import { number, percent } from '../../experiment/numbers.ts';
import { LinkButton, Radios } from '../../kit/button.tsx';
import { Figure, Plot } from '../../kit/figure.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { PLAN_A_RUN } from '../../state/places.ts';
import { isComplete } from '../../state/run/run.ts';
import { floorsOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { useTheme } from '../../ui/looks/theme.tsx';
import { Press, useDispatch, useGetLab } from '../../ui/page.tsx';
import { currentPalette } from '../../ui/rail/colours.ts';
import { begin } from '../pane/lesson-parts.ts';
import { A, ALPHA, B, DW, ERROR, i, live, liveFloor, prose, R, RANK, term, text, W0 } from '../pane/prose.tsx';
import { lessonValue, SetButton, useLessonValue, valueIn } from '../pane/values.tsx';
import { correct, errorAt, floorAt, isEnded, LAB, type Lesson, trainEvents, useHasPredicted, wrong } from '../step.tsx';
import { CASE } from './case.tsx';
import { HELD_OUT, heldOutScene, SAMPLES } from './held-out.ts';

/** Samples per recorded run. */
const SAMPLE_COUNT = lessonValue<(typeof SAMPLES)[number]>('samples', 48);

/** In place of the figure until the reader has guessed, since it would give the answer away. */
function HeldOutQuestion() {
  if (useHasPredicted('choosing', 'held-out')) return <HeldOutFigure />;
  return (
    <p className="held-out blank">
      The curves of 30 recorded runs come here, once you have guessed or skipped the guess.
    </p>
  );
}

function HeldOutFigure() {
  const [samples, choose] = useLessonValue(SAMPLE_COUNT);
  const theme = useTheme();
  const scene = useMemo(() => (theme ? heldOutScene(samples, currentPalette()) : null), [samples, theme]);
  return (
    <Figure
      className="held-out"
      title="Held-out and training loss against rank"
      help="recorded runs: an update of true rank 4, 32 × 32, learned from noisy samples with Adam, 800 steps; five seeds: every run, and the median with the middle half"
    >
      <Radios
        aria-label="Training samples"
        options={SAMPLES.map((one) => [one, `${one.toLocaleString('en')} samples`])}
        value={samples}
        onChange={choose}
      />
      <Plot chart={sweepLines} scene={scene} />
      <p className="help">
        <a href={HELD_OUT(samples, 4, 1)}>Open the run of rank 4, seed 1, in the lab</a>
      </p>
    </Figure>
  );
}

const PICTURE = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16';
const HAT = '#v=1&target=edit&edit=hat&d=64&k=64&rank=4&alpha=8';
const TWO =
  '#v=1&target=edit&d=64&k=64&rank=4&alpha=8&steps=400&data=FwBAAEDtkksOwCAIBeH-h6ZJtQ0YrKD9LPpmh2GQPCV6AnGA_x-fHd70Z_f3vMycVR_oELsHMf3oz2Rf-3j2-are-hz19wnMp1Am6nrsK734po4kwCLN_TnftCfSu8OnKz-gr_0fI_RqAAAAAIAv2QA';
const CUT = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=32&alpha=32&steps=300';
const FLAT = '#v=1&target=rotation&d=64&k=64&rank=8&alpha=16';
const FIGURE = { place: 'lab', Figure: HeldOutFigure } as const;
const ASKED = { place: 'lab', Figure: HeldOutQuestion } as const;

/** Trains an experiment in the lab, beside the lesson. */
function OpenHere({ link, children }: { readonly link: string; readonly children: string }) {
  const dispatch = useDispatch();
  const now = useGetLab();
  const last = useRef('');
  const open = () => {
    last.current = link;
    begin(
      { link, begins: 'trained' },
      { now, dispatch },
      () => last.current === link,
      () => {},
    );
  };
  return <LinkButton onClick={open}>{children}</LinkButton>;
}

/** The share of the target's energy that a rank can hold: 1 − floor². */
export const energyShare = (floor: number) => 1 - floor * floor;

/** The lowest rank that holds a share of the energy; 0 while floors are unknown. */
const rankFor = (s: State, share: number) => floorsOf(s)?.floor.findIndex((floor) => energyShare(floor) >= share) ?? 0;
const liveRankFor = (share: number) => live((s) => rankFor(s, share));

/** The parameters of LoRA: what is usual, and the lesson about it. */
const PARAMETERS = [
  [text`rank ${R}`, '4 to 16', 'lesson 2'],
  [ALPHA, '8 to 64, often r or 2r', 'lesson 4'],
  [text`learning rate`, 'tuned at that rank', 'lesson 4'],
  [text`start of ${A}`, 'random (Kaiming)', 'lesson 5'],
  [text`start of ${B}`, 'zero', 'lesson 5'],
  [text`matrices`, 'attention, or all', 'lesson 3'],
] as const;

/** A rank, the cases for it, and an experiment with its link. */
const GUIDE = [
  [
    '1',
    'one direction: a nudge of style, a single strong pattern',
    'The hat at rank 1',
    HAT.replace('rank=4&alpha=8', 'rank=1&alpha=2'),
  ],
  ['4 to 16', 'the usual start', 'The hat at rank 4', HAT],
  [
    '32 to 64',
    'much data, several tasks at once, a new domain',
    'Two tasks at rank 32',
    TWO.replace('rank=4&alpha=8', 'rank=32&alpha=64'),
  ],
  ['all of W', 'a flat spectrum, or a rank above break-even', 'A rotation', FLAT],
  ['by held-out loss', 'few, noisy examples', '48 samples', HELD_OUT(48, 4, 1)],
  ['high, then cut', 'enough memory, little time', 'Rank 32, slowly', CUT],
] as const;

export const lesson: Lesson = {
  name: 'choosing',
  steps: [
    {
      title: 'More rank, better on new data?',
      figure: ASKED,
      Text: prose`
        So far the target was known. In practice there are only examples: inputs and the outputs that were wanted. Here
        an update of true rank 4 is to be learned from 48 noisy samples.

        The ${term('held-out error', 'held-out')} loss is measured on new samples, which training has not seen: it
        counts.
      `,
      guess: {
        name: 'held-out',
        Ask: 'At which rank is the held-out loss lowest?',
        options: {
          '1': 'Rank 1: the least to go wrong',
          '4': 'Rank 4: the true rank',
          '32': 'Rank 32: it can do everything that the others can',
        },
        Result: (guess) => prose`At rank 4: its median is 1.99, against 3.11 at rank 1 and 4.11 at rank 32.
          ${guess === '32' ? 'Rank 32 has the lowest training loss, 0.492: it has learned the noise of the 48 samples too.' : 'The training loss falls with every rank, to 0.492 at rank 32: that run has learned the noise too.'}`,
      },
      Limits: text`These runs train to the end. Stopping early, or a smaller learning rate, holds the noise back as
        well, at any rank.`,
    },
    {
      title: 'With enough samples',
      figure: FIGURE,
      Text: prose`
        A low rank limits what can be learned, noise included. This is ${i`regularisation`}: it helps where data are few
        or noisy.

        With enough samples the noise averages out, and a rank that is too high does no harm.
      `,
      act: {
        Ask: 'Look at the same task with 1,024 samples.',
        Control: (
          <SetButton value={SAMPLE_COUNT} to={1024}>
            Use 1,024 samples
          </SetButton>
        ),
        done: (_, values) => valueIn(values, SAMPLE_COUNT) === 1024,
        Seen: text`From rank 4 on the held-out loss is flat: 1.52 at rank 4 and 1.52 at rank 32. A rank that is too low
          still costs: 3.00 at rank 1.`,
      },
      Limits: text`Rank is often linked to the amount of data: a high rank for a large data set (LoRA Learns Less and
        Forgets Less, arXiv 2405.09673). This page shows it for linear layers only.`,
    },
    {
      title: 'How much to keep',
      link: PICTURE,
      begins: 'trained',
      shows: [LAB.error],
      Text: prose`
        If you know the update, its singular values tell you what each rank keeps. The ${term('energy')} of a direction
        is ${i`σ`}ᵢ². Rank ${R} can keep the share 1 − floor² of all of it.

        For this picture 90% of the energy takes rank ${liveRankFor(0.9)}, 95% rank ${liveRankFor(0.95)} and 99% rank
        ${liveRankFor(0.99)}. But 90% of the energy leaves a relative error of 0.32, and 99% one of 0.1.
      `,
      act: {
        Ask: 'Set the lowest rank that keeps 95% of the energy.',
        rank: true,
        done: (s) => s.run.experiment.rank === rankFor(s, 0.95) && isEnded(s),
        Status: text`Rank ${RANK} can keep
          ${live((s) => percent(energyShare(floorsOf(s)?.floor[s.run.experiment.rank] ?? 1)))}.`,
        Seen: text`The run ends at an error of ${ERROR}: 95% of the energy is an error of √0.05 = 0.224.`,
      },
      Limits: text`Energy weighs directions by ${i`σ`}². A network may need a weak direction more than a strong one:
        measure the task, not the energy alone.`,
    },
    {
      title: 'Two tasks need more',
      link: TWO,
      begins: 'trained',
      shows: [LAB.W],
      Text: prose`
        One adapter for two tasks has to hold the directions of both. The hat alone needs rank 4 for an error of 0.040,
        the sunglasses rank 8 for 0.073.

        Together they leave 0.297 at rank 4 and 0.136 at rank 8. Only from rank 11 on is the error below 0.073: where
        two tasks share no directions, their ranks nearly add up.
      `,
      act: {
        Ask: 'Raise the rank until both edits look right.',
        label: 'Set rank 12',
        does: trainEvents({ rank: 12, alpha: 24 }),
        rank: true,
        done: (s) => s.run.experiment.rank >= 11 && isEnded(s),
        Seen: text`At rank ${RANK} the error is ${ERROR}.`,
      },
      Limits: 'Tasks that share directions need less. The other way is two adapters, one per task (lesson 11).',
    },
    {
      title: 'Train high, then cut',
      link: CUT,
      begins: 'trained',
      shows: [LAB.error],
      Text: prose`
        A trained ${DW} can be cut to a lower rank by its SVD, with the smallest possible error. So why not train at a
        high rank and cut afterwards?

        For this picture it helps: trained at rank 32, the run is still 1.3 to 1.6 times the floor after 300 steps.
        Trained at rank 64 and cut to 32, it is on the floor.
      `,
      act: {
        Ask: 'Train at rank 64. The floor at rank 32, where its cut would be, is the dashed curve at 32.',
        label: 'Train at rank 64',
        does: trainEvents({ rank: 64, alpha: 64 }),
        done: (s) => s.run.experiment.rank === 64 && isEnded(s),
        Seen: text`Rank 64 ends at ${ERROR}. Cut to rank 32 its error is the floor there, ${liveFloor(32)}: spare
          directions make training quicker.`,
      },
      Limits: text`The gain is speed, and it costs memory while it lasts: rank 64 trains 8,192 numbers here, twice as
        many as dk. Where the spectrum falls slowly, both end at the same error.`,
    },
    {
      title: 'When no rank is enough',
      link: FLAT,
      begins: 'trained',
      shows: [LAB.error],
      Text: prose`
        Some updates cannot be made of a few directions. A rotation keeps the length of every input: all its singular
        values are equal, and rank ${R} leaves an error of √(1 − ${R}/${i`d`}) however long it trains.

        At rank 8 of 64 that is 0.935, and at rank 32, where LoRA trains as many numbers as ${W0} has, still 0.707.
      `,
      act: {
        Ask: 'Try rank 32.',
        label: 'Set rank 32',
        does: trainEvents({ rank: 32 }),
        rank: true,
        done: (s) => s.run.experiment.rank === 32 && isEnded(s),
        Seen: text`The error is ${ERROR}. For such an update, fine-tune the whole matrix.`,
      },
      Limits: text`Whether the update that a task needs is like this cannot be read off the task. Far from what a model
        was trained on, high ranks or full fine-tuning have been needed (arXiv 2405.09673, on code and mathematics; not
        shown here).`,
    },
    {
      title: 'A guide for your own case',
      link: HAT,
      begins: 'trained',
      Text: (
        <>
          {prose`Start low, look at held-out data, and let an experiment decide. Each line trains its own here.`}
          <DataTable
            className="numbers guide"
            rows={GUIDE}
            columns={[
              { key: 'rank', head: 'rank', cell: ([rank]) => <b>{rank}</b> },
              { key: 'for', head: 'for', cell: ([, suits]) => suits },
              { key: 'here', head: 'here', cell: ([, , title, link]) => <OpenHere link={link}>{title}</OpenHere> },
            ]}
          />
          {prose`Adapters of language models were as good at 4 as at 64 (LoRA, arXiv 2106.09685, table 6; not shown here).

            Then tune the learning rate at that rank: lesson 4 shows what ${ALPHA} and the rate do to each other. ${(
              <Press className="link under" event={PLAN_A_RUN}>
                Plan a run
              </Press>
            )} counts file and memory for your own model.`}
        </>
      ),
    },
    CASE,
    {
      title: 'Questions',
      link: PICTURE,
      begins: 'trained',
      chart: 'error',
      Text: prose`Four questions. You may try as often as you like.`,
      act: {
        Ask: 'For the first question, set the rank here. The run starts again by itself.',
        rank: true,
        done: (s) => s.run.experiment.rank !== 8 && isEnded(s),
        Seen: text`At rank ${RANK} the error is ${ERROR}.`,
      },
      questions: [
        {
          kind: 'lab',
          Ask: 'Find the lowest rank whose run ends with a relative error below 0.1.',
          hint: 'Raise the rank with the slider above the questions.',
          link: PICTURE,
          check: (s) => {
            const { rank } = s.run.experiment;
            if (!isComplete(s.run)) return wrong('The run is not at its end: train it first.');
            if (errorAt(s) >= 0.1) return wrong(`At rank ${rank} the error is ${number(errorAt(s))}: too high.`);
            const below = floorAt(s, rank - 1);
            if (below < 0.098)
              return wrong(
                `Rank ${rank} does it, but the floor of rank ${rank - 1} is ${number(below)}: a lower one does too.`,
              );
            return correct(`Rank ${rank}: the floor of rank ${rank - 1} is ${number(below)}, so no lower rank can.`);
          },
        },
        {
          kind: 'number',
          Ask: 'A rank keeps 96% of the energy. What relative error is left?',
          answer: () => Math.sqrt(1 - 0.96),
          within: 0.002,
          hint: 'The energy that is lost is the square of the relative error.',
          why: (given) =>
            Math.abs(given - 0.04) < 0.001
              ? 'That is the lost energy; the error is its square root.'
              : 'Lost energy is 1 − 0.96; take the square root.',
          shown: () => '√(1 − 0.96) = √0.04 = 0.2.',
        },
        {
          kind: 'choice',
          Ask: 'Your held-out loss rises from rank 8 on while the training loss keeps falling. What is happening?',
          right: 'The extra directions learn the noise',
          options: {
            'The learning rate is too low': 'Then the training loss would not keep falling with the rank.',
            'The extra directions learn the noise':
              'They fit what is particular to the training samples and wrong for new ones.',
            'The true rank is above 8':
              'Perhaps it is. But that alone would make a higher rank better on new data, not worse.',
          },
        },
        {
          kind: 'choice',
          Ask: 'The singular values of the update that you need are all equal. Which rank do you choose?',
          right: 'None: fine-tune the whole matrix',
          options: {
            'A low one: they are all equally good':
              'They are, but each holds only 1/d of the energy: a low rank leaves nearly all of it.',
            'None: fine-tune the whole matrix':
              'Beyond break-even LoRA trains more numbers than W₀ has, and even there much is left.',
            'Rank 8, as usual': 'Rank 8 of 64 leaves an error of 0.935.',
          },
        },
      ],
      Foot: (
        <DataTable
          className="numbers"
          caption="The parameters, and what is usual"
          rows={PARAMETERS}
          columns={[
            { key: 'parameter', head: 'parameter', cell: ([name]) => name },
            { key: 'usual', head: 'usual', cell: ([, usual]) => usual },
            { key: 'lesson', head: 'why', cell: ([, , lesson]) => lesson },
          ]}
        />
      ),
    },
  ],
};
