import { expect, it } from 'vitest';
import { orderWords } from './optimiser-words.ts';

const settings = { target: 'low-rank', shape: 'geometric', rank: 8, truerank: 4 };

it('says under Muon, and nowhere else, when the order of directions turns', () => {
  const above = ' Directions grow alike, so here the small ones are done first: rank 8 is above the 4 of ΔW*.';
  expect([orderWords('muon', settings), orderWords('polar', settings)]).toEqual([above, above]);
  expect(orderWords('muon', { ...settings, rank: 4 })).toContain('only in part: rank 4 is not above the 4 of ΔW*.');
  for (const changes of [{ shape: 'equal' }, { target: 'decay' }])
    expect(orderWords('muon', { ...settings, ...changes })).toBe('');
  for (const opt of ['sgd', 'adam', 'scaled', 'signsgd'] as const) expect(orderWords(opt, settings)).toBe('');
});
