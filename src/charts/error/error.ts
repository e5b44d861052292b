import { isAtFloor, ROUNDING } from '../../experiment/layer/floor.ts';
import { count, number, plural, trim } from '../../experiment/numbers.ts';
import { perRankFormula } from '../../experiment/settings/counts.ts';
import type { Table } from '../../kit/chart/chart.ts';
import { render } from '../../kit/chart/render.ts';
import { type OtherRun, type RunChart, type Scene, shownStep, valuesOf } from '../chart.ts';
import { rankReading } from '../drawing/columns.ts';
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
  help: ({ samples, matrices }) =>
    samples
      ? '‖ΔW − ΔW*‖ / ‖ΔW*‖; unlike in the loss, all inputs count equally'
      : `‖ΔW − ΔW*‖ / ‖ΔW*‖, Frobenius norm${matrices ? ` of all ${matrices.length} matrices` : ''}; 1 = nothing learned`,
  ...rankReading,
  draw: (svg, scene, size) => render(svg, size, errorPicture(scene, size)),
  readout,
  ofPin: pinError,
  describe,
  table,
};

function readout(scene: Scene, index: number): string {
  const value = errorOf(scene);
  const run = index === scene.rank && value !== null ? `this run ${number(value)}, ` : '';
  const best = floorAt(scene, index);
  const floor =
    best === null
      ? scene.target
        ? 'floor not known, '
        : ''
      : `best possible ${floorWords(best, floorUncertaintyAt(scene, index))}, `;
  return `rank ${count(index)}: ${run}${floor}trains ${plural(trainedAt(scene, index), 'number')}`;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const { rank } = scene;
  const value = errorOf(scene);
  const floor = floorOf(scene);
  const known = `${missingFloorReason(scene)}${knowledgeSentence(scene.target)}${unweighted(scene)}`;
  if (value === null)
    return floor === null
      ? `${runState(scene)}${known}`
      : `${runState(scene)} The floor ${floorPlaceText(scene)} is ${floorWords(floor, floorUncertaintyOf(scene))}.${known}`;
  const where = floor === null ? '' : `, ${floorDistanceText(scene, value, floor)}`;
  return `${runState(scene)} Relative error ${number(value)} at rank ${count(rank)}${where}.${endedWords(scene)} Break-even rank ${trim(breakEven(scene))}.${pinnedWords(scene, pinError)}${known}`;
}

function pinError(other: OtherRun): string | null {
  const value = lastError(other);
  if (value === undefined) return null;
  const floor = other.pin?.ownFloor;
  return `${number(value)} at rank ${count(other.rank)}${floor ? `, floor of its own ${number(floor.value)}` : ''}`;
}

function endedWords({ ended }: Scene): string {
  if (ended.length === 0) return '';
  const best = ended.reduce((min, one) => (one.error < min.error ? one : min));
  return ` ${plural(ended.length, 'earlier run')}, the best ${number(best.error)} at rank ${count(best.rank)}.`;
}

function unweighted({ samples }: Scene): string {
  if (!samples) return '';
  return ' The floor counts all input directions equally; a run on correlated inputs or noisy labels may end above it.';
}

function table(scene: Scene): Table {
  const { rank, target, others, ended, frozenFactor, matrices } = scene;
  const known = target && knowledgeShort(target);
  return {
    columns: [
      'rank i',
      known ? `Eckart–Young floor (σ of ΔW*: ${known})` : 'Eckart–Young floor',
      ...(target?.open ? ['floor may be lower by'] : []),
      matrices ? 'trained numbers' : `trained numbers i${perRankFormula(frozenFactor)}`,
      '% of dk',
      `this run at step ${shownStep(scene)}`,
      ...others.map(({ name }) => `run ${name}`),
      ...(ended.length > 0 ? ['best earlier run'] : []),
    ],
    rows: Array.from({ length: valuesOf(scene) }, (_, at) => {
      const i = at + 1;
      const floor = floorAt(scene, i);
      const trained = trainedAt(scene, i);
      const run = i === rank ? errorOf(scene) : null;
      return [
        i,
        floor,
        ...(target?.open ? [floor && floorUncertaintyAt(scene, i)] : []),
        trained,
        (100 * trained) / fullOf(scene),
        run,
        ...others.map((other) => (i === other.rank ? (lastError(other) ?? null) : null)),
        ...(ended.length > 0 ? [least(ended.filter((one) => one.rank === i).map((one) => one.error))] : []),
      ];
    }),
  };
}

const least = (errors: readonly number[]) => (errors.length > 0 ? Math.min(...errors) : null);

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
