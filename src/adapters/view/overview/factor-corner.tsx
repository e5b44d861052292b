import { type ReactNode, useMemo } from 'react';
import { type Colours, paint, percentile99 } from '../../../charts/matrices/heatmap.ts';
import { count } from '../../../experiment/numbers.ts';
import { useInTurn } from '../../../kit/chart/use-in-turn.ts';
import { MatrixFigure, type Pixels } from '../../../kit/grids/heatmap.tsx';
import { useTheme } from '../../../ui/looks/theme.tsx';
import { colour } from '../../../ui/rail/colours.ts';
import type { Module } from '../../file/model.ts';
import type { ModuleDetail } from '../../worker/protocol.ts';

interface FactorCornerProps {
  readonly module: Module;
  /** null until the worker has sent it: frames without a picture. */
  readonly detail: ModuleDetail | null;
  readonly side: number;
}

/** Thickness of a row of A or a column of B while there are few of them, in px. */
const THICK = 9;
/** Their total thickness, at most, as a share of ΔW's side. */
const MOST = 0.3;
/** A side of ΔW is never shorter than this share of the other. */
const NARROWEST = 1 / 3;

/** B left of ΔW, A above it: each cell the mean of a block. */
export function FactorCorner({ module: { d, k, rank }, detail: sent, side }: FactorCornerProps) {
  // Until its turn: the frames of the module that is shown, not the pictures of the one before.
  const detail = useInTurn(sent, null) === sent ? sent : null;
  const r = detail ? detail.B.length / detail.blocksOfRows : rank;
  const [rows, cols] = [detail?.blocksOfRows ?? 0, detail?.blocksOfCols ?? 0];
  const update = useMemo(() => detail && productOf(detail.B, detail.A, rows, r, cols), [detail, rows, r, cols]);
  const ratio = Math.max(NARROWEST, Math.min(1 / NARROWEST, d / k));
  const across = Math.round(side * Math.min(1, 1 / ratio));
  const down = Math.round(side * Math.min(1, ratio));
  const thick = Math.round(Math.max(THICK, Math.min(r * THICK, MOST * side)));
  const [sizeOfB, sizeOfA] = [`${count(d)} × ${count(r)}`, `${count(r)} × ${count(k)}`];
  const about = `B, ${sizeOfB}, A, ${sizeOfA}, and their product ΔW, ${count(d)} × ${count(k)}, as pictures of block means`;
  const head = (name: 'A' | 'B', size = '') => (
    <p>
      <i className={`m ${name.toLowerCase()}`}>{name}</i> {size}
    </p>
  );
  const A = (
    <Block hue="--a" head={head('A', sizeOfA)} values={detail?.A ?? null} {...{ rows: r, cols, across }} down={thick} />
  );
  return (
    <div className="row whole soft factor-corner" role="img" aria-label={about}>
      <span style={{ height: down }}>{sizeOfB}</span>
      <Block hue="--b" head={head('B')} values={detail?.B ?? null} {...{ rows, down }} cols={r} across={thick} />
      <Block hue="--dw" head={A} values={update} {...{ rows, cols, across, down }} />
      <i className="m dw">ΔW</i>
    </div>
  );
}

interface FactorBlockProps {
  readonly hue: '--a' | '--b' | '--dw';
  readonly head: ReactNode;
  readonly values: Float32Array | null;
  readonly rows: number;
  readonly cols: number;
  readonly across: number;
  readonly down: number;
}

/** One matrix, a pixel per cell, the full hue at the 99th percentile of |value|. */
function Block({ hue, values, rows, cols, ...props }: FactorBlockProps) {
  const theme = useTheme();
  const pixels = useMemo((): Pixels | null => {
    if (!values || values.length === 0) return null;
    const scale = percentile99(values);
    return { rows, cols, paint: (into) => paint(values, rows, cols, scale, coloursOf(hue), into) };
  }, [values, rows, cols, hue, theme]);
  // If there are more cells than px, the browser averages.
  const smooth = cols > props.across || rows > props.down;
  return <MatrixFigure {...props} pixels={pixels} style={smooth ? { imageRendering: 'auto' } : undefined} />;
}

const coloursOf = (hue: FactorBlockProps['hue']): Colours => ({
  paper: colour('--paper'),
  positive: colour(hue),
  negative: colour(hue === '--a' ? '--neg-warm' : '--neg-cool'),
});

/** The block means of s·B·A up to the factor s: the product of the block means. */
function productOf(B: ArrayLike<number>, A: ArrayLike<number>, rows: number, r: number, cols: number): Float32Array {
  const product = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++)
    for (let p = 0; p < r; p++) {
      const b = B[i * r + p];
      for (let j = 0; j < cols; j++) product[i * cols + j] += b * A[p * cols + j];
    }
  return product;
}
