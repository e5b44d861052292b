import { type KeyboardEvent, type PointerEvent, type ReactNode, useId } from 'react';
import type { Rect } from '../../charts/drawing/marks.ts';
import { arrowKeys } from '../../kit/arrows.ts';
import { Group } from '../../kit/choice.tsx';
import { BLOCKS, type BlockName } from './blocks.ts';
import { Block } from './cells.tsx';
import type { Layout, PlacedBlock } from './layout.ts';
import { type Cells, type Product, productAt, walked } from './products.ts';
import { type Stage, takesPart } from './stages.ts';
import type { StepValues } from './step-values.ts';

/** A number that the picture keeps back. */
export interface AskedCell {
  readonly block: BlockName;
  readonly row: number;
  readonly col: number;
}

interface StepPictureProps {
  readonly step: StepValues;
  readonly stage: Stage;
  readonly layout: Layout;
  readonly products: readonly Product[];
  /** The number that is looked at. */
  readonly at: number;
  readonly digits: boolean;
  /** Blocks whose numbers stand in fields, which are the children. */
  readonly typed?: readonly BlockName[];
  /** A cell that the reader is asked for. */
  readonly asked?: AskedCell | null;
  /** Blocks that show no number yet. */
  readonly kept?: readonly BlockName[];
  readonly label: string;
  /** What the picture shows, for a screen reader. */
  readonly description: string;
  readonly onPoint: (product: number) => void;
  /** An arrow key leads past the first number, or past the last. */
  readonly onBeyond?: (by: 1 | -1) => void;
  readonly children?: ReactNode;
}

/** One training step: what goes into a number is outlined, the rest of what takes part is full, all else is pale. */
export function StepPicture(props: StepPictureProps) {
  const {
    step,
    stage,
    layout,
    products,
    at,
    digits,
    typed = [],
    asked = null,
    kept = [],
    label,
    description,
    onPoint,
    onBeyond,
    children,
  } = props;
  const id = useId();
  const { width, height, cell, blocks, signs, product, turn } = layout;
  const lit = (name: BlockName) => takesPart(stage, name);
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const found = under(layout, event.clientX - left, event.clientY - top);
    const next = found ? productAt(products, found.name, found.row, found.col) : -1;
    if (next >= 0 && next !== at) onPoint(next);
  };
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const next = event.target === event.currentTarget ? walked(products, at, event.key) : null;
    if (next === null) return false;
    if (next !== at) onPoint(next);
    else if (event.key === 'ArrowLeft') onBeyond?.(-1);
    else if (event.key === 'ArrowRight') onBeyond?.(1);
  };
  return (
    <Group
      className={digits ? 'step-picture digits' : 'step-picture'}
      aria-label={label}
      aria-describedby={id}
      style={{ width, height }}
      onPointerMove={point}
      onPointerDown={point}
      tabIndex={0}
      onKeyDown={arrowKeys(press)}
    >
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {product && (
          <g className="never">
            <rect x={product.x + 0.5} y={product.y + 0.5} width={product.width - 1} height={product.height - 1} />
            <text className="sym" x={product.x + product.width / 2} y={product.y + product.height / 2 - 4}>
              ΔW = s·B·A
            </text>
            <text x={product.x + product.width / 2} y={product.y + product.height / 2 + 14}>
              {`${step.d} × ${step.k}: never formed`}
            </text>
          </g>
        )}
        {blocks.map((placed) => (
          <Block
            key={placed.name}
            placed={placed}
            values={BLOCKS[placed.name].of(step)}
            cell={cell}
            lit={lit(placed.name)}
            digits={digits}
            typed={typed.includes(placed.name)}
            asked={kept.includes(placed.name) ? 'all' : asked?.block === placed.name ? asked : null}
          />
        ))}
        {turn && <path className={lit('zB') || lit('zA') ? 'turn' : 'turn pale'} d={turn} />}
        {signs.map(({ text, x, y }) => (
          <text key={`${text}${x}`} className={lit('h') ? 'sign' : 'sign pale'} x={x} y={y}>
            {text}
          </text>
        ))}
        {products[at] && (
          <Outlined product={products[at]} layout={layout} digits={digits} leads={CROSSING.includes(stage)} />
        )}
      </svg>
      {children}
      <p id={id} className="unseen">
        {description}
      </p>
    </Group>
  );
}

/** The cell of a picture under a point. */
function under({ blocks, cell }: Layout, px: number, py: number) {
  for (const { name, x, y, rows, cols } of blocks) {
    const [row, col] = [Math.floor((py - y) / cell), Math.floor((px - x) / cell)];
    if (row >= 0 && col >= 0 && row < rows && col < cols) return { name, row, col };
  }
  return null;
}

interface OutlinedProps {
  readonly product: Product;
  readonly layout: Layout;
  readonly digits: boolean;
  readonly leads: boolean;
}

/** Stages of which each number is where its two factors cross. */
const CROSSING: readonly Stage[] = ['gradB', 'gradA'];

/** The number, its factors, and dotted leads from these to it. */
function Outlined({ product: { made, factors }, layout, digits, leads: drawn }: OutlinedProps) {
  const boxes = [made, ...factors].map((cells) => boxOf(layout, cells));
  const [to] = boxes;
  const leads = boxes.slice(1).flatMap((from) => (drawn && from && to ? (leadBetween(from, to, digits) ?? []) : []));
  return (
    <g className="outlined">
      {leads.map((d) => (
        <path key={d} className="lead" d={d} />
      ))}
      {boxes.map(
        (box, i) =>
          box && (
            <rect
              key={i}
              className={i === 0 ? 'made' : undefined}
              x={box.x - 1}
              y={box.y - 1}
              width={box.width + 2}
              height={box.height + 2}
            />
          ),
      )}
    </g>
  );
}

function boxOf({ blocks, cell }: Layout, { block, row, col, rows, cols }: Cells): Rect | null {
  const placed: PlacedBlock | undefined = blocks.find(({ name }) => name === block);
  if (!placed) return null;
  return { x: placed.x + col * cell, y: placed.y + row * cell, width: cols * cell, height: rows * cell };
}

/** A straight line between two single cells in one row or column; past figures it keeps to the edge of the cells. */
function leadBetween(from: Rect, to: Rect, digits: boolean): string | null {
  if (from.width !== to.width || from.height !== to.height) return null;
  const [across, down] = digits ? [0.93, 0.05] : [0.5, 0.5];
  if (from.y === to.y) {
    const [left, right] = from.x < to.x ? [from, to] : [to, from];
    return `M${left.x + left.width + 2} ${from.y + across * from.height}H${right.x - 2}`;
  }
  if (from.x === to.x) {
    const [upper, lower] = from.y < to.y ? [from, to] : [to, from];
    return `M${from.x + down * from.width} ${upper.y + upper.height + 2}V${lower.y - 2}`;
  }
  return null;
}
