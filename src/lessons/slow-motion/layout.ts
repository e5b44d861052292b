import type { Rect } from '../../charts/drawing/marks.ts';
import type { BlockName, Stage } from './stages.ts';

export interface Sizes {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** Whether there is a target output y, and δ = h − y. */
  readonly towards: boolean;
}

export interface PlacedBlock {
  readonly name: BlockName;
  /** px of its upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly rows: number;
  readonly cols: number;
  readonly label: { readonly x: number; readonly y: number; readonly anchor: 'start' | 'middle' | 'end' } | null;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** px of a cell's side. */
  readonly cell: number;
  readonly blocks: readonly PlacedBlock[];
  /** "+", "=", "−" between columns. */
  readonly signs: readonly { readonly text: string; readonly x: number; readonly y: number }[];
  /** Where ΔW would stand; null where nothing is said of it. */
  readonly product: Rect | null;
  /** How z turns the corner from A to B, as a path. */
  readonly turn: string | null;
}

/** px between what belongs together, between groups, and around signs. */
interface Gaps {
  readonly near: number;
  readonly groups: readonly [number, number, number];
  readonly sign: number;
  readonly most: number;
  readonly least: number;
}

/** Cells that hold digits, and cells that hold shades. */
export const DIGITS: Gaps = { near: 8, groups: [24, 20, 56], sign: 19, most: 46, least: 36 };
export const SHADES: Gaps = { near: 6, groups: [30, 26, 34], sign: 20, most: 16, least: 9 };

const LABEL = 20;
const SIGNS = { plain: ['+', '='], towards: ['+', '=', '−', '='] };

/** The whole step in one picture; null where the width leaves cells too small for it. */
export function wholeLayout({ d, k, rank: r, towards }: Sizes, width: number, gaps: Gaps): Layout | null {
  const { near: g, groups, sign } = gaps;
  const signs = towards ? SIGNS.towards : SIGNS.plain;
  const cells = 2 * k + 2 * r + 3 + signs.length + 1;
  const fixed = 5 * g + groups[0] + groups[1] + groups[2] + signs.length * sign;
  const c = Math.min(gaps.most, Math.floor((2 * (width - fixed)) / cells) / 2);
  if (c < gaps.least) return null;
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
  const xEnd = xA + k * c + groups[2];
  const bottom = top + d * c;
  const under = (x: number) => ({ x, y: bottom + 19, anchor: 'middle' as const });
  const left = (y: number) => ({ x: xU - 8, y: y + (r * c) / 2 + 5, anchor: 'end' as const });
  const right = (y: number, rows: number) => ({
    x: xA + k * c + 8,
    y: y + (rows * c) / 2 + 5,
    anchor: 'start' as const,
  });
  const above = (x: number) => ({ x, y: yZ - 6, anchor: 'start' as const });
  const at = (
    name: BlockName,
    x: number,
    y: number,
    rows: number,
    cols: number,
    label: PlacedBlock['label'],
  ): PlacedBlock => ({
    name,
    x,
    y,
    rows,
    cols,
    label,
  });
  const ends: readonly BlockName[] = towards ? ['baseH', 'scaledH', 'h', 'y', 'deltaH'] : ['baseH', 'scaledH', 'h'];
  return {
    width: xEnd + ends.length * c + signs.length * sign,
    height: bottom + 26,
    cell: c,
    blocks: [
      at('xW', 0, yZ, 1, k, above(0)),
      at('W0', 0, top, d, k, { x: 0, y: bottom + 19, anchor: 'start' }),
      at('base', xBase, top, d, 1, under(xBase + c / 2)),
      at('delta', xDelta, top, d, 1, under(xDelta + c / 2)),
      at('zG', xGradB, yZ, 1, r, above(xGradB)),
      at('gradB', xGradB, top, d, r, under(xGradB + (r * c) / 2)),
      at('zB', xB, yZ, 1, r, null),
      at('B', xB, top, d, r, under(xB + (r * c) / 2)),
      at('u', xU, top, d, 1, under(xU + c / 2)),
      at('back', xU, yGradA, r, 1, left(yGradA)),
      at('gradA', xA, yGradA, r, k, right(yGradA, r)),
      at('xA', xA, yX, 1, k, right(yX, 1)),
      at('A', xA, yA, r, k, right(yA, r)),
      at('zA', xU, yA, r, 1, left(yA)),
      ...ends.map((name, i) => at(name, xEnd + i * (c + sign), top, d, 1, under(xEnd + i * (c + sign) + c / 2))),
    ],
    signs: signs.map((text, i) => ({
      text,
      x: xEnd + (i + 1) * c + (i + 0.5) * sign,
      y: top + (d * c) / 2 + 6,
    })),
    product: { x: xA, y: top, width: k * c, height: d * c },
    turn: `M${xU + c / 2} ${yA + r * c + 3}V${yZ + c / 2}H${xB + r * c + 3}m5 -4l-5 4l5 4`,
  };
}

/** px that the rows of a narrow picture may take, so that the text below it is in sight. */
const HIGH = 256;

/** px without which there is no picture: a place that is not laid out yet, or hidden. */
export const NARROWEST = 160;

/** What one stage takes, for a narrow window: the factors and their product. */
export function stageLayout(stage: Stage, { d, k, rank: r, towards }: Sizes, width: number, gaps: Gaps): Layout {
  const { near: g, sign } = gaps;
  const most = gaps === DIGITS ? 44 : Math.min(20, Math.max(8, Math.floor(HIGH / d)));
  const fit = (cells: number, fixed: number) => Math.min(most, Math.floor((2 * (width - fixed)) / cells) / 2);
  const side = 46;
  const plain = { width, product: null, turn: null, signs: [] };
  /** A column at the left, a row on top, and what they make between them; or the row and the matrix make the column. */
  const crossed = (column: BlockName, row: BlockName, made: BlockName, rows: number, cols: number): Layout => {
    const c = fit(cols + 1, side + g);
    const x = side + c + g;
    const y = LABEL + c + g;
    return {
      ...plain,
      cell: c,
      height: y + rows * c + 26,
      blocks: [
        { name: column, x: side, y, rows, cols: 1, label: { x: side - 8, y: y + (rows * c) / 2 + 5, anchor: 'end' } },
        { name: row, x, y: LABEL, rows: 1, cols, label: { x, y: LABEL - 6, anchor: 'start' } },
        { name: made, x, y, rows, cols, label: { x, y: y + rows * c + 19, anchor: 'start' } },
      ],
    };
  };
  const columns = (names: readonly BlockName[], y: number, c: number) =>
    names.map(
      (name, i): PlacedBlock => ({
        name,
        x: i * (c + sign),
        y,
        rows: d,
        cols: 1,
        label: { x: i * (c + sign) + c / 2, y: y + d * c + 19, anchor: 'middle' },
      }),
    );
  const signsOf = (texts: readonly string[], y: number, c: number) =>
    texts.map((text, i) => ({ text, x: (i + 1) * c + (i + 0.5) * sign, y: y + (d * c) / 2 + 6 }));
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
      // W₀ with x above it, and beside its product the rest of the sum.
      const c = fit(k + 3, g + 2 * sign);
      const top = LABEL + c + g;
      const xBase = k * c + g;
      const under = (x: number) => ({ x: x + c / 2, y: top + d * c + 19, anchor: 'middle' as const });
      const sum = (['base', 'scaledH', 'h'] as const).map((name, i): PlacedBlock => {
        const x = xBase + i * (c + sign);
        return { name, x, y: top, rows: d, cols: 1, label: under(x) };
      });
      return {
        ...plain,
        cell: c,
        height: top + d * c + 26,
        blocks: [
          { name: 'xW', x: 0, y: LABEL, rows: 1, cols: k, label: { x: 0, y: LABEL - 6, anchor: 'start' } },
          { name: 'W0', x: 0, y: top, rows: d, cols: k, label: { x: 0, y: top + d * c + 19, anchor: 'start' } },
          ...sum,
        ],
        signs: signsOf(['+', '='], top, c).map((one) => ({ ...one, x: one.x + xBase })),
      };
    }
    case 'delta': {
      const names: readonly BlockName[] = towards ? ['h', 'y', 'deltaH'] : ['h', 'delta'];
      const c = fit(3, 2 * sign);
      return {
        ...plain,
        cell: c,
        height: LABEL + d * c + 26,
        blocks: columns(names, LABEL, c),
        signs: towards ? signsOf(['−', '='], LABEL, c) : [],
      };
    }
    case 'update': {
      const apart = 16;
      const c = fit(2 * r + k, 2 * apart);
      const xA = 2 * r * c + 2 * apart;
      const yGradA = r * c + 34;
      const block = (name: BlockName, x: number, y: number, rows: number, cols: number): PlacedBlock => ({
        name,
        x,
        y,
        rows,
        cols,
        label: { x, y: y + rows * c + 19, anchor: 'start' },
      });
      return {
        ...plain,
        cell: c,
        height: Math.max(d * c, yGradA + r * c) + 26,
        blocks: [
          block('B', 0, 0, d, r),
          block('gradB', r * c + apart, 0, d, r),
          block('A', xA, 0, r, k),
          block('gradA', xA, yGradA, r, k),
        ],
      };
    }
    default:
      return stage satisfies never;
  }
}
