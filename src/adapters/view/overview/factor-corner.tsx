import { useMemo } from 'react';
import type { Rect } from '../../../charts/drawing/marks.ts';
import { textWidth } from '../../../charts/drawing/text-width.ts';
import { type Colours, paint, percentile99 } from '../../../charts/matrices/heatmap.ts';
import { count } from '../../../experiment/numbers.ts';
import { Heatmap, type Pixels } from '../../../kit/grids/heatmap.tsx';
import { useTheme } from '../../../ui/looks/theme.tsx';
import { colour } from '../../../ui/rail/colours.ts';
import { factorLayout, productOf } from '../../charts/module/factor-layout.ts';
import type { Module } from '../../file/model.ts';
import type { ModuleDetail } from '../../worker/protocol.ts';

interface FactorCornerProps {
  readonly module: Module;
  /** null until the worker has sent it: frames without a picture. */
  readonly detail: ModuleDetail | null;
  /** px of the longer side of ΔW. */
  readonly side: number;
}

/** The rank of the pair, where it has one. */
const rankOf = (module: Module, detail: ModuleDetail | null) =>
  detail ? detail.B.length / detail.blocksOfRows : module.rank;

/** B left of ΔW, A above it: each cell the mean of a block. */
export function FactorCorner({ module, detail, side }: FactorCornerProps) {
  const r = rankOf(module, detail);
  const rows = `${count(module.d)} × ${count(r)}`;
  const left = Math.ceil(textWidth(rows, 12)) + 8;
  const layout = useMemo(
    () => factorLayout(module.d, module.k, r, side, { left, top: 22, right: 36 }),
    [module.d, module.k, r, side, left],
  );
  const update = useMemo(
    () => detail && productOf(detail.B, detail.A, detail.blocksOfRows, r, detail.blocksOfCols),
    [detail, r],
  );
  const { B, A, update: dW } = layout;
  const about = `B, ${rows}, A, ${count(r)} × ${count(module.k)}, and their product ΔW, ${count(module.d)} × ${count(module.k)}, as pictures of block means`;
  return (
    <div className="factor-corner" role="img" aria-label={about} style={{ width: layout.width, height: layout.height }}>
      <Block place={B} hue="--b" values={detail?.B ?? null} rows={detail?.blocksOfRows ?? 0} cols={r} />
      <Block place={A} hue="--a" values={detail?.A ?? null} rows={r} cols={detail?.blocksOfCols ?? 0} />
      <Block place={dW} hue="--dw" values={update} rows={detail?.blocksOfRows ?? 0} cols={detail?.blocksOfCols ?? 0} />
      <span className="of" style={{ left: A.x, bottom: layout.height - A.y + 3 }}>
        <i className="m a">A</i> {count(r)} × {count(module.k)}
      </span>
      <span className="of" style={{ right: layout.width - B.x - B.width, bottom: layout.height - B.y + 3 }}>
        <i className="m b">B</i>
      </span>
      <span className="of" style={{ right: layout.width - B.x + 8, top: B.y }}>
        {rows}
      </span>
      <span className="of" style={{ left: dW.x + dW.width + 8, bottom: 0 }}>
        <i className="m dw">ΔW</i>
      </span>
    </div>
  );
}

interface FactorBlockProps {
  readonly place: Rect;
  readonly hue: '--a' | '--b' | '--dw';
  readonly values: Float32Array | null;
  readonly rows: number;
  readonly cols: number;
}

/** One matrix, a pixel a cell, the full hue at the 99th percentile of its sizes. */
function Block({ place, hue, values, rows, cols }: FactorBlockProps) {
  const theme = useTheme();
  const pixels = useMemo((): Pixels | null => {
    if (!values || values.length === 0) return null;
    const scale = percentile99(values);
    return { rows, cols, paint: (into) => paint(values, rows, cols, scale, coloursOf(hue), into) };
  }, [values, rows, cols, hue, theme]);
  const { x, y, width, height } = place;
  // Of more cells than px the browser takes the mean.
  const smooth = cols > width || rows > height;
  return (
    <Heatmap pixels={pixels} className={smooth ? 'smooth' : undefined} style={{ left: x, top: y, width, height }} />
  );
}

const coloursOf = (hue: FactorBlockProps['hue']): Colours => ({
  paper: colour('--paper'),
  positive: colour(hue),
  negative: colour(hue === '--a' ? '--neg-warm' : '--neg-cool'),
});
