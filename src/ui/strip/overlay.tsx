import { textWidth } from '../../charts/drawing/text-width.ts';
import { cellOutline } from '../../charts/matrices/cell-outline.ts';
import type { Rect, StripLayout } from '../../charts/matrices/strip-layout.ts';
import { trimmed } from '../../experiment/numbers.ts';
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

/** The colour key at top right: the ramp itself is drawn by CSS. */
export function Ramp({ layout, scale }: KeyProps) {
  const { key } = layout;
  if (!key) return null;
  const { x, y, width, height } = key.bar;
  return <div className="ramp" style={{ left: x - spread(layout, scale), top: y, width, height }} />;
}

/** What the ramp stands for. */
export function Key({ layout, scale, of }: KeyProps & { readonly of: string }) {
  const { key } = layout;
  if (!key) return null;
  const { before, after } = key;
  const x = before.x - spread(layout, scale);
  const [matrices, least] = [`${of}, ΔW*, E`, `−${trimmed(scale, 2)}`];
  const words = `one scale for ${matrices}`;
  // "Trained" stands at the same height where A is short.
  const room = x - (layout.headings.A.x + WITH_TRAINED * layout.font);
  return (
    <>
      <At place={{ ...before, x }} look="said">
        {textWidth(`${words} ${least}`, layout.font) <= room ? words : matrices}
        <tspan dx={layout.font * 0.7}>{least}</tspan>
      </At>
      <At place={after} look="said">
        +{trimmed(scale, 2)}
      </At>
    </>
  );
}

/** "A", its size and "Trained", in sizes of the text. */
const WITH_TRAINED = 11;

interface KeyProps {
  readonly layout: StripLayout;
  readonly scale: number;
}

/** How far the ramp gives way to a long number at its right. */
function spread({ font, key, width }: StripLayout, scale: number): number {
  if (!key) return 0;
  const room = Math.min(width, key.after.x) - key.bar.x - key.bar.width;
  return Math.max(0, textWidth(`+${trimmed(scale, 2)}`, font) + font * 0.5 - room);
}
