import { expect, it } from 'vitest';
import type { Scene } from '../chart.ts';
import { crossesBox, textBox } from '../testing/boxes.ts';
import { madeUpScene } from '../testing/made-up-scene.ts';
import { gradients, gradientsPicture } from './gradients.ts';

const SIZE = { width: 520, height: 170, font: 13, short: false };

/** A run that starts with B = 0, next to one whose gradients have a constant height. */
function beside(height: number): Scene {
  const scene = madeUpScene({ rank: 8, step: 120, others: [4] });
  const flat = new Float64Array(301).fill(height);
  const [other] = scene.others;
  if (!other) throw new Error('no other run');
  return { ...scene, others: [{ ...other, curves: { ...other.curves, gradNormA: flat, gradNormB: flat } }] };
}

it('a run of another method is named by its own factor, and has no line for one that it lacks', () => {
  const scene = beside(0.5);
  const others = scene.others.map((other) => ({ ...other, name: 'previous, OFT', streams: { A: null, B: 'Q' } }));
  const marks = gradientsPicture({ ...scene, others }, { ...SIZE, height: 300 });
  expect(marks.some(({ key }) => key === 'other 0 b')).toBe(true);
  expect(marks.some(({ key }) => key === 'other 0 a')).toBe(false);
  const texts = marks.flatMap(({ text }) => (text ? [text] : []));
  expect(texts.filter((text) => text.includes('previous')).join()).toMatch(/^Q previous/);
  const method = { label: 'OFT', trained: 992, place: 7.75, streams: { A: null, B: 'Q' } };
  expect(gradients.describe({ ...scene, others: [], method })).not.toMatch(/\bA\b [\d.]+/);
  expect(gradients.table({ ...scene, others: [], method }).columns).toEqual(['step', '‖∂L/∂Q‖']);
});

it('what is 0 at step 0 is said in the row of zeros, which no line of another run comes down to', () => {
  for (const height of [0.5, 0.01, 0.001, 1e-5]) {
    const marks = gradientsPicture(beside(height), SIZE);
    const note = marks.find(({ key }) => key === 'zero note');
    if (!note) throw new Error('no note');
    expect(note.text).toBe('exactly 0 at step 0, because B = 0');
    const line = String(marks.find(({ key }) => key === 'other 0 b')?.attributes.d);
    const points = [...line.matchAll(/([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
    expect(crossesBox(points, textBox(note, SIZE.font))).toBe(false);
  }
});
