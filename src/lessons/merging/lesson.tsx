import { useMemo } from 'react';
import { percentile99 } from '../../charts/matrices/heatmap.ts';
import { count, number, percent } from '../../experiment/numbers.ts';
import { Button } from '../../kit/button.tsx';
import { Sym } from '../../kit/symbols.tsx';
import { lastStep } from '../../state/run/run.ts';
import { useDispatch, useLab } from '../../ui/page.tsx';
import { Lengths, PresetLink } from '../figures/figures.tsx';
import { A, B, DW, i, live, prose, R, S, term, text, W, W0 } from '../pane/prose.tsx';
import { useLessonValue, valueIn } from '../pane/values.tsx';
import { correct, isEnded, type Lesson, trainEvent, wrong } from '../step.tsx';
import { MERGE_WAY, WEIGHTS } from './adapters.ts';
import { FOLDED, FoldControl, FoldFigure, Matrix, MergeOutputs, planeOf, roundedUpdate, useRunLayer } from './fold.tsx';
import { OneBase } from './one-base.tsx';

const useRounded = () => {
  const layer = useRunLayer();
  return useMemo(() => (layer ? { ...layer, ...roundedUpdate(layer) } : null), [layer]);
};

/** ΔW of the run, the part that W₀ in bfloat16 takes up, and the part that is rounded away. */
function RoundingFigure() {
  const rounded = useRounded();
  const step = useLab(({ run }) => lastStep(run));
  if (!rounded) return <p className="help">The matrices are made first …</p>;
  const { d, k, update, kept, lost, share, size } = rounded;
  const scale = percentile99(update);
  const changed = kept.filter((value) => value !== 0).length;
  return (
    <section className="one-base" aria-label="An update merged in bfloat16">
      <div className="row between sum">
        <Matrix name="dW" plane={planeOf(update, d, k)} scale={scale} range={null} label="ΔW, in float32">
          <Sym of="ΔW" /> at step {count(step)}
        </Matrix>
        <span aria-hidden="true">=</span>
        <Matrix name="dW" plane={planeOf(kept, d, k)} scale={scale} range={null} label="What bfloat16 keeps of ΔW">
          taken up by <Sym of="W₀" />
        </Matrix>
        <span aria-hidden="true">+</span>
        <Matrix name="E" plane={planeOf(lost, d, k)} scale={scale} range={null} label="What is rounded away of ΔW">
          rounded away
        </Matrix>
      </div>
      <p role="status" className="reading">
        {size === 0
          ? 'ΔW is zero: train a step.'
          : `Step ${count(step)}: ‖ΔW‖ is ${number(size, 2)} of ‖W₀‖, and ${percent(share)} of ΔW is lost. Of the ${count(d * k)} numbers of W₀ in bfloat16, ${count(changed)} change.`}
      </p>
    </section>
  );
}

function LostShare() {
  const rounded = useRounded();
  return <>{percent(rounded?.share ?? 0)}</>;
}

/** Trains on to these steps. */
const TRAINED_TO = [1, 10, 100, 1000] as const;

function TrainTo() {
  const step = useLab(({ run }) => lastStep(run));
  const dispatch = useDispatch();
  return (
    <div className="row">
      {TRAINED_TO.map((to) => (
        <Button key={to} disabled={step >= to} onClick={() => dispatch(trainEvent(to - step))}>
          {to === 1 ? 'Train 1 step' : `To ${count(to)}`}
        </Button>
      ))}
    </div>
  );
}

/** Multiplications for one input, to scale: merged, and unmerged at the rank of the lab. */
function MultiplicationsFigure() {
  const rank = useLab((s) => s.experiment.rank);
  const [d, k] = useLab((s) => `${s.experiment.d} ${s.experiment.k}`)
    .split(' ')
    .map(Number);
  const [full, added] = [d * k, rank * (d + k)];
  return (
    <section className="one-base counts" aria-label="Multiplications for one input">
      <div>
        <p>
          Merged, <Sym of="W" />
          <i>x</i>: {count(full)}
        </p>
        <Lengths parts={{ w: full }} whole={3 * full} mark={2 * full} />
      </div>
      <div>
        <p>
          Unmerged at rank {rank}, <Sym of="W₀" />
          <i>x</i>, <Sym of="A" />
          <i>x</i> and <Sym of="B" /> times that: {count(full)} + {count(rank * k)} + {count(rank * d)}
        </p>
        <Lengths parts={{ w0: full, a: rank * k, b: rank * d }} whole={3 * full} mark={2 * full} />
      </div>
      <p role="status" className="reading">
        {count(full + added)} multiplications for one input, {percent(added / full)} more than merged. The line is at
        twice as many.
      </p>
    </section>
  );
}

const OWL = '#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=8&alpha=16&steps=300&seed=3';
const HALF =
  '#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05&opt=sgd&lr=0.00057&steps=1000&seed=3';

const FIGURE = { place: 'lab', Figure: () => <OneBase /> } as const;
const DIFFERENCE = { place: 'lab', Figure: () => <OneBase differs /> } as const;

/** A button that sets the figure to a state the text describes. */
function Put({
  to,
  way = 'products',
  children,
}: {
  to: readonly [number, number, number];
  way?: 'products' | 'factors';
  children: string;
}) {
  const [, setWeights] = useLessonValue(WEIGHTS);
  const [, setWay] = useLessonValue(MERGE_WAY);
  return (
    <Button
      onClick={() => {
        setWeights(to);
        setWay(way);
      }}
    >
      {children}
    </Button>
  );
}

export const lesson: Lesson = {
  name: 'merging',
  steps: [
    {
      title: 'One matrix again',
      link: OWL,
      begins: 'trained',
      figure: { place: 'lab', Figure: FoldFigure, live: true },
      Text: prose`
        After training, the layer holds three matrices: ${W0}, ${B} and ${A}. ${term('merge', 'Merging')} adds the
        product to the frozen weight once, ${W} = ${W0} + ${S}·${B}·${A}, and throws ${B} and ${A} away.

        The merged layer has 4,096 numbers, as many as before. Its shape does not show that LoRA was used.
      `,
      guess: {
        name: 'outputs',
        Ask: 'How much do the layer’s outputs change when the trained adapter is merged?',
        options: { none: 'Not at all', rounding: 'In the last digits: rounding', percent: 'By about 1%' },
        Result: (guess) => prose`By rounding only. ${W0}${i`x`} + ${S}·${B}(${A}${i`x`}) and (${W0} +
          ${S}·${B}·${A})${i`x`} are equal on paper, but a computer rounds the sums in another
          order.${guess === 'none' && ' So the last digits of some outputs differ.'}`,
      },
      act: {
        Ask: text`Fold ${B} and ${A} into ${W0}, one column and one row at a time.`,
        Control: <FoldControl />,
        done: (s, values) => isEnded(s) && valueIn(values, FOLDED) >= s.run.experiment.rank,
        Seen: text`The picture on the right has not changed. ${<MergeOutputs />}`,
      },
    },
    {
      title: 'bfloat16 swallows small updates',
      link: HALF,
      begins: 'untrained',
      figure: { place: 'lab', Figure: RoundingFigure, live: true },
      Text: prose`
        Large models are often stored in ${term('bfloat16')}: 16 bits per number, which give 8 significant binary
        digits. After 1 the next number is 1.0078. Add less than half that gap to 1, and nothing changes.

        An update that is small beside ${W0} therefore vanishes when it is merged into such a weight. Here it grows
        slowly: after 1 step it is 0.0001 of the norm of ${W0}, and after 1,000 steps 0.08.
      `,
      act: {
        Ask: text`Train a single step: how much of ${DW} does the stored weight take up? Then train further.`,
        Control: <TrainTo />,
        done: (s) => lastStep(s.run) >= 1,
        Seen: text`Now ${<LostShare />} of ${DW} is lost. After 1 step it is 98%, after 10 steps 79%, after 100 steps
          17%, and at the end 2%.`,
      },
      Limits: text`In float32 practically nothing is lost. Merge in float32, and round once at the end; or keep the
        adapter apart. A base in NF4 is coarser: it is 9% off ${W0}, and an adapter of rank 8 then leaves 0.23 of a low-rank
        update instead of 0.04 (${<PresetLink preset="quantised-start">the experiment</PresetLink>}).`,
    },
    {
      title: 'What an unmerged adapter costs',
      link: OWL,
      figure: { place: 'lab', Figure: MultiplicationsFigure, live: true },
      Text: prose`
        Unmerged, the layer computes ${W0}${i`x`} and, beside it, ${S}·${B}(${A}${i`x`}): ${i`dk`} + ${R}(${i`d`} +
        ${i`k`}) multiplications. Here 4,096 become 5,120: 25% more. In a layer with 4,096 rows and columns, ${R} = 16
        costs 0.78% more.

        On a graphics card the share of the time is usually larger: two more small products have to be started and waited
        for. How much larger depends on card and program; this page does not measure it.
      `,
      act: {
        Ask: 'Set the rank from which on the unmerged layer costs more than twice the merged one.',
        rank: true,
        done: (s) => s.experiment.rank > 32,
        Status: text`Rank ${live((s) => s.experiment.rank)} adds
          ${live((s) => percent((s.experiment.rank * (s.experiment.d + s.experiment.k)) / (s.experiment.d * s.experiment.k)))}.`,
        Seen: text`Beyond rank 32 the two thin matrices hold more numbers than ${W0}: this is the break-even rank.`,
      },
    },
    {
      title: 'One base, many adapters',
      figure: FIGURE,
      Text: prose`
        Kept apart, adapters can be exchanged. One frozen base serves many tasks, each with a small adapter of its own.
        Here the base has 4,096 numbers, and each adapter adds 1,024.

        The two adapters for the owl were trained by themselves, on the same ${W0}. Switching between them changes no
        number of ${W0}.
      `,
      act: {
        Ask: 'Take the sunglasses off and put the hat on.',
        Control: <Put to={[0, 1, 0]}>Hat only</Put>,
        done: (_, values) => {
          const [glasses, hat] = valueIn(values, WEIGHTS);
          return glasses === 0 && hat === 1;
        },
        Seen: text`Another task, the same base. Servers keep many fine-tuned models at once in this way (S-LoRA, arXiv
          2311.03285).`,
      },
    },
    {
      title: 'Adding two adapters',
      figure: FIGURE,
      Text: prose`
        Two adapters can be used at once: ${W} = ${W0} + ${DW}₁ + ${DW}₂. Their ranks add: two of rank 8 give an update of
        rank 16 at most.

        The hat and the sunglasses lie in different rows of the picture: their cosine is 0, and the sum does both. The second pair of sunglasses was trained from another seed,
        and learned the same change: the cosine is 1.00. Added to the first it gives that change twice.
      `,
      act: {
        Ask: 'Put on both pairs of sunglasses, then weigh them so that the owl looks right again.',
        Control: <Put to={[1, 0, 1]}>Both sunglasses</Put>,
        done: (_, values) => {
          const [one, hat, other] = valueIn(values, WEIGHTS);
          return hat === 0 && one !== 0 && other !== 0 && one + other === 1;
        },
        Status: 'The weights of the two pairs should add up to 1.',
        Seen: 'Weights that add up to 1 give the change once. A weight of −1 would subtract it.',
      },
      Limits: text`Real adapters lie between the two cases: they change the same weights in partly the same directions,
        and tuning the weights is then a compromise.`,
    },
    {
      title: 'Add the products, not the factors',
      figure: DIFFERENCE,
      values: { [WEIGHTS.name]: [1, 1, 0] },
      Text: prose`
        It is tempting to add the factors: one ${B} = ${B}₁ + ${B}₂ and one ${A} = ${A}₁ + ${A}₂ keep the rank at 8. But
        the product then has four terms: ${B}₁${A}₁ + ${B}₂${A}₂ + ${B}₁${A}₂ + ${B}₂${A}₁. Nobody trained the last two.

        For the hat and the sunglasses the result misses the sum of the products by 87%. Average an adapter with itself
        this way (√½ on each factor), and you get it twice.
      `,
      act: {
        Ask: 'Add the factors of the hat and the sunglasses, and look at the owl.',
        Control: (
          <Put to={[1, 1, 0]} way="factors">
            Add the factors
          </Put>
        ),
        done: (_, values) => valueIn(values, MERGE_WAY) === 'factors',
        Seen: text`The cross terms draw what neither adapter knew. The exact way stacks the factors, [${B}₁ ${B}₂]
          beside ${A}₁ over ${A}₂: rank 16, no cross terms.`,
      },
      Limits: text`PEFT’s combination type “linear” adds the factors; “cat” stacks them. Cutting the sum of the products
        back to rank ${R} by its SVD loses the least.`,
    },
    {
      title: 'Questions',
      figure: DIFFERENCE,
      Text: prose`Four questions. You may try as often as you like.`,
      questions: [
        {
          kind: 'choice',
          Ask: 'How many numbers does a merged 64 × 64 layer hold, if the adapter had rank 8?',
          right: '4,096',
          options: {
            '1,024': 'That is the adapter alone. It is gone once it is merged.',
            '4,096': 'The same as W₀: the sum of two 64 × 64 matrices is one of them.',
            '5,120': 'That is the unmerged layer: 4,096 + 1,024.',
          },
        },
        {
          kind: 'number',
          Ask: text`A layer is 1,024 × 1,024, its adapter has rank 4. By what percentage does the unmerged adapter raise
            the number of multiplications?`,
          answer: () => (100 * 4 * (1024 + 1024)) / (1024 * 1024),
          within: 0.02,
          hint: 'r(d + k) beside dk.',
          why: (given) =>
            Math.abs(given - 0.0078125) < 0.001
              ? 'That is the share; as a percentage it is 100 times as large.'
              : 'Divide r(d + k) = 8,192 by dk = 1,048,576.',
          shown: (answer) => `8,192 beside 1,048,576 is ${number(answer)}%.`,
        },
        {
          kind: 'lab',
          Ask: 'Give the owl its hat and half-transparent sunglasses, without cross terms.',
          hint: 'Sunglasses at 0.5 or 0.25, hat at 1, the products added.',
          check: (_, values) => {
            const [one, hat, other] = valueIn(values, WEIGHTS);
            if (valueIn(values, MERGE_WAY) === 'factors')
              return wrong('The factors are added: their cross terms show.');
            if (hat !== 1) return wrong('The hat should have weight 1.');
            const glasses = one + other;
            if (glasses <= 0 || glasses >= 1)
              return wrong(`The sunglasses have weight ${glasses} in all; between 0 and 1 they are half-transparent.`);
            return correct('A weight scales the update, just as α does.');
          },
        },
        {
          kind: 'choice',
          Ask: text`You fine-tune gently, and the update is a thousandth of the weight. The model is stored in bfloat16.
            What is safest?`,
          right: 'Keep the adapter apart',
          options: {
            'Merge and store in bfloat16':
              'Most of such an update is rounded away: each change is smaller than the spacing of the stored numbers.',
            'Keep the adapter apart':
              'B and A are stored by themselves, where their small numbers have all their digits.',
            'Raise the rank': 'The rank changes how many directions ΔW has, not how large it is beside W₀.',
          },
        },
      ],
    },
  ],
};
