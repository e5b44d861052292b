import { memo, useMemo } from 'react';
import type { Rect } from '../../charts/drawing/marks.ts';
import { paint, paintPicture, tonesOf } from '../../charts/matrices/heatmap.ts';
import type { Plane } from '../../charts/matrices/plane.ts';
import type { StripLayout } from '../../charts/matrices/strip-layout.ts';
import { count, trimmed } from '../../experiment/numbers.ts';
import { Heatmap, type Pixels } from '../../kit/grids/heatmap.tsx';
import { type Dressed, useTheme } from '../looks/theme.tsx';
import { useShown } from '../page.tsx';
import { colour } from '../rail/colours.ts';
import { type CaptionFacts, namesOf } from './captions.ts';
import type { Planes } from './planes.ts';
import { rangeOf, type Scales } from './scales.ts';
import type { Painted } from './use-painted.ts';

const GROUP: Readonly<Record<keyof Planes, Exclude<keyof Scales, 'range'>>> = {
  W: 'base',
  W0: 'base',
  A: 'A',
  B: 'B',
  dW: 'update',
  target: 'update',
  E: 'update',
};

interface MatricesProps {
  readonly layout: StripLayout;
  readonly facts: CaptionFacts;
  readonly painted: Pick<Painted, 'planes' | 'scales'> | null;
}

/** The matrices that are pictures where W₀ is one, and the hue of their darkest (in dark, their lightest) tone: W₀ is the paler, being frozen. */
const PICTURES: { readonly [M in keyof Planes]?: string } = { W: '--ink', W0: '--w0' };

/** Every matrix that there is room for. */
export const Matrices = memo(function Matrices({ layout, facts, painted }: MatricesProps) {
  const theme = useTheme();
  const training = useShown((s) => s.run.status === 'training');
  return placed({ layout, facts, painted }).map(({ name, plane, ...place }) => {
    const rows = name === 'A' ? facts.rank : facts.d;
    const columns = name === 'B' ? facts.rank : facts.k;
    const label = labelOf(name, rows, columns, plane, training, facts);
    return <MatrixCanvas key={name} name={name} plane={plane} {...place} theme={theme} label={label} />;
  });
});

/** A matrix, its place, and how its entries become colours. */
export interface PlacedMatrix {
  readonly name: keyof Planes;
  readonly rect: Rect;
  /** Null: blank paper, until the matrix exists. */
  readonly plane: Plane | null;
  readonly scale: number;
  /** Of a picture; null: a heat map. */
  readonly range: readonly [number, number] | null;
  /** What the layer uses has a frame of ink. */
  readonly framed: boolean;
}

/** Every matrix that a layout has room for. */
export function placed({ layout, facts, painted }: MatricesProps): PlacedMatrix[] {
  const { W, W0, B, A, DW, target, E } = layout.matrices;
  const rects: (readonly [keyof Planes, Rect | null])[] = [
    ['W', W],
    ['W0', W0],
    ['B', B],
    ['A', A],
    ['dW', DW],
    ['target', target],
    ['E', E],
  ];
  // A picture's strip has one place for both.
  if (layout.pictured) rects[5] = [facts.aside, target];
  return rects.flatMap(([name, rect]) => {
    if (!rect) return [];
    const plane = painted?.planes[name] ?? null;
    const scale = painted?.scales[GROUP[name]] ?? 0;
    const range = (layout.pictured && name in PICTURES && painted?.scales.range) || null;
    return [{ name, rect, plane, scale, range, framed: layout.pictured && name === 'W' }];
  });
}

/** The picture of a matrix in the colours that the page wears. */
export function matrixPixels(
  { name, scale, range }: Pick<PlacedMatrix, 'name' | 'scale' | 'range'>,
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

interface CanvasProps extends PlacedMatrix {
  readonly theme: Dressed;
  readonly label: string;
}

const MatrixCanvas = memo(function MatrixCanvas({
  name,
  rect,
  plane,
  scale,
  range,
  framed,
  theme,
  label,
}: CanvasProps) {
  const pixels = useMemo(
    () => plane && matrixPixels({ name, scale, range }, plane),
    [name, plane, scale, range, theme],
  );
  const { x, y, width, height } = rect;
  return (
    <Heatmap
      pixels={pixels}
      className={framed ? 'plane framed' : 'plane'}
      data-matrix={name}
      role="img"
      aria-label={label}
      style={{ left: x, top: y, width, height }}
    />
  );
});

/** Positive is the matrix's hue, negative the opponent of it; E is ink for either sign. */
const HUES: Readonly<Record<keyof Planes, readonly [positive: string, negative: string]>> = {
  W: ['--w0', '--neg-warm'],
  W0: ['--w0', '--neg-warm'],
  A: ['--a', '--neg-warm'],
  B: ['--b', '--neg-cool'],
  dW: ['--dw', '--neg-cool'],
  target: ['--dwt', '--neg-cool'],
  E: ['--ink', '--ink'],
};

/** What a cell shows: one, and many. */
const CELLS = {
  entries: ['entry', 'entries'],
  means: ['block mean', 'block means'],
  // Where the largest is 0 so is every entry.
  extremes: ['entry', 'largest entries of blocks'],
} as const;

/** A matrix in words, for those who do not see its picture. While it trains its entries are not told: they change. */
export function labelOf(
  name: keyof Planes,
  rows: number,
  columns: number,
  plane: Plane | null,
  training: boolean,
  { drawn, shown, frozenFactor, portrait }: Pick<CaptionFacts, 'drawn' | 'shown' | 'frozenFactor' | 'portrait'>,
): string {
  const said = name === frozenFactor ? `${name}, frozen` : namesOf(shown).of[name];
  const kind = portrait && name in PICTURES ? 'Picture' : 'Heat map';
  const size = `${kind} of ${said}, ${count(rows)} × ${count(columns)}`;
  if (!plane) return size;
  if (training) return `${size}, in training`;
  const [low, high] = rangeOf(plane);
  const [one, many] = plane.blockRows * plane.blockCols === 1 ? CELLS.entries : CELLS[drawn];
  if (low === 0 && high === 0) return `${size}: every ${one} is 0`;
  return `${size}: ${many} from ${trimmed(low, 2)} to ${trimmed(high, 2)}`;
}
