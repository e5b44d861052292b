import { expect, it } from 'vitest';
import type { ClassStanding } from '../../model/standings.ts';
import { groupHeadings } from './wall-table.tsx';

it('those that missed the goal are said to be within the budget only where there is one', () => {
  const missed = { kind: 'missed', error: 0.3 } as ClassStanding;
  const said = (numbers: number | null, steps: number | null, goal = true) =>
    groupHeadings([missed], goal ? { error: 0.1, numbers, steps } : null).get(missed);
  expect(said(null, null)).toBe('goal not reached: 1');
  expect(said(600, null)).toBe('within the budget, goal not reached: 1');
  expect(said(null, 300)).toBe('within the budget, goal not reached: 1');
  expect(said(null, null, false)).toBe('by final error: 1');
});
