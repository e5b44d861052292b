import { tableCsv } from '../../charts/drawing/columns.ts';
import { layoutSheet, pngOf, sheetSvg } from '../../charts/sheet/sheet.ts';
import type { SweepChart, SweepScene } from '../../charts/sweep/cells.ts';
import { sweepLines } from '../../charts/sweep/lines.ts';
import { mapLayout, sweepMap } from '../../charts/sweep/map.ts';
import { rankEnds } from '../../charts/sweep/rank-ends.ts';
import { curvesAlong } from '../../charts/sweep/row-curves.ts';
import { sweepSmalls } from '../../charts/sweep/smalls.ts';
import { turns } from '../../engine/run/turn.ts';
import { LONGEST_SHARED } from '../../experiment/link/link.ts';
import { type SweepFile, sweepCsv, sweepFileOf } from '../../experiment/plan/sweep-file.ts';
import { shortLinkOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import type { Store } from '../../state/store.ts';
import { plannedOf } from '../../state/sweep/plan.ts';
import { paletteNow } from '../../ui/rail/colours.ts';
import { fixedLine, sweepSceneOf } from '../../ui/sweep/sweep-scene.ts';
import { save } from '../files.ts';
import { chartMarkup, copy, DOTS, looksNow, printedLink, type SaveCommand } from '../saving/pictures.ts';
import { resultOf } from './kept-sweeps.ts';

const CHARTS: readonly SweepChart[] = [sweepMap, sweepLines, sweepSmalls, rankEnds, curvesAlong(0), curvesAlong(1)];

const SIZE = { width: 752, height: 380 };
/** A map stands on a sheet so wide that its cells have room for their numbers. */
const MAP = { width: 1120, height: 420, font: 12, short: false };
/** Longest piece of work at a stretch, in ms. */
const SLICE = 8;

/** Saves all runs of a sweep (chart "sweep"), or a chart of it, as a file. */
export async function saveSweep(command: SaveCommand, store: Store): Promise<void> {
  const state = store.state();
  const name = `lora-explorer-${command.chart}`;
  const link = shortLinkOf({ ...state, screen: 'sweep' }, LONGEST_SHARED);
  if (command.save === 'table' && command.chart === 'sweep')
    return save(`${name}.csv`, await runsCsv(store, link), 'text/csv');
  const chart = CHARTS.find((one) => one.name === command.chart) ?? sweepMap;
  const scene = { ...sweepSceneOf(state, paletteNow()), ...(chart === sweepMap && { pointed: null }) };
  if (command.save === 'table')
    return save(
      `${name}.csv`,
      tableCsv(chart.table(scene), [chart.title(scene), chart.describe(scene), link]),
      'text/csv',
    );
  const { svg, width, height } = sheetOf(chart, scene, fixedLine(state), printedLink({ ...state, screen: 'sweep' }));
  if (command.save === 'svg') return save(`${name}.svg`, svg, 'image/svg+xml');
  const png = pngOf(svg, width, height, DOTS);
  if (command.save === 'png') return save(`${name}.png`, await png);
  return copy(png, command, store);
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
  return { ...sheet, svg: sheetSvg(sheet, words, looksNow(), chartMarkup(chart, scene, sheet.body, 'page')) };
}

/** One line a run: its settings, seed, how it ended, and the link that opens it. */
async function runsCsv(store: Store, link: string): Promise<string> {
  return sweepCsv(await sweepNow(store.state(), '', link));
}

/** The sweep of a lab as far as it has been run, as a sweep file. */
export async function sweepNow(state: State, version: string, link: string): Promise<SweepFile> {
  const { plan, runs } = plannedOf(state);
  const cells = runs.map(({ cell }) => cell);
  const results = runs.map(({ key }) => resultOf(state.sweep.results.get(key)));
  const turn = turns(SLICE, () => performance.now());
  return sweepFileOf({ app: version, link }, plan, cells, results, turn);
}
