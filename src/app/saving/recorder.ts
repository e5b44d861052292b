import { yieldTask } from '../../math/slices.ts';
import { noticeEvent } from '../../state/notices.ts';
import type { Store } from '../../state/state.ts';
import { filmFormat } from '../../ui/words/film-format.ts';
import { save } from '../files.ts';

// GIF 89a with one palette for all pictures, for browsers without a recorder:
// https://www.w3.org/Graphics/GIF/spec-gif89a.txt

/** Colours of a picture are told apart by this many bits per channel; the palette has 2^DEPTH colours. */
const BITS = 6;
const DEPTH = 8;
const MOST_COLOURS = 1 << DEPTH;
const CHANNELS = [0, 1, 2] as const;
const CELLS = 1 << (3 * BITS);

const cellOf = (pixels: Uint8ClampedArray, at: number) => {
  const part = (channel: number) => pixels[at + channel] >> (8 - BITS);
  return (part(0) << (2 * BITS)) | (part(1) << BITS) | part(2);
};

interface GifPalette {
  /** Red, green and blue from 0 to 255. */
  readonly colours: readonly (readonly number[])[];
  /** Index of the nearest colour of each pixel. */
  readonly indices: (pixels: Uint8ClampedArray) => Uint8Array;
}

/** Cells with a common colour in the palette: the channel along which they differ most, and by how much. */
interface ColourBox {
  readonly cells: readonly number[];
  readonly channel: number;
  readonly length: number;
}

/** Counts the colours of pictures, and divides them among the entries of a palette. */
export function colourCounts() {
  const counts = new Uint32Array(CELLS);
  const sums = new Float64Array(CHANNELS.length * CELLS);
  const mean = (cell: number, channel: number) => sums[CHANNELS.length * cell + channel] / counts[cell];
  const pixelsIn = (cells: readonly number[]) => cells.reduce((sum, cell) => sum + counts[cell], 0);

  function boxOf(cells: readonly number[]): ColourBox {
    const lengths = CHANNELS.map((channel) => {
      const values = cells.map((cell) => mean(cell, channel));
      return cells.length > 1 ? values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b)) : 0;
    });
    const length = Math.max(...lengths);
    return { cells, channel: lengths.indexOf(length), length };
  }

  /** Two boxes with about half of the pixels each, and at least one cell. */
  function halves({ cells, channel }: ColourBox): readonly ColourBox[] {
    const sorted = [...cells].sort((a, b) => mean(a, channel) - mean(b, channel));
    const total = pixelsIn(cells);
    let seen = 0;
    const middle = sorted.findIndex((cell) => {
      seen += counts[cell];
      return seen >= total / 2;
    });
    const half = Math.min(cells.length - 1, Math.max(1, middle));
    return [boxOf(sorted.slice(0, half)), boxOf(sorted.slice(half))];
  }

  return {
    /** `pixels`: red, green, blue and opacity from 0 to 255, opaque. */
    add(pixels: Uint8ClampedArray): void {
      for (let at = 0; at < pixels.length; at += 4) {
        const cell = cellOf(pixels, at);
        counts[cell]++;
        for (const channel of CHANNELS) sums[CHANNELS.length * cell + channel] += pixels[at + channel];
      }
    },
    /** Median cut: the box with the longest side is divided until there are as many as colours. */
    palette(): GifPalette {
      const boxes = [boxOf(Array.from(counts.keys()).filter((cell) => counts[cell] > 0))];
      while (boxes.length < MOST_COLOURS) {
        const widest = boxes.reduce((best, box) => (box.length > best.length ? box : best));
        if (widest.length === 0) break;
        boxes.splice(boxes.indexOf(widest), 1, ...halves(widest));
      }
      const average = (cells: readonly number[], channel: number) =>
        cells.reduce((sum, cell) => sum + sums[CHANNELS.length * cell + channel], 0) / pixelsIn(cells);
      return paletteOf(boxes.map(({ cells }) => CHANNELS.map((channel) => Math.round(average(cells, channel)))));
    },
  };
}

function paletteOf(colours: GifPalette['colours']): GifPalette {
  /** Index of the nearest colour by cell, plus 1; 0: not looked up yet. */
  const nearest = new Uint16Array(CELLS);
  const distance = (colour: readonly number[], pixels: Uint8ClampedArray, at: number) =>
    colour.reduce((sum, value, channel) => sum + (value - pixels[at + channel]) ** 2, 0);
  const search = (pixels: Uint8ClampedArray, at: number) => {
    const distances = colours.map((colour) => distance(colour, pixels, at));
    return distances.indexOf(Math.min(...distances));
  };
  const indices = (pixels: Uint8ClampedArray) =>
    new Uint8Array(pixels.length / 4).map((_, i) => {
      const cell = cellOf(pixels, 4 * i);
      nearest[cell] ||= 1 + search(pixels, 4 * i);
      return nearest[cell] - 1;
    });
  return { colours, indices };
}

const word = (value: number) => [value & 255, value >> 8];
const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));

/** The beginning of a file whose pictures repeat for ever. */
export function gifHead(width: number, height: number, { colours }: GifPalette): Uint8Array<ArrayBuffer> {
  const table = Array.from({ length: MOST_COLOURS }, (_, i) => colours[i] ?? [0, 0, 0]).flat();
  const screen = [...word(width), ...word(height), 0x80 | 0x70 | (DEPTH - 1), 0, 0];
  const repeat = [0x21, 0xff, 11, ...ascii('NETSCAPE2.0'), 3, 1, ...word(0), 0];
  return Uint8Array.from([...ascii('GIF89a'), ...screen, ...table, ...repeat]);
}

/** One picture, shown for a number of hundredths of a second. */
export function gifPicture(
  indices: Uint8Array,
  width: number,
  height: number,
  hundredths: number,
): readonly Uint8Array<ArrayBuffer>[] {
  const control = [0x21, 0xf9, 4, 0, ...word(hundredths), 0, 0];
  const place = [0x2c, ...word(0), ...word(0), ...word(width), ...word(height), 0];
  return [Uint8Array.from([...control, ...place, DEPTH]), blocksOf(lzw(indices))];
}

export const GIF_END = Uint8Array.of(0x3b);

/** Codes have at most 12 bits. */
const MOST_CODES = 4096;
const CLEAR = MOST_COLOURS;
const END = CLEAR + 1;

/** Lempel, Ziv and Welch, as appendix F of the format says. */
function lzw(indices: Uint8Array): Uint8Array {
  let bytes = new Uint8Array(indices.length + 64);
  /** The code of each known string with one more index; 0: none. */
  const longer = new Uint16Array(MOST_CODES << DEPTH);
  let [length, buffer, filled, size, next] = [0, 0, 0, DEPTH + 1, END + 1];
  const write = (code: number) => {
    buffer |= code << filled;
    for (filled += size; filled >= 8; filled -= 8, buffer >>>= 8) {
      if (length === bytes.length) {
        const more = new Uint8Array(2 * length);
        more.set(bytes);
        bytes = more;
      }
      bytes[length++] = buffer & 255;
    }
  };
  write(CLEAR);
  let code = indices[0];
  for (let i = 1; i < indices.length; i++) {
    const at = (code << DEPTH) | indices[i];
    if (longer[at] > 0) {
      code = longer[at];
      continue;
    }
    write(code);
    code = indices[i];
    if (next === MOST_CODES) {
      write(CLEAR);
      longer.fill(0);
      [size, next] = [DEPTH + 1, END + 1];
    } else {
      if (next >= 1 << size) size++;
      longer[at] = next++;
    }
  }
  write(code);
  write(END);
  if (filled > 0) bytes[length++] = buffer;
  return bytes.subarray(0, length);
}

/** In blocks of at most 255 bytes, each after its length, and an empty one at the end. */
function blocksOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = new Uint8Array(bytes.length + Math.ceil(bytes.length / 255) + 1);
  for (let from = 0, at = 0; from < bytes.length; from += 255) {
    const block = bytes.subarray(from, from + 255);
    blocks[at] = block.length;
    blocks.set(block, at + 1);
    at += block.length + 1;
  }
  return blocks;
}

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
