import { lengthOf, type SweepScene, strength, summaryOf } from '../../charts/sweep/cells.ts';
import { mapKeyRange, mapLayout, sweepMap } from '../../charts/sweep/map.ts';
import { SWEEP_CHARTS } from '../../charts/sweep/sweep-charts.ts';
import { yieldEvery } from '../../engine/run/task-queue.ts';
import { MAX_SHARED } from '../../experiment/link/link.ts';
import { type SweepFile, sweepCsv, sweepFileOf } from '../../experiment/plan/sweep-file.ts';
import { MAX_SIDE, type SmallMatrix, smallMatrix } from '../../experiment/recorded/small-picture.ts';
import { shortLinkOf } from '../../state/select.ts';
import type { State, Store } from '../../state/state.ts';
import { plannedSweep } from '../../state/sweep/plan.ts';
import { currentPalette } from '../../ui/rail/colours.ts';
import { fixedLine, sweepSceneOf } from '../../ui/sweep/sweep-scene.ts';
import { save } from '../files.ts';
import { CHART_SIZE, chartSheet, printedLink, type SaveCommand, saveSheet, saveTable } from '../saving/pictures.ts';
import { resultOf } from './stored-sweeps.ts';

/** Sheet of a map, wide enough for numbers in its cells. */
const MAP = { width: 1120, height: 420, font: 13, short: false };
/** Longest slice of work, in ms. */
const SLICE = 8;

const asSweep = (state: State): State => ({ ...state, view: { ...state.view, view: 'sweep' } });

/** Saves all runs of a sweep (chart "sweep"), or a chart of it, as a file. */
export async function saveSweep(command: SaveCommand, store: Store): Promise<void> {
  const state = store.state();
  const name = `lora-explorer-${command.chart}`;
  const link = shortLinkOf(asSweep(state), MAX_SHARED);
  if (command.save === 'table' && command.chart === 'sweep')
    return save(`${name}.csv`, sweepCsv(await currentSweepFile(state, '', link)), 'text/csv');
  const chart = SWEEP_CHARTS.find((one) => one.name === command.chart) ?? sweepMap;
  const scene = { ...sweepSceneOf(state, currentPalette()), ...(chart === sweepMap && { pointed: null }) };
  if (command.save === 'table')
    return saveTable(name, chart.table(scene), [chart.title(scene), chart.describe(scene), link]);
  const words = {
    ...{ title: chart.title(scene), subtitle: chart.help(scene), description: chart.describe(scene) },
    ...{ settings: fixedLine(state), link: printedLink(asSweep(state)) },
  };
  const size = chart === sweepMap ? mapLayout(scene, MAP) : CHART_SIZE;
  return saveSheet(chartSheet(chart, scene, words, 'page', size), name, command, store);
}

export async function currentSweepFile(state: State, version: string, link: string): Promise<SweepFile> {
  const { plan, runs } = plannedSweep(state);
  const cells = runs.map(({ cell }) => cell);
  const results = runs.map(({ key }) => resultOf(state.sweep.results.get(key)));
  const turn = yieldEvery(SLICE, () => performance.now());
  return sweepFileOf({ app: version, link }, plan, cells, results, turn);
}

/** One entry per cell, a blank column between panels. Null if nothing has run, or if there are too many cells. */
export function sweepThumbnail(scene: SweepScene): SmallMatrix | null {
  const stretch = mapKeyRange(scene);
  const [columns, rows, panels] = [lengthOf(scene, 0), lengthOf(scene, 1), lengthOf(scene, 2)];
  const cols = panels * (columns + 1) - 1;
  if (!stretch || cols > MAX_SIDE || rows > MAX_SIDE) return null;
  const values = new Float64Array(rows * cols);
  for (const cell of scene.cells) {
    const [column = 0, line = 0, panel = 0] = cell.at;
    const { median } = summaryOf(cell, scene.measure);
    const shade = median !== null && Number.isFinite(median) ? strength(median, stretch) : 0;
    values[line * cols + panel * (columns + 1) + column] = shade;
  }
  return smallMatrix(values, rows, cols, [-1, 1], 'dw');
}

export function sweepPicture(state: State): SmallMatrix | null {
  return sweepThumbnail(sweepSceneOf(state, currentPalette()));
}
