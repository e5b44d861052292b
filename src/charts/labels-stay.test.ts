import { describe, expect, it } from 'vitest';
import type { Size } from '../kit/chart/chart.ts';
import type { Mark } from '../kit/chart/marks.ts';
import type { Scene } from './chart.ts';
import { effectiveRankPicture } from './effective-rank/effective-rank.ts';
import { errorPicture } from './error/picture.ts';
import { timelinePicture } from './error/timeline.ts';
import { gradientsPicture } from './gradients/gradients.ts';
import { lossesPicture } from './losses/losses.ts';
import { spectrumPicture } from './spectrum/spectrum.ts';
import { galleryRun, sceneOf } from './testing/gallery-run.ts';
import { regressionScene } from './testing/regression-run.ts';
import { sceneUpTo } from './testing/states.ts';

const STEPS = 200;
const SIZES: readonly Size[] = [
  { width: 330, height: 176, font: 13, short: true },
  { width: 544, height: 176, font: 13, short: false },
  { width: 888, height: 310, font: 22, short: false },
];

/** Counts the jumps of each label by more than two lines between consecutive steps. */
function leaps(picture: (scene: Scene, size: Size) => Mark[], at: (step: number) => Scene, size: Size) {
  const counts: Record<string, number> = {};
  let last = new Map<string, Mark>();
  for (let step = 0; step <= STEPS; step++) {
    const labels = picture(at(step), size).filter((mark) => String(mark.attributes.class).includes('halo'));
    for (const { key, attributes } of labels) {
      const before = last.get(key)?.attributes;
      const far = (side: 'x' | 'y') => Math.abs(Number(attributes[side]) - Number(before?.[side])) > 2 * size.font;
      if (before && (far('x') || far('y'))) counts[key] = (counts[key] ?? 0) + 1;
    }
    last = new Map(labels.map((mark) => [mark.key, mark]));
  }
  return Object.entries(counts);
}

describe('labels do not leap about while a run goes on', () => {
  const run = galleryRun();
  const samples = regressionScene({
    samples: 128,
    truerank: 8,
    labelnoise: 0.1,
    condition: 10,
    batch: 16,
    steps: STEPS,
  });
  const pictures = { spectrumPicture, gradientsPicture, errorPicture, effectiveRankPicture, timelinePicture };
  for (const size of SIZES) {
    it(`${size.width} × ${size.height}`, () => {
      for (const [name, picture] of Object.entries(pictures))
        for (const [key, count] of leaps(picture, (step) => sceneOf(run, step), size))
          expect(count, `${name}: ${key}`).toBeLessThanOrEqual(4);
      for (const [key, count] of leaps(lossesPicture, (step) => sceneUpTo(samples, step), size))
        expect(count, `losses: ${key}`).toBeLessThanOrEqual(8);
    });
  }
});
