import { yieldTask } from '../../math/slices.ts';
import { noticeEvent } from '../../state/notices.ts';
import type { Store } from '../../state/store.ts';
import { filmFormat } from '../../ui/words/film-format.ts';
import { save } from '../files.ts';
import { colourCounts, GIF_END, gifHead, gifPicture } from './gif.ts';

/** A picture of a film, drawn on its canvas, and how long it is shown. */
export interface FilmCut {
  readonly draw: () => Promise<void> | void;
  readonly ms: number;
}

const BITS_PER_SECOND = 4e6;
/** Interval between frames of a recording, in ms. */
const FRAME = 30;

export function newCanvas(width: number, height: number): CanvasRenderingContext2D {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: filmFormat().type === null });
  if (!context) throw new Error('this browser gives no canvas to draw on');
  return context;
}

let recording = false;

/** Makes a film of the cuts and saves it in the format that the browser can write, with notices on the way. */
export async function saveCuts(
  store: Store,
  name: string,
  context: CanvasRenderingContext2D,
  cutsOf: () => Promise<readonly FilmCut[]>,
): Promise<void> {
  const notify = (tone: 'plain' | 'brief' | 'bad', title: string, ...texts: string[]) =>
    store.dispatch(noticeEvent('file', tone, title, texts));
  if (recording) return;
  recording = true;
  const { name: format, ending, type } = filmFormat();
  const film = async () => {
    const cuts = await cutsOf();
    const seconds = Math.ceil(cuts.reduce((sum, { ms }) => sum + ms, 0) / 1000);
    if (type === null) {
      notify('plain', 'Making the film …', 'This browser has no recorder, so the film becomes a GIF.');
      return gifOf(context, cuts);
    }
    notify('plain', 'Recording the film …', `This takes ${seconds} seconds. Keep this tab in view.`);
    return record(context, type, (emit) => play(cuts, emit));
  };
  const file = await film().finally(() => {
    recording = false;
  });
  if (!file)
    return notify('bad', 'The film could not be recorded.', 'The tab was hidden. Keep it in view while recording.');
  save(`${name}.${ending}`, file);
  notify('brief', 'The film was saved.', `It is a ${format} file.`);
}

/** Pictures whose colours make the palette of a GIF. */
const SAMPLED = 12;

/** Every picture, however long that takes. */
async function gifOf(context: CanvasRenderingContext2D, cuts: readonly FilmCut[]): Promise<Blob> {
  const pixelsOf = async ({ draw }: FilmCut) => {
    await draw();
    await yieldTask();
    return context.getImageData(0, 0, context.canvas.width, context.canvas.height);
  };
  const counts = colourCounts();
  const apart = Math.max(1, (cuts.length - 1) / (SAMPLED - 1));
  for (let at = 0; at < cuts.length; at += apart) counts.add((await pixelsOf(cuts[Math.round(at)])).data);
  const palette = counts.palette();
  const parts: BlobPart[] = [];
  for (const cut of cuts) {
    const { data, width, height } = await pixelsOf(cut);
    if (parts.length === 0) parts.push(gifHead(width, height, palette));
    parts.push(...gifPicture(palette.indices(data), width, height, Math.round(cut.ms / 10)));
  }
  return new Blob([...parts, GIF_END], { type: 'image/gif' });
}

/** Shows the pictures in time, leaves out those that it is too late for, and holds the last; false if the tab was hidden. */
async function play(cuts: readonly FilmCut[], emit: () => void): Promise<boolean> {
  let end = 0;
  const ends = cuts.map(({ ms }) => {
    end += ms;
    return end;
  });
  const start = performance.now();
  const last = cuts.length - 1;
  for (let drawn = -1, next = 0; drawn < last; ) {
    if (document.hidden) return false;
    if (next > drawn) {
      await cuts[next].draw();
      drawn = next;
    }
    emit();
    await wait(FRAME);
    const now = performance.now() - start;
    next = Math.max(
      drawn,
      ends.findIndex((at, i) => i === last || at > now),
    );
  }
  for (const over = performance.now() + cuts[last].ms; performance.now() < over; await wait(FRAME)) emit();
  return !document.hidden;
}

async function record(
  context: CanvasRenderingContext2D,
  type: string,
  shows: (emit: () => void) => Promise<boolean>,
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
  return whole ? new Blob(parts, { type: type.split(';')[0] }) : null;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
