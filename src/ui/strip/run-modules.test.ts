import { expect, it } from 'vitest';
import { gridOfRun } from './run-modules.tsx';

const NAMES = ['layer 0.q', 'layer 0.v', 'layer 1.q', 'layer 1.up'];
const modules = [[1, 1, 1, 1], [2, 0], [3, 3], [1]].map((sigma) => ({ spectrum: Float64Array.from(sigma) }));

it('the modules of a live run are a row a layer and a column a kind, and none where there is no such module', () => {
  const { rows, columns, cells } = gridOfRun(NAMES, modules);
  expect(rows.map(({ text }) => text)).toEqual(['layer 0', 'layer 1']);
  expect(columns.map(({ text }) => text)).toEqual(['q', 'v', 'up']);
  expect(cells.map((cell) => cell?.index ?? null)).toEqual([0, 1, null, 2, null, 3]);
});

it('a cell is the effective rank of its module, n for n equal singular values, on the tint of the highest', () => {
  const { cells, most: max } = gridOfRun(NAMES, modules);
  const of = (index: number) => cells.find((cell) => cell?.index === index);
  expect([0, 1, 2, 3].map((index) => Number(of(index)?.text))).toEqual([4, 1, 2, 1]);
  expect([of(0)?.tint, of(2)?.tint]).toEqual([expect.closeTo(1), expect.closeTo(0.5)]);
  expect(of(3)?.words).toBe('layer 1.up: effective rank 1.0');
  expect(max).toBe(3);
});

it('before the first frame, or without a spectrum in it, a cell has no number', () => {
  const [before] = gridOfRun(['W'], null).cells;
  const [without] = gridOfRun(['W'], [{ spectrum: null }]).cells;
  for (const cell of [before, without]) expect(cell).toMatchObject({ text: '', tint: null, beside: null });
  expect(gridOfRun(['W'], null)).toMatchObject({ rows: [{ text: '' }], columns: [{ text: 'W' }] });
});
