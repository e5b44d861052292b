import { describe, expect, it } from 'vitest';
import { cellAfter, valueAfter } from './arrows.ts';

describe('the cell that a key leads to', () => {
  const grid = { rows: 16, columns: 8 };

  it('is inside the grid, cell by cell, by row and by page', () => {
    expect(cellAfter('ArrowUp', [0, 0], grid)).toEqual([0, 0]);
    expect(cellAfter('ArrowDown', [3, 2], grid)).toEqual([4, 2]);
    expect(cellAfter('End', [3, 2], grid)).toEqual([3, 7]);
    expect(cellAfter('Home', [3, 2], grid)).toEqual([3, 0]);
    expect(cellAfter('PageDown', [3, 2], grid)).toEqual([15, 2]);
    expect(cellAfter('PageDown', [3, 2], { ...grid, page: 10 })).toEqual([13, 2]);
    expect(cellAfter('ArrowRight', [3, 2], { ...grid, by: [4, 4] })).toEqual([3, 6]);
  });

  it('is none for other keys', () => {
    expect(cellAfter('x', [3, 2], grid)).toBeNull();
    expect(cellAfter('toString', [3, 2], grid)).toBeNull();
  });
});

describe('the value that a key leads to', () => {
  const axis = { first: 1, last: 64, start: 8 };

  it('begins at the start and stays between the ends', () => {
    expect(valueAfter('ArrowLeft', null, axis)).toBe(8);
    expect(valueAfter('ArrowLeft', 3, axis)).toBe(2);
    expect(valueAfter('ArrowLeft', 3, { ...axis, by: 10 })).toBe(1);
    expect(valueAfter('End', null, axis)).toBe(64);
  });

  it('is taken away by Escape, which does nothing else', () => {
    expect(valueAfter('Escape', 3, axis)).toBeNull();
    expect(valueAfter('Escape', null, axis)).toBeUndefined();
  });

  it('is undefined for other keys', () => {
    expect(valueAfter('ArrowUp', 3, axis)).toBeUndefined();
    expect(valueAfter('toString', null, axis)).toBeUndefined();
  });
});
