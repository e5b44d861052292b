import { isAtFloor, ROUNDING } from '../../experiment/layer/floor.ts';
import { count, counted, number, trimmed } from '../../experiment/numbers.ts';
import { countsOf, perRankFormula, trainedPerRank } from '../../experiment/settings/counts.ts';
import type { Chart, Table } from '../chart.ts';
import { locateRank } from '../drawing/columns.ts';
import { render } from '../drawing/render.ts';
import { type Hover, type OtherRun, type Scene, shownStep, valuesOf } from '../scene.ts';
import { floorUnknown, knownSentence, knownShort, pinnedWords, runState } from '../words.ts';
import { errorPicture } from './picture.ts';
import {
  breakEven,
  errorOf,
  floorAt,
  floorOf,
  floorWords,
  lastError,
  openAt,
  openOf,
  ownFloorWords,
} from './values.ts';

export const error: Chart = {
  name: 'error',
  title: 'Error against rank',
  short: 'Error',
  help: ({ samples }) =>
    samples
      ? '‖ΔW − ΔW*‖ / ‖ΔW*‖; unlike in the loss, all inputs count equally'
      : '‖ΔW − ΔW*‖ / ‖ΔW*‖, Frobenius norm; 1 = nothing learned',
  axis: 'rank',
  draw: (svg, scene, size) => render(svg, size, errorPicture(scene, size)),
  locate: locateRank,
  readout,
  ofPin: pinError,
  describe,
  table,
  explain,
};

function readout(scene: Scene, hover: Hover): string {
  if (hover.axis !== 'rank') return '';
  const { index } = hover;
  const value = errorOf(scene);
  const run = index === scene.rank && value !== null ? `this run ${number(value)}, ` : '';
  const best = floorAt(scene, index);
  const floor =
    best === null
      ? scene.target
        ? 'floor not known, '
        : ''
      : `best possible ${floorWords(best, openAt(scene, index))}, `;
  return `rank ${count(index)}: ${run}${floor}trains ${counted(index * trainedPerRank(scene), 'number')}`;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const { rank } = scene;
  const value = errorOf(scene);
  const floor = floorOf(scene);
  const known = `${floorUnknown(scene)}${knownSentence(scene.target)}${unweighted(scene)}`;
  if (value === null)
    return floor === null
      ? `${runState(scene)}${known}`
      : `${runState(scene)} The floor ${placeOf(scene)} is ${floorWords(floor, openOf(scene))}.${known}`;
  const where = floor === null ? '' : `, ${aboveFloor(scene, value, floor)}`;
  return `${runState(scene)} Relative error ${number(value)} at rank ${count(rank)}${where}.${endedWords(scene)} Break-even rank ${trimmed(breakEven(scene))}.${pinnedWords(scene, pinError)}${known}`;
}

/** How far a pinned run has come, at its own rank. */
function pinError(other: OtherRun): string | null {
  const value = lastError(other);
  if (value === undefined) return null;
  const floor = other.pin?.ownFloor;
  return `${number(value)} at rank ${count(other.rank)}${floor ? `, floor of its own ${number(floor.value)}` : ''}`;
}

/** The rings of the runs before. */
function endedWords({ ended }: Scene): string {
  if (ended.length === 0) return '';
  const best = ended.reduce((least, one) => (one.error < least.error ? one : least));
  return ` ${counted(ended.length, 'earlier run')}, the best ${number(best.error)} at rank ${count(best.rank)}.`;
}

/** What a run on samples has to do with this floor; empty for a matrix target. */
function unweighted({ samples }: Scene): string {
  if (!samples) return '';
  return ' The floor counts all input directions equally; a run on correlated inputs or noisy labels may end above it.';
}

function table(scene: Scene): Table {
  const { d, k, rank, target, others, ended, frozenFactor } = scene;
  const known = target && knownShort(target);
  return {
    columns: [
      'rank i',
      known ? `Eckart–Young floor (σ of ΔW*: ${known})` : 'Eckart–Young floor',
      ...(target?.open ? ['floor may be lower by'] : []),
      `trained numbers i${perRankFormula(frozenFactor)}`,
      '% of dk',
      `this run at step ${shownStep(scene)}`,
      ...others.map(({ name }) => `run ${name}`),
      ...(ended.length > 0 ? ['best earlier run'] : []),
    ],
    rows: Array.from({ length: valuesOf(scene) }, (_, at) => {
      const i = at + 1;
      const floor = floorAt(scene, i);
      const share = (100 * i * trainedPerRank(scene)) / (d * k);
      const run = i === rank ? errorOf(scene) : null;
      return [
        i,
        floor,
        ...(target?.open ? [floor && openAt(scene, i)] : []),
        i * trainedPerRank(scene),
        share,
        run,
        ...others.map((other) => (i === other.rank ? (lastError(other) ?? null) : null)),
        ...(ended.length > 0 ? [least(ended.filter((one) => one.rank === i).map((one) => one.error))] : []),
      ];
    }),
  };
}

const least = (errors: readonly number[]) => (errors.length > 0 ? Math.min(...errors) : null);

/** "at rank 8", or what decides the floor instead. */
function placeOf(scene: Scene): string {
  const words = ownFloorWords(scene);
  return words === null ? `at rank ${count(scene.rank)}` : `with ${words}`;
}

/** "0.058 above the floor of 0.169", "at the floor", or as close as that is known. */
function aboveFloor(scene: Scene, value: number, floor: number): string {
  const above = value - floor;
  const open = openOf(scene);
  const words = ownFloorWords(scene);
  const name = `the floor of ${floorWords(floor, open)}${words === null ? '' : ` with ${words}`}`;
  if (!isAtFloor(value, floor)) return `${number(above)} above ${name}`;
  return `${open > ROUNDING ? 'not measurably above' : 'at'} ${name}`;
}

/** The error in words, as a formula, and with the numbers of this run. */
function explain(scene: Scene) {
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
