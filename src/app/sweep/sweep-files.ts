import { tableCsv } from '../../charts/drawing/columns.ts';
import { layoutSheet, pngOf, sheetSvg } from '../../charts/sheet/sheet.ts';
import type { SweepChart, SweepScene } from '../../charts/sweep/cells.ts';
import { sweepLines } from '../../charts/sweep/lines.ts';
import { mapLayout, sweepMap } from '../../charts/sweep/map.ts';
import { rankEnds } from '../../charts/sweep/rank-ends.ts';
import { axisCurves } from '../../charts/sweep/row-curves.ts';
import { sweepSmallMultiples } from '../../charts/sweep/small-multiples.ts';
import { yieldEvery } from '../../engine/run/task-queue.ts';
import { MAX_SHARED } from '../../experiment/link/link.ts';
import { type SweepFile, sweepCsv, sweepFileOf } from '../../experiment/plan/sweep-file.ts';
import { shortLinkOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import type { Store } from '../../state/store.ts';
import { plannedSweep } from '../../state/sweep/plan.ts';
import { currentPalette } from '../../ui/rail/colours.ts';
import { fixedLine, sweepSceneOf } from '../../ui/sweep/sweep-scene.ts';
import { save } from '../files.ts';
import {
  chartMarkup,
  copyPicture,
  currentSheetTheme,
  DOTS_PER_PX,
  printedLink,
  type SaveCommand,
} from '../saving/pictures.ts';
import { resultOf } from './stored-sweeps.ts';

const CHARTS: readonly SweepChart[] = [
  sweepMap,
  sweepLines,
  sweepSmallMultiples,
  rankEnds,
  axisCurves(0),
  axisCurves(1),
];

const SIZE = { width: 752, height: 380 };
/** Sheet of a map, wide enough for numbers in its cells. */
const MAP = { width: 1120, height: 420, font: 12, short: false };
/** Longest slice of work, in ms. */
const SLICE = 8;

/** Saves all runs of a sweep (chart "sweep"), or a chart of it, as a file. */
export async function saveSweep(command: SaveCommand, store: Store): Promise<void> {
  const state = store.state();
  const name = `lora-explorer-${command.chart}`;
  const link = shortLinkOf({ ...state, screen: 'sweep' }, MAX_SHARED);
  if (command.save === 'table' && command.chart === 'sweep')
    return save(`${name}.csv`, await runsCsv(store, link), 'text/csv');
  const chart = CHARTS.find((one) => one.name === command.chart) ?? sweepMap;
  const scene = { ...sweepSceneOf(state, currentPalette()), ...(chart === sweepMap && { pointed: null }) };
  if (command.save === 'table')
    return save(
      `${name}.csv`,
      tableCsv(chart.table(scene), [chart.title(scene), chart.describe(scene), link]),
      'text/csv',
    );
  const { svg, width, height } = sheetOf(chart, scene, fixedLine(state), printedLink({ ...state, screen: 'sweep' }));
  if (command.save === 'svg') return save(`${name}.svg`, svg, 'image/svg+xml');
  const png = pngOf(svg, width, height, DOTS_PER_PX);
  if (command.save === 'png') return save(`${name}.png`, await png);
  return copyPicture(png, command, store);
}

function sheetOf(chart: SweepChart, scene: SweepScene, settings: string, link: string) {
  const words = {
    title: chart.title(scene),
    subtitle: chart.help(scene),
    description: chart.describe(scene),
    settings,
    link,
  };
  const { width, height } = chart === sweepMap ? mapLayout(scene, MAP) : SIZE;
  const sheet = layoutSheet(words, 'page', { width, height });
  return { ...sheet, svg: sheetSvg(sheet, words, currentSheetTheme(), chartMarkup(chart, scene, sheet.body, 'page')) };
}

/** One line per run: its settings, seed, ending, and the link that opens it. */
async function runsCsv(store: Store, link: string): Promise<string> {
  return sweepCsv(await currentSweepFile(store.state(), '', link));
}

export async function currentSweepFile(state: State, version: string, link: string): Promise<SweepFile> {
  const { plan, runs } = plannedSweep(state);
  const cells = runs.map(({ cell }) => cell);
  const results = runs.map(({ key }) => resultOf(state.sweep.results.get(key)));
  const turn = yieldEvery(SLICE, () => performance.now());
  return sweepFileOf({ app: version, link }, plan, cells, results, turn);
}
