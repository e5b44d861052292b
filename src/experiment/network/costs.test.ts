import { expect, it } from 'vitest';
import { change, defaults } from '../settings/experiment.ts';
import { networkCosts, trainedParameters } from './costs.ts';
import { digits } from './digits-target.ts';
import { transformer } from './transformer-target.ts';

const at = (rank: number) => change(defaults(), { target: 'digits', rank });

it('are those of networks-digits.md: 330 parameters a rank, and millions of multiply-adds a step', () => {
  expect([1, 4, 8].map((rank) => networkCosts(digits, at(rank)).lora.trained)).toEqual([330, 1320, 2640]);
  expect(networkCosts(digits, at(4)).full.trained).toBe(8832);
  // Full 1.43 M, r 1, 4, 8, 16: .93, 1.11, 1.34, 1.81 M.
  expect(networkCosts(digits, at(4)).full.multiplyAdds / 1e6).toBeCloseTo(1.43, 2);
  const millions = [1, 4, 8].map((rank) => networkCosts(digits, at(rank)).lora.multiplyAdds / 1e6);
  for (const [i, wanted] of [0.93, 1.11, 1.34].entries()) expect(millions[i]).toBeCloseTo(wanted, 1);
});

it('count the matrices with an adapter, a frozen factor not, and two moments of Adam', () => {
  const out = change(at(4), { modules: 'out' });
  expect(networkCosts(digits, out).lora.trained).toBe(4 * 74);
  expect(networkCosts(digits, change(out, { init: 'mica' })).lora.trained).toBe(4 * 64);
  expect(networkCosts(digits, at(4)).lora.state).toBe(1320 * 8);
  expect(networkCosts(digits, change(at(4), { opt: 'sgd' })).lora.state).toBe(0);
  expect(trainedParameters(change(at(4), { method: 'full' }))).toBe(8832);
  // The last matrix has ten directions.
  expect(networkCosts(digits, at(16)).lora.trained).toBe(16 * 256 + 10 * 74);
});

// networks.md: about 97 M at rank 8 and 108 M of full fine-tuning, with attention and the head, which take some 5 M.
it('of a transformer count each position of a sequence', () => {
  const { lora, full } = networkCosts(transformer, change(defaults(), { target: 'transformer' }));
  expect([lora.trained, full.trained]).toEqual([14_336, 65_536]);
  expect(full.multiplyAdds / 1e6).toBeCloseTo(100, -1);
  expect(lora.multiplyAdds / full.multiplyAdds).toBeGreaterThan(0.85);
  expect(lora.multiplyAdds).toBeLessThan(full.multiplyAdds);
});
