import { box, type Mark, type Point, polylines, segment, words } from '../chart/marks.ts';
import { textWidth } from '../chart/text-width.ts';
import { cellFills } from './cell-fills.ts';
import { type GridLayout, named } from './grid-layout.ts';
import type { GridHead, GridPlace, GridScene } from './grid-scene.ts';

/** In lower rows the numbers would touch: they are in the read-out only. */
const NUMBERS_FROM = 14;

/** Names of columns and groups, from the first column's left edge. */
export function gridHeads(scene: GridScene, layout: GridLayout): Mark[] {
  const { columns, groups } = scene;
  const { cell, font, head, staggered } = layout;
  const lower = Math.round(1.1 * font);
  const line = head - 1.5 * font - (staggered ? lower : 0);
  return [
    ...named(groups).flatMap(({ text, from, to }, i) => [
      words(
        `group ${i}`,
        'ink-2 strong',
        [from * cell.width + 2, line - 5],
        'start',
        cut(text, (to - from) * cell.width - 8, font, true),
      ),
      segment(`group line ${i}`, 'hair axis', [from * cell.width + 2, line], [to * cell.width - 8, line]),
    ]),
    ...columns.map(({ text }, i) => {
      const wide = staggered ? 2 * cell.width : cell.width;
      const y = head - 5 - (staggered && i % 2 === 0 ? lower : 0);
      return words(`column ${i}`, 'ink-2', [i * cell.width + 2, y], 'start', cut(text, wide - 4, font));
    }),
    ...(layout.margin > 0
      ? [words('of energy', '', [columns.length * cell.width + 2, head - 5], 'start', 'of energy')]
      : []),
  ];
}

/** Names of rows, right-aligned next to the cells; the row of the chosen cell is bold. */
export function gridNames({ rows }: GridScene, { cell, left, font }: GridLayout, chosen: number | null): Mark[] {
  return rows.map(({ text }, i) => {
    const strong = i === chosen;
    const at: Point = [left - 10, i * cell.height + cell.height / 2 + 0.35 * font];
    return words(`row ${i}`, strong ? 'ink strong' : 'ink-2', at, 'end', cutFront(text, left - 12, font, strong));
  });
}

/** Tints, numbers, bars or squares, ▲, and the shares of rows. */
export function gridCells(scene: GridScene, layout: GridLayout): Mark[] {
  const { cells, columns, rows, lit } = scene;
  const { cell, number, font } = layout;
  const wide = Math.min(number, cell.width - 3);
  const tints: Mark[] = [];
  const texts: Mark[] = [];
  cells.forEach((one, i) => {
    const [row, column] = [Math.floor(i / columns.length), i % columns.length];
    const [x, y] = [column * cell.width, row * cell.height];
    const baseline = y + cell.height / 2 + 0.35 * font;
    if (!one) {
      texts.push(words(`none ${i}`, '', [x + Math.min(8, wide / 2 - 3), baseline], 'start', '–'));
      return;
    }
    const dim = lit !== null && !lit.has(one.index);
    if (one.tint !== null)
      tints.push(tint(one.index, `${scene.hue}${dim ? ' dim' : ''}`, one.tint, x, y, wide, cell.height));
    else tints.push(frame(one.index, x, y, wide, cell.height));
    if (cell.height >= NUMBERS_FROM && one.text !== '') {
      const className = dim ? 'ink-2' : one.bad ? 'bad strong' : 'ink';
      texts.push(words(`number ${one.index}`, className, [x + wide / 2, baseline], 'middle', one.text));
    }
    if (one.flagged) texts.push(triangle(one.index, dim, x + cell.width - 8, y + 3));
  });
  return [...tints, ...cellFills(scene, layout), ...texts, ...shares(rows, columns.length, layout)];
}

export function gridFoot({ columns }: GridScene, { cell, margin, left, font }: GridLayout): Mark[] {
  if (margin === 0) return [];
  return [
    words('share', 'small', [left - 10, 1.33 * font], 'end', 'share'),
    ...columns.flatMap(({ share }, i) =>
      share === null
        ? []
        : [words(`share ${i}`, 'small', [left + i * cell.width + 2, 1.33 * font], 'start', sharePercent(share))],
    ),
  ];
}

/** The least tint, so that a 0 is visible; the opacity in the style sheet limits it to 54% of the hue. */
const LEAST = 0.074;

function tint(
  index: number,
  className: string,
  share: number,
  x: number,
  y: number,
  width: number,
  height: number,
): Mark {
  const mark = box(`tint ${index}`, `tint ${className}`, x, y + 0.5, width, height - 1);
  const strength = LEAST + (1 - LEAST) * Math.min(1, Math.max(0, share));
  return { ...mark, attributes: { ...mark.attributes, 'fill-opacity': Math.round(1000 * strength) / 1000 } };
}

/** A cell without a number: not read yet, or not computable. */
const frame = (index: number, x: number, y: number, width: number, height: number): Mark =>
  box(`tint ${index}`, 'unread', x + 0.5, y + 1, width - 1, height - 2);

const triangle = (index: number, dim: boolean, x: number, y: number): Mark => ({
  tag: 'path',
  key: `flag ${index}`,
  attributes: { class: `fill flag ${dim ? 'axis' : 'ink'}`, d: `M${x.toFixed(1)},${y.toFixed(1)}l3.5,6h-7z` },
});

/** A share of the file in whole percent. */
export const sharePercent = (share: number) => (share > 0 && share < 0.005 ? '<1%' : `${Math.round(100 * share)}%`);

function shares(rows: readonly GridHead[], columns: number, { cell, margin, font }: GridLayout): Mark[] {
  if (margin === 0) return [];
  const max = Math.max(...rows.map(({ share }) => share ?? 0), 1e-9);
  const from = columns * cell.width + 2;
  const room = margin - 2.5 * font;
  return rows.flatMap(({ share }, i) => {
    if (share === null) return [];
    const y = i * cell.height + cell.height / 2;
    const length = (share / max) * room;
    return [
      box(`row share ${i}`, 'ink-3', from, y - 3, length, 6),
      words(`row percent ${i}`, 'small', [from + length + 4, y + 0.35 * font], 'start', sharePercent(share)),
    ];
  });
}

/** The outlines of the chosen cell and of the one under the pointer: all that a pointer changes. */
export function cellOutlines({ cell }: GridLayout, chosen: GridPlace | null, pointed: GridPlace | null): Mark[] {
  const outline = (key: string, className: string, [row, column]: GridPlace): Mark => {
    const [left, top] = [column * cell.width - 2, row * cell.height - 1];
    const [right, bottom] = [left + cell.width - 1, top + cell.height + 2];
    return polylines(key, className, [
      [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
        [left, top - 1],
      ],
    ]);
  };
  const same = chosen && pointed && chosen[0] === pointed[0] && chosen[1] === pointed[1];
  return [
    ...(pointed && !same ? [outline('pointed', 'hair ink', pointed)] : []),
    ...(chosen ? [outline('chosen', 'line ink', chosen)] : []),
  ];
}

function cut(text: string, width: number, font: number, strong = false): string {
  if (textWidth(text, font, strong) <= width) return text;
  let end = text.length - 1;
  while (end > 1 && textWidth(`${text.slice(0, end)}…`, font, strong) > width) end--;
  return `${text.slice(0, end)}…`;
}

/** Cut at the front instead: the end distinguishes layers of unknown names. */
function cutFront(text: string, width: number, font: number, strong: boolean): string {
  if (textWidth(text, font, strong) <= width) return text;
  let from = 1;
  while (from < text.length - 1 && textWidth(`…${text.slice(from)}`, font, strong) > width) from++;
  return `…${text.slice(from)}`;
}
