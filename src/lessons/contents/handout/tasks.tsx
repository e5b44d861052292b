import type { ReactNode } from 'react';
import { count, number, percent } from '../../../experiment/numbers.ts';
import { effectiveRank, errorAtRank } from '../../../math/spectral/spectra.ts';
import { GIB, memoryOf } from '../../../plan/model/counts.ts';
import { defaultCost } from '../../../plan/model/setting.ts';
import { EXAMPLE, SETTINGS, workedExample } from '../../by-hand/worked-example.ts';
import { A, ALPHA, B, b, DW, GRAD_A, GRAD_B, i, prose, R, S, text, W, W0 } from '../../pane/prose.tsx';
import { RECORDED } from '../../scaling/recorded.ts';
import { beyond } from './beyond-tasks.tsx';
import { optimisers } from './optimiser-tasks.tsx';
import { Axes, Bars, blank, Grid, type OwlChange, Owls, type PaperTasks, table } from './paper.tsx';

const SIDE = 64;
const glasses = (rank: number, weight = 1): OwlChange => ['sunglasses', rank, weight];
const SHUFFLED_RANKS = [4, 1, 8, 2];
const LETTERS = ['P', 'Q', 'R', 'S'];
const OWLS_BY_RANK = SHUFFLED_RANKS.map((rank, at) => ({
  letter: LETTERS[at],
  changes: [glasses(rank)],
  below: text`rank ${blank(rank)}`,
}));

const whatIsLora: PaperTasks = {
  tasks: [
    {
      title: 'Which rank drew which owl?',
      Task: (
        <>
          {prose`An adapter put sunglasses on this owl at ranks 1, 2, 4 and 8. Write the rank below each picture.`}
          <Owls owls={OWLS_BY_RANK} />
        </>
      ),
    },
    {
      title: 'Count what is trained',
      Task: (
        <>
          {prose`${W0} is 64 × 64. ${B} is 64 × ${R} and ${A} is ${R} × 64. How many numbers are there?`}
          {table(
            [text`rank ${R}`, text`in ${B}`, text`in ${A}`, 'trained in all', text`share of ${W0}`],
            [1, 2, 8, 24].map((rank) => ({
              head: rank,
              cells: [SIDE * rank, SIDE * rank, 2 * SIDE * rank, percent((2 * rank) / SIDE)].map((cell) =>
                blank(typeof cell === 'number' ? count(cell) : cell),
              ),
            })),
          )}
          {prose`Fill in: ${blank('W₀')} is frozen. ${blank('B')} and ${blank('A')} are trained, and ${blank('B')} starts
            at zero. At rank 8 with ${ALPHA} = 24, the product of ${B} and ${A} counts ${blank(3)} times.`}
        </>
      ),
    },
  ],
  onThePage: ['Rank 4, with an error of about 0.21. No matrix of rank 3 gets below 0.299.'],
};

const worked = workedExample(EXAMPLE);
const [first, second] = worked.steps;
const column = (values: readonly number[]) => values.map((value) => [value]);
const sub = (letter: ReactNode, when: string) => text`${letter} ${when}`;

const byHand: PaperTasks = {
  tasks: [
    {
      title: 'The layer',
      Task: (
        <>
          <div className="grids">
            <Grid name={W0} rows={EXAMPLE.W0} />
            <Grid name={A} rows={EXAMPLE.A} />
            <Grid name={B} rows={EXAMPLE.B} />
            <Grid name={i`x`} rows={column(EXAMPLE.x)} />
            <Grid name={i`δ`} rows={column(EXAMPLE.delta)} />
          </div>
          {prose`${S} = ${ALPHA}/${R} = ${SETTINGS.alpha}/${SETTINGS.rank} = ${SETTINGS.scaling}, and the learning rate is
            ${SETTINGS.rate}. Forward: ${i`z`} = ${A}${i`x`}, ${i`u`} = ${B}${i`z`}, ${i`h`} = ${W0}${i`x`} + ${S}${i`u`}.
            Backward: ${GRAD_B} = ${S}${i`δz`}ᵀ, ${GRAD_A} = ${S}(${B}ᵀ${i`δ`})${i`x`}ᵀ.`}
        </>
      ),
    },
    {
      title: 'The first step',
      Task: (
        <div className="grids">
          <Grid name={i`z`} rows={column(first.z)} blank />
          <Grid name={i`u`} rows={column(first.u)} blank />
          <Grid name={i`h`} rows={column(first.h)} blank />
          <Grid name={GRAD_B} rows={first.gradB} blank />
          <Grid name={text`${B}ᵀ${i`δ`}`} rows={column(first.back)} blank />
          <Grid name={GRAD_A} rows={first.gradA} blank />
        </div>
      ),
    },
    {
      title: 'The second step',
      Task: (
        <>
          {prose`Subtract the gradient times ${SETTINGS.rate} from ${B}, then go through the layer once more. ${i`z`} is as
            before, since ${A} has not moved.`}
          <div className="grids">
            <Grid name={sub(B, 'after one step')} rows={second.B} blank />
            <Grid name={i`u`} rows={column(second.u)} blank />
            <Grid name={i`h`} rows={column(second.h)} blank />
            <Grid name={text`${B}ᵀ${i`δ`}`} rows={column(second.back)} blank />
            <Grid name={GRAD_A} rows={second.gradA} blank />
          </div>
        </>
      ),
    },
  ],
  onThePage: [
    'For example B = 0 but for a 1 in row 1, column 2. Column 1 of B must give δ·column = 0, column 2 must not.',
  ],
};

const SIGMA = [4, 2, 2, 1];
const LEFT = [...errorAtRank(Float64Array.from(SIGMA))].map((error, _, [all]) => error / all);
const energy = (error: number) => percent(1 - error * error);

const rank: PaperTasks = {
  tasks: [
    {
      title: 'The floor, from singular values',
      Task: (
        <>
          {prose`An update has the singular values 4, 2, 2 and 1. Its energy is the sum of their squares. Rank ${R} keeps the
            ${R} largest; the relative error is √(1 − share kept). Fill in the table, then draw the floor.`}
          {table(
            [text`rank ${R}`, 'energy kept', 'share', 'lowest error'],
            [1, 2, 3, 4].map((at) => ({
              head: at,
              cells: [
                blank(SIGMA.slice(0, at).reduce((sum, value) => sum + value * value, 0)),
                blank(energy(LEFT[at])),
                blank(number(LEFT[at])),
              ],
            })),
          )}
          <Axes places={[0, 1, 2, 3, 4]} ticks={[0, 0.25, 0.5, 0.75, 1]} axes={['rank', 'error']} right={LEFT} />
        </>
      ),
    },
    {
      title: 'The bottleneck',
      Task: prose`${A} is 3 × 64 and ${B} is 64 × 3. The input ${i`x`} has 64 numbers, ${A}${i`x`} has ${blank(3)}, and
        ${B}${A}${i`x`} has ${blank(64)}. So the rank of ${B}${A} is at most ${blank(3)}. Every row of a matrix of rank 1
        is a multiple of ${blank('one row')}.`,
    },
  ],
  onThePage: [
    'Keep 4 layers: they hold 93% of the energy, and 3 hold less than 90%.',
    'Rank 7, with an error of about 0.192. The floor of rank 6 is 0.219.',
  ],
};

const SHAPES = [
  { d: 5120, k: 5120, r: 16 },
  { d: 1024, k: 4096, r: 16 },
  { d: 11008, k: 4096, r: 16 },
];
const gib = (bytes: number) => (bytes / GIB).toFixed(2);
const { full, lora } = memoryOf(defaultCost());

const cost: PaperTasks = {
  tasks: [
    {
      title: 'Count parameters',
      Task: (
        <>
          {prose`Full fine-tuning trains ${i`dk`} parameters, LoRA ${R}(${i`d`} + ${i`k`}). At the break-even rank the two
            are equal.`}
          {table(
            [text`${i`d`} × ${i`k`}`, R, 'full', 'LoRA', 'times fewer', 'break-even rank'],
            SHAPES.map(({ d, k, r }) => ({
              head: `${count(d)} × ${count(k)}`,
              cells: [
                r,
                blank(count(d * k)),
                blank(count(r * (d + k))),
                blank(Math.round((d * k) / (r * (d + k)))),
                blank(count(Math.floor((d * k) / (d + k)))),
              ],
            })),
          )}
        </>
      ),
    },
    {
      title: 'Count memory',
      Task: (
        <>
          {prose`A decoder has 6.738 billion parameters. Weights and gradients take 2 bytes each, Adam’s state 8 bytes. 1 GiB
            is 1,073,741,824 bytes. LoRA trains 16.8 million parameters.`}
          {table(
            ['GiB', 'weights', 'gradients', 'Adam', 'together'],
            [['full fine-tuning', full] as const, ['LoRA', lora] as const].map(
              ([head, { weights, gradients, optimiser }]) => ({
                head,
                cells: [weights, gradients, optimiser, weights + gradients + optimiser].map((bytes) =>
                  blank(gib(bytes)),
                ),
              }),
            ),
          )}
          {prose`Activations come on top. Cards have 8, 16, 24, 48 or 80 GB. Full fine-tuning fits on ${blank('80 GB')}, LoRA
            on ${blank('16 GB')}. LoRA saves most on ${blank('gradients and Adam’s state')}, and nothing on
            ${blank('the weights')}.`}
        </>
      ),
    },
  ],
  onThePage: [
    'For example rank 9 for all six: 18.1 million parameters. Rank 10 for all six would be 20.2 million, too many.',
  ],
};

const HABITS = [
  { head: text`${ALPHA} = ${R}`, alpha: (r: number) => r },
  { head: text`${ALPHA} = 2${R}`, alpha: (r: number) => 2 * r },
  { head: text`${ALPHA} = 16`, alpha: () => 16 },
];
const RANKS_OF_HABITS = [4, 16];

const scaling: PaperTasks = {
  tasks: [
    {
      title: 'Three habits, two rules',
      Task: (
        <>
          {prose`Compute ${S}. Mark the rows in which ${S} does not depend on the rank.`}
          {table(
            [
              '',
              ...RANKS_OF_HABITS.map((r) => text`${ALPHA}/${R}, ${R} = ${r}`),
              ...RANKS_OF_HABITS.map((r) => text`${ALPHA}/√${R}, ${R} = ${r}`),
            ],
            HABITS.map(({ head, alpha }) => ({
              head,
              cells: [
                ...RANKS_OF_HABITS.map((r) => blank(alpha(r) / r)),
                ...RANKS_OF_HABITS.map((r) => blank(alpha(r) / Math.sqrt(r))),
              ],
            })),
          )}
        </>
      ),
    },
    {
      title: 'Which rule is which?',
      Task: (
        <>
          {prose`The first gradient of ${B} was measured at five ranks, with ${ALPHA} = 16 and three rules. Each row of ${A}
            adds about the same, so without ${S} its norm would grow as √${R}.`}
          <Axes
            places={RECORDED.ranks}
            ticks={[0, 0.5, 1, 1.5, 2]}
            axes={['rank', 'norm of ∂L/∂B at step 0']}
            lines={(['none', 'standard', 'rslora'] as const).map((rule, at) => ({
              letter: LETTERS[at],
              values: RECORDED.gradients[rule],
            }))}
          />
          {prose`P is ${blank('s = 1')}, Q is ${blank('s = α/r')}, R is ${blank('s = α/√r')}. The rule under which SGD starts
            slowest at a high rank is ${blank('s = α/r')}. Under SGD, the first step of ${DW} grows with the rate times
            ${blank('s²')}, under Adam with the rate times ${blank('s')}.`}
        </>
      ),
    },
  ],
  onThePage: ['For example α = 128, so s = 4. With α = 256 the run diverges.'],
};

const ZERO = '0';
const SOME = 'not 0';
const STARTS: readonly (readonly [ReactNode, readonly string[]])[] = [
  [text`${A} random, ${B} = 0`, [ZERO, ZERO, SOME, 'yes']],
  [text`${A} = 0, ${B} random`, [ZERO, SOME, ZERO, 'yes']],
  [text`${A} = 0, ${B} = 0`, [ZERO, ZERO, ZERO, 'no']],
  ['both random', [SOME, SOME, SOME, 'yes']],
];

const starts: PaperTasks = {
  tasks: [
    {
      title: 'Four starts',
      Task: (
        <>
          {prose`${GRAD_A} = ${S}${B}ᵀ${i`E`} and ${GRAD_B} = ${S}${i`E`}${A}ᵀ. What is zero at step 0? Will it train? Write
            0 or “not 0”, yes or no.`}
          {table(
            ['start', DW, GRAD_A, GRAD_B, 'trains?'],
            STARTS.map(([head, cells]) => ({ head, cells: cells.map(blank) })),
          )}
        </>
      ),
    },
    {
      title: 'How large is a random product?',
      Task: (
        <>
          {prose`All entries of ${A} and ${B} have variance ${i`σ`}². An entry of ${B}${A} is a sum of ${R} products.`}
          {table(
            [R, i`σ`, 'variance of one product', text`variance of an entry of ${B}${A}`],
            [
              { r: 4, sigma: 0.5 },
              { r: 16, sigma: 0.5 },
              { r: 16, sigma: 0.25 },
            ].map(({ r, sigma }) => ({ head: r, cells: [sigma, blank(sigma ** 4), blank(r * sigma ** 4)] })),
          )}
          {prose`The average of ‖${A}${i`x`}‖² is ${R}·${i`v`}·‖${i`x`}‖² if the entries of ${A} have variance ${i`v`}. With
            ${i`v`} = 1/${R} it is ${blank('‖x‖²')} at every rank. With ${i`v`} = 1/(3·64) and ${R} = 48 it is
            ${blank('¼')} of ‖${i`x`}‖².`}
        </>
      ),
    },
  ],
  onThePage: ['For example Kaiming: A random, B zero. It took nothing from W₀, so it has nothing to give back.'],
};

const gradients: PaperTasks = {
  tasks: [
    {
      title: 'Shapes that fit',
      Task: (
        <>
          {prose`A layer has 7 inputs and 5 outputs, and its adapter has rank 3. Write the shape of each: 5 × 7 for ${W0}.`}
          {table(
            [i`x`, A, text`${i`z`} = ${A}${i`x`}`, B, text`${i`u`} = ${B}${i`z`}`, i`δ`],
            [{ head: blank('7'), cells: ['3 × 7', '3', '5 × 3', '5', '5'].map(blank) }],
          )}
          {table(
            [
              text`${i`z`}ᵀ`,
              text`${i`δz`}ᵀ`,
              text`${B}ᵀ`,
              text`${B}ᵀ${i`δ`}`,
              text`${i`x`}ᵀ`,
              text`(${B}ᵀ${i`δ`})${i`x`}ᵀ`,
            ],
            [{ head: blank('1 × 3'), cells: ['5 × 3', '3 × 5', '3', '1 × 7', '3 × 7'].map(blank) }],
          )}
        </>
      ),
    },
    {
      title: 'Complete the derivation',
      Task: prose`
        ${i`h`} = ${W0}${i`x`} + ${S}${B}${A}${i`x`}, and ${i`δ`} says how the loss changes with ${i`h`}: d${i`L`} =
        ${i`δ`}ᵀ d${i`h`}.

        Move ${B} alone: d${i`h`} = ${S}·d${B}·${blank('z')}. So ${GRAD_B} = ${S}·${i`δ`}·${blank('zᵀ')}.

        Move ${A} alone: d${i`h`} = ${S}·${blank('B')}·d${A}·${blank('x')}. So ${GRAD_A} =
        ${S}·${blank('Bᵀδ')}·${blank('xᵀ')}.

        From the forward pass, the backward pass needs ${blank('x')} and ${blank('z')}. ${W0} stands in
        ${blank('neither')} of the two gradients.

        With ${B} = 0 at step 0, ${blank('∂L/∂A')} is zero, so ${blank('B')} moves first.
      `,
    },
  ],
  onThePage: ['A = 0 with B random (Init[B]): ∂L/∂B contains A.'],
};

const SPECTRA = [
  { letter: 'P', values: [2, 2] },
  { letter: 'Q', values: [3, 1, 1, 1] },
  { letter: 'R', values: [8, 4, 2, 1] },
  { letter: 'S', values: [1, 1, 1, 0.01] },
];
const counted = (values: readonly number[], kind: 'stable' | 'participation') =>
  effectiveRank(Float64Array.from(values), kind).toFixed(2);

const lowRank: PaperTasks = {
  tasks: [
    {
      title: 'How many directions count?',
      Task: (
        <>
          {prose`Singular values of four updates. The stable rank is Σ${i`σ`}²/${i`σ`}₁², the participation ratio
            (Σ${i`σ`}²)²/Σ${i`σ`}⁴. First order the four by eye, then compute.`}
          <Bars spectra={SPECTRA} />
          {table(
            ['update', 'rank', 'stable rank', 'participation ratio'],
            SPECTRA.map(({ letter, values }) => ({
              head: letter,
              cells: [values.length, counted(values, 'stable'), counted(values, 'participation')].map(blank),
            })),
          )}
        </>
      ),
    },
    {
      title: 'A random subspace',
      Task: prose`If only ${i`m`} random directions of 144 can move, the error of any matrix is √(1 − ${i`m`}/144) on
        average. With ${i`m`} = 36 that is ${blank(number(Math.sqrt(0.75)))}, with ${i`m`} = 108 it is ${blank('0.5')}. LoRA
        does better with as many numbers, because it ${blank('learns its subspace')}.`,
    },
  ],
  onThePage: ['Choose “stable” beside the title of the chart of the effective rank. It counts less than the entropy.'],
};

const KEPT = [0.75, 0.91, 0.99];
const UPDATES = [
  { letter: 'P', values: [4, 2, 1, 1] },
  { letter: 'Q', values: [1, 1, 1, 1, 1, 1, 1, 1] },
  { letter: 'R', values: [6, 1, 1, 1] },
];
/** The least rank that keeps 90% of the energy. */
const rankFor90 = (values: readonly number[]) =>
  [...errorAtRank(Float64Array.from(values))].findIndex((error, _, [all]) => 1 - (error / all) ** 2 >= 0.9);

const choosing: PaperTasks = {
  tasks: [
    {
      title: 'How much is kept',
      Task: (
        <>
          {table(
            ['energy kept', 'energy lost', 'relative error'],
            KEPT.map((share) => ({
              head: percent(share),
              cells: [blank(percent(1 - share)), blank(number(Math.sqrt(1 - share)))],
            })),
          )}
          {prose`These are the singular values of three updates. Which rank keeps 90% of the energy?`}
          <Bars spectra={UPDATES} />
          <p>
            {UPDATES.map(({ letter, values }) => (
              <span key={letter}>
                {letter}: rank {blank(rankFor90(values))}{' '}
              </span>
            ))}
          </p>
        </>
      ),
    },
    {
      title: 'Your choice',
      Task: (
        <>
          {prose`With which rank do you begin, and which result would change your mind?`}
          {table(
            ['case', 'begin with', 'what would change it'],
            [
              ['a nudge of a style', '1 to 4', 'the error stays above what is acceptable'],
              ['instructions for a language model', '4 to 16', 'held-out loss still falls when r is doubled'],
              ['two different tasks at once', '32 to 64', 'the effective rank stays far below r'],
              ['48 noisy examples', 'the lowest held-out loss', 'more examples'],
            ].map(([head, ...cells]) => ({ head, cells: cells.map(blank) })),
          )}
        </>
      ),
    },
  ],
  onThePage: ['Rank 14, with an error just above its floor of 0.092. The floor of rank 13 is 0.102.'],
};

const SUMS = [
  { letter: 'P', changes: [glasses(8), ['hat', 8, 1]] as const, answer: 'ΔW₁ + ΔW₂' },
  { letter: 'Q', changes: [glasses(8, 0.5)] as const, answer: '½ ΔW₁' },
  { letter: 'R', changes: [['hat', 8, 1]] as const, answer: 'ΔW₂' },
  { letter: 'S', changes: [glasses(8, 0.5), ['hat', 8, 1]] as const, answer: '½ ΔW₁ + ΔW₂' },
].map(({ answer, ...one }) => ({ ...one, below: blank(answer) }));

const merging: PaperTasks = {
  tasks: [
    {
      title: 'Which sum is it?',
      Task: (
        <>
          {prose`${DW}₁ is a pair of sunglasses, ${DW}₂ a hat. Each owl is ${W} = ${W0} + a sum of the two, with weights ½ or
            1. Write the sum.`}
          <Owls owls={SUMS} />
        </>
      ),
    },
    {
      title: 'Products, not factors',
      Task: prose`Multiply out: (${B}₁ + ${B}₂)(${A}₁ + ${A}₂) = ${blank('B₁A₁')} + ${blank('B₂A₂')} + ${blank('B₁A₂')} +
        ${blank('B₂A₁')}. Nobody trained ${blank('B₁A₂')} and ${blank('B₂A₁')}. Two adapters of rank 8 added exactly make a
        rank of at most ${blank(16)}.`,
    },
    {
      title: 'Rounding and cost',
      Task: prose`After 1, the next bfloat16 number is 1 + 1/128. So 1 + 0.003 is stored as ${blank('1')}, and 1 + 0.005 as
        ${blank('1.0078')}. What is less than ${b`half`} the gap is lost.

        Unmerged, a layer takes ${i`dk`} + ${R}(${i`d`} + ${i`k`}) multiplications. At 64 × 64 and ${R} = 16 that is
        ${blank(count(4096 + 2048))}, ${blank('50%')} more than merged. At 4,096 × 4,096 and ${R} = 64 it is
        ${blank('3.1%')} more.`,
    },
  ],
  onThePage: ['Sunglasses at 0.5 or 0.25, the hat at 1, and the products added, not the factors.'],
};

/** By the name of the lesson. */
export const TASKS: Readonly<Record<string, PaperTasks>> = {
  'what-is-lora': whatIsLora,
  'by-hand': byHand,
  rank,
  cost,
  scaling,
  starts,
  gradients,
  optimisers,
  'low-rank': lowRank,
  choosing,
  beyond,
  merging,
};
