import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { caseByName } from '../../clinic/cases/cases.ts';
import type { Warning } from '../file/model.ts';
import { CAUSES, COMPLAINTS, complaintsOf } from './complaint.tsx';

const warning = (about: string, modules: readonly number[] = [0]): Warning => ({
  ...{ about, modules, tone: 'look', title: '', details: '', acts: [] },
});

it('names complaints as the clinic does', () => {
  for (const [name, words] of Object.entries(COMPLAINTS))
    expect(words).toBe(caseByName(name as keyof typeof COMPLAINTS).complaint);
});

it('knows the checks by their names', () => {
  const checks = readFileSync('src/adapters/file/warnings/warnings.ts', 'utf8');
  const abouts = [...checks.matchAll(/about: '([\w-]+)'/g)].map(([, about]) => about);
  expect(Object.keys(CAUSES).filter((about) => !abouts.includes(about))).toEqual([]);
});

it('some B of zeros lead to “B is all zeros”, and if all are, the adapter does nothing', () => {
  expect(complaintsOf([warning('untrained', [2, 3])])).toEqual(new Map([['untrained', 'zeros']]));
  expect(complaintsOf([warning('untrained', [])])).toEqual(new Map([['untrained', 'nothing']]));
});

it('several findings of one complaint name it once, at the first, and others name none', () => {
  const found = complaintsOf(
    ['not-finite', 'dead', 'half-rank', 'rank-one', 'dora', 'passed'].map((one) => warning(one)),
  );
  expect([...found]).toEqual([
    ['not-finite', 'nan'],
    ['dead', 'size'],
  ]);
});
