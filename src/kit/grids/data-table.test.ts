import { expect, it } from 'vitest';
import { sortRows } from './data-table.tsx';

const rows = [
  { name: 'layer 10', size: 2 },
  { name: 'layer 9', size: null },
  { name: 'layer 2', size: 7 },
  { name: 'layer 1', size: 2 },
] as const;
const columns = [
  { key: 'name', value: ({ name }: (typeof rows)[number]) => name },
  { key: 'size', value: ({ size }: (typeof rows)[number]) => size },
  { key: 'picture' },
];
const names = (key: string, down: boolean) =>
  sortRows(rows, columns, { key, down }).map(({ name }) => name.replace('layer ', ''));

it('sorts numbers by size and names by the numbers in them', () => {
  expect(names('size', true)).toEqual(['2', '10', '1', '9']);
  expect(names('name', false)).toEqual(['1', '2', '9', '10']);
  expect(names('name', true)).toEqual(['10', '9', '2', '1']);
});

it('puts unknown values last in either direction, and keeps the order of equal rows', () => {
  expect(names('size', false)).toEqual(['10', '1', '2', '9']);
  expect(names('size', true).at(-1)).toBe('9');
});

it('leaves the order to a column that does not sort', () => {
  expect(names('picture', true)).toEqual(['10', '9', '2', '1']);
  expect(sortRows(rows, columns, { key: 'picture', down: true })).toEqual(rows);
});
