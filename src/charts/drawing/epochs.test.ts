import { expect, it } from 'vitest';
import { timelinePicture } from '../error/timeline.ts';
import { losses, lossesPicture } from '../losses/losses.ts';
import { madeUpScene, withSampleLosses } from '../testing/made-up-scene.ts';

const SIZE = { width: 544, height: 176, font: 13, short: false };
const scene = withSampleLosses(madeUpScene({ rank: 8, step: 96 }), [0.1, 0.6], { training: 0.09, heldOut: 0.3 });
const lines = (epoch: number | undefined, draw = lossesPicture) =>
  draw({ ...scene, epoch }, SIZE).flatMap(({ key }) => (key.startsWith('epoch ') ? [Number(key.slice(6))] : []));

it('each epoch after the first has its line, in losses and in the error over training', () => {
  expect(lines(40)).toEqual([40, 80, 120, 160, 200, 240, 280]);
  expect(lines(40, timelinePicture)).toEqual(lines(40));
  expect(lines(undefined)).toEqual([]);
  expect(lines(400)).toEqual([]);
});

it('only every n-th has one where they would be crowded', () => {
  for (const epoch of [1, 2, 3, 7]) {
    const drawn = lines(epoch);
    expect(drawn.length).toBeGreaterThan(3);
    expect(drawn.length).toBeLessThan(40);
    for (const [i, at] of drawn.entries()) expect(at).toBe((i + 1) * drawn[0]);
    expect([1, 2, 5, 10, 20, 50]).toContain(drawn[0] / epoch);
  }
});

it('are said', () => {
  expect(losses.describe({ ...scene, epoch: 40 })).toContain('An epoch has 40 steps');
  expect(losses.describe({ ...scene, epoch: 1 })).toContain('Every step is an epoch.');
  expect(losses.describe(scene)).not.toContain('epoch');
});
