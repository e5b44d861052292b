import { titleOf } from '../../charts/chart.ts';
import { chartByName } from '../../charts/chart-lookup.ts';
import { imageOf, layoutSheet, sheetSvg } from '../../charts/sheet/sheet.ts';
import { number } from '../../experiment/numbers.ts';
import { presets } from '../../experiment/presets.ts';
import { type HistoryFrame, settingsAt } from '../../experiment/run-file/run-record.ts';
import type { Command } from '../../state/events.ts';
import { noticeEvent } from '../../state/notices.ts';
import { lossesUntil } from '../../state/run/history.ts';
import { lastStep } from '../../state/run/run.ts';
import { floorReason, reachOf, shownStep } from '../../state/select.ts';
import type { State, Store } from '../../state/state.ts';
import { sceneOf } from '../../ui/lab-scene.ts';
import type { Scales } from '../../ui/strip/planes.ts';
import { settingsLine } from '../../ui/words/settings-line.ts';
import {
  chartMarkup,
  currentSheetTheme,
  frameOf,
  paintedCanvas,
  type StripContainer,
  stripPicture,
  stripText,
  token,
} from './pictures.ts';
import { newCanvas, saveCuts } from './recorder.ts';

/** Most pictures of a film, and pictures per second; the last one is held for a while. */
const MOST_PICTURES = 100;
const PER_SECOND = 12.5;
const SHORTEST_S = 2;
export const HOLD_SECONDS = 1.4;

/** The steps of a film, ascending: some of those with kept factors, including the first and the last. */
export function filmSteps(frames: readonly HistoryFrame[]): number[] {
  const kept = frames.filter(({ modules }) => modules.every(({ A }) => A.length > 0)).map(({ step }) => step);
  if (kept.length <= MOST_PICTURES) return kept;
  return Array.from(
    { length: MOST_PICTURES },
    (_, i) => kept[Math.round((i * (kept.length - 1)) / (MOST_PICTURES - 1))],
  );
}

/** Seconds for the steps of a film; at most 8. */
export function filmSeconds(pictures: number): number {
  return Math.max(SHORTEST_S, pictures / PER_SECOND);
}

/** The lab at a step of the run on screen. */
export function stateAt(state: State, step: number): State {
  const { run } = state;
  const last = step >= lastStep(run);
  return {
    ...state,
    experiment: last && !state.next ? state.experiment : settingsAt(run, step),
    run: {
      ...run,
      status: last ? run.status : 'training',
      trace: { ...run.trace, length: Math.min(run.trace.length, step + 1) },
      frames: run.frames.filter((frame) => frame.step <= step),
      samples: run.samples.filter((sample) => sample.step <= step),
      losses: lossesUntil(run.losses, step),
      changes: run.changes.filter((change) => change.step <= step),
    },
    next: null,
    ghost: null,
    look: null,
    hover: null,
    cell: null,
  };
}

export function filmWords(state: State): { readonly title: string; readonly subtitle: string } {
  const { run, preset } = state;
  const { rank } = run.experiment;
  const known = presets.all.find(({ name }) => name === preset);
  const error = run.trace.series.relativeError?.[shownStep(state)];
  const floor = reachOf(run)?.floor ?? null;
  const decides = floorReason(run);
  const by = decides === null ? `at rank ${rank}` : `with ${decides}`;
  const best = floor === null ? [] : [`lowest possible ${by}: ${number(floor)}`];
  return {
    title: known?.label ?? `ΔW = s·B·A learns its target at rank ${rank}`,
    subtitle: [
      `Step ${shownStep(state)}`,
      ...(error === undefined ? [] : [`relative error ${number(error)}`]),
      ...best,
    ].join(' · '),
  };
}

/** Device pixels per px: 1280 × 720. */
const DOTS = 4 / 3;
const ROOM: StripContainer = { width: 912, mode: 'tablet', cell: 2.5 };
/** Gap between the strip and the chart, with the chart's title, in px. */
const BETWEEN = 24;

/** Makes and saves a film of the run, and reports what prevents it. */
export async function saveFilm({ film }: Extract<Command, { readonly film: unknown }>, store: Store, name: string) {
  const state = store.state();
  const steps = filmSteps(state.run.frames);
  if (steps.length < 2 || !stripPicture(state, ROOM)) {
    const texts = ['Train the run first: a film shows its recorded steps.'];
    return store.dispatch(noticeEvent('file', 'bad', 'There is nothing to film yet.', texts));
  }
  const context = newCanvas(1, 1);
  const ms = (1000 * filmSeconds(steps.length)) / steps.length;
  await saveCuts(store, `${name}-film`, context, async () => {
    const draw = await pictures(state, film, context);
    const last = steps.length - 1;
    return steps.map((step, i) => ({ draw: () => draw(step), ms: i === last ? 1000 * HOLD_SECONDS : ms }));
  });
}

async function pictures(state: State, what: string, context: CanvasRenderingContext2D) {
  const { canvas } = context;
  const chart = chartByName(what);
  const theme = { ...currentSheetTheme(), paper: 'none' };
  const { paper } = currentSheetTheme();
  const { scales } = stripPicture(stateAt(state, lastStep(state.run)), ROOM) ?? {};
  const draw = async (step: number) => {
    const then = stateAt(state, step);
    const strip = stripPicture(then, ROOM, (scales as Scales | undefined) ?? null);
    if (!strip) return;
    const words = { ...filmWords(then), settings: settingsLine(then), link: null, description: '' };
    const sheet = layoutSheet(words, 'film', strip);
    const { body } = sheet;
    const scene = { ...sceneOf(then, chart.axis, chart.whole), hover: null };
    const top = body.y + strip.height + BETWEEN;
    const area = { ...body, y: top, height: body.y + body.height - top };
    const named = { x: body.x, y: top - 6, size: 13.5, style: 'title' as const, text: titleOf(chart, scene) };
    const { x, y } = body;
    const text = `<g transform="translate(${x} ${y})">${stripText(strip, token)}</g>`;
    const markup = text + chartMarkup(chart, scene, area, 'film');
    const image = await imageOf(sheetSvg({ ...sheet, texts: [...sheet.texts, named] }, words, theme, markup));
    const [width, height] = [sheet.width * DOTS, sheet.height * DOTS];
    if (canvas.width !== width) Object.assign(canvas, { width, height });
    context.fillStyle = paper;
    context.fillRect(0, 0, width, height);
    context.imageSmoothingEnabled = false;
    for (const matrix of strip.matrices) {
      const place = [x + matrix.x, y + matrix.y, matrix.across, matrix.down].map((px) => px * DOTS) as [
        number,
        number,
        number,
        number,
      ];
      const painted = paintedCanvas(matrix);
      if (painted) context.drawImage(painted, ...place);
      context.strokeStyle = frameOf(matrix);
      context.strokeRect(...place);
    }
    context.imageSmoothingEnabled = true;
    context.drawImage(image, 0, 0, width, height);
  };
  await draw(0);
  return draw;
}
