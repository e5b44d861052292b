import { chartNamed } from '../../charts/all.ts';
import { type RunChart, type Scene, titleOf } from '../../charts/chart.ts';
import { tableCsv } from '../../charts/drawing/columns.ts';
import type { Rect } from '../../charts/drawing/marks.ts';
import {
  layoutSheet,
  markupOf,
  pngOf,
  type SheetLooks,
  type SheetShape,
  type SheetWords,
  sheetSvg,
} from '../../charts/sheet/sheet.ts';
import { LONGEST_SHARED } from '../../experiment/link/link.ts';
import type { Drawing } from '../../kit/chart/chart.ts';
import { paintOn } from '../../kit/grids/heatmap.tsx';
import type { Command } from '../../state/events.ts';
import { noticeEvent } from '../../state/notices.ts';
import { shortLinkOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import type { Store } from '../../state/store.ts';
import { sceneOf } from '../../ui/scene-of.ts';
import { matrixPixels, type StripMatrix } from '../../ui/strip/matrices.ts';
import { settingsLine } from '../../ui/words/settings-line.ts';
import { save } from '../files.ts';
import { type StripPicture, type StripRoom, stripPicture, stripText } from './strip-picture.ts';

export type SaveCommand = Extract<Command, { readonly save: unknown }>;

/** Where the matrices are asked for in the place of a chart. */
const STRIP = 'matrices';

const SIZE = { page: { width: 752, height: 380 }, slide: { width: 0, height: 0 } } as const;
const STRIP_ROOM: Readonly<Record<'page' | 'slide', StripRoom>> = {
  page: { width: 1040, mode: 'desk', cell: 3 },
  // Without W, where it is no picture: words need the room.
  slide: { width: 912, mode: 'tablet', cell: 3 },
};
/** Dots of a PNG to a px: it is twice the size of the picture. */
export const DOTS = 2;
/** A longer link would be half of the picture: it is printed without the drawing or the matrix in it. */
const LONGEST_PRINTED = 600;

/** Saves or copies a chart or the matrices. Rejects where that fails. */
export async function savePicture(command: SaveCommand, store: Store, name: string): Promise<void> {
  const state = store.state();
  const { shape = 'page' } = command;
  const file = `${name}-${command.chart}`;
  if (command.save === 'table') {
    const chart = chartNamed(command.chart);
    const scene = sceneOf(state, chart.axis);
    const header = [
      titleOf(chart, scene),
      chart.describe(scene),
      settingsLine(state),
      shortLinkOf(state, LONGEST_SHARED),
    ];
    return save(`${file}.csv`, tableCsv(chart.table(scene), header), 'text/csv');
  }
  const { svg, width, height } = pictureOf(state, command.chart, shape, command.link ?? true);
  const png = () => pngOf(svg, width, height, DOTS);
  const ending = shape === 'slide' ? '-slide' : '';
  if (command.save === 'svg') return save(`${file}${ending}.svg`, svg, 'image/svg+xml');
  if (command.save === 'png') return save(`${file}${ending}.png`, await png());
  return copy(png(), command, store);
}

/** A picture of a chart or of the matrices with its words, as a file. */
function pictureOf(state: State, what: string, shape: 'page' | 'slide', linked: boolean) {
  const link = linked ? printedLink(state) : null;
  const settings = settingsLine(state);
  const looks = looksNow();
  if (what === STRIP) {
    const strip = stripPicture(state, STRIP_ROOM[shape]);
    if (!strip) throw new Error('the matrices of this run cannot be shown');
    const words = { ...stripWords(strip), settings, link };
    const sheet = layoutSheet(words, shape, strip);
    return { ...sheet, svg: sheetSvg(sheet, words, looks, stripMarkup(strip, sheet.body)) };
  }
  const chart = chartNamed(what);
  const scene = { ...sceneOf(state, chart.axis), hover: null };
  const words = { ...chartWords(chart, scene), settings, link };
  const sheet = layoutSheet(words, shape, SIZE[shape]);
  return { ...sheet, svg: sheetSvg(sheet, words, looks, chartMarkup(chart, scene, sheet.body, shape)) };
}

/** The address of what is shown, as it stands below a picture. */
export const printedLink = (state: State): string => new URL(shortLinkOf(state, LONGEST_PRINTED), location.href).href;

type SheetTitles = Pick<SheetWords, 'title' | 'subtitle' | 'description'>;

function chartWords(chart: RunChart, scene: Scene): SheetTitles {
  return { title: titleOf(chart, scene), subtitle: chart.help(scene), description: chart.describe(scene) };
}

function stripWords({ facts, matrices }: StripPicture): SheetTitles {
  const sum =
    facts.shown === 'update'
      ? 'ΔW = s·B·A − s₀·B₀·A₀; B and A are trained, W₀ − s₀·B₀·A₀ is frozen.'
      : 'ΔW = s·B·A is trained, W₀ is frozen.';
  return {
    title: matrices.some(({ name }) => name === 'W')
      ? 'W = W₀ + ΔW, and the target ΔW*'
      : 'ΔW = s·B·A beside W₀, and the target ΔW*',
    subtitle: `${sum} ΔW and ΔW* share one colour scale.`,
    description: 'The matrices of the run as pictures.',
  };
}

/** The value of a token of the page's theme. */
export const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The colours and letters that the page wears. */
export function looksNow(): SheetLooks {
  return {
    paper: token('--paper'),
    ink: token('--ink'),
    soft: token('--ink-2'),
    quiet: token('--ink-3'),
    family: token('--sans'),
  };
}

const TEXT: Readonly<Record<SheetShape, number>> = { page: 12, slide: 22, film: 12 };
const SVG = 'http://www.w3.org/2000/svg';

/** A chart drawn into a room of a sheet. It is drawn beside the page, since its styles are read there. */
export function chartMarkup<S>(chart: Pick<Drawing<S>, 'draw'>, scene: S, room: Rect, shape: SheetShape): string {
  const svg = document.createElementNS(SVG, 'svg');
  return beside(shape, (place) => {
    svg.setAttribute('class', 'chart');
    place.append(svg);
    chart.draw(svg, scene, { width: room.width, height: room.height, font: TEXT[shape], short: false });
    return markupOf(svg, room.x, room.y);
  });
}

/** Text and matrices of a strip, as large as a room of a sheet allows, in its middle. */
function stripMarkup(strip: StripPicture, room: Rect): string {
  const times = Math.min(room.width / strip.width, room.height / strip.height);
  const x = room.x + (room.width - strip.width * times) / 2;
  const y = room.y + (room.height - strip.height * times) / 2;
  const pictures = strip.matrices.map((matrix) => {
    const at = `x="${matrix.x}" y="${matrix.y}" width="${matrix.across}" height="${matrix.down}"`;
    const frame = `<rect ${at} fill="none" stroke="${frameOf(matrix)}" stroke-width="${matrix.framed ? 1.5 : 0.75}"/>`;
    const painted = paintedCanvas(matrix, LARGEST / Math.max(matrix.plane?.rows ?? 1, matrix.plane?.cols ?? 1));
    return painted
      ? `<image ${at} preserveAspectRatio="none" image-rendering="pixelated" href="${painted.toDataURL()}"/>${frame}`
      : frame;
  });
  const inside = [...pictures, stripText(strip, token)].join('\n');
  return `<g transform="translate(${x} ${y}) scale(${times})">${inside}</g>`;
}

/** About so many dots a matrix has across in a file, so that programs which smooth pictures leave its cells square. */
const LARGEST = 512;

/** The colour of the frame of a matrix. */
export const frameOf = ({ framed }: StripMatrix): string => token(framed ? '--ink' : '--axis');

/** A matrix as pixels, each cell a square of about `size` of them; null for blank paper. */
export function paintedCanvas(matrix: StripMatrix, size = 1): HTMLCanvasElement | null {
  const { plane } = matrix;
  if (!plane) return null;
  const { rows, cols, paint } = matrixPixels(matrix, plane);
  const times = Math.max(1, Math.floor(size));
  const canvas = document.createElement('canvas');
  const enlarge = (into: Uint8ClampedArray) => {
    const cells = new Uint32Array(rows * cols);
    paint(new Uint8ClampedArray(cells.buffer));
    const dots = new Uint32Array(into.buffer, into.byteOffset, rows * cols * times ** 2);
    const width = cols * times;
    for (let i = 0; i < dots.length; i++)
      dots[i] = cells[Math.floor(i / width / times) * cols + Math.floor((i % width) / times)];
  };
  paintOn(canvas, { rows: rows * times, cols: cols * times, paint: enlarge });
  return canvas;
}

/** Gives a place beside the page, dressed as the page is, in sizes for a slide where it is one. */
function beside<T>(shape: SheetShape, use: (place: HTMLElement) => T): T {
  const place = document.createElement('div');
  place.className = `unseen beside-page ${shape}`;
  document.body.append(place);
  try {
    return use(place);
  } finally {
    place.remove();
  }
}

/** Puts a picture on the clipboard. Some browsers allow no picture there: then it is said, and offered as a file. */
export async function copy(png: Promise<Blob>, command: SaveCommand, store: Store): Promise<void> {
  // A picture that cannot be made is no matter of the clipboard.
  const made = png.then(
    () => null,
    (error: unknown) => error,
  );
  const copied = await Promise.resolve()
    .then(() => navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]))
    .then(
      () => true,
      () => false,
    );
  const failed = await made;
  if (failed !== null) throw failed;
  const asFile = ['Save PNG', { type: 'command', command: { ...command, save: 'png' } }] as const;
  store.dispatch(
    copied
      ? noticeEvent('file', 'brief', 'The picture was copied.')
      : noticeEvent('file', 'plain', REFUSED, ['Save it as a PNG instead.'], [asFile]),
  );
}

const REFUSED = 'This browser does not let the page copy a picture.';
