import { cellOutline } from '../../charts/cell-outline.ts';
import { trimmed } from '../../charts/format.ts';
import type { Rect, StripLayout } from '../../charts/strip.ts';
import type { Cell } from '../../state/state.ts';
import { At } from './text.tsx';

const Frame = ({ rect: { x, y, width, height } }: { readonly rect: Rect }) => (
  <rect x={x} y={y} width={width} height={height} />
);

/** One cell of ΔW, its row of B and its column of A. */
export function Outline({ layout, cell }: { readonly layout: StripLayout; readonly cell: Cell }) {
  const outline = cellOutline(layout, cell.row, cell.column, layout.font > 18 ? 2 : 1);
  return (
    <g className="outline">
      <Frame rect={outline.cell} />
      <Frame rect={outline.rowOfB} />
      <Frame rect={outline.columnOfA} />
      <path d={outline.lines} />
    </g>
  );
}

/** The colour key at top right; the ramp itself is drawn by CSS. */
export function Key({ layout, scale }: { readonly layout: StripLayout; readonly scale: number }) {
  const { key } = layout;
  if (!key) return null;
  const end = trimmed(scale, 2);
  return (
    <>
      <At place={key.before} look="said">
        one scale for ΔW, ΔW*, E<tspan dx={layout.font * 0.7}>−{end}</tspan>
      </At>
      <At place={key.after} look="said">
        +{end}
      </At>
    </>
  );
}
