import { expect, it } from 'vitest';
import type { Scene } from '../chart.ts';
import { crosses, textBox } from '../testing/boxes.ts';
import { madeUpScene } from '../testing/made-up.ts';
import { gradientsPicture } from './gradients.ts';

const SIZE = { width: 520, height: 170, font: 12, short: false };

/** A run that starts with B = 0, beside one whose gradients keep a height from step 0 on. */
function beside(height: number): Scene {
  const scene = madeUpScene({ rank: 8, step: 120, others: [4] });
  const flat = new Float64Array(301).fill(height);
  const [other] = scene.others;
  if (!other) throw new Error('no other run');
  return { ...scene, others: [{ ...other, curves: { ...other.curves, gradNormA: flat, gradNormB: flat } }] };
}

it('what is 0 at step 0 is said beside another run, but not over its line', () => {
  const draw = (height: number) => gradientsPicture(beside(height), SIZE);
  const note = draw(0.5).find(({ key }) => key === 'zero note');
  if (!note) throw new Error('no note');
  const low = draw(0.001);
  const line = String(low.find(({ key }) => key === 'other 0 b')?.attributes.d);
  const points = [...line.matchAll(/([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  expect(crosses(points, textBox(note, SIZE.font))).toBe(true);
  expect(low.some(({ key }) => key === 'zero note')).toBe(false);
});
