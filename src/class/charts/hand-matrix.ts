import type { Drawing, Size } from '../../kit/chart/chart.ts';
import { box, flatten, type Mark, withAttributes, words } from '../../kit/chart/marks.ts';
import { drawing } from '../../kit/chart/picture.ts';
import { shortened, widest } from '../../kit/chart/text-width.ts';
import type { CellPlace } from '../../kit/grids/grid-picture.tsx';
import { classShare, LOST } from '../model/class-hands.ts';
import type { NamedRow } from '../model/hand-words.ts';

export interface HandMatrixScene {
  readonly rows: readonly NamedRow[];
  /** The hands with test drawings: their names, and their places among all hands, from 1. */
  readonly columns: readonly { readonly name: string; readonly number: number }[];
  readonly hidden: boolean;
  /** On a projector: px of the text, and of the height that is filled. Undefined: square cells, text of 13 px. */
  readonly room?: { readonly font: number; readonly height: number };
}

/** The reading of a cell in words; the last column are other people. */
export function cellWords({ rows, columns }: HandMatrixScene, [row, column]: CellPlace): string {
  const { key, name, row: read } = rows[row];
  const who = key === 'own' ? `The adapter of ${name}` : name;
  const whose = columns[column] ? `the drawings of ${columns[column].name}` : 'digits of other people';
  const share = read.shares[column] ?? read.others;
  return `${who}, ${whose}: ${share.toFixed(2)}${isLost(rows[row], column) ? ', lost' : ''}`;
}

const isLost = ({ key, row }: NamedRow, column: number) => key !== 'own' && key !== 'none' && row.shares[column] < LOST;

/** px: of a cell, and heights that have room for its name, in px of the text; the last column, a row of a merge, the gap before both, the numbers above and those to the right. */
const CELL = { least: 4, most: 22, readable: 1, closest: 0.9 };
const [OTHERS, MERGED, PITCH, GAP, HEAD, NUMBER] = [26, 18, 22, 12, 20, 46];
const FONT = 13;
/** A cell of a projector is at most this many times as wide as it is high. */
const WIDEST = 2;
/** px of a phone's width, which has no room for numbers beside the rows. */
const NARROW = 500;

const labelOf = ({ key, name }: NamedRow, i: number, hidden: boolean) =>
  key !== 'own' ? name : hidden ? `${i + 1}` : `${name} ${i + 1}`;

/** Where the cells are in a width in px. */
export function matrixLayout({ rows, columns, hidden, room }: HandMatrixScene, width: number) {
  const font = room?.font ?? FONT;
  const [others, merged, pitch, gap, head, number] = [OTHERS, MERGED, PITCH, GAP, HEAD, NUMBER].map(
    (px) => (px * font) / FONT,
  );
  const narrow = width < NARROW;
  const labels = rows.map((row, i) => labelOf(row, i, hidden));
  const left = Math.min(narrow ? 94 : (132 * font) / FONT, widest(labels, font, true) + 8);
  const free = width - left - gap - others - (narrow ? 10 : 2 * number);
  const across = columns.length;
  const own = rows.filter(({ key }) => key === 'own').length;
  const square = Math.max(CELL.least, Math.floor((10 * free) / Math.max(1, across)) / 10);
  const below = head + gap + (rows.length - own) * pitch;
  const down = Math.max(CELL.least, Math.min(square, room ? (room.height - below) / Math.max(1, own) : CELL.most));
  const cell = room ? Math.min(square, WIDEST * down) : down;
  const merges = head + own * down + gap;
  const end = left + across * cell + gap + others;
  return {
    ...{ font, narrow, labels, left, cell, down, own, merges, end, others, number, head },
    height: merges + (rows.length - own) * pitch,
    place: ([row, column]: CellPlace) => ({
      left: left + column * cell + (column === across ? gap : 0),
      top: row < own ? head + row * down : merges + (row - own) * pitch,
      width: column === across ? others : cell,
      height: row < own ? down : merged,
    }),
    /** Null outside. */
    cellAt(x: number, y: number): CellPlace | null {
      const row = y < merges ? Math.floor((y - head) / down) : own + Math.floor((y - merges) / pitch);
      const inside = x >= left && x < end && row >= 0 && row < rows.length && (y >= merges || row < own);
      return inside ? [row, Math.min(across, Math.floor((x - left) / cell))] : null;
    },
  };
}

/** Whose adapter reads whose hand: hue by share; below, each way of merging, with a mark on a hand that it loses. */
export const handMatrix: Drawing<HandMatrixScene> = { draw: drawing(matrixPicture), describe: () => '' };

const isFifth = (number: number) => number === 1 || number % 5 === 0;

function matrixPicture(scene: HandMatrixScene, { width }: Size): Mark[] {
  const { rows, columns } = scene;
  const { font, narrow, labels, left, cell, down, own, merges, end, others, number, place, ...layout } = matrixLayout(
    scene,
    width,
  );
  const [name, gap, line] = [left - 6, cell > 9 ? 1 : 0, 0.7 * layout.head];
  const head = (key: string, x: number, text: string) => words(key, 'ink-3', [x, line], 'middle', text);
  return flatten([
    !narrow && words('hand', 'ink-3', [name, line], 'end', 'hand'),
    columns.map(
      ({ number: place }, i) =>
        (isFifth(place) || columns.length <= 10) && head(`head ${i}`, left + (i + 0.5) * cell, `${place}`),
    ),
    head('others', end - others / 2, 'others'),
    !narrow &&
      columns.length > 0 && [
        words('class', 'ink-3', [end + number, merges - 3], 'end', 'class'),
        words('rest', 'ink-3', [end + 2 * number, merges - 3], 'end', 'others'),
      ],
    rows.map((one, r) => {
      const { key, row } = one;
      const { top, height } = place([r, 0]);
      const middle = top + height / 2 + font * 0.36;
      const ink = key === 'sum' ? 'ink strong' : 'ink';
      const label =
        r >= own || down >= (scene.room ? CELL.closest : CELL.readable) * font
          ? labels[r]
          : isFifth(r + 1)
            ? `${r + 1}`
            : '';
      return [
        words(`name ${r}`, ink, [name, middle], 'end', shortened(label, name, font, key === 'sum')),
        [...row.shares, row.others].map((share, column) => {
          const at = place([r, column]);
          const square = box(`cell ${r} ${column}`, 'dw', at.left, top, at.width - gap, height - gap);
          const opacity = Math.max(0.02, Math.min(1, (share - 0.2) / 0.8)).toFixed(3);
          return withAttributes(square, { 'fill-opacity': opacity });
        }),
        columns.map(
          (_, column) =>
            isLost(one, column) &&
            words(`lost ${r} ${column}`, 'bad strong halo', [left + (column + 0.5) * cell, middle], 'middle', '×'),
        ),
        (r >= own || columns.length === 0) &&
          !narrow && [
            columns.length > 0 && words(`class ${r}`, ink, [end + number, middle], 'end', classShare(row).toFixed(3)),
            words(`others ${r}`, 'ink-3', [end + 2 * number, middle], 'end', row.others.toFixed(3)),
          ],
      ];
    }),
  ]);
}
