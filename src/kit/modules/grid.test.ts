import { describe, expect, it } from 'vitest';
import { doBoxesOverlap, textBox } from '../../charts/testing/boxes.ts';
import type { Mark } from '../chart/marks.ts';
import { gridCells, gridFoot, gridHeads, gridNames, gridShapes, sharePercent } from './grid-marks.ts';
import { cellAt, cellAtPoint, type GridContainer, type GridScene, gridLayout, placeOf } from './grid-scene.ts';

function scene(rows: number, columns: number, more: Partial<GridScene> = {}, names = 'down 0·'): GridScene {
  return {
    rows: Array.from({ length: rows }, (_, i) => ({ text: `${names}${i}`, share: 1 / rows })),
    columns: Array.from({ length: columns }, (_, i) => ({
      text: ['q', 'k', 'v', 'out', 'gate', 'fc1'][i % 6],
      share: 1 / columns,
    })),
    groups: [
      { text: 'self-attention', from: 0, to: Math.ceil(columns / 2) },
      { text: 'cross-attention', from: Math.ceil(columns / 2), to: columns },
    ],
    cells: Array.from({ length: rows * columns }, (_, index) =>
      index % 11 === 5
        ? null
        : {
            index,
            text: String(index % 320),
            tint: (index % 5) / 4,
            beside:
              index % 2
                ? { bars: [3, 2, 1, 0.1], kept: index % 4 === 1 ? 2 : null }
                : { rows: 4, cols: 4, values: Array(16).fill(0.5) },
            flagged: index % 7 === 0,
            bad: false,
            words: `cell ${index}`,
          },
    ),
    hue: 'dw',
    most: 3,
    widest: '320',
    lit: null,
    ...more,
  };
}

const ROOMS: readonly GridContainer[] = [
  { width: 590, height: 548, font: 13, touch: false },
  { width: 590, height: 330, font: 13, touch: false },
  { width: 480, height: 548, font: 13, touch: false },
  { width: 358, height: null, font: 13, touch: true },
  { width: 900, height: 700, font: 22, touch: false },
];

const texts = (marks: readonly Mark[], font: number) =>
  marks.filter(({ tag }) => tag === 'text').map((mark) => ({ text: mark.text ?? '', box: textBox(mark, font) }));

describe.each(ROOMS)('the picture in $width × $height at $font px', (room) => {
  it.each([
    [16, 8],
    [1, 1],
    [12, 1],
    [18, 4],
    [60, 4],
    [28, 14],
  ])('%i × %i: names, numbers and shares stay apart', (rows, columns) => {
    const of = scene(rows, columns);
    const layout = gridLayout(of, room);
    for (const marks of [
      gridHeads(of, layout),
      gridNames(of, layout, 0),
      gridCells(of, layout),
      gridFoot(of, layout),
    ]) {
      const boxes = texts(marks, room.font);
      const touching = boxes.flatMap((one, i) =>
        boxes
          .slice(i + 1)
          .filter((other) => doBoxesOverlap(shrunk(one.box), shrunk(other.box), -1))
          .map((other) => `${one.text} | ${other.text}`),
      );
      expect(touching).toEqual([]);
      expect(new Set(marks.map(({ key }) => key)).size).toBe(marks.length);
      expect(JSON.stringify(marks)).not.toMatch(/NaN|null|Infinity/);
    }
    for (const { box, text } of texts(gridNames(of, layout, 0), room.font))
      expect(box.left, text).toBeGreaterThanOrEqual(-1);
  });
});

/** The inked part of a line: numbers of rows come as close as 15 px. */
const shrunk = ({ left, right, top, bottom }: ReturnType<typeof textBox>) => ({
  left,
  right,
  top: top + 2,
  bottom: bottom - 3,
});

it('rows are 15 to 30 px, 44 for a finger, and more than 24 of them scroll', () => {
  const [desk, low, , phone] = ROOMS;
  expect(gridLayout(scene(16, 8), desk).cell.height).toBe(30);
  expect(gridLayout(scene(16, 8), low).cell.height).toBeCloseTo(16.5);
  expect(gridLayout(scene(16, 8), desk).seen).toBe(480);
  const long = gridLayout(scene(64, 8), desk);
  expect(long.cell.height).toBeGreaterThanOrEqual(15);
  expect(long.head + long.seen + long.foot).toBeLessThanOrEqual(548.01);
  expect(long.seen / long.cell.height).toBeGreaterThanOrEqual(24);
  expect(gridLayout(scene(64, 4), phone)).toMatchObject({ cell: { height: 44 }, margin: 0, seen: 64 * 44 });
});

it('draws the rows in sight and a few beyond, wherever it is scrolled', () => {
  const of = scene(64, 8);
  for (const top of [0, 300, 990]) {
    const layout = gridLayout(of, { ...ROOMS[0], top });
    const { seen, cell } = layout;
    const drawn = [...gridCells(of, layout), ...gridNames(of, layout, 0)].filter(({ tag }) => tag === 'text');
    const ys = drawn.map(({ attributes }) => Number(attributes.y));
    const inSight = (row: number) => (row + 1) * cell.height > top && row * cell.height < top + seen;
    for (let row = 0; row < 64; row++) if (inSight(row)) expect(drawn.map(({ key }) => key)).toContain(`row ${row}`);
    expect(Math.min(...ys)).toBeGreaterThan(top - 5 * cell.height);
    expect(Math.max(...ys)).toBeLessThan(top + seen + 9 * cell.height);
  }
});

it('finds the cell under a pointer', () => {
  const of = scene(16, 8);
  const layout = gridLayout(of, ROOMS[0]);
  expect(cellAtPoint(of, layout, layout.cell.width * 2.5, layout.cell.height * 3.5)).toEqual([3, 2]);
  expect(cellAtPoint(of, layout, layout.cell.width * 8.1, 5)).toBeNull();
  expect(placeOf(of, 17)).toEqual([2, 1]);
  expect(placeOf(of, 5)).toBeNull();
  expect(cellAt(of, [2, 1])?.index).toBe(17);
});

it('bars have heights in proportion, and where a module is cut they stop being full', () => {
  const one = { index: 0, text: '4', tint: 1, flagged: false, bad: false, words: '' };
  const of = scene(1, 1, { cells: [{ ...one, beside: { bars: [4, 2, 1], kept: 2 } }], most: 4, widest: '4' });
  const layout = gridLayout(of, ROOMS[0]);
  const heights = (key: string) =>
    [...String(gridShapes(of, layout).find((mark) => mark.key === key)?.attributes.d).matchAll(/v([\d.]+)/g)].map((m) =>
      Number(m[1]),
    );
  const [first, second] = heights('bars 0');
  expect(heights('bars 0')).toHaveLength(2);
  expect(first / second).toBeCloseTo(2, 1);
  expect(heights('dropped bars 0')[0]).toBeCloseTo(first / 4, 1);
});

it('more directions than px are as many bars as px, in the same shape', () => {
  const one = { index: 0, text: '4', tint: 1, flagged: false, bad: false, words: '' };
  const bars = Array.from({ length: 4096 }, (_, i) => 4096 - i);
  const of = scene(1, 8, { cells: [{ ...one, beside: { bars, kept: 2048 } }, ...Array(7).fill(null)], most: 4096 });
  const layout = gridLayout(of, ROOMS[0]);
  const drawn = (key: string) =>
    String(gridShapes(of, layout).find((mark) => mark.key === key)?.attributes.d).split('M').length - 1;
  expect(drawn('bars 0') + drawn('dropped bars 0')).toBeLessThanOrEqual(layout.cell.width);
  expect(Math.abs(drawn('bars 0') - drawn('dropped bars 0'))).toBeLessThanOrEqual(1);
});

it('a module that is not pointed out is dimmed, its number too', () => {
  const of = scene(2, 2, { lit: new Set([1]) });
  const looks = gridCells(of, gridLayout(of, ROOMS[0])).filter(({ key }) => /^tint/.test(key));
  expect(looks.filter(({ attributes }) => String(attributes.class).includes('dim'))).toHaveLength(looks.length - 1);
});

it('shares are whole percent, and never 0 where there is something', () => {
  expect([0, 0.001, 0.0051, 0.134, 1].map(sharePercent)).toEqual(['0%', '<1%', '1%', '13%', '100%']);
});

it('figures that arrive change the marks of their own cells, and the bars of their rows', () => {
  const all = scene(16, 8, {}, 'layer ');
  const unread = (from: number) =>
    all.cells.map((cell) =>
      cell && cell.index >= from ? { ...cell, text: '', tint: null, beside: null, flagged: false } : cell,
    );
  const layout = gridLayout(all, ROOMS[0]);
  const marks = (from: number) => {
    const of = { ...all, cells: unread(from) };
    return new Map(
      [...gridCells(of, layout), ...gridShapes(of, layout)].map((mark) => [mark.key, JSON.stringify(mark)]),
    );
  };
  const [before, after] = [marks(41), marks(44)];
  const changed = [...after].filter(([key, mark]) => before.get(key) !== mark).map(([key]) => key);
  const own = /^(tint|number|flag) 4[123]$|^(dropped )?bars 5$/;
  expect(changed.filter((key) => !own.test(key)).toSorted()).toEqual(['base lines', 'cuts', 'level 5', 'squares']);
  expect(changed.length).toBeGreaterThan(8);
});
