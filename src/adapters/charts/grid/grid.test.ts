// @vitest-environment happy-dom
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mark } from '../../../charts/drawing/marks.ts';
import { overlap, textBox } from '../../../charts/testing/boxes.ts';
import type { Place } from '../../file/model.ts';
import { arrange, bounded, groupsOf, standOf, titleOf } from './arrange.ts';
import { cellUnder, type GridRoom, gridLayout } from './grid-layout.ts';
import { gridCells, gridFoot, gridHeads, gridNames, sharePercent } from './grid-picture.ts';
import { cellAt, type GridScene, placeOf } from './grid-scene.ts';

const module = (layer: string, order: number[], group: string, type: string) => ({
  name: `${layer}.${group}.${type}`,
  place: { layer, order, group, type } satisfies Place,
});

const inFileOrder = ['k', 'out', 'q', 'v'].flatMap((type) => [
  module('down 0', [0, 0], 'self-attention', type),
  module('mid', [1], 'self-attention', type),
  module('mid', [1], 'cross-attention', type),
]);

describe('modules in rows and columns', () => {
  it('has rows as a pass meets them, columns in groups as a layer computes them, and "nothing" where there is no module', () => {
    const { rows, columns, cells } = arrange([...inFileOrder, module('up 3', [2, 3], 'mlp', 'proj')]);
    expect(rows).toEqual(['down 0', 'mid', 'up 3']);
    expect(groupsOf(columns)).toEqual([
      { text: 'self-attention', from: 0, to: 4 },
      { text: 'cross-attention', from: 4, to: 8 },
      { text: 'mlp', from: 8, to: 9 },
    ]);
    expect(columns.map(({ type }) => type).join(' ')).toBe('q k v out q k v out proj');
    expect(cells.filter((cell) => cell !== null).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 13 }, (_, i) => i),
    );
    expect(cells.slice(4, 8)).toEqual([null, null, null, null]);
  });

  it('names no row, column or module with characters that turn the text around or are not seen', () => {
    const hostile = ['a\u202eb.q\u200b', 'x\u2066', 'layer\u2028.v', '\ufeff_y'].map((name) => ({ name, place: null }));
    const { rows, columns } = arrange(hostile);
    const shown = [...rows, ...columns.map(({ type }) => type), ...hostile.map(titleOf), bounded('\u202e'.repeat(999))];
    for (const text of shown) expect(text).not.toMatch(/[\p{C}\u2028]/u);
    expect(titleOf(hostile[0])).toBe('a�b · q�');
  });

  it('loses no module, whatever their names', () => {
    const place = fc.option(
      fc.record({
        layer: fc.constantFrom('layer 0', 'layer 1', 'mid'),
        order: fc.array(fc.nat(3), { maxLength: 2 }),
        group: fc.constantFrom('', 'attention'),
        type: fc.constantFrom('q', 'v', 'x'),
      }),
    );
    const list = fc.array(fc.record({ name: fc.string({ minLength: 1 }), place }), { maxLength: 40 });
    fc.assert(
      fc.property(list, (modules) => {
        const { rows, columns, cells } = arrange(modules);
        expect(cells).toHaveLength(rows.length * columns.length);
        const found = cells.filter((cell) => cell !== null).toSorted((a, b) => a - b);
        expect(found).toEqual(modules.map((_, i) => i));
      }),
      { numRuns: 100 },
    );
  });

  it('one row per prefix where a name tells no layer', () => {
    const unknown = ['a.b.query', 'a.b.value', 'c.query', 'lone'].map((name) => ({ name, place: null }));
    expect(arrange(unknown).rows).toEqual(['a.b', 'c', 'lone']);
    expect(standOf({ name: 'lora_unet_conv_in', place: null })).toMatchObject({ layer: 'lora_unet_conv', type: 'in' });
    expect(titleOf({ name: 'a.b.query', place: null })).toBe('a.b · query');
    expect(titleOf(module('mid', [1], 'cross-attention', 'out'))).toBe('mid · cross-attention out');
  });

  it('a file whose names make no grid is a list, at once', () => {
    const odd = Array.from({ length: 5000 }, (_, i) => module(`layer ${i}`, [i], '', `kind ${i}`));
    const { rows, columns, cells } = arrange(odd);
    expect([rows.length, columns.length, cells.length]).toEqual([5000, 1, 5000]);
    expect(rows[7]).toBe('layer 7 · kind 7');
  });

  it('two modules of one place have a row each', () => {
    const twins = [module('layer 0', [0], 'mlp', 'up'), module('layer 0', [0], 'mlp', 'up')];
    expect(arrange(twins)).toMatchObject({ rows: ['layer 0', 'layer 0 (2)'], cells: [0, 1] });
  });
});

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

const ROOMS: readonly GridRoom[] = [
  { width: 590, height: 548, font: 12, touch: false },
  { width: 590, height: 330, font: 12, touch: false },
  { width: 480, height: 548, font: 12, touch: false },
  { width: 358, height: null, font: 12, touch: true },
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
          .filter((other) => overlap(shrunk(one.box), shrunk(other.box), -1))
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

/** What of a line is inked: numbers of rows come as close as 15 px. */
const shrunk = ({ left, right, top, bottom }: ReturnType<typeof textBox>) => ({
  left,
  right,
  top: top + 2,
  bottom: bottom - 3,
});

it('rows are 15 to 30 px, 44 for a finger, and more than 24 of them scroll', () => {
  const [desk, low, , phone] = ROOMS;
  expect(gridLayout(scene(16, 8), desk).cell.height).toBe(30);
  expect(gridLayout(scene(16, 8), low).cell.height).toBeCloseTo(17, 0);
  expect(gridLayout(scene(16, 8), desk).seen).toBe(480);
  const long = gridLayout(scene(64, 8), desk);
  expect(long.cell.height).toBeGreaterThanOrEqual(15);
  expect(long.head + long.seen + long.foot).toBeLessThanOrEqual(548);
  expect(long.seen / long.cell.height).toBeGreaterThanOrEqual(24);
  expect(gridLayout(scene(64, 4), phone)).toMatchObject({ cell: { height: 44 }, margin: 0, seen: 64 * 44 });
});

it('finds the cell under a pointer', () => {
  const of = scene(16, 8);
  const layout = gridLayout(of, ROOMS[0]);
  expect(cellUnder(of, layout, layout.cell.width * 2.5, layout.cell.height * 3.5)).toEqual([3, 2]);
  expect(cellUnder(of, layout, layout.cell.width * 8.1, 5)).toBeNull();
  expect(placeOf(of, 17)).toEqual([2, 1]);
  expect(placeOf(of, 5)).toBeNull();
  expect(cellAt(of, [2, 1])?.index).toBe(17);
});

it('bars have heights in proportion, and where a module is cut they stop being full', () => {
  const one = { index: 0, text: '4', tint: 1, flagged: false, bad: false, words: '' };
  const of = scene(1, 1, { cells: [{ ...one, beside: { bars: [4, 2, 1], kept: 2 } }], most: 4, widest: '4' });
  const layout = gridLayout(of, ROOMS[0]);
  const heights = (key: string) =>
    [...String(gridCells(of, layout).find((mark) => mark.key === key)?.attributes.d).matchAll(/v([\d.]+)/g)].map((m) =>
      Number(m[1]),
    );
  const [first, second] = heights('bars');
  expect(heights('bars')).toHaveLength(2);
  expect(first / second).toBeCloseTo(2, 1);
  expect(heights('dropped bars')[0]).toBeCloseTo(first / 4, 1);
});

it('more directions than px are as many bars as px, in the same shape', () => {
  const one = { index: 0, text: '4', tint: 1, flagged: false, bad: false, words: '' };
  const bars = Array.from({ length: 4096 }, (_, i) => 4096 - i);
  const of = scene(1, 8, { cells: [{ ...one, beside: { bars, kept: 2048 } }, ...Array(7).fill(null)], most: 4096 });
  const layout = gridLayout(of, ROOMS[0]);
  const drawn = (key: string) =>
    String(gridCells(of, layout).find((mark) => mark.key === key)?.attributes.d).split('M').length - 1;
  expect(drawn('bars') + drawn('dropped bars')).toBeLessThanOrEqual(layout.cell.width);
  expect(Math.abs(drawn('bars') - drawn('dropped bars'))).toBeLessThanOrEqual(1);
});

it('a module that is not pointed out is dimmed, its number too', () => {
  const of = scene(2, 2, { lit: new Set([1]) });
  const looks = gridCells(of, gridLayout(of, ROOMS[0])).filter(({ key }) => /^tint/.test(key));
  expect(looks.filter(({ attributes }) => String(attributes.class).includes('dim'))).toHaveLength(looks.length - 1);
});

it('shares are whole percent, and never 0 where there is something', () => {
  expect([0, 0.001, 0.0051, 0.134, 1].map(sharePercent)).toEqual(['0%', '<1%', '1%', '13%', '100%']);
});

it('bounds names that are as long as a header, and keeps both ends of them', () => {
  const name = `first.${'x<b>'.repeat(25_000)}.last`;
  const { rows, columns } = arrange([{ name, place: null }]);
  expect([rows[0].length, rows[0].slice(0, 6), rows[0].slice(-3)]).toEqual([160, 'first.', '<b>']);
  expect(columns[0].type).toBe('last');
});
