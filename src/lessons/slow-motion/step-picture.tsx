import { type KeyboardEvent, memo, type PointerEvent, type ReactNode, useId } from 'react';
import { arrowKeys } from '../../kit/arrows.ts';
import { Group } from '../../kit/button.tsx';
import type { Rect } from '../../kit/chart/marks.ts';
import { useContainerWidth } from '../../kit/media.tsx';
import type { Rows } from '../one-step/one-step.ts';
import {
  DIGITS,
  type Gaps,
  type Layout,
  MIN_WIDTH,
  type PlacedBlock,
  type Sizes,
  stageLayout,
  wholeLayout,
} from './layout.ts';
import { fourDecimals } from './product-line.tsx';
import { type Cells, type Product, productAt, walkProducts } from './products.ts';
import {
  type AskedCell,
  BLOCKS,
  type BlockHue,
  type BlockName,
  describeStep,
  isMatrix,
  type Stage,
  type StepValues,
  takesPart,
} from './stages.ts';

interface StepPictureProps {
  readonly step: StepValues;
  readonly stage: Stage;
  readonly sizes: Sizes;
  /** DIGITS or SHADES. */
  readonly gaps: Gaps;
  readonly write: (value: number) => string;
  readonly products: readonly Product[];
  readonly at: number;
  /** Blocks whose numbers are in fields, given as children. */
  readonly typed?: readonly BlockName[];
  readonly asked?: AskedCell | null;
  readonly kept?: readonly BlockName[];
  readonly label: string;
  readonly onPoint: (product: number) => void;
  /** Called by an arrow key past the first number or past the last. */
  readonly onBeyond?: (by: 1 | -1) => void;
  readonly children?: (layout: Layout) => ReactNode;
}

/**
 * One training step: factors of the selected number outlined, the rest of its stage full, all else pale. If the width
 * is too small for the whole step, only the stage.
 */
export function StepPicture(props: StepPictureProps) {
  const { stage, sizes, gaps } = props;
  const [room, width] = useContainerWidth<HTMLDivElement>();
  const whole = width >= MIN_WIDTH ? wholeLayout(sizes, width, gaps) : null;
  return (
    <div ref={room} className="picture-room">
      {width >= MIN_WIDTH && <Placed {...props} layout={whole ?? stageLayout(stage, sizes, width, gaps)} />}
    </div>
  );
}

function Placed({ step, stage, layout, products, at, ...props }: StepPictureProps & { readonly layout: Layout }) {
  const { gaps, typed = [], asked = null, kept = [], label, onPoint, onBeyond, children } = props;
  const digits = gaps === DIGITS;
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
    const next = event.target === event.currentTarget ? walkProducts(products, at, event.key) : null;
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
      {children?.(layout)}
      <p id={id} className="unseen">
        {describeStep(step, stage, props.write, asked, kept)}
      </p>
    </Group>
  );
}

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

/** Stages where each number is at the crossing of its two factors. */
const CROSSING: readonly Stage[] = ['gradB', 'gradA'];

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

/** A straight line between two single cells in one row or column; past digits it keeps to the edge of the cells. */
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

export interface BlockProps {
  readonly placed: PlacedBlock;
  readonly values: Rows;
  readonly cell: number;
  readonly lit: boolean;
  /** Digits, or else shades of the hue. */
  readonly digits: boolean;
  readonly typed: boolean;
  /** A cell that the reader is asked for, or all of them: "?". */
  readonly asked?: { readonly row: number; readonly col: number } | 'all' | null;
}

/** Opacity of blocks outside the stage. */
const PALE = 0.34;
/** The strongest shade behind digits that leaves them readable. */
const BEHIND = 0.1;

const mixed = (hue: string, share: number) =>
  `color-mix(in srgb, var(--${hue}) ${(100 * share).toFixed(1)}%, var(--paper))`;
const OPPONENT: Readonly<Record<BlockHue, string>> = { a: 'neg-warm', w0: 'neg-warm', b: 'neg-cool', ink: 'ink' };

const Block = memo(function Block({ placed, values, cell, lit, digits, typed, asked }: BlockProps) {
  const { name, x, y, rows, cols, label } = placed;
  const { hue, label: said } = BLOCKS[name];
  const largest = Math.max(...values.flat().map(Math.abs)) || 1;
  return (
    <g className={lit ? 'block' : 'block pale'} data-block={name}>
      {values.map((row, i) =>
        row.map((value, j) => {
          const size = Math.min(1, Math.abs(value) / largest);
          const at = { x: x + j * cell, y: y + i * cell, size, value, cell, name, lit };
          const isAsked = asked === 'all' || (asked?.row === i && asked.col === j);
          const key = `${i},${j}`;
          return digits ? <Figure key={key} {...at} typed={typed} asked={isAsked} /> : <Shade key={key} {...at} />;
        }),
      )}
      {!digits && isMatrix(name) && (
        <rect className="edge" x={x} y={y} width={cols * cell} height={rows * cell} fill="none" />
      )}
      {label && (
        <text className={`sym ${lit && hue !== 'ink' ? hue : ''}`} x={label.x} y={label.y} textAnchor={label.anchor}>
          {said}
        </text>
      )}
    </g>
  );
});

interface CellProps {
  readonly x: number;
  readonly y: number;
  /** |value| over the largest of the block. */
  readonly size: number;
  readonly value: number;
  readonly cell: number;
  readonly name: BlockName;
  readonly lit: boolean;
}

function Figure({ x, y, size, value, cell, name, lit, typed, asked }: CellProps & Record<'typed' | 'asked', boolean>) {
  const { hue } = BLOCKS[name];
  const text = asked ? '?' : fourDecimals(value);
  return (
    <>
      <rect
        className="cell"
        x={x + 0.5}
        y={y + 0.5}
        width={cell - 1}
        height={cell - 1}
        style={{ fill: mixed(hue, BEHIND * (asked ? 0 : size) * (lit ? 1 : PALE)) }}
      />
      {!typed && (
        <text className={`n ${lit ? hue : ''}`} x={x + cell / 2} y={y + cell / 2 + 5} fontSize={figureSize(text, cell)}>
          {text}
        </text>
      )}
    </>
  );
}

/** px of digits in a cell, so that seven fit. */
export function figureSize(text: string, cell: number): number {
  return cell < 40 || (cell < 54 && text.length > 5) ? 13 : 15;
}

/** Below this share of the largest entry the sign is not shown. */
const SIGNED = 0.02;

function Shade({ x, y, size, value, cell, name, lit }: CellProps) {
  const { hue } = BLOCKS[name];
  const vector = !isMatrix(name);
  const strength = size ** 0.85 * (lit ? 1 : PALE) * (vector ? 0.88 : 1);
  return (
    <>
      <rect
        className={vector ? 'cell' : undefined}
        x={x}
        y={y}
        width={cell}
        height={cell}
        style={{ fill: mixed(value < 0 ? OPPONENT[hue] : hue, strength) }}
      />
      {vector && value < 0 && size > SIGNED && (
        <path
          className={strength > 0.5 ? 'negative on-dark' : 'negative'}
          d={`M${x + 0.28 * cell} ${y + cell / 2}H${x + 0.72 * cell}`}
        />
      )}
    </>
  );
}
