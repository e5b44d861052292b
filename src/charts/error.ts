import { perRankFormula, trainedPerRank } from '../experiment/settings/counts.ts';
import type { Chart, Table } from './chart.ts';
import { locateRank, shownStep, valuesOf } from './columns.ts';
import { aboveFloor, explainError, placeOf } from './error-explain.ts';
import { errorPicture } from './error-picture.ts';
import { breakEven, errorOf, floorAt, floorOf, floorWords, openAt, openOf } from './error-values.ts';
import { count, counted, number, trimmed } from './format.ts';
import { floorUnknown, knownSentence, knownShort } from './known.ts';
import { render } from './render.ts';
import { runState } from './run-state.ts';
import type { Hover, Scene } from './scene.ts';

export const error: Chart = {
  name: 'error',
  title: 'Error against rank',
  short: 'Error',
  help: ({ samples }) =>
    samples
      ? '‖ΔW − ΔW*‖ / ‖ΔW*‖; unlike the loss, all inputs count alike'
      : '‖ΔW − ΔW*‖ / ‖ΔW*‖, Frobenius; 1 = nothing learned',
  axis: 'rank',
  needs: [],
  draw: (svg, scene, size) => render(svg, size, errorPicture(scene, size)),
  locate: locateRank,
  readout,
  describe,
  table,
  explain: explainError,
};

function readout(scene: Scene, hover: Hover): string {
  if (hover.axis !== 'rank') return '';
  const { index } = hover;
  const value = errorOf(scene);
  const run = index === scene.rank && value !== null ? `this run ${number(value)}, ` : '';
  const best = floorAt(scene, index);
  const floor =
    best === null ? (scene.target ? 'floor not known, ' : '') : `floor ${floorWords(best, openAt(scene, index))}, `;
  return `rank ${count(index)}: ${run}${floor}${counted(index * trainedPerRank(scene), 'number')}`;
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
  return `${runState(scene)} Relative error ${number(value)} at rank ${count(rank)}${where}. Break-even rank ${trimmed(breakEven(scene))}.${known}`;
}

/** What a run on samples has to do with this floor; empty for a matrix target. */
function unweighted({ samples }: Scene): string {
  if (!samples) return '';
  return ' The floor counts all input directions alike; a run on coloured inputs or noisy labels may end above it.';
}

function table(scene: Scene): Table {
  const { d, k, rank, target, ghost, frozenFactor } = scene;
  const before = ghost && ghost.curves.length > 0 ? ghost.curves.relativeError[ghost.curves.length - 1] : null;
  const known = target && knownShort(target);
  return {
    columns: [
      'rank i',
      known ? `Eckart–Young floor (σ of ΔW*: ${known})` : 'Eckart–Young floor',
      ...(target?.open ? ['the floor may be lower by'] : []),
      `trained numbers i${perRankFormula(frozenFactor)}`,
      '% of dk',
      `this run at step ${shownStep(scene)}`,
      ...(ghost ? ['run before'] : []),
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
        ...(ghost ? [i === ghost.rank ? before : null] : []),
      ];
    }),
  };
}
