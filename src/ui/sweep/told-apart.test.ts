import { expect, it } from 'vitest';
import { distinguishingColumns } from './sweep-table.tsx';

const columns = ['rank r', 'seed', 'status', 'error', 'held-out loss', 'steps'];

it('a table keeps what tells its rows apart, its settings and what it is about', () => {
  const rows = [
    ['1', '4', 'finished', 0.5, null, 300],
    ['2', '4', 'finished', 0.5, null, 200],
  ];
  const { table, same } = distinguishingColumns({ columns, rows }, 1, ['error']);
  expect(table).toEqual({
    columns: ['rank r', 'error', 'steps'],
    rows: [
      ['1', 0.5, 300],
      ['2', 0.5, 200],
    ],
  });
  expect(same).toBe('seed 4, status finished');
});

it('one row is shown as it is, and so is what only some rows have', () => {
  const one = { columns, rows: [['1', '4', 'finished', 0.5, null, 300]] };
  expect(distinguishingColumns(one, 1, ['error'])).toEqual({ table: one, same: '' });
  const rows = [
    ['1', '4', 'finished', 0.5, 0.2, 300],
    ['2', '4', 'diverged', null, null, 300],
  ];
  expect(distinguishingColumns({ columns, rows }, 1, []).table.columns).toEqual([
    'rank r',
    'status',
    'error',
    'held-out loss',
  ]);
});
