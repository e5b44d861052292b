import { min, range } from 'd3-array';
import { isAtFloor, ROUNDING } from '../../experiment/layer/floor.ts';
import { count, number, plural, trim } from '../../experiment/numbers.ts';
import { perRankFormula } from '../../experiment/settings/counts.ts';
import type { Table } from '../../kit/chart/chart.ts';
import { drawing } from '../../kit/chart/picture.ts';
import {
  endedPlace,
  type OtherRun,
  type RunChart,
  rankPlace,
  type Scene,
  type SceneMethod,
  shownStep,
  valuesOf,
} from '../chart.ts';
import { rankReading, tableOf } from '../drawing/columns.ts';
import { knowledgeSentence, knowledgeShort, missingFloorReason, pinnedWords, runState } from '../drawing/words.ts';
import {
  breakEven,
  errorOf,
  errorPicture,
  floorAt,
  floorOf,
  floorUncertaintyAt,
  floorUncertaintyOf,
  floorWords,
  fullOf,
  lastError,
  ownFloorWords,
  trainedAt,
} from './picture.ts';

export const error: RunChart = {
  name: 'error',
  title: 'Error against rank',
  short: 'Error',
  whole: true,
  help: ({ samples, matrices, quantised }) =>
    quantised
      ? '‖W − (W₀ + ΔW*)‖ / ‖ΔW*‖ with W = Q + ΔW, Frobenius norm; the dashed floor is that on Q'
      : samples
        ? '‖ΔW − ΔW*‖ / ‖ΔW*‖; unlike in the loss, all inputs count equally'
        : `‖ΔW − ΔW*‖ / ‖ΔW*‖, Frobenius norm${matrices ? ` of all ${matrices.length} matrices` : ''}; 1 = nothing learned`,
  ...rankReading,
  draw: drawing(errorPicture),
  readout,
  ofPin: pinError,
  describe,
  table,
};

function readout(scene: Scene, index: number): string {
  if (scene.method) return methodReadout(scene, index);
  const value = errorOf(scene);
  const run = index === Math.round(rankPlace(scene)) && value !== null ? `this run ${number(value)}, ` : '';
  const best = floorAt(scene, index);
  const floor =
    best === null
      ? scene.target
        ? 'floor not known, '
        : ''
      : `lowest possible ${floorWords(best, floorUncertaintyAt(scene, index))}, `;
  return `rank ${count(index)}: ${run}${floor}trains ${plural(trainedAt(scene, index), 'number')}`;
}

/** "1,024 parameters: this run 0.550, LoRA’s floor 0.734" */
function methodReadout(scene: Scene, index: number): string {
  const value = errorOf(scene);
  const run = index === Math.round(rankPlace(scene)) && value !== null ? `this run ${number(value)}, ` : '';
  const best = floorAt(scene, index);
  const floor = best === null ? 'not known' : floorWords(best, floorUncertaintyAt(scene, index));
  return `${plural(trainedAt(scene, index), 'parameter')}: ${run}LoRA’s floor ${floor} at rank ${count(index)}`;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const value = errorOf(scene);
  const floor = floorOf(scene);
  const known = `${missingFloorReason(scene)}${knowledgeSentence(scene.target)}${unweighted(scene)}`;
  if (value === null)
    return floor === null
      ? `${runState(scene)}${known}`
      : `${runState(scene)} The floor ${floorPlaceText(scene)} is ${floorWords(floor, floorUncertaintyOf(scene))}.${known}`;
  const where = floor === null ? '' : `, ${floorDistanceText(scene, value, floor)}`;
  return `${runState(scene)} Relative error ${number(value)} ${scene.method ? `with ${methodWords(scene.method)}` : `at rank ${count(scene.rank)}`}${where}.${endedWords(scene)} Break-even rank ${trim(breakEven(scene))}.${pinnedWords(scene, pinError)}${known}`;
}

function pinError(other: OtherRun): string | null {
  const value = lastError(other);
  if (value === undefined) return null;
  const floor = other.pin?.ownFloor;
  const at = other.place === undefined ? `at rank ${count(other.rank)}` : 'with another method';
  return `${number(value)} ${at}${floor ? `, floor of its own ${number(floor.value)}` : ''}`;
}

/** "IA³, 64 trained parameters" */
const methodWords = ({ label, trained }: SceneMethod) => `${label}, ${plural(trained, 'trained parameter')}`;

function endedWords({ ended }: Scene): string {
  if (ended.length === 0) return '';
  const best = ended.reduce((min, one) => (one.error < min.error ? one : min));
  return ` ${plural(ended.length, 'earlier run')}, the best ${number(best.error)} ${best.method ? `with ${best.method.label}` : `at rank ${count(best.rank)}`}.`;
}

function unweighted({ samples }: Scene): string {
  if (!samples) return '';
  return ' The floor counts all input directions equally; a run on correlated inputs or noisy labels may end above it.';
}

function table(scene: Scene): Table {
  const { target, others, ended, frozenFactor, matrices } = scene;
  const known = target && knowledgeShort(target);
  return tableOf(range(1, valuesOf(scene) + 1), [
    ['rank i', (i) => i],
    [
      target?.learned
        ? 'full fine-tuning, cut to rank i'
        : known
          ? `Eckart–Young floor (σ of ΔW*: ${known})`
          : 'Eckart–Young floor',
      (i) => floorAt(scene, i),
    ],
    ...only(target?.open, 'floor may be lower by', (i) => floorAt(scene, i) && floorUncertaintyAt(scene, i)),
    [
      matrices ? 'trained parameters' : `trained parameters i${perRankFormula(frozenFactor)}`,
      (i) => trainedAt(scene, i),
    ],
    ['% of dk', (i) => (100 * trainedAt(scene, i)) / fullOf(scene)],
    [`this run at step ${shownStep(scene)}`, (i) => (i === Math.round(rankPlace(scene)) ? errorOf(scene) : null)],
    ...others.map(
      (other) =>
        [
          `run ${other.name}`,
          (i: number) => (i === Math.round(other.place ?? other.rank) ? (lastError(other) ?? null) : null),
        ] as const,
    ),
    ...only(
      ended.length > 0,
      'best earlier run',
      (i) => min(ended.filter((one) => Math.round(endedPlace(one, scene)) === i).map((one) => one.error)) ?? null,
    ),
  ]);
}

/** A column that is there under a condition. */
const only = (shown: unknown, head: string, value: (i: number) => number | null) =>
  shown ? [[head, value] as const] : [];

/** "at rank 8", or the cause of the floor instead. */
export function floorPlaceText(scene: Scene): string {
  const words = ownFloorWords(scene);
  return words === null ? `at rank ${count(scene.rank)}` : `with ${words}`;
}

/** "0.058 above the floor of 0.169", "at the floor", or a bound if the floor is uncertain. */
export function floorDistanceText(scene: Scene, value: number, floor: number): string {
  const above = value - floor;
  const open = floorUncertaintyOf(scene);
  const words = ownFloorWords(scene);
  const name = `the floor of ${floorWords(floor, open)}${words === null ? '' : ` with ${words}`}`;
  if (!isAtFloor(value, floor)) return `${number(above)} above ${name}`;
  return `${open > ROUNDING ? 'not measurably above' : 'at'} ${name}`;
}
