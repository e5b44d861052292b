import { describe, expect, it } from 'vitest';
import { inits } from '../inits/index.ts';
import { adapterOf, countsOf, trainedPerRank } from './counts.ts';
import { defaults } from './experiment.ts';

const sizes = [
  { d: 64, k: 64 },
  { d: 200, k: 20 },
  { d: 3, k: 50 },
];
const frozen = [null, 'A', 'B'] as const;

describe('what trains', () => {
  it('is as much as full fine-tuning at break-even', () => {
    for (const size of sizes)
      for (const frozenFactor of frozen) {
        const { full, breakEven } = countsOf({ ...size, rank: 1, frozenFactor });
        expect(breakEven * trainedPerRank({ ...size, frozenFactor })).toBeCloseTo(full, 9);
      }
  });

  it('is both factors, or the one that is not frozen; the adapter costs both', () => {
    for (const { d, k } of sizes) {
      const of = (frozenFactor: 'A' | 'B' | null) => countsOf({ d, k, rank: 2, frozenFactor });
      expect(of('A').trained + of('B').trained).toBe(of(null).trained);
      expect(of('B').trained).toBe(2 * k);
      for (const factor of frozen) expect(of(factor).adapter).toBe(2 * (d + k));
    }
  });

  it('is read off what a start freezes', () => {
    for (const { name, frozen } of inits.all) {
      expect(adapterOf({ ...defaults(), init: name }).frozenFactor).toBe(frozen ?? null);
    }
  });
});
