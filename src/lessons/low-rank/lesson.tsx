import { number, percent } from '../../experiment/numbers.ts';
import { effectiveRank } from '../../math/spectral/spectra.ts';
import type { State } from '../../state/state.ts';
import { A, B, DW, i, live, prose, R, term, text } from '../pane/prose.tsx';
import { lessonValue, SetButton, useLessonValue, valueIn } from '../pane/values.tsx';
import { isEnded, LAB, type Lesson, trainEvent, trainEvents } from '../step.tsx';
import { ADAPTERS, adapterGrid, adapterSpectra, energyIn, moduleTitle, narrowest, usedRank } from './adapters.ts';
import { DECAY, FourRanks, SubspaceFigure, TASK } from './figures.tsx';
import './real-spectra.css';
import { type CSSProperties, useMemo } from 'react';
import { Radios } from '../../kit/button.tsx';
import { Figure, Plot } from '../../kit/figure.tsx';
import { ModuleGrid } from '../../kit/modules/module-grid.tsx';
import { median } from '../../math/median.ts';
import { curvesDrawing } from '../charts/curves/curves.ts';

const HAT = '#v=1&target=edit&edit=hat&d=64&k=64&rank=32&alpha=32';
const NOISE =
  '#v=1&target=regression&d=32&k=32&rank=32&alpha=32&truerank=4&samples=48&labelnoise=0.3&condition=1&batch=48&steps=800&opt=adam';
const DIGITS = '#v=1&target=digits&adapt=rotate&rank=8&steps=300';
const SUBSPACES = { place: 'lab', Figure: SubspaceFigure } as const;

/** The adapter's effective rank when its spectrum was last measured; null before. */
function effectiveRankOf({ run }: State): number | null {
  const sigma = run.samples[run.samples.length - 1]?.spectra[0];
  return sigma ? effectiveRank(sigma) : null;
}
const EFFECTIVE_RANK = live((s) => number(effectiveRankOf(s) ?? 0));

export const lesson: Lesson = {
  name: 'low-rank',
  steps: [
    {
      title: 'How many directions are used?',
      link: HAT,
      begins: 'untrained',
      shows: [LAB.effectiveRank],
      Text: prose`LoRA rests on a hypothesis: the update that a task needs has few directions. Pretraining has already
        learned the structure; a task changes a few things in it. Here ${B} and ${A} offer 32 directions for a hat. The ${term('effective rank')} says how many carry weight.`,
      guess: {
        name: 'directions',
        Ask: text`After training with 32 directions on offer, what will the effective rank of ${DW} be?`,
        options: { '3': 'About 3', '8': 'About 8, the rank of the hat', '32': '32: all that there are' },
        Result: (guess) => prose`About 3. The hat has rank 8, but its first direction is four times as strong as the
          second:
          ${guess === '8' ? 'the rank counts all eight alike, the effective rank weighs them.' : 'few of them matter.'}`,
      },
      act: {
        Ask: 'Train, and watch the curve come down from above.',
        label: 'Train',
        does: () => [trainEvent()],
        done: isEnded,
        Seen: text`The effective rank of ${DW} settles at ${EFFECTIVE_RANK}, and the target’s is 2.93.`,
      },
    },
    {
      title: 'Four ways to count',
      figure: { place: 'lab', Figure: FourRanks },
      Text: prose`
        The rank counts every direction that is not exactly zero. In a measured matrix that is all of them, so a softer
        count is needed. If ${i`p`}ᵢ is the share of a singular value in their sum, the ${term('effective rank')} is
        exp(−Σ ${i`p`}ᵢ ln ${i`p`}ᵢ).

        Others weigh strong directions more: the entropy of ${i`σ`}², the ${term('participation ratio')} and the
        ${term('stable rank')}. For equal values all four say 8, for a single one all say 1. In between they
        differ.
      `,
      act: {
        Ask: 'Set the decay so that the stable rank is below 1.5 while the entropy still counts more than 2.',
        done: (_, values) => {
          const decay = valueIn(values, DECAY);
          return decay >= 0.25 && decay <= 0.55;
        },
        Status: 'At 0.70 the entropy counts 6.06 and the stable rank 1.95.',
        Seen: 'The same eight values: the four counts always come in the same order, entropy first, stable rank last.',
      },
    },
    {
      title: 'What the target decides',
      link: HAT.replace('hat', 'confetti').replace('rank=32&alpha=32', 'rank=8&alpha=16'),
      begins: 'trained',
      shows: [LAB.spectrum],
      Text: prose`
        LoRA limits the rank of an update. Whether that rank is enough depends on the task. The hat’s effective rank is
        2.93, that of the sunglasses 7.25, and that of the confetti 34.0.

        At rank 8 no matrix gets closer to the confetti than 0.63.
      `,
      act: {
        Ask: 'Compare with the sunglasses.',
        label: 'Sunglasses',
        does: trainEvents({ edit: 'sunglasses' }),
        done: (s) => s.run.experiment.edit === 'sunglasses' && isEnded(s),
        Seen: 'Their spectrum falls, so that rank 8 leaves 0.074. The same layer, the same rank, another task.',
      },
      Limits: text`In networks nobody knows the update that is needed. One can train all of ${i`W`} and look at its
        change; the hypothesis was made from such spectra (LoRA, arXiv 2106.09685, section 7), and this page has no
        network to show it yet.`,
    },
    {
      title: 'Noise fills every direction',
      link: NOISE,
      begins: 'trained',
      shows: [LAB.spectrum],
      Text: prose`
        A measured update also holds noise, and noise has no favourite direction. Here 48 noisy samples of an update of
        true rank 4 are learned at full rank, 32.

        None of the 32 singular values is zero, and the 28 beyond the fourth hold 43% of the energy. That is learned
        noise: the held-out loss is 2.4 times as high as at rank 4.
      `,
      act: {
        Ask: 'Train the same samples at rank 4.',
        label: 'Set rank 4',
        does: trainEvents({ rank: 4 }),
        done: (s) => s.run.experiment.rank === 4 && isEnded(s),
        Seen: 'No direction is left for noise alone. Full rank adds no truth here, only noise.',
      },
    },
    {
      title: 'Random subspaces',
      figure: SUBSPACES,
      Text: prose`
        Another way to ask how much a task needs: let every number move, but only along ${i`m`} random directions,
        ${i`θ`} = ${i`θ`}₀ + ${i`P`}·${i`z`} with ${i`m`} numbers ${i`z`}. The smallest ${i`m`} that does the task is its
        ${term('intrinsic dimension')} (arXiv 1804.08838).

        On a whole matrix this works badly. With 72 of 144 dimensions the error is still about 0.7, whatever the matrix.
        On average it follows √(1 − ${i`m`}/144): a random direction is as good as any other.
      `,
      guess: {
        name: 'subspace',
        Ask: 'The task now asks for the outputs of only 3 inputs: 36 numbers. How many random dimensions does it take?',
        options: { '3': '3', '36': '36', '144': 'Still 144' },
        Result: () => prose`36: as many as the task asks for, of all 144 numbers.`,
      },
      act: {
        Ask: 'Look at that task.',
        Control: (
          <SetButton value={TASK} to="few">
            The outputs for 3 inputs
          </SetButton>
        ),
        done: (_, values) => valueIn(values, TASK) === 'few',
        Seen: text`From ${i`m`} = 36 on the error is 0, though 144 numbers could move.`,
      },
    },
    {
      title: 'What an intrinsic dimension counts',
      figure: SUBSPACES,
      values: { [TASK.name]: 'few' },
      Text: prose`
        So an intrinsic dimension counts what a task ${i`asks for`}, not how many directions the update has. For many
        language tasks it is small: 200 random dimensions were enough for 90% of full performance on one of them
        (RoBERTa on MRPC, arXiv 2012.13255; not shown here).

        LoRA goes further: it learns its subspace. With as many numbers it finds the directions that matter.
      `,
      act: {
        Ask: text`Go back to the whole matrix, and read the error at ${i`m`} = 24. A rank-1 LoRA of this layer trains 24
          numbers.`,
        Control: (
          <SetButton value={TASK} to="matrix">
            The whole matrix
          </SetButton>
        ),
        done: (_, values) => valueIn(values, TASK) === 'matrix',
        Seen: text`A random subspace of 24 dimensions leaves 0.91 to 0.94 in these five draws, and 0.91 on average over
          many. The best rank-1 matrix leaves about 0.85 of such a noise matrix, and 0.29 of a hat.`,
      },
      Limits: text`This is sometimes confused with the lottery ticket hypothesis, which is about a small
        ${i`subnetwork`}, found by pruning, that trains as well as the whole (arXiv 1803.03635).`,
    },
    {
      title: 'What real adapters show',
      figure: { place: 'lab', Figure: RealSpectra },
      Text: prose`
        Four public adapters, read from their files. A number is the effective rank of a module’s ${DW} over ${R}, the
        bars beside it are its singular values.

        In the three of rank 8 its median is 5.16, 3.97 and 4.01: some directions stay unused. In the one of rank 4 it is
        3.65: nearly all are used.

        Modules differ more than adapters. In both DistilBERTs the first layer uses the most directions, and q of the last
        layer the fewest.
      `,
      act: {
        Ask: 'Choose the module of “DistilBERT, IMDB reviews” that uses the fewest directions.',
        done: (_, values) => valueIn(values, ADAPTER) === 0 && valueIn(values, MODULE) === narrowest(ADAPTERS[0]),
        Seen: text`Layer 5, q: an effective rank of 1.65, and one direction holds 99.8% of the energy. Cut to
          rank 1 it would change by 4.5%.`,
      },
      Limits: text`A file shows how many of the directions on offer were used, not how many full fine-tuning would have
        used. All four models are small. The singular values are recorded, to four digits.`,
    },
    {
      title: 'The update of a network',
      link: DIGITS,
      begins: 'untrained',
      Text: prose`A network that reads upright digits learns turned ones, in two ways: LoRA trains ${A} and ${B} of each
        matrix, full fine-tuning trains whole matrices. Bars are LoRA’s singular values, dots those of the full update.`,
      act: {
        Ask: 'Train, and compare the bars with the dots.',
        label: 'Train',
        does: () => [trainEvent()],
        done: isEnded,
        Seen: text`In the first matrix the full update has an effective rank of about 27 of 64, LoRA’s about 5; yet LoRA
          learns at least 95% as much. Fine-tuning is not low-rank here, but a low-rank update does the work.`,
      },
      Limits: text`A network of 8,832 numbers. In large models a full update may use fewer of its directions.`,
    },
    {
      title: 'Questions',
      link: HAT,
      begins: 'trained',
      chart: 'effectiveRank',
      Text: prose`Four questions. You may try as often as you like.`,
      questions: [
        {
          kind: 'lab',
          Ask: text`Show the stable rank of ${DW} in the chart of the effective rank.`,
          hint: 'The definition is chosen beside the chart’s title.',
          link: HAT,
          check: (s) => ({
            right: s.definition === 'stable',
            says:
              s.definition === 'stable'
                ? 'It counts less than the entropy: the strongest direction outweighs the others.'
                : 'The chart shows another definition.',
          }),
        },
        {
          kind: 'number',
          Ask: 'A matrix has the singular values 1, 1, 1 and 1. What is its effective rank?',
          answer: () => 4,
          within: 0.01,
          hint: 'All shares pᵢ are equal.',
          why: () => 'Four equally strong directions: all definitions count them alike.',
          shown: () => 'exp(ln 4) = 4.',
        },
        {
          kind: 'choice',
          Ask: 'Rank 8 trained as well as full fine-tuning. What follows?',
          right: 'The task can be done by an update of rank 8',
          options: {
            'The update of full fine-tuning has rank 8':
              'It may have full rank. Another update, of rank 8, did the task as well.',
            'The task can be done by an update of rank 8':
              'That is what was tried. It says nothing about the update that full fine-tuning makes.',
            'The intrinsic dimension is 8':
              'Rank counts directions of a matrix; intrinsic dimension counts numbers in a random subspace.',
          },
        },
        {
          kind: 'choice',
          Ask: 'In a random subspace of half of all numbers, a matrix of rank 1 is learned …',
          right: 'with an error of about 0.7, like any other matrix',
          options: {
            'exactly: one direction is little':
              'A random subspace does not know that direction: it holds about half of its energy.',
            'with an error of about 0.7, like any other matrix': '√(1 − 1/2) = 0.707, whatever its rank.',
          },
        },
      ],
    },
  ],
};

/** The index of the adapter on show, and of its chosen module. */
const ADAPTER = lessonValue('adapter', 0);
const MODULE = lessonValue('module', 0);

/** Public adapters, module by module: effective rank ÷ r, and the singular values. */
function RealSpectra() {
  const [at, setAdapter] = useLessonValue(ADAPTER);
  const [chosen, setModule] = useLessonValue(MODULE);
  const adapter = ADAPTERS[at];
  const grid = useMemo(() => adapterGrid(adapter), [adapter]);
  const spectra = useMemo(() => adapterSpectra(adapter, chosen), [adapter, chosen]);
  const { rank, alpha, source, modules } = adapter;
  const module = modules[chosen];
  const choose = (index: number) => {
    setAdapter(index);
    setModule(0);
  };
  return (
    <section className="real-spectra" aria-label="Singular values of public adapters">
      <Radios
        aria-label="Adapter"
        className="ways"
        options={ADAPTERS.map(({ what, rank }, i) => [i, `${what}, rank ${rank}`])}
        value={at}
        onChange={choose}
      />
      <div className="both">
        <Figure
          title="Effective rank ÷ r, by module"
          help={
            <>
              r = {rank}, α = {alpha}, {modules.length} modules; recorded from{' '}
              <a href={`https://github.com/${source}`}>github.com/{source}</a>
            </>
          }
        >
          <div className="grid" style={{ '--rows': grid.rows.length } as CSSProperties}>
            <ModuleGrid
              scene={grid}
              label="Modules, coloured by effective rank ÷ r"
              caption={['press one to see its singular values', { beside: 'bars: its σᵢ/σ₁' }]}
              chosen={chosen}
              onChoose={setModule}
            />
          </div>
        </Figure>
        <Figure title="Singular values of each module" help="σᵢ/σ₁ of ΔW = s·B·A, log scale">
          <Plot chart={curvesDrawing} scene={spectra} />
        </Figure>
      </div>
      <p role="status">
        Chosen: {moduleTitle(module)} ({module.d} × {module.k}), effective rank {usedRank(module).toFixed(2)} of {rank};{' '}
        {percent(energyIn(module, 1))} of the energy in one direction, {percent(energyIn(module, rank / 2))} in{' '}
        {rank / 2}. Median effective rank of all {modules.length}: {median(modules.map(usedRank)).toFixed(2)}.
      </p>
    </section>
  );
}
