import { expect, it } from 'vitest';
import { inits } from '../../experiment/inits/index.ts';
import { initGroups, needWords } from './init-groups.ts';

it('every start stands in one group', () => {
  const listed = initGroups().flatMap((group) => group.starts);
  expect([...listed].sort()).toEqual(inits.all.map((it) => it.name).sort());
  expect(new Set(listed).size).toBe(listed.length);
  expect(initGroups().every((group) => group.starts.length > 0)).toBe(true);
});

it('those marked † are those that move a part of W₀, and no others', () => {
  const moved = initGroups().find((group) => group.title.startsWith('†'));
  expect(moved?.starts).toEqual(['pissa', 'milora', 'olora', 'corda', 'lora-ga']);
});

it('what a start needs is said in words', () => {
  expect(needWords({})).toBeNull();
  expect(needWords({ needs: ['base', 'inputs'] })).toBe('Needs W₀ and the task’s inputs.');
});
