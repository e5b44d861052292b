import { memo } from 'react';
import type { Rows } from '../one-step/one-step.ts';
import { BLOCKS, type BlockName, type Hue, isMatrix } from './blocks.ts';
import type { PlacedBlock } from './layout.ts';
import { fourDecimals } from './number-words.ts';

export interface BlockProps {
  readonly placed: PlacedBlock;
  readonly values: Rows;
  readonly cell: number;
  /** Whether it takes part in what is shown. */
  readonly lit: boolean;
  /** Numbers in figures; else as shades of the hue. */
  readonly digits: boolean;
  /** Its numbers stand in fields of their own. */
  readonly typed: boolean;
  /** A cell that the reader is asked for, or all of them: "?". */
  readonly asked?: { readonly row: number; readonly col: number } | 'all' | null;
}

/** How strong the rest is beside what takes part. */
const PALE = 0.34;
/** The strongest shade behind figures: they stay readable on it. */
const BEHIND = 0.1;

const mixed = (hue: string, share: number) =>
  `color-mix(in srgb, var(--${hue}) ${(100 * share).toFixed(1)}%, var(--paper))`;
/** What negative entries turn to. */
const OPPONENT: Readonly<Record<Hue, string>> = { a: 'neg-warm', w0: 'neg-warm', b: 'neg-cool', ink: 'ink' };

/** A block of the picture with its label. */
export const Block = memo(function Block({ placed, values, cell, lit, digits, typed, asked }: BlockProps) {
  const { name, x, y, rows, cols, label } = placed;
  const { hue, label: said } = BLOCKS[name];
  const largest = Math.max(...values.flat().map(Math.abs)) || 1;
  return (
    <g className={lit ? 'block' : 'block pale'} data-block={name}>
      {values.map((row, i) =>
        row.map((value, j) => {
          const at = { x: x + j * cell, y: y + i * cell, size: Math.min(1, Math.abs(value) / largest) };
          const key = `${i},${j}`;
          return digits ? (
            <Figure
              key={key}
              {...at}
              value={value}
              cell={cell}
              name={name}
              lit={lit}
              typed={typed}
              asked={asked === 'all' || (asked?.row === i && asked.col === j)}
            />
          ) : (
            <Shade key={key} {...at} value={value} cell={cell} name={name} lit={lit} />
          );
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
  /** |value| beside the largest of the block. */
  readonly size: number;
  readonly value: number;
  readonly cell: number;
  readonly name: BlockName;
  readonly lit: boolean;
}

interface NumberCellProps extends CellProps {
  readonly typed: boolean;
  readonly asked: boolean;
}

function Figure({ x, y, size, value, cell, name, lit, typed, asked }: NumberCellProps) {
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

/** px of figures in a cell, so that seven of them fit. */
export function figureSize(text: string, cell: number): number {
  const usual = cell < 40 ? 12.5 : 14;
  return usual - (text.length > 6 ? 2.4 : text.length > 5 ? 1.2 : 0);
}

/** Below this share of the largest entry a sign says nothing. */
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
