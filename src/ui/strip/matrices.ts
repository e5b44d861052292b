import { paint, paintPicture, tonesOf } from '../../charts/matrices/heatmap.ts';
import type { Plane } from '../../charts/matrices/plane.ts';
import type { StripSizes } from '../../charts/matrices/strip-sizes.ts';
import { count, trim } from '../../experiment/numbers.ts';
import type { Pixels } from '../../kit/grids/heatmap.tsx';
import { colour } from '../rail/colours.ts';
import { type CaptionFacts, namesOf } from './captions.ts';
import type { OwnFactors } from './own-factors.ts';
import { type Planes, rangeOf, type Scales } from './planes.ts';
import type { PaintedStrip } from './use-painted-matrices.ts';

export type MatrixName = keyof Planes;

export interface StripMatrix {
  readonly name: MatrixName;
  readonly across: number;
  readonly down: number;
  /** Null: blank until the matrix exists. */
  readonly plane: Plane | null;
  readonly scale: number;
  /** Grey range of a picture; null: a heat map. */
  readonly range: readonly [number, number] | null;
  /** A frame in ink marks the matrices that the layer uses. */
  readonly framed: boolean;
}

const GROUP: Readonly<Record<MatrixName, Exclude<keyof Scales, 'range'>>> = {
  W: 'base',
  W0: 'base',
  A: 'A',
  B: 'B',
  dW: 'update',
  target: 'update',
  E: 'update',
};

/** If W₀ is a picture: the colour of the darkest (in dark mode, lightest) tone. W₀ is paler, being frozen. */
const PICTURES: { readonly [M in MatrixName]?: string } = { W: '--ink', W0: '--w0' };

/** Every matrix that fits, in reading order. */
export function stripMatrices(
  { pictured, leading, square, thick, W, target, rows, tracks }: StripSizes,
  aside: CaptionFacts['aside'],
  painted: Pick<PaintedStrip, 'planes' | 'scales'> | null,
  hasError = true,
  places: Pick<OwnFactors, 'A' | 'B'> | null = null,
): StripMatrix[] {
  const matrix = (name: MatrixName, { across, down } = square): StripMatrix => ({
    ...{ name, across, down },
    plane: painted?.planes[name] ?? null,
    scale: painted?.scales[GROUP[name]] ?? 0,
    range: (pictured && name in PICTURES && painted?.scales.range) || null,
    framed: pictured && name === 'W',
  });
  const has = (name: MatrixName) => tracks.some(([track]) => track === name);
  const hasW = (pictured && rows === 2) || has('W');
  const hasE = hasError && (rows === 2 || has('E'));
  return [
    ...(hasW ? [matrix('W', W)] : []),
    matrix('W0'),
    ...(places && !places.B ? [] : [matrix('B', { ...square, across: thick })]),
    ...(places && !places.A ? [] : [matrix('A', { ...square, down: thick })]),
    matrix('dW'),
    // If W₀ is a picture, both share one place.
    ...(leading ? [] : pictured ? [matrix(aside, target)] : [matrix('target'), ...(hasE ? [matrix('E')] : [])]),
  ];
}

export function matrixPixels(
  { name, scale, range }: Pick<StripMatrix, 'name' | 'scale' | 'range'>,
  { values, rows, cols }: Plane,
): Pixels {
  const [hue, opposite] = HUES[name];
  const paintCells = (into: Uint8ClampedArray) => {
    const paper = colour('--paper');
    if (range) paintPicture(values, rows, cols, range, tonesOf(paper, colour(PICTURES[name] ?? hue)), into);
    else paint(values, rows, cols, scale, { paper, positive: colour(hue), negative: colour(opposite) }, into);
  };
  return { rows, cols, paint: paintCells };
}

/** Positive entries have the matrix's colour, negative ones its opponent; E is ink for either sign. */
const HUES: Readonly<Record<MatrixName, readonly [positive: string, negative: string]>> = {
  W: ['--w0', '--neg-warm'],
  W0: ['--w0', '--neg-warm'],
  A: ['--a', '--neg-warm'],
  B: ['--b', '--neg-cool'],
  dW: ['--dw', '--neg-cool'],
  target: ['--dwt', '--neg-cool'],
  E: ['--ink', '--ink'],
};

const CELLS = {
  entries: ['entry', 'entries'],
  means: ['block mean', 'block means'],
  // If the largest is 0, so is every entry.
  extremes: ['entry', 'largest entries of blocks'],
} as const;

function saidName(
  name: MatrixName,
  { shown, frozenFactor, method }: Pick<CaptionFacts, 'shown' | 'frozenFactor' | 'method'>,
): string {
  if (method && (name === 'A' || name === 'B')) return `${method.places[name]?.name}, trained`;
  if (method && name === 'dW') return `ΔW = ${method.formula}, the learned update`;
  return name === frozenFactor ? `${name}, frozen` : namesOf(shown).of[name];
}

/** Text alternative of a matrix. Without entries while it trains, since they change. */
export function labelOf(
  name: MatrixName,
  rows: number,
  columns: number,
  plane: Plane | null,
  training: boolean,
  facts: Pick<CaptionFacts, 'drawn' | 'shown' | 'frozenFactor' | 'portrait' | 'method'>,
): string {
  const { drawn, portrait } = facts;
  const said = saidName(name, facts);
  const kind = portrait && name in PICTURES ? 'Picture' : 'Heat map';
  const size = `${kind} of ${said}, ${count(rows)} × ${count(columns)}`;
  if (!plane) return size;
  if (training) return `${size}, in training`;
  const [low, high] = rangeOf(plane);
  const [one, many] = plane.blockRows * plane.blockCols === 1 ? CELLS.entries : CELLS[drawn];
  if (low === 0 && high === 0) return `${size}: every ${one} is 0`;
  return `${size}: ${many} from ${trim(low, 2)} to ${trim(high, 2)}`;
}
