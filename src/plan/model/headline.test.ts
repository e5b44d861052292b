import { expect, it } from 'vitest';
import { readCost } from './cost-link.ts';
import { timeWords } from './headline.ts';

it('says the time at the speed that it is estimated with, and else how many times fewer numbers are trained', () => {
  const words = (text: string) => timeWords(readCost(text).cost);
  expect(words('speed:0.4')[1]).toMatch(/^for 1,000 steps at 0\.4 TFLOP\/s; full fine-tuning/);
  expect(words('speed:2.5')[1]).toContain(' at 2.5 TFLOP/s');
  expect(words('speed:1979')[1]).toContain(' at 1,980 TFLOP/s');
  // Each q is square: 12,390,400 numbers, 5 of width 320, 5 of 640 and 6 of 1,280; a rank trains 2 × 12,480.
  expect(words('model:sd15-unet,self-q:8')).toEqual(['62×', 'fewer than the adapted matrices have']);
  expect(words('model:sd15-unet,self-q:320')[0]).toBe('1.5×');
  expect(words('model:sd15-unet,self-q:0')[0]).toBe('–');
});
