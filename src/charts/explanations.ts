import { count, number, plural, trim } from '../experiment/numbers.ts';
import { perRankFormula, trainedPerRank } from '../experiment/settings/counts.ts';
import {
  type Explanation,
  hasMovedPart,
  measuredStep,
  newestStep,
  type Scene,
  type SceneMethod,
  type Shares,
  shownStep,
  updateName,
} from './chart.ts';
import { FLOOR_NOTE, knowledgeSentence, missingFloorReason } from './drawing/words.ts';
import { DEFINITIONS, effectiveRankOf, exceedsCap, targetRank } from './effective-rank/effective-rank.ts';
import { floorDistanceText, floorPlaceText } from './error/error.ts';
import { breakEven, errorOf, floorOf, fullOf, trainedAt } from './error/picture.ts';
import { clearFloor, shownLosses } from './losses/losses.ts';
import { explainIntruders } from './network/intruders.ts';
import { explainKept, keptOf } from './network/kept.ts';
import { explainRanks, ranksOf } from './network/ranks.ts';
import { accuracyAt, NO_NETWORK, shareText } from './network/shares.ts';

export function explainEffectiveRank({ definition, spectrum, rank, target, ...scene }: Scene): Explanation {
  const { typeset: formulas, meaning, numbers } = DEFINITIONS[definition];
  const wanted = targetRank(target, definition);
  return {
    paragraphs: [
      `Of the ${count(rank)} direction${rank === 1 ? '' : 's'} that rank ${count(rank)} allows, how many carry weight? The effective rank answers with a number that need not be whole: ${meaning}.`,
      'It is 1 when a single direction does all the work, and r when all r are equally strong. For the zero matrix it is 0 by convention.',
      wanted === null
        ? `The horizontal line is the cap, r.${knowledgeSentence(target)}`
        : `The solid line is the cap, r = ${count(rank)}; the dashed one is the effective rank of ΔW* itself, ${number(wanted)}.`,
      ...(scene.others.some(exceedsCap)
        ? [
            'A pinned run that moved a part of W₀ into its adapter, such as PiSSA, has ΔW = s·B·A − s₀·B₀·A₀, of rank up to 2r: its line may lie above the cap.',
          ]
        : []),
      'Other definitions weight weak directions differently: choose another definition next to the chart’s title.',
    ],
    formulas,
    numbers: spectrum
      ? `at step ${count(measuredStep({ ...scene, definition, spectrum, rank, target }) ?? 0)}: ${numbers(Array.from(spectrum))}`
      : 'no spectrum yet',
    ...(spectrum && { shares: sharesOf(Array.from(spectrum), definition) }),
  };
}

/** pᵢ of a spectrum by the definition, and the number of equal directions with the same effective rank. */
function sharesOf(sigma: readonly number[], definition: Scene['definition']): Shares {
  const weights = sigma.map((s) => (definition === 'entropy' ? s : s * s));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const equal = effectiveRankOf(Float64Array.from(sigma), definition);
  return {
    values: weights.map((w) => (total > 0 ? w / total : 0)),
    equal,
    words: `Bars: the share pᵢ of each direction now. Frame: ${number(equal)} directions with equal shares would count as much.`,
  };
}

function explainError(scene: Scene): Explanation {
  const { rank, target, frozenFactor, matrices } = scene;
  const value = errorOf(scene);
  const norm = target?.unit ?? target?.norm ?? null;
  const floor = floorOf(scene);
  const [trained, full] = [trainedAt(scene, rank), fullOf(scene)];
  const formula = matrices
    ? ''
    : `dk/${perRankFormula(frozenFactor)} = ${count(full)}/${count(trainedPerRank(scene))} = `;
  return {
    paragraphs: [
      'The error is the size of what is still missing divided by the size of the target: 1 when nothing has been learned, 0 when ΔW equals ΔW*.',
      'Keep the i strongest directions of ΔW* and drop the rest: the dashed floor is the size of what was dropped. Eckart and Young showed that no matrix of rank i gets closer, so no training can go below it.',
      ...heldBy(scene),
      ...quantisedWords(scene),
      floor === null || value === null
        ? `The run will fall along the vertical line at its rank and can at best end on the floor.${missingFloorReason(scene)}${knowledgeSentence(target)}`
        : `${scene.method ? `This run trains ${plural(scene.method.trained, 'parameter')} with ${scene.method.label}.` : `This run has rank ${count(rank)}.`} It started ${startOf(scene)} and is now ${floorDistanceText(scene, value, floor)}.${knowledgeSentence(target)}`,
      ...(scene.method
        ? []
        : [
            `Rank ${count(rank)} trains ${plural(trained, 'number')}, ${trim((100 * trained) / full)}% of the ${count(full)} in W₀. ${evenWords(scene)}`,
          ]),
    ],
    formulas: ['‖ΔW − ΔW*‖_F / ‖ΔW*‖_F', 'floor at rank i: sqrt(Σ[j > i] σⱼ²) / ‖ΔW*‖_F'],
    numbers:
      value === null || norm === null
        ? `r* = ${formula}${trim(breakEven(scene))}`
        : `‖ΔW − ΔW*‖_F/‖ΔW*‖_F = ${number(value * norm)}/${number(norm)} = ${number(value)}${floor === null ? '' : `; floor ${floorPlaceText(scene)}: ${number(floor * norm)}/${number(norm)} = ${number(floor)}`}`,
  };
}

/** What stands for ΔW* if the base is quantised. */
function quantisedWords({ quantised, rank }: Scene): string[] {
  if (!quantised) return [];
  const { off, floor, rest } = quantised;
  const all = [
    `W₀ is stored in NF4, and what is left of it, Q, stays frozen: it is ${trim(100 * off, 2)}% of ‖W₀‖ off W₀. The goal is W₀ + ΔW* as before, so here ΔW has to become ΔW* + W₀ − Q, and the floors are those of that matrix, as shares of ‖ΔW*‖.`,
  ];
  if (floor !== null) all.push(`On W₀ as it is, the floor at rank ${count(rank)} would be ${number(floor)}.`);
  if (rest) all.push('What was quantised depends on the rank here, so that the dashed line holds for this Q alone.');
  return [all.join(' ')];
}

/** The start of a run on its vertical line: at the top, unless its initialisation already contains a part of ΔW*. */
function startOf({ curves }: Scene): string {
  const first = curves.relativeError[0];
  return Math.abs(first - 1) < 0.005 ? 'at the top of its line' : `at ${number(first)}`;
}

/** The meaning of the break-even rank; a frozen factor can put it beyond the last rank. */
function evenWords(scene: Scene): string {
  const even = breakEven(scene);
  return even >= Math.min(scene.d, scene.k)
    ? 'With one factor frozen, no rank trains more numbers than W₀ has.'
    : `Above rank ${trim(even)}, LoRA would train more numbers than W₀ has.`;
}

/** Why a floor other than that of the run's rank holds, and the effect of samples; otherwise nothing. */
function heldBy({ ownFloor, samples, rank }: Scene): string[] {
  const r = count(rank);
  const by = {
    rank: [],
    moved: [
      `This initialisation has moved s₀·B₀·A₀ out of W₀, so ΔW = s·B·A − s₀·B₀·A₀: the adapter, of rank ${r}, must learn ΔW* and also give back what it took. The short solid line marks the smallest error that this allows, the part of ΔW* + s₀·B₀·A₀ beyond its ${r} strongest directions. It may lie above the dashed floor, or below it, since ΔW can have rank ${count(2 * rank)}.`,
    ],
    frozen: [
      'One factor is frozen, so ΔW can only have columns (or rows) that this factor spans; the part of ΔW* outside that span remains as error. The short solid line marks that floor, above the dashed one.',
    ],
    method: [
      `The dashed floor is LoRA’s. ${ownFloor.of} does not add a product of two thin matrices, so it may go below it, and has ${ownFloor.value === null ? 'none in closed form' : 'a floor of its own, the short solid line'}. The run stands where LoRA trains as many parameters.${ownFloor.found === undefined ? '' : ' The short dotted line is the lowest error that a search from several starts found: no bound, and training may pass it.'}${ownFloor.of === 'OFT' ? ' It is an infimum: R = (I + Q)(I − Q)⁻¹ has every rotation but those by half a turn.' : ''}`,
    ],
  }[ownFloor.by];
  if (!samples) return by;
  return [
    ...by,
    `This is the floor of the matrix itself, where every input direction counts equally. Training instead lowers a loss on ${count(samples.count)} samples, which weights directions by the inputs (condition number ${trim(samples.condition)}) and contains noise. A run may therefore end above this floor even though its loss is at the floor of the loss, which the loss chart shows.`,
  ];
}

/** The course of the lines after step 0. With A = B = 0 they stay. */
function courseWords({ samples, frozenFactor, zeroAtStart }: Scene): string[] {
  if (zeroAtStart === 'both') return [];
  const line = { none: 'Both lines fall', A: 'The line of B falls', B: 'The line of A falls' }[frozenFactor ?? 'none'];
  const course =
    samples && samples.batch < samples.count
      ? `Each gradient comes from the ${count(samples.batch)} samples of its step, so it varies from step to step and does not die out as long as the samples disagree.`
      : `${line} as less is left to learn. ${FLOOR_NOTE} Gradients can then rise again while the loss stays put.`;
  if (frozenFactor === null) return [course];
  return [
    course,
    `${frozenFactor} is frozen: its gradient is measured but not used. It shows how strongly the loss would respond if ${frozenFactor} trained too, and it need not fall.`,
  ];
}

function methodGradients({ curves, step }: Scene, { label, streams }: SceneMethod): Explanation {
  const named = ([...(streams.A === null ? [] : [['A', streams.A]]), ['B', streams.B]] as const).map(
    ([of, name]) => `‖∂L/∂${name}‖ = ${number((of === 'A' ? curves.gradNormA : curves.gradNormB)[step] ?? Number.NaN)}`,
  );
  return {
    paragraphs: [
      `A gradient says how the loss changes when the numbers that ${label} trains do. Its norm is its length, with all entries taken together. When it is 0, plain gradient descent stands still.`,
      'The axis is logarithmic. Zero has no logarithm, so exact zeros get their own row at the bottom.',
    ],
    formulas: ['L = ½·‖ΔW − ΔW*‖²'],
    numbers: curves.length > 0 ? `at step ${count(step)}: ${named.join(', ')}` : 'nothing measured yet',
  };
}

function explainGradients(scene: Scene): Explanation {
  const { curves, scaling, zeroAtStart, samples } = scene;
  const at = shownStep(scene);
  const because = {
    B: 'B starts at 0, so the gradient of A, which is a product with B, is exactly 0 at step 0. B moves first; after its first update both gradients are non-zero.',
    A: 'A starts at 0, so the gradient of B, which is a product with A, is exactly 0 at step 0. A moves first; after its first update both gradients are non-zero.',
    both: 'A and B both start at 0. Each gradient is a product with the other factor, so both are exactly 0 and stay 0: training never begins.',
    none: 'Neither factor starts at 0, so both gradients are non-zero from the first step.',
  }[zeroAtStart ?? 'none'];
  const measured = newestStep(scene) > 0 || curves.length > 0;
  if (scene.method) return methodGradients(scene, scene.method);
  return {
    paragraphs: [
      'A gradient says how the loss changes when a factor does. Its norm is its length, with all entries taken together. When it is 0, plain gradient descent stands still.',
      because,
      'The axis is logarithmic. Zero has no logarithm, so exact zeros get their own row at the bottom, and the jump out of it is dotted.',
      ...courseWords(scene),
    ],
    formulas: samples
      ? ['∂L/∂A = s·Bᵀ·E·Xᵀ/n', '∂L/∂B = s·E·Xᵀ·Aᵀ/n', 'E = W·X − Y']
      : ['∂L/∂A = s·Bᵀ·E', '∂L/∂B = s·E·Aᵀ', `E = ${hasMovedPart(scene) ? 's·B·A − s₀·B₀·A₀' : 's·B·A'} − ΔW*`],
    numbers: measured
      ? `s = ${number(scaling)}; at step ${count(at)}: ‖∂L/∂A‖_F = ${number(curves.gradNormA[at])}, ‖∂L/∂B‖_F = ${number(curves.gradNormB[at])}`
      : `s = ${number(scaling)}; nothing measured yet`,
  };
}

function explainLosses(scene: Scene): Explanation {
  const { samples, rank, d, ownFloor } = scene;
  const [weight, wanted, learned] = hasMovedPart(scene)
    ? ['W_frozen', '(ΔW* + s₀·B₀·A₀)', 'adapter']
    : ['W₀', 'ΔW*', 'update'];
  const formulas = [
    'L = ‖W·X − Y‖²_F/(2n)',
    'training floor: (‖Y′ − Y′·P‖²_F + Σ σᵢ²(Y′·P))/(2n), i > r',
    `held-out floor: (Σ σᵢ²(${wanted}·sqrt(C)) + d·noise²)/2, i > r`,
  ];
  if (!samples) return { paragraphs: ['This target has no samples.'], formulas, numbers: '' };
  const { count: n, heldOut, batch, noise } = samples;
  const now = shownLosses(scene);
  const noiseFloor = (d * noise * noise) / 2;
  const frozen =
    ownFloor.by === 'frozen' ? ' One factor is frozen here, so the floors are the lowest losses within its span.' : '';
  const moved = hasMovedPart(scene)
    ? ' The initialisation has moved part of W₀ into the adapter, leaving W_frozen = W₀ − s₀·B₀·A₀; the floors are those for what s·B·A has to become, ΔW* + s₀·B₀·A₀.'
    : '';
  return {
    paragraphs: [
      `The training loss is taken over all ${count(n)} training samples, the held-out loss over ${count(heldOut)} samples that no step ever sees. Only the held-out loss says what the layer has learned about new inputs. ${batch < n ? `Each step uses ${count(batch)} samples; their loss is the thin, pale line.` : 'Every step uses all training samples.'}`,
      `Training floor: no ${learned} of rank ${count(rank)} fits these ${count(n)} samples better (reduced-rank regression). Y′ = Y − ${weight}·X is what remains to be added, and P = X⁺·X projects onto what linear maps of X can give. The fit includes the noise in Y, so with few samples this floor lies far below the other one.`,
      `Held-out floor: the smallest loss that any ${learned} of rank ${count(rank)} can have on average over all possible inputs, whose covariance is C. Noise cannot be predicted, so d·noise²/2 remains at every rank. The floor is an expectation: the loss of ${count(heldOut)} samples may lie a little below or above it.`,
      `If the training loss falls below the held-out floor while the held-out loss stays above it or rises, the run is learning the noise. A smaller rank leaves less room for that: rank acts as regularisation.${frozen}${moved}`,
    ],
    formulas,
    numbers: [
      `n = ${count(n)}, d = ${count(d)}, noise = ${trim(noise)}`,
      ...(now ? [`training ${number(now.training)}${floorWords(samples.floors.training, now.training)}`] : []),
      ...(now ? [`held-out ${number(now.heldOut)}${floorWords(samples.floors.heldOut, now.heldOut)}`] : []),
      `d·noise²/2 = ${number(noiseFloor)}`,
    ].join('; '),
  };
}

function floorWords(floor: number | null, loss: number): string {
  return floor === null ? '' : ` (floor ${number(clearFloor(floor, loss))})`;
}

function explainAccuracy(scene: Scene): Explanation {
  const { network } = scene;
  const formulas = ['accuracy = right answers/held-out examples'];
  if (!network) return { paragraphs: [NO_NETWORK], formulas, numbers: '' };
  const { newName, oldName, heldOut, old, seen, reference } = network;
  return {
    paragraphs: [
      `The thick line is the share of right answers to the new task (${newName}), the thin one to the task that the network knew before (${oldName}). ${seen ? 'The old one is counted on held-out examples; the new one on the very drawings that it trains on, until a round of drawings tests it.' : 'Both are counted on held-out examples, which no step of training sees.'}`,
      'Training looks at the new task alone. Nothing in it protects the old one, so its line shows what is forgotten on the way.',
      reference
        ? 'Dashed and dotted: the same two shares when every entry of the matrices is trained (full fine-tuning).'
        : 'The answer counts as right if the largest of the network’s outputs is that of the right class.',
      `With ${count(heldOut)} examples, one more right answer is ${number(1 / heldOut, 2)}. Differences of one or two hundredths may be chance.`,
    ],
    formulas,
    numbers: (['accuracy', 'oldAccuracy'] as const)
      .flatMap((list) => {
        const share = accuracyAt(network.losses, list, shownStep(scene));
        const [n, name] = list === 'accuracy' ? [heldOut, newName] : [old, oldName];
        return share === null ? [] : [`${name}: ${count(share * n)}/${count(n)} = ${shareText(share)}`];
      })
      .join('; '),
  };
}

function explainKeptOf(scene: Scene): Explanation {
  const own = keptOf(scene);
  return { paragraphs: own ? explainKept(own) : [NO_NETWORK], formulas: [], numbers: '' };
}

function explainRanksOf(scene: Scene): Explanation {
  const own = ranksOf(scene);
  return { paragraphs: own ? explainRanks(own) : [NO_NETWORK], formulas: [], numbers: '' };
}

function explainSpectrum(scene: Scene): Explanation {
  const { spectrum: values, target } = scene;
  const squares = values ? Array.from(values).reduce((sum, v) => sum + v * v, 0) : 0;
  const name = updateName(scene);
  const share = values && squares > 0 ? (values[0] * values[0]) / squares : 0;
  return {
    paragraphs: [
      'Any matrix is a sum of directions: each turns one input pattern into one output pattern, and its singular value says how strongly. The chart sorts them by size.',
      hasMovedPart(scene)
        ? `The dashed line is the target. The thick one is the adapter s·B·A: the part of W₀ that it took over at step 0, and what it has learned since.${knowledgeSentence(target)}`
        : `The dashed line is the target, the thick one what has been learned so far. Training finds the strong directions first, since they lower the loss most.${knowledgeSentence(target)}`,
      reachWords(scene),
      ...quantisedWords(scene),
      'The subspace match compares the leading i directions of ΔW with those of ΔW*: 1 means the same subspace, 0 means at right angles. A gap means that two singular values are too close to tell their directions apart.',
    ],
    formulas: [`${hasMovedPart(scene) ? 's·B·A' : 'ΔW = s·B·A'} = Σ[i = 1 … r] σᵢ·uᵢ·vᵢᵀ`],
    numbers:
      squares > 0 && values
        ? `‖${name}‖²_F = Σᵢ σᵢ² = ${number(squares)}, of which the first direction holds ${number(values[0])}² = ${number(share * squares)}, ${number(100 * share)}%`
        : `${name} = 0, so every σᵢ is 0`,
  };
}

/** The number of directions of the factors, and of ΔW, which doubles if an initialisation has moved s₀·B₀·A₀. */
function reachWords(scene: Scene): string {
  const { rank, d, k } = scene;
  const max = (n: number) => `at most ${count(n)} direction${n === 1 ? '' : 's'}`;
  const columns = `B has ${count(rank)} column${rank === 1 ? '' : 's'}, so ${updateName(scene)} can have ${max(rank)}.`;
  if (!hasMovedPart(scene)) return `${columns} The hatched part is out of reach, however long training lasts.`;
  return `${columns} ΔW = s·B·A − s₀·B₀·A₀ leaves out the part of W₀ and can have up to ${count(Math.min(2 * rank, d, k))}; the subspace match compares ΔW.`;
}

function explainTimeline(scene: Scene): Explanation {
  const value = errorOf(scene);
  const floor = floorOf(scene);
  return {
    paragraphs: [
      'The same error as in “Error against rank”, step by step: 1 when nothing has been learned, 0 when ΔW equals ΔW*.',
      ...quantisedWords(scene),
      'Drag the cursor to look back; every matrix and chart follows.',
    ],
    formulas: ['‖ΔW − ΔW*‖_F / ‖ΔW*‖_F'],
    numbers: [value === null ? '' : number(value), floor === null ? '' : `floor ${number(floor)}`]
      .filter((part) => part !== '')
      .join('; '),
  };
}

/** On what the dashed lines rest. */
function lawWords({ foretold }: Scene): string {
  const prediction = foretold?.prediction;
  if (!prediction) return 'No law is known for these settings, so that nothing is dashed: only the run is drawn.';
  const words = {
    recursion:
      'From an aligned start each direction is one pair of numbers, and every step follows from the one before: the dashes are exact.',
    flow: 'The dashes are the exact gradient flow, the limit of very small steps: SGD at a usual rate keeps close to it.',
    band: 'The dashes are the gradient flow from rows that are orthogonal to each other. Kaiming’s are nearly so: the error keeps close, single directions less.',
  } as const;
  return `The dashed lines were known before the first step. ${words[prediction.law]}`;
}

const changeWords = ({ foretold }: Scene) =>
  foretold?.prediction && foretold.until !== null
    ? [`A setting was changed at step ${count(foretold.until)}: the prediction ends there.`]
    : [];

function explainDirections(scene: Scene): Explanation {
  return {
    paragraphs: [
      'ΔW* is a sum of directions σᵢ·uᵢ·vᵢᵀ. Each line says how much of one of them ΔW has learned so far; its goal σᵢ is dotted. A ring marks 90% of it as predicted.',
      ...quantisedWords(scene),
      lawWords(scene),
      ...changeWords(scene),
    ],
    formulas: ['uᵢᵀ·ΔW·vᵢ'],
    numbers: '',
  };
}

function explainForetold(scene: Scene): Explanation {
  const { numbers, formulas } = explainTimeline(scene);
  return {
    paragraphs: [
      'The size of what is still missing divided by the size of the target, at each step, on a logarithmic axis.',
      lawWords(scene),
      ...changeWords(scene),
    ],
    formulas,
    numbers,
  };
}

/** The explanation of a scene by the chart's name; loaded with the help. */
export const EXPLANATIONS: Readonly<Record<string, (scene: Scene) => Explanation>> = {
  ...{
    effectiveRank: explainEffectiveRank,
    error: explainError,
    gradients: explainGradients,
    losses: explainLosses,
    accuracy: explainAccuracy,
    kept: explainKeptOf,
    ranks: explainRanksOf,
    intruders: () => ({ paragraphs: explainIntruders(), formulas: [], numbers: '' }),
    spectrum: explainSpectrum,
    timeline: explainTimeline,
    directions: explainDirections,
    foretoldError: explainForetold,
  },
};
