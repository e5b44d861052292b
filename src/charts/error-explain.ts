import { countsOf, perRankFormula, trainedPerRank } from '../experiment/settings/counts.ts';
import { boundWords, breakEven, errorOf, floorOf, floorWords, openOf } from './error-values.ts';
import { count, counted, number, trimmed } from './format.ts';
import { floorUnknown, knownSentence } from './known.ts';
import type { Scene } from './scene.ts';

/** "at rank 8", or what decides the floor instead. */
export function placeOf(scene: Scene): string {
  const words = boundWords(scene) ?? `rank ${count(scene.rank)}`;
  return `${scene.bound.by === 'frozen' ? 'with' : 'at'} ${words}`;
}

/** What float32 leaves open. */
const AT_FLOOR = 1e-5;

/** "0.058 above the floor of 0.169", "at the floor" where float32 cannot tell them apart, or as close as is known. */
export function aboveFloor(scene: Scene, value: number, floor: number): string {
  const above = value - floor;
  const open = openOf(scene);
  const words = boundWords(scene);
  const name = `the floor of ${floorWords(floor, open)}${words === null ? '' : ` ${scene.bound.by === 'frozen' ? 'with' : 'of'} ${words}`}`;
  if (above > AT_FLOOR) return `${number(above)} above ${name}`;
  return `${open > AT_FLOOR ? 'not measurably above' : 'at'} ${name}`;
}

/** The error in words, as a formula, and with the numbers of this run. */
export function explainError(scene: Scene) {
  const { rank, target, frozenFactor } = scene;
  const value = errorOf(scene);
  const norm = target?.norm ?? null;
  const floor = floorOf(scene);
  const { trained, full } = countsOf(scene);
  const perRank = trainedPerRank(scene);
  return {
    paragraphs: [
      'The error is the size of what is still missing, over the size of what is wanted: 1 when nothing has been learned, 0 when ΔW is ΔW*.',
      'Keep the i largest directions of ΔW* and drop the rest: what was dropped is the dashed floor. Eckart and Young showed that no matrix of rank i comes closer, so no training can go below it.',
      ...heldBy(scene),
      floor === null || value === null
        ? `The run will fall along the rule at its rank and end on the floor at best.${floorUnknown(scene)}${knownSentence(target)}`
        : `This run has rank ${count(rank)}. It started at the top of its line and is now ${aboveFloor(scene, value, floor)}.${knownSentence(target)}`,
      `Rank ${count(rank)} trains ${counted(trained, 'number')}, ${trimmed((100 * trained) / full)} % of the ${count(full)} in W₀. ${evenWords(scene)}`,
    ],
    formula: '‖ΔW − ΔW*‖_F / ‖ΔW*‖_F; floor at rank i: sqrt(Σ σⱼ², j > i) / ‖ΔW*‖_F',
    numbers:
      value === null || norm === null
        ? `r* = dk/${perRankFormula(frozenFactor)} = ${count(full)}/${count(perRank)} = ${trimmed(breakEven(scene))}`
        : `‖ΔW − ΔW*‖_F/‖ΔW*‖_F = ${number(value * norm)}/${number(norm)} = ${number(value)}${floor === null ? '' : `; floor ${placeOf(scene)}: ${number(floor * norm)}/${number(norm)} = ${number(floor)}`}`,
  };
}

/** What the rank at which both train as much means; a frozen factor can put it beyond the last rank. */
function evenWords(scene: Scene): string {
  const even = breakEven(scene);
  return even >= Math.min(scene.d, scene.k)
    ? 'With one factor frozen no rank trains more numbers than changing W₀ itself.'
    : `Above rank ${trimmed(even)} LoRA would train more numbers than changing W₀ itself.`;
}

/** Why another floor holds than that of the rank of the run, and what samples change; nothing where neither is so. */
function heldBy({ bound, samples, rank }: Scene): string[] {
  const r = count(rank);
  const by = {
    rank: [],
    moved: [
      `This start has moved s₀·B₀·A₀ out of W₀, so that ΔW = s·B·A − s₀·B₀·A₀ has a rank of up to 2r = ${count(2 * rank)}: the run may come below the floor at ${r}, not below that at ${count(2 * rank)}.`,
    ],
    frozen: [
      'One factor is frozen: ΔW can only have columns (or rows) that it spans, and what of ΔW* lies outside stays. The short solid line is that floor; it lies above the dashed one.',
    ],
  }[bound.by];
  if (!samples) return by;
  return [
    ...by,
    `This floor is that of the matrix, every input direction counting the same. Training lowers a loss on ${count(samples.count)} samples instead, which weighs directions by the inputs (condition number ${trimmed(samples.condition)}) and has noise in it: a run may end above this floor though its loss is at its own. The floors of the losses are in the loss chart.`,
  ];
}
