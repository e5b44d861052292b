import type { Drawing, Size } from '../../kit/chart/chart.ts';
import { box, flatten, type Mark, withAttributes, words } from '../../kit/chart/marks.ts';
import { drawing } from '../../kit/chart/render.ts';
import { shortened, widest } from '../../kit/chart/text-width.ts';
import type { CellPlace } from '../../kit/grids/grid-picture.tsx';
import { classShare, LOST } from '../model/class-hands.ts';
import type { NamedRow } from '../model/hand-words.ts';

export interface HandMatrixScene {
  readonly rows: readonly NamedRow[];
  /** The hands with test drawings: their names, and their places among all hands, from 1. */
  readonly columns: readonly { readonly name: string; readonly number: number }[];
  readonly hidden: boolean;
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

/** px: of a cell, the last column, a row of a merge, the gap before both, the numbers above and those to the right. */
const CELL = { least: 4, most: 22, readable: 13 };
const [OTHERS, MERGED, PITCH, GAP, HEAD, NUMBER] = [26, 18, 22, 12, 20, 46];
const FONT = 13;
/** px of a phone's width, which has no room for numbers beside the rows. */
const NARROW = 500;

const labelOf = ({ key, name }: NamedRow, i: number, hidden: boolean) =>
  key !== 'own' ? name : hidden ? `${i + 1}` : `${name} ${i + 1}`;

/** Where the cells are in a width in px. */
export function matrixLayout({ rows, columns, hidden }: HandMatrixScene, width: number) {
  const narrow = width < NARROW;
  const labels = rows.map((row, i) => labelOf(row, i, hidden));
  const left = Math.min(narrow ? 94 : 132, widest(labels, FONT, true) + 8);
  const free = width - left - GAP - OTHERS - (narrow ? 10 : 2 * NUMBER);
  const across = columns.length;
  const cell = Math.max(CELL.least, Math.min(CELL.most, Math.floor((10 * free) / Math.max(1, across)) / 10));
  const own = rows.filter(({ key }) => key === 'own').length;
  const merges = HEAD + own * cell + GAP;
  const end = left + across * cell + GAP + OTHERS;
  return {
    ...{ narrow, labels, left, cell, own, merges, end },
    height: merges + (rows.length - own) * PITCH,
    place: ([row, column]: CellPlace) => ({
      left: left + column * cell + (column === across ? GAP : 0),
      top: row < own ? HEAD + row * cell : merges + (row - own) * PITCH,
      width: column === across ? OTHERS : cell,
      height: row < own ? cell : MERGED,
    }),
    /** Null outside. */
    cellAt(x: number, y: number): CellPlace | null {
      const row = y < merges ? Math.floor((y - HEAD) / cell) : own + Math.floor((y - merges) / PITCH);
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
  const { narrow, labels, left, cell, own, merges, end, place } = matrixLayout(scene, width);
  const [name, gap] = [left - 6, cell > 9 ? 1 : 0];
  const head = (key: string, x: number, text: string) => words(key, 'ink-3', [x, 14], 'middle', text);
  return flatten([
    !narrow && words('hand', 'ink-3', [name, 14], 'end', 'hand'),
    columns.map(
      ({ number }, i) =>
        (isFifth(number) || columns.length <= 10) && head(`head ${i}`, left + (i + 0.5) * cell, `${number}`),
    ),
    head('others', end - OTHERS / 2, 'others'),
    !narrow &&
      columns.length > 0 && [
        words('class', 'ink-3', [end + NUMBER, merges - 3], 'end', 'class'),
        words('rest', 'ink-3', [end + 2 * NUMBER, merges - 3], 'end', 'others'),
      ],
    rows.map((one, r) => {
      const { key, row } = one;
      const { top, height } = place([r, 0]);
      const middle = top + height / 2 + FONT * 0.36;
      const ink = key === 'sum' ? 'ink strong' : 'ink';
      const label = r >= own || cell >= CELL.readable ? labels[r] : isFifth(r + 1) ? `${r + 1}` : '';
      return [
        words(`name ${r}`, ink, [name, middle], 'end', shortened(label, name, FONT, key === 'sum')),
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
            columns.length > 0 && words(`class ${r}`, ink, [end + NUMBER, middle], 'end', classShare(row).toFixed(3)),
            words(`others ${r}`, 'ink-3', [end + 2 * NUMBER, middle], 'end', row.others.toFixed(3)),
          ],
      ];
    }),
  ]);
}
