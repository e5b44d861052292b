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
import type { State } from '../../state/state.ts';
import type { Store } from '../../state/store.ts';
import { sceneOf } from '../../ui/lab-scene.ts';
import type { Scales } from '../../ui/strip/planes.ts';
import { settingsLine } from '../../ui/words/settings-line.ts';
import { save } from '../files.ts';
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
  const best = floor === null ? [] : [`best possible ${by}: ${number(floor)}`];
  return {
    title: known?.label ?? `ΔW = s·B·A learns its target at rank ${rank}`,
    subtitle: [
      `Step ${shownStep(state)}`,
      ...(error === undefined ? [] : [`relative error ${number(error)}`]),
      ...best,
    ].join(' · '),
  };
}

/** Formats of a film, the best first. */
const TYPES = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm'] as const;
const BITS_PER_SECOND = 4e6;
/** Device pixels per px: 1280 × 720. */
const DOTS = 4 / 3;
const ROOM: StripContainer = { width: 912, mode: 'tablet', cell: 2.5 };
/** Gap between the strip and the chart, with the chart's title, in px. */
const BETWEEN = 24;

/** Records and saves a film of the run, and reports what prevents it. */
export async function saveFilm({ film }: Extract<Command, { readonly film: unknown }>, store: Store, name: string) {
  const notify = (tone: 'plain' | 'brief' | 'bad', title: string, ...texts: string[]) =>
    store.dispatch(noticeEvent('file', tone, title, texts));
  const type = typeof MediaRecorder === 'undefined' ? null : TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { alpha: false });
  if (!type || !context || !canvas.captureStream)
    return notify('bad', 'This browser cannot record a film.', 'It cannot write WebM. You can still save pictures.');
  const state = store.state();
  const steps = filmSteps(state.run.frames);
  if (steps.length < 2 || !stripPicture(state, ROOM))
    return notify('bad', 'There is nothing to film yet.', 'Train the run first: a film shows its recorded steps.');
  if (recording) return;
  const seconds = filmSeconds(steps.length);
  notify(
    'plain',
    'Recording the film …',
    `This takes ${Math.ceil(seconds + HOLD_SECONDS)} seconds. Keep this tab in view.`,
  );
  recording = true;
  const recorded = await pictures(state, film, context)
    .then((picture) => record(context, type, (shown) => play(steps, seconds, picture, shown)))
    .finally(() => {
      recording = false;
    });
  if (!recorded)
    return notify('bad', 'The film could not be recorded.', 'The tab was hidden. Keep it in view while recording.');
  save(`${name}-film.webm`, recorded);
  notify('brief', 'The film was saved.');
}

let recording = false;

/** Shows the pictures of the steps in time, and holds the last; false if the tab was hidden in between. */
async function play(
  steps: readonly number[],
  seconds: number,
  picture: (step: number) => Promise<void>,
  shown: () => void,
): Promise<boolean> {
  const start = performance.now();
  for (let drawn = -1, next = 0; drawn < steps.length - 1; ) {
    if (document.hidden) return false;
    if (next > drawn) {
      await picture(steps[next]);
      drawn = next;
    }
    shown();
    await wait(30);
    next = Math.min(steps.length - 1, Math.floor(((performance.now() - start) / 1000 / seconds) * steps.length));
  }
  for (const end = performance.now() + 1000 * HOLD_SECONDS; performance.now() < end; await wait(100)) shown();
  return !document.hidden;
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

async function record(
  context: CanvasRenderingContext2D,
  type: string,
  shows: (shown: () => void) => Promise<boolean>,
): Promise<Blob | null> {
  const { canvas } = context;
  const stream = canvas.captureStream(0);
  const [track] = stream.getVideoTracks() as (MediaStreamTrack & { readonly requestFrame?: () => void })[];
  const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: BITS_PER_SECOND });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise<void>((resolve, reject) => {
    recorder.onstop = () => resolve();
    recorder.onerror = () => reject(new Error('the recorder stopped'));
  });
  recorder.start();
  const whole = await shows(() => {
    // An unchanged canvas emits no frame.
    context.drawImage(canvas, 0, 0, 1, 1, 0, 0, 1, 1);
    track.requestFrame?.();
  }).finally(() => {
    if (recorder.state !== 'inactive') recorder.stop();
    track.stop();
  });
  await ended;
  return whole ? new Blob(parts, { type: 'video/webm' }) : null;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
