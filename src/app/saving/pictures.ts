import { titleOf } from '../../charts/chart.ts';
import { chartByName } from '../../charts/chart-lookup.ts';
import { tableCsv } from '../../charts/drawing/columns.ts';
import { type StripMode, type StripSizes, stripSizes, widthOf } from '../../charts/matrices/strip-sizes.ts';
import {
  escaped,
  layoutSheet,
  markupOf,
  pngOf,
  type SheetShape,
  type SheetTheme,
  type SheetWords,
  sheetSvg,
} from '../../charts/sheet/sheet.ts';
import { MAX_SHARED } from '../../experiment/link/link.ts';
import { count, trim } from '../../experiment/numbers.ts';
import type { Drawing, Size, Table } from '../../kit/chart/chart.ts';
import type { Rect } from '../../kit/chart/marks.ts';
import { paintCanvas } from '../../kit/grids/heatmap.tsx';
import type { Command } from '../../state/events.ts';
import { noticeEvent } from '../../state/notices.ts';
import { shortLinkOf, shownFrame } from '../../state/select.ts';
import type { State, Store } from '../../state/state.ts';
import { sceneOf, shownScaling } from '../../ui/lab-scene.ts';
import { type CaptionFacts, captions, namesOf, symbolOf } from '../../ui/strip/captions.ts';
import { type MatrixName, matrixPixels, type StripMatrix, stripMatrices } from '../../ui/strip/matrices.ts';
import { ownFactors } from '../../ui/strip/own-factors.ts';
import { ownPlanes, planesOf, type Scales, scalesOf } from '../../ui/strip/planes.ts';
import { captionFacts, paintableModule } from '../../ui/strip/use-painted-matrices.ts';
import { settingsLine } from '../../ui/words/settings-line.ts';
import { save } from '../files.ts';

export type SaveCommand = Extract<Command, { readonly save: unknown }>;

/** Selects the matrices instead of a chart. */
const STRIP = 'matrices';

export const CHART_SIZE = { width: 752, height: 380 };
const STRIP_ROOM: Readonly<Record<'page' | 'slide', StripContainer>> = {
  page: { width: 1040, mode: 'desk', cell: 3 },
  // Without W unless it is a picture: the text needs the space.
  slide: { width: 912, mode: 'tablet', cell: 3 },
};
/** Pixels of a PNG per px: twice the size of the picture. */
const DOTS_PER_PX = 2;
/** Longest printed link; a longer one would fill half of the picture and is printed without its drawing or matrix. */
const LONGEST_PRINTED = 600;

export async function savePicture(command: SaveCommand, store: Store, name: string): Promise<void> {
  const state = store.state();
  const { shape = 'page' } = command;
  const file = `${name}-${command.chart}`;
  if (command.save === 'table') {
    const chart = chartByName(command.chart);
    const scene = sceneOf(state, chart.axis, chart.whole);
    const header = [titleOf(chart, scene), chart.describe(scene), settingsLine(state), shortLinkOf(state, MAX_SHARED)];
    return saveTable(file, chart.table(scene), header);
  }
  const picture = pictureOf(state, command.chart, shape, command.link ?? true);
  return saveSheet(picture, shape === 'slide' ? `${file}-slide` : file, command, store);
}

export function saveTable(file: string, table: Table, header: readonly string[]): void {
  save(`${file}.csv`, tableCsv(table, header), 'text/csv');
}

interface DrawnSheet extends Pick<Size, 'width' | 'height'> {
  readonly svg: string;
}

/** Saves a sheet as SVG or PNG, or copies it. */
export async function saveSheet({ svg, width, height }: DrawnSheet, file: string, command: SaveCommand, store: Store) {
  if (command.save === 'svg') return save(`${file}.svg`, svg, 'image/svg+xml');
  const png = pngOf(svg, width, height, DOTS_PER_PX);
  if (command.save === 'png') return save(`${file}.png`, await png);
  return copyPicture(png, command, store);
}

/** A chart with its texts. `size`: of the plot. */
export function chartSheet<S>(
  chart: Pick<Drawing<S>, 'draw'>,
  scene: S,
  words: SheetWords,
  shape: 'page' | 'slide',
  size: Pick<Size, 'width' | 'height'>,
): DrawnSheet {
  const sheet = layoutSheet(words, shape, size);
  return { ...sheet, svg: sheetSvg(sheet, words, currentSheetTheme(), chartMarkup(chart, scene, sheet.body, shape)) };
}

function pictureOf(state: State, what: string, shape: 'page' | 'slide', linked: boolean) {
  const link = linked ? printedLink(state) : null;
  const settings = settingsLine(state);
  if (what === STRIP) {
    const strip = stripPicture(state, STRIP_ROOM[shape]);
    if (!strip) throw new Error('the matrices of this run cannot be shown');
    const words = { ...stripWords(strip), settings, link };
    const sheet = layoutSheet(words, shape, strip);
    return { ...sheet, svg: sheetSvg(sheet, words, currentSheetTheme(), stripMarkup(strip, sheet.body)) };
  }
  const chart = chartByName(what);
  const scene = { ...sceneOf(state, chart.axis, chart.whole), hover: null };
  const title = titleOf(chart, scene);
  const words = { title, subtitle: chart.help(scene), description: chart.describe(scene), settings, link };
  return chartSheet(chart, scene, words, shape, shape === 'page' ? CHART_SIZE : { width: 0, height: 0 });
}

export const printedLink = (state: State): string => new URL(shortLinkOf(state, LONGEST_PRINTED), location.href).href;

function stripWords({ facts, matrices }: StripPicture): Pick<SheetWords, 'title' | 'subtitle' | 'description'> {
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

export const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The current colours and fonts of the page. */
export function currentSheetTheme(): SheetTheme {
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

/** A chart drawn into an area of a sheet: invisibly in the document, since its styles, as of `shape`, are read there. */
export function chartMarkup<S>(chart: Pick<Drawing<S>, 'draw'>, scene: S, area: Rect, shape: SheetShape): string {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'chart');
  const place = document.createElement('div');
  place.className = `unseen beside-page ${shape}`;
  place.append(svg);
  document.body.append(place);
  try {
    chart.draw(svg, scene, { width: area.width, height: area.height, font: TEXT[shape], short: false });
    return markupOf(svg, area.x, area.y);
  } finally {
    place.remove();
  }
}

/** Text and matrices of a strip, centred and as large as the area allows. */
function stripMarkup(strip: StripPicture, area: Rect): string {
  const times = Math.min(area.width / strip.width, area.height / strip.height);
  const x = area.x + (area.width - strip.width * times) / 2;
  const y = area.y + (area.height - strip.height * times) / 2;
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

/** Target size of a matrix in a file, in pixels, so that programs which smooth pictures leave its cells square. */
const LARGEST = 512;

export const frameOf = ({ framed }: StripMatrix): string => token(framed ? '--ink' : '--axis');

/** A matrix as pixels, each cell a square of about `size` pixels; null for blank paper. */
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
  paintCanvas(canvas, { rows: rows * times, cols: cols * times, paint: enlarge });
  return canvas;
}

/** Copies a picture to the clipboard. If the browser does not support that, reports it and offers a file. */
async function copyPicture(png: Promise<Blob>, command: SaveCommand, store: Store): Promise<void> {
  // A picture that cannot be made is not a fault of the clipboard.
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

/** The area of a strip in a file. */
export interface StripContainer {
  readonly width: number;
  readonly mode: StripMode;
  /** Largest cell of a 64 × 64 matrix, in px. */
  readonly cell: number;
}

interface PlacedMatrix extends StripMatrix {
  readonly x: number;
  readonly y: number;
}

interface StripPicture {
  readonly width: number;
  readonly height: number;
  readonly sizes: StripSizes;
  readonly facts: CaptionFacts;
  readonly scales: Scales;
  readonly matrices: readonly PlacedMatrix[];
}

/** Null if the run has no matrices to show. `before`: lower bounds of the scales of A and B. */
export function stripPicture(state: State, area: StripContainer, before: Scales | null = null): StripPicture | null {
  const module = paintableModule(state);
  const frame = shownFrame(state);
  if (!module || !frame) return null;
  const { width, mode, cell } = area;
  const { d, k } = module;
  const scaling = shownScaling(state);
  const places = module.method && ownFactors(module.method.name, module.method.shapes, d);
  const own = places ? ownPlanes(places, frame.own ?? module.method?.own) : null;
  const planes = planesOf(module, frame.A, frame.B, scaling, 'update', own);
  const facts = captionFacts(state, { planes, means: planes, drawn: 'means', split: 'update' }, 'target');
  const pictured = facts.portrait !== null;
  const { rank } = facts;
  const scales = scalesOf(planes, module.basePlane.mean, rank, scaling, before, pictured);
  const max = pictured ? Math.floor(cell) : cell;
  const sizes = stripSizes({ width, d, k, rank, mode, pictured, most: max, font: FONT });
  const matrices = stripMatrices(sizes, 'target', { planes, scales }, true, places ?? null).map((matrix) => ({
    ...matrix,
    ...placeOf(matrix, sizes),
  }));
  return { width, height: sizes.height, sizes, facts, scales, matrices };
}

const FONT = 12;
const SYMBOL = 17;
const LINE = 1.36 * FONT;

function leftOf({ tracks }: StripSizes, name: string): number {
  const at = tracks.findIndex(([track]) => track === name);
  return tracks.slice(0, at).reduce((sum, [, width]) => sum + width, 0);
}

/** Squares share their bottom line, B is left of ΔW and A above it. */
function placeOf({ name, across, down }: StripMatrix, sizes: StripSizes) {
  const bottom = sizes.top - down;
  const dW = leftOf(sizes, 'dW');
  if (name === 'A') return { x: dW, y: sizes.top - sizes.square.down - widthOf(sizes, 'inner') - down };
  return { x: name === 'B' ? dW - widthOf(sizes, 'inner') - across : leftOf(sizes, name), y: bottom };
}

type TextRun = readonly [text: string, fill: string, more?: string];

const BOLD = ' font-weight="700"';
const fillOf = (hue = 'ink') => `--${hue === 'soft' ? 'ink-2' : hue}`;
const HEADS: { readonly [M in MatrixName]?: readonly [text: string, fill: string] } = {
  W: ['What the layer uses', '--ink'],
  W0: ['Frozen', '--w0'],
  target: ['Target', '--dwt'],
  E: ['Remaining error', '--ink'],
};

/** All text and lines of a strip as SVG; `token` returns the theme's colours and fonts. */
export function stripText(
  { width, sizes, facts, scales, matrices }: StripPicture,
  token: (name: string) => string,
): string {
  const serif = ` font-family="${escaped(token('--serif'))}"`;
  const symbol = `${serif} font-size="${SYMBOL}" font-style="italic"`;
  const write = (x: number, y: number, runs: readonly TextRun[], more = '') => {
    const parts = runs.map(
      ([text, fill, className = '']) => `<tspan fill="${token(fill)}"${className}>${escaped(text)}</tspan>`,
    );
    return `<text x="${x}" y="${y}" font-size="${FONT}"${more}>${parts.join('')}</text>`;
  };
  const ending = ' text-anchor="end"';
  const centred = ' text-anchor="middle"';
  const { shown, portrait, blank, d, k, rank, frozenFactor, method = null } = facts;
  const texts = captions(facts, false);
  const lines: string[] = [];

  for (const { name, x, y, across } of matrices) {
    if (name === 'A') {
      const size: TextRun = [`  ${method?.places.A?.size ?? `${count(rank)} × ${count(k)}`}`, '--ink-2'];
      lines.push(
        write(x, y - FONT / 2, [[method?.places.A?.name ?? 'A', '--a', symbol], size], ' xml:space="preserve"'),
      );
      const word: TextRun = frozenFactor === 'A' ? ['frozen', '--w0', BOLD] : ['Trained', '--ink', BOLD];
      lines.push(write(x + Math.max(across, sizes.slot), y - FONT / 2, [word], ending));
    } else if (name === 'B') {
      const frozen: TextRun[] = frozenFactor === 'B' ? [['  frozen', '--w0', BOLD]] : [];
      const size = method?.places.B?.size ?? `${count(d)} × ${count(rank)}`;
      const runs: TextRun[] = [[method?.places.B?.name ?? 'B', '--b', symbol], [`  ${size}`, '--ink-2'], ...frozen];
      lines.push(write(x + across, y - 0.55 * FONT, runs, `${ending} xml:space="preserve"`));
    } else {
      const original = name === 'W0' && shown === 'update';
      const [text, fill] = HEADS[name] ?? ['', '--ink'];
      const words = original ? 'Original' : portrait && name === 'target' ? 'Target for ΔW' : text;
      if (name !== 'dW') lines.push(write(x, y - 0.62 * FONT, [[words, fill, BOLD]]));
      if (name === 'W0' && !original) lines.push(lock(x + 3.75 * FONT, y - 1.62 * FONT, token('--w0')));
      const { first, value, second } = texts[name];
      const under = sizes.top + 1.2 * SYMBOL;
      const parts = symbolOf(name, shown, false, portrait !== null, method);
      const runs = parts.map(([part, hue]): TextRun => [part, fillOf(hue), symbol]);
      lines.push(
        write(x, under, runs),
        write(x, under + LINE, [[first, '--ink-2'], ...(value ? [[value, '--ink', BOLD] as const] : [])]),
        write(x, under + 2 * LINE, [[second, '--ink-2']]),
      );
    }
  }

  const middle = sizes.top - sizes.square.down / 2;
  for (const [name, gap] of sizes.tracks) {
    const left = leftOf(sizes, name) + sizes.square.across - sizes.slot;
    const x = (left + leftOf(sizes, name) + gap) / 2;
    const sign = (text: string) =>
      write(x, middle + 0.35 * SYMBOL, [[text, '--ink-2', `${serif} font-size="${1.5 * SYMBOL}"`]], centred);
    const words = (y: number, text: string) => write(x, y, [[text, '--ink-3']], centred);
    if (name === 'equals') lines.push(sign('='));
    if (name === 'plus') lines.push(sign('+'));
    if (name === 'left') lines.push(words(middle - 0.6 * FONT, 'error'), words(middle + 0.65 * FONT, 'left'));
    if (name === 'match') {
      const [from, to, tip] = [x - 0.28 * gap, x + 0.28 * gap, 0.4 * FONT];
      const path = `M${from} ${middle}H${to}m${-1.25 * tip} ${-tip}l${1.25 * tip} ${tip}l${-1.25 * tip} ${tip}`;
      lines.push(words(middle - 0.75 * FONT, 'should'), words(middle + 1.45 * FONT, 'match'));
      lines.push(`<path d="${path}" fill="none" stroke="${token('--ink-2')}" stroke-width="1.25"/>`);
    }
    if (name === 'line') {
      const [from, to] = [sizes.top - sizes.target.down - 1.5 * FONT, sizes.top + 1.2 * SYMBOL + 2 * LINE + 0.4 * FONT];
      lines.push(`<path d="M${Math.round(x)} ${from}V${to}" stroke="${token('--rule')}"/>`);
    }
  }
  if (blank) {
    const x = leftOf(sizes, 'dW') + sizes.square.across / 2;
    lines.push(write(x, middle + 0.4 * FONT, [['nothing learned yet', '--ink-2', ' font-size="13.2"']], centred));
  }
  return [...lines, colourKey()].join('\n');

  /** From the strongest negative over paper to the strongest positive: above that of ΔW, below that of ΔW*. */
  function colourKey(): string {
    const end = trim(scales.update, portrait ? 3 : 2);
    const right = Math.min(width, Math.max(...matrices.map(({ x, across }) => x + across)));
    const update = namesOf(shown).update;
    const words = portrait ? `${update}, ΔW*:` : `same colour scale for ${update}, ΔW*, E`;
    const bar = { x: right - 3.4 * FONT - 64, y: 1.25 * FONT - 7 };
    const rect = (y: number, height: number, className: string) =>
      `<rect x="${bar.x}" y="${y}" width="64" height="${height}" ${className}/>`;
    const halves = ['--dw', '--dwt'].map((hue, i) => {
      const stops = ['--neg-cool', '--paper', hue].map(
        (name, j) => `<stop offset="${j / 2}" stop-color="${token(name)}"/>`,
      );
      return `<linearGradient id="key${i}">${stops.join('')}</linearGradient>${rect(bar.y + 3.5 * i, 3.5, `fill="url(#key${i})"`)}`;
    });
    const ends: TextRun[] = [`${words}  −${end}`, `+${end}`].map((text) => [text, '--ink-3']);
    return [
      ...halves,
      rect(bar.y, 7, `fill="none" stroke="${token('--axis')}" stroke-width="0.75"`),
      write(bar.x - 0.4 * FONT, 1.25 * FONT, [ends[0]], `${ending} xml:space="preserve"`),
      write(right, 1.25 * FONT, [ends[1]], ending),
    ].join('');
  }
}

const lock = (x: number, y: number, colour: string) =>
  `<g transform="translate(${x} ${y}) scale(${FONT / 13})" stroke="${colour}" stroke-width="1.6"><rect x="1" y="6" width="10" height="7" fill="${colour}"/><path d="M3 6V4a3 3 0 0 1 6 0v2" fill="none"/></g>`;
