import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { colours, type Rgb } from '../rail/colours.ts';
import { useTheme } from '../theme.tsx';

interface PaperProps {
  readonly sheet: Shades;
  readonly brush: Brush;
  /** What a stroke looks like while it is drawn; nothing to undo yet. */
  readonly onStroke: (sheet: Shades) => void;
  /** The sheet before a stroke that begins. */
  readonly onBegin: () => void;
  readonly describedBy: string;
}

/** The sheet, drawn on with a pointer, or with the keys: arrows move a cell, space paints it. */
export function Paper({ sheet, brush, onStroke, onBegin, describedBy }: PaperProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<Point | null>(null);
  const [cell, setCell] = useState<Point>({ x: SIDE / 2, y: SIDE / 2 });
  const theme = useTheme();
  useEffect(() => {
    if (canvas.current) paint(canvas.current, sheet);
  }, [sheet, theme]);

  const pointOf = (event: PointerEvent<HTMLElement>): Point => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    return { x: ((event.clientX - left) / width) * SIDE, y: ((event.clientY - top) / height) * SIDE };
  };
  const begin = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    last.current = pointOf(event);
    onBegin();
    onStroke(stroke(sheet, last.current, last.current, brush));
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    if (!last.current) return;
    const to = pointOf(event);
    onStroke(stroke(sheet, last.current, to, brush));
    last.current = to;
  };
  const end = () => {
    last.current = null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moved = movedBy(event.key, cell, event.shiftKey ? 8 : 1);
    if (!moved && event.key !== ' ') return;
    event.preventDefault();
    if (moved) return setCell(moved);
    const middle = { x: cell.x + 0.5, y: cell.y + 0.5 };
    onBegin();
    onStroke(stroke(sheet, middle, middle, brush));
  };
  const shade = Math.round(100 * sheet[cell.y * SIDE + cell.x]);
  return (
    <div
      className="paper"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the sheet is drawn on with the keyboard
      tabIndex={0}
      aria-label={`Drawing, ${SIDE} by ${SIDE}`}
      aria-describedby={describedBy}
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} width={SIDE} height={SIDE} />
      <span
        className="cell"
        style={{ left: `${(100 * cell.x) / SIDE}%`, top: `${(100 * cell.y) / SIDE}%`, width: `${100 / SIDE}%` }}
      />
      <span className="unseen" aria-live="polite">
        row {cell.y + 1}, column {cell.x + 1}, shade {shade}%
      </span>
    </div>
  );
}

function movedBy(key: string, { x, y }: Point, by: number): Point | null {
  const ways: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-by, 0],
    ArrowRight: [by, 0],
    ArrowUp: [0, -by],
    ArrowDown: [0, by],
  };
  if (!Object.hasOwn(ways, key)) return null;
  const inside = (v: number) => Math.min(SIDE - 1, Math.max(0, v));
  return { x: inside(x + ways[key][0]), y: inside(y + ways[key][1]) };
}

function paint(canvas: HTMLCanvasElement, sheet: Shades): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const [paper, hue]: readonly Rgb[] = colours(canvas, ['--paper', '--dwt']);
  const image = context.createImageData(SIDE, SIDE);
  sheet.forEach((shade, i) => {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = paper[c] + shade * (hue[c] - paper[c]);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

/** A square sheet of shades 0 … 1, row by row, and what a brush does to it. */
export const SIDE = 64;

export type Shades = Float64Array;

export interface Brush {
  /** Width in cells. */
  readonly size: number;
  /** 0 is blank paper, 1 the full hue. */
  readonly shade: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function blank(): Shades {
  return new Float64Array(SIDE * SIDE);
}

/** A stroke from one point to another, in cells; the cell of a point is its whole part. Returns a new sheet. */
export function stroke(sheet: Shades, from: Point, to: Point, brush: Brush): Shades {
  const out = sheet.slice();
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const steps = Math.max(1, Math.ceil(2 * length));
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    dab(out, { x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) }, brush);
  }
  return out;
}

/** One dab: every cell whose middle lies in the brush's disc, at least the one under it. */
function dab(sheet: Shades, { x, y }: Point, { size, shade }: Brush): void {
  const radius = size / 2;
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const reach = Math.ceil(radius);
  for (let i = row - reach; i <= row + reach; i++) {
    for (let j = column - reach; j <= column + reach; j++) {
      if (i < 0 || j < 0 || i >= SIDE || j >= SIDE) continue;
      const inside = Math.hypot(j + 0.5 - x, i + 0.5 - y) <= radius || (i === row && j === column);
      if (inside) sheet[i * SIDE + j] = shade;
    }
  }
}

/** True where there is nothing to learn from: one shade everywhere, as a link would store it. */
export function isBlank(sheet: Shades): boolean {
  const stored = (v: number) => Math.round(255 * v);
  return sheet.every((v) => stored(v) === stored(sheet[0]));
}
