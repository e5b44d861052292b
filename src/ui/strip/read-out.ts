import type { Plane } from '../../charts/matrices/plane.ts';
import { count, number, trim } from '../../experiment/numbers.ts';
import { cellAfter } from '../../kit/arrows.ts';
import type { Rect } from '../../kit/chart/marks.ts';
import type { MatrixCell } from '../../state/state.ts';
import { type CaptionFacts, type CaptionText, namesOf, type ShownSum, type SquareName } from './captions.ts';
import type { MatrixName } from './matrices.ts';
import { cellOf, outsideCount, type Planes, type Scales, type Squares } from './planes.ts';
import type { PaintedStrip } from './use-painted-matrices.ts';

/** A cell of the drawn matrices: one entry, or a block of entries of a large matrix. Indices from 0, inclusive. */
export interface EntryBlock {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

type Values = Readonly<Record<SquareName, number>>;

function bySquare<T>(of: (name: SquareName) => T) {
  return { W: of('W'), W0: of('W0'), dW: of('dW'), target: of('target'), E: of('E') };
}

/** The largest entry of the block at one place, if known; `step` if it is that of an earlier step. */
export interface Largest {
  readonly values: Values;
  readonly step: number | null;
}

const span = (name: string, [first, last]: readonly [number, number]) =>
  first === last ? `${name} ${count(first + 1)}` : `${name}s ${count(first + 1)}–${count(last + 1)}`;

/** "row 27, column 46", counted from 1. */
export function placeWords({ rows, columns }: EntryBlock): string {
  return `${span('row', rows)}, ${span('column', columns)}`;
}

/** Captions while an entry is pointed at: its value, and the sum that gives it. */
export function readOut(
  { rows, columns }: EntryBlock,
  values: Values,
  scaling: number,
  clipped: Values,
  short: boolean,
  shown: ShownSum,
  fits: (text: string) => boolean = () => true,
  terms: Terms | null = null,
  formula: string | null = null,
): Readonly<Record<SquareName, CaptionText>> {
  const full = (value: number) => {
    const text = `${placeWords({ rows, columns })}: ${number(value)}`;
    return fits(text) ? text : `${count(rows[0] + 1)}, ${count(columns[0] + 1)}: ${number(value)}`;
  };
  // On a phone only W₀ has room for the place.
  const at = short ? (value: number) => number(value) : full;
  const below = (text: string) => (short ? '' : text);
  const { base, update } = namesOf(shown);
  const less = shown === 'update' ? ' − start' : '';
  const sum = terms && sumWords(scaling, terms, (text) => fits(`= ${text}${less}`));
  const product = formula ?? sum ?? `${trim(scaling)}·(B ${span('row', rows)} · A ${span('column', columns)})`;
  return {
    W: { first: at(values.W), second: below(`= ${base} + ${update}`) },
    W0: { first: full(values.W0), second: below(beyond({ [base]: clipped.W0, W: clipped.W }, fits)) },
    dW: { first: at(values.dW), second: below(`= ${product}${less}`) },
    target: { first: at(values.target), second: below(beyond({ [update]: clipped.dW, 'ΔW*': clipped.target }, fits)) },
    E: { first: at(values.E), second: below(clipped.E > 0 ? beyond({ E: clipped.E }, fits) : '= ΔW − ΔW*') },
  };
}

/** Terms of an entry of s·B·A: an entry of B times one of A, per direction. */
export type Terms = readonly (readonly [b: number, a: number])[];

/** With more terms the sum is not written out. */
const MOST_TERMS = 8;

/** Null if there are too many, or if a cell is a block. */
export function termsAt({ A, B }: Planes, { row, column }: MatrixCell, rank: number): Terms | null {
  const whole = [A, B].every(({ blockRows, blockCols }) => blockRows === 1 && blockCols === 1);
  if (!whole || rank > MOST_TERMS) return null;
  return Array.from({ length: rank }, (_, p) => [B.values[row * rank + p], A.values[p * A.cols + column]] as const);
}

/** "2·(0.12·0.31 − 0.05·0.2 + …)": the largest terms that fit; null if none does. */
function sumWords(scaling: number, terms: Terms, fits: (text: string) => boolean): string | null {
  const sorted = [...terms].sort(([b, a], [d, c]) => Math.abs(d * c) - Math.abs(b * a));
  const size = (value: number) => trim(Math.abs(value), 2);
  const s = trim(scaling);
  const words = (n: number) => {
    const said = sorted.slice(0, n).map(([b, a], i) => {
      const sign = b * a < 0 ? (i === 0 ? '−' : ' − ') : i === 0 ? '' : ' + ';
      return `${sign}${size(b)}·${size(a)}`;
    });
    const whole = said.join('') + (n < terms.length ? ' + …' : '');
    return terms.length === 1 && !whole.startsWith('−') ? `${s}·${whole}` : `${s}·(${whole})`;
  };
  for (let n = terms.length; n > 0; n--) if (fits(words(n))) return words(n);
  return null;
}

const isBlock = ({ rows, columns }: EntryBlock) => rows[0] < rows[1] || columns[0] < columns[1];

/** Captions of a block, whose place is above the strip: the mean, and the entry with the largest absolute value. */
export function blockReadOut(
  values: Values,
  largest: Largest | null,
  short: boolean,
  fits: (text: string) => boolean = () => true,
) {
  const caption = (name: SquareName): CaptionText => {
    const first = `mean ${number(values[name])}`;
    const second = largest ? largestWords(name, largest) : '';
    if (!short || !largest) return { first, second };
    const both = `${first}, ${second}`;
    return { first: fits(both) ? both : first, second: '' };
  };
  return bySquare(caption);
}

/** "largest −0.21"; W₀ and ΔW* are the same at every step. */
function largestWords(name: SquareName, { values, step }: Largest): string {
  const late = step !== null && name !== 'W0' && name !== 'target';
  return `largest ${late ? `at step ${count(step)} ` : ''}${number(values[name])}`;
}

export function valueWords({ dW, target, E }: Values, largest: Largest | null, shown: ShownSum): string {
  const goal = shown === 'quantised' ? 'its target' : 'ΔW*';
  const words = `${namesOf(shown).update} ${number(dW)}, ${goal} ${number(target)}, error ${number(E)}`;
  if (!largest) return words;
  const each = (['dW', 'target', 'E'] as const).map((name) => number(largest.values[name]));
  return `means ${words}; largest entries${largest.step === null ? '' : ` at step ${largest.step}`} ${each.join(', ')}`;
}

export function readingAt(
  painted: PaintedStrip,
  facts: CaptionFacts,
  cell: MatrixCell,
  { pictured, short, fits }: Readonly<{ pictured: boolean; short: boolean; fits: (text: string) => boolean }>,
) {
  const { means, planes, scales, scaling } = painted;
  const place = placeOf(means.dW, cell, facts.d, facts.k);
  const values = valuesAt(means, cell);
  const largest = largestAt(painted, cell);
  const clipped = clippedCounts(planes, scales, pictured);
  return {
    words: `${placeWords(place)}: ${valueWords(values, largest, facts.shown)}`,
    captions: isBlock(place)
      ? blockReadOut(values, largest, short, fits)
      : readOut(
          ...([place, values, scaling, clipped, short, facts.shown, fits] as const),
          facts.method ? null : termsAt(means, cell, facts.rank),
          facts.method?.formula ?? null,
        ),
  };
}

/** Number of cells at full strength because they exceed the scale: of each matrix, or of both if that is too long. */
function beyond(clipped: Readonly<Record<string, number>>, fits: (text: string) => boolean): string {
  const counts = Object.entries(clipped).flatMap(([name, n]) => (n > 0 ? [`${count(n)} in ${name}`] : []));
  if (counts.length === 0) return 'none beyond the scale';
  const each = `beyond the scale: ${counts.join(', ')}`;
  return fits(each) ? each : `${count(Object.values(clipped).reduce((sum, n) => sum + n))} beyond the scale`;
}

/** The entries of a rows × columns matrix in the drawn cell that contains one of them. */
export function placeOf(plane: Plane, { row, column }: MatrixCell, rows: number, columns: number): EntryBlock {
  const span = (at: number, block: number, n: number): readonly [number, number] => {
    const first = Math.floor(at / block) * block;
    return [first, Math.min(n, first + block) - 1];
  };
  return { rows: span(row, plane.blockRows, rows), columns: span(column, plane.blockCols, columns) };
}

/** Largest entries of the block at a cell; null if nothing is drawn in blocks or they are unknown. */
export function largestAt({ extremes }: PaintedStrip, cell: MatrixCell): Largest | null {
  return extremes && { values: valuesAt(extremes.planes, cell), step: extremes.late ? extremes.step : null };
}

function valuesAt(planes: Squares, { row, column }: MatrixCell): Values {
  return bySquare((name) => cellOf(planes[name], row, column));
}

/** `pictured`: W₀ and W have the grey scale of a picture. */
function clippedCounts(planes: Planes, { base, range, update }: Scales, pictured: boolean): Values {
  const ends = pictured ? range : ([-base, base] as const);
  return bySquare((name) => outsideCount(planes[name], name === 'W' || name === 'W0' ? ends : [-update, update]));
}

/**
 * "row 3, column 46: 0.0213" for an entry of A or B; null if the pointer is on neither, or outside the present layer.
 */
export function factorWords(
  { means }: PaintedStrip,
  { d, k, rank }: MatrixShape,
  factor: Hit['factor'],
  of: 'A' | 'B',
) {
  if (factor?.of !== of) return null;
  const [rows, columns] = of === 'A' ? [rank, k] : [d, rank];
  if (factor.row >= rows || factor.column >= columns) return null;
  const plane = means[of];
  const place = placeOf(plane, factor, rows, columns);
  const value = number(cellOf(plane, factor.row, factor.column));
  return `${placeWords(place)}: ${isBlock(place) ? 'mean ' : ''}${value}`;
}

/** Target of a point: a cell of the d × k matrices, and the entry if the point is on a factor. */
export interface Hit {
  readonly cell: MatrixCell;
  readonly factor: { readonly of: 'A' | 'B'; readonly row: number; readonly column: number } | null;
}

interface MatrixShape {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
}

/** `before`: the previous cell; a point on A moves its column only, a point on B its row. */
export function hitOf(
  matrices: Iterable<readonly [MatrixName, Rect]>,
  { d, k, rank }: MatrixShape,
  before: MatrixCell,
  x: number,
  y: number,
): Hit | null {
  for (const [name, rect] of matrices) {
    const at = entryUnder(rect, name === 'A' ? rank : d, name === 'B' ? rank : k, x, y);
    if (!at) continue;
    if (name === 'A') return { cell: { row: before.row, column: at.column }, factor: { of: name, ...at } };
    if (name === 'B') return { cell: { row: at.row, column: before.column }, factor: { of: name, ...at } };
    return { cell: at, factor: null };
  }
  return null;
}

/** px: a matrix drawn as a hairline is hit within this distance. */
const EASY = 8;

function entryUnder({ x, y, width, height }: Rect, rows: number, columns: number, px: number, py: number) {
  const along = (p: number, from: number, size: number, n: number): number | null => {
    const beside = Math.max(0, (EASY - size) / 2);
    if (p < from - beside || p >= from + size + beside) return null;
    return Math.min(n - 1, Math.max(0, Math.floor(((p - from) / size) * n)));
  };
  const [row, column] = [along(py, y, height, rows), along(px, x, width, columns)];
  return row === null || column === null ? null : { row, column };
}

/** The cell outlined before anyone points at one: off centre, so that its row and column are visible. */
export function restingCell({ d, k }: MatrixShape): MatrixCell {
  return { row: Math.floor(d * 0.42), column: Math.floor(k * 0.71) };
}

/** The cell after a key, moved by one block; null: none. Undefined for any other key. */
export function moveCell(
  { d, k }: MatrixShape,
  cell: MatrixCell | null,
  key: string,
  block: { readonly rows: number; readonly columns: number },
): MatrixCell | null | undefined {
  if (key === 'Escape') return cell ? null : undefined;
  const { row, column } = cell ?? restingCell({ d, k, rank: 1 });
  const after = cellAfter(key, [row, column], { rows: d, columns: k, by: [block.rows, block.columns] });
  if (!after) return undefined;
  return cell ? { row: after[0], column: after[1] } : { row, column };
}
