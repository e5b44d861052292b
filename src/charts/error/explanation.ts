import { count, counted, number, trimmed } from '../../experiment/numbers.ts';
import { countsOf, perRankFormula, trainedPerRank } from '../../experiment/settings/counts.ts';
import type { Explanation } from '../chart.ts';
import type { Scene } from '../scene.ts';
import { floorUnknown, knownSentence } from '../words.ts';
import { aboveFloor, placeOf } from './error.ts';
import { breakEven, errorOf, floorOf } from './values.ts';

/** The error in words, as a formula, and with the numbers of this run. */
export function explain(scene: Scene): Explanation {
  const { rank, target, frozenFactor } = scene;
  const value = errorOf(scene);
  const norm = target?.norm ?? null;
  const floor = floorOf(scene);
  const { trained, full } = countsOf(scene);
  const perRank = trainedPerRank(scene);
  return {
    paragraphs: [
      'The error is the size of what is still missing divided by the size of the target: 1 when nothing has been learned, 0 when ΔW equals ΔW*.',
      'Keep the i strongest directions of ΔW* and drop the rest: the dashed floor is the size of what was dropped. Eckart and Young showed that no matrix of rank i gets closer, so no training can go below it.',
      ...heldBy(scene),
      floor === null || value === null
        ? `The run will fall along the vertical line at its rank and can at best end on the floor.${floorUnknown(scene)}${knownSentence(target)}`
        : `This run has rank ${count(rank)}. It started ${startOf(scene)} and is now ${aboveFloor(scene, value, floor)}.${knownSentence(target)}`,
      `Rank ${count(rank)} trains ${counted(trained, 'number')}, ${trimmed((100 * trained) / full)}% of the ${count(full)} in W₀. ${evenWords(scene)}`,
    ],
    formula: '‖ΔW − ΔW*‖_F / ‖ΔW*‖_F; floor at rank i: sqrt(Σ[j > i] σⱼ²) / ‖ΔW*‖_F',
    numbers:
      value === null || norm === null
        ? `r* = dk/${perRankFormula(frozenFactor)} = ${count(full)}/${count(perRank)} = ${trimmed(breakEven(scene))}`
        : `‖ΔW − ΔW*‖_F/‖ΔW*‖_F = ${number(value * norm)}/${number(norm)} = ${number(value)}${floor === null ? '' : `; floor ${placeOf(scene)}: ${number(floor * norm)}/${number(norm)} = ${number(floor)}`}`,
  };
}

/** Where on its vertical line a run started: at the top, unless its initialisation already held a part of ΔW*. */
function startOf({ curves }: Scene): string {
  const first = curves.relativeError[0];
  return Math.abs(first - 1) < 0.005 ? 'at the top of its line' : `at ${number(first)}`;
}

/** What the rank at which both train as much means; a frozen factor can put it beyond the last rank. */
function evenWords(scene: Scene): string {
  const even = breakEven(scene);
  return even >= Math.min(scene.d, scene.k)
    ? 'With one factor frozen, no rank trains more numbers than W₀ has.'
    : `Above rank ${trimmed(even)}, LoRA would train more numbers than W₀ has.`;
}

/** Why another floor holds than that of the rank of the run, and what samples change; nothing where neither is so. */
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
  }[ownFloor.by];
  if (!samples) return by;
  return [
    ...by,
    `This is the floor of the matrix itself, where every input direction counts equally. Training instead lowers a loss on ${count(samples.count)} samples, which weights directions by the inputs (condition number ${trimmed(samples.condition)}) and contains noise. A run may therefore end above this floor even though its loss is at the floor of the loss, which the loss chart shows.`,
  ];
}
