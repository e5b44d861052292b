import { expect, it } from 'vitest';
import { mixed } from './moving.ts';

const from = { a: 0, rect: { x: 10, names: ['left'] }, lines: [0, 4], gone: { x: 1 }, none: null };
const to = { a: 8, rect: { x: 20, names: ['right'] }, lines: [2, 8], gone: null, none: { x: 6 } };

it('a layout on its way has every number between those of its ends', () => {
  expect(mixed(from, to, 0.5)).toEqual({
    a: 4,
    rect: { x: 15, names: ['right'] },
    lines: [1, 6],
    gone: null,
    none: { x: 6 },
  });
  expect(mixed(from, to, 1)).toEqual(to);
});

it('begins where the other stands', () => {
  expect(mixed(from, to, 0)).toMatchObject({ a: 0, rect: { x: 10 }, lines: [0, 4] });
});
