import type { Rect } from '../../kit/chart/marks.ts';
import type { BlockName, Stage } from './stages.ts';

export interface Sizes {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly towards: boolean;
}

type Pair = readonly [number, number];

interface BlockLabel {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

export interface PlacedBlock {
  readonly name: BlockName;
  /** px of the upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly rows: number;
  readonly cols: number;
  readonly label: BlockLabel | null;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** px per side of a cell. */
  readonly cell: number;
  readonly blocks: readonly PlacedBlock[];
  /** "+", "=", "−" between columns. */
  readonly signs: readonly { readonly text: string; readonly x: number; readonly y: number }[];
  /** Place of ΔW, which is never formed; null if not mentioned. */
  readonly product: Rect | null;
  /** Path of z around the corner from A to B. */
  readonly turn: string | null;
}

/** px between parts of a group, between groups, and around signs. */
export interface Gaps {
  readonly near: number;
  readonly groups: readonly [number, number, number];
  readonly sign: number;
  readonly max: number;
  readonly min: number;
}

/** Cells with digits, and cells with shades. */
export const DIGITS: Gaps = { near: 8, groups: [24, 20, 56], sign: 19, max: 46, min: 36 };
/** Cells with digits in a picture with room for larger ones. */
const LARGE = { from: 1150, cell: 56 };
export const SHADES: Gaps = { near: 6, groups: [30, 26, 34], sign: 20, max: 16, min: 9 };

const LABEL = 20;
const SIGNS = { plain: ['+', '='], towards: ['+', '=', '−', '='] };

const block = (name: BlockName, [x, y]: Pair, [rows, cols]: Pair, label: BlockLabel | null): PlacedBlock => {
  return { name, x, y, rows, cols, label };
};

// Labels at an edge of a block: over its left end, under its left end or its middle, left and right of it.
const over = (x: number, top: number): BlockLabel => ({ x, y: top - 6, anchor: 'start' });
const under = (x: number, bottom: number, anchor: 'start' | 'middle' = 'start'): BlockLabel => {
  return { x, y: bottom + 19, anchor };
};
const leftOf = (x: number, middle: number): BlockLabel => ({ x: x - 8, y: middle + 5, anchor: 'end' });
const rightOf = (x: number, middle: number): BlockLabel => ({ x: x + 8, y: middle + 5, anchor: 'start' });

function sum(names: readonly BlockName[], signs: readonly string[], [x, y]: Pair, d: number, c: number, sign: number) {
  const at = (i: number) => x + i * (c + sign);
  return {
    blocks: names.map((name, i) => block(name, [at(i), y], [d, 1], under(at(i) + c / 2, y + d * c, 'middle'))),
    signs: signs.map((text, i) => ({ text, x: x + (i + 1) * c + (i + 0.5) * sign, y: y + (d * c) / 2 + 6 })),
  };
}

/** The whole step in one picture; null if the width leaves cells too small for it. */
export function wholeLayout({ d, k, rank: r, towards }: Sizes, width: number, gaps: Gaps): Layout | null {
  const { near: g, groups, sign } = gaps;
  const signs = towards ? SIGNS.towards : SIGNS.plain;
  const cells = 2 * k + 2 * r + 3 + signs.length + 1;
  const fixed = 5 * g + groups[0] + groups[1] + groups[2] + signs.length * sign;
  const max = gaps === DIGITS && width >= LARGE.from ? LARGE.cell : gaps.max;
  const c = Math.min(max, Math.floor((2 * (width - fixed)) / cells) / 2);
  if (c < gaps.min) return null;
  const yGradA = LABEL;
  const yX = yGradA + r * c + g;
  const yA = yX + c + g;
  const yZ = yA + r * c + g;
  const top = yZ + c + g;
  const xBase = k * c + g;
  const xDelta = xBase + c + groups[0];
  const xGradB = xDelta + c + g;
  const xB = xGradB + r * c + groups[1];
  const xU = xB + r * c + g;
  const xA = xU + c + g;
  const xRight = xA + k * c;
  const xEnd = xRight + groups[2];
  const bottom = top + d * c;
  const middle = (x: number, cols: number) => under(x + (cols * c) / 2, bottom, 'middle');
  const half = (r * c) / 2;
  const ends: readonly BlockName[] = ['baseH', 'scaledH', 'h', ...(towards ? (['y', 'deltaH'] as const) : [])];
  const end = sum(ends, signs, [xEnd, top], d, c, sign);
  return {
    width: xEnd + ends.length * c + signs.length * sign,
    height: bottom + 26,
    cell: c,
    blocks: [
      block('xW', [0, yZ], [1, k], over(0, yZ)),
      block('W0', [0, top], [d, k], under(0, bottom)),
      block('base', [xBase, top], [d, 1], middle(xBase, 1)),
      block('delta', [xDelta, top], [d, 1], middle(xDelta, 1)),
      block('zG', [xGradB, yZ], [1, r], over(xGradB, yZ)),
      block('gradB', [xGradB, top], [d, r], middle(xGradB, r)),
      block('zB', [xB, yZ], [1, r], null),
      block('B', [xB, top], [d, r], middle(xB, r)),
      block('u', [xU, top], [d, 1], middle(xU, 1)),
      block('back', [xU, yGradA], [r, 1], leftOf(xU, yGradA + half)),
      block('gradA', [xA, yGradA], [r, k], rightOf(xRight, yGradA + half)),
      block('xA', [xA, yX], [1, k], rightOf(xRight, yX + c / 2)),
      block('A', [xA, yA], [r, k], rightOf(xRight, yA + half)),
      block('zA', [xU, yA], [r, 1], leftOf(xU, yA + half)),
      ...end.blocks,
    ],
    signs: end.signs,
    product: { x: xA, y: top, width: k * c, height: d * c },
    turn: `M${xU + c / 2} ${yA + r * c + 3}V${yZ + c / 2}H${xB + r * c + 3}m5 -4l-5 4l5 4`,
  };
}

/** Most px for the rows of a narrow picture, so that the text below it is in sight. */
const HIGH = 256;

/** Below this width in px there is no picture: the element is hidden or not laid out yet. */
export const MIN_WIDTH = 160;

export function stageLayout(stage: Stage, { d, k, rank: r, towards }: Sizes, width: number, gaps: Gaps): Layout {
  const { near: g, sign } = gaps;
  const max = gaps === DIGITS ? 44 : Math.min(20, Math.max(8, Math.floor(HIGH / d)));
  const fit = (cells: number, fixed: number) => Math.min(max, Math.floor((2 * (width - fixed)) / cells) / 2);
  const plain = { width, product: null, turn: null, signs: [] };
  /** A column at the left, a row on top and their product in between; or row times matrix gives the column. */
  const crossed = (column: BlockName, row: BlockName, made: BlockName, rows: number, cols: number): Layout => {
    const side = 46;
    const c = fit(cols + 1, side + g);
    const [x, y] = [side + c + g, LABEL + c + g];
    const bottom = y + rows * c;
    return {
      ...plain,
      cell: c,
      height: bottom + 26,
      blocks: [
        block(column, [side, y], [rows, 1], leftOf(side, y + (rows * c) / 2)),
        block(row, [x, LABEL], [1, cols], over(x, LABEL)),
        block(made, [x, y], [rows, cols], under(x, bottom)),
      ],
    };
  };
  switch (stage) {
    case 'z':
      return crossed('zA', 'xA', 'A', r, k);
    case 'u':
      return crossed('u', 'zB', 'B', d, r);
    case 'gradB':
      return crossed('delta', 'zG', 'gradB', d, r);
    case 'gradA':
      return crossed('back', 'xA', 'gradA', r, k);
    case 'h': {
      // W₀ with x above it, and the rest of the sum right of its product.
      const c = fit(k + 3, g + 2 * sign);
      const top = LABEL + c + g;
      const bottom = top + d * c;
      const end = sum(['base', 'scaledH', 'h'], SIGNS.plain, [k * c + g, top], d, c, sign);
      const x = block('xW', [0, LABEL], [1, k], over(0, LABEL));
      const W0 = block('W0', [0, top], [d, k], under(0, bottom));
      return { ...plain, cell: c, height: bottom + 26, blocks: [x, W0, ...end.blocks], signs: end.signs };
    }
    case 'delta': {
      const c = fit(3, 2 * sign);
      const names: readonly BlockName[] = towards ? ['h', 'y', 'deltaH'] : ['h', 'delta'];
      const parts = sum(names, towards ? ['−', '='] : [], [0, LABEL], d, c, sign);
      return { ...plain, cell: c, height: LABEL + d * c + 26, ...parts };
    }
    case 'update': {
      const apart = 16;
      const c = fit(2 * r + k, 2 * apart);
      const xA = 2 * r * c + 2 * apart;
      const yGradA = r * c + 34;
      const labelled = (name: BlockName, x: number, y: number, rows: number, cols: number) =>
        block(name, [x, y], [rows, cols], under(x, y + rows * c));
      return {
        ...plain,
        cell: c,
        height: Math.max(d * c, yGradA + r * c) + 26,
        blocks: [
          labelled('B', 0, 0, d, r),
          labelled('gradB', r * c + apart, 0, d, r),
          labelled('A', xA, 0, r, k),
          labelled('gradA', xA, yGradA, r, k),
        ],
      };
    }
    default:
      return stage satisfies never;
  }
}
