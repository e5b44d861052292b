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

const SIZE: Size = { width: 620, height: 300, font: 22, short: false };

/** Numbers and places of the vertical axis, and the numbers of the horizontal one. */
function axesOf(marks: readonly Mark[]) {
  return marks
    .filter(({ key }) => /^(grid|y) /.test(key))
    .map(({ key, attributes, text }) => ({ key, attributes, text }));
}

const one = sceneOf(galleryRun(), 100);
function another(): Scene {
  const run = galleryRun({ rank: 24, optimiser: 'sgd', rate: 0.5, steps: 40 });
  const scaled = { ...run.target, values: Array.from(run.target.values, (v) => 7 * (1 + v)) };
  const grown = Array.from(run.curves.gradNormA as number[], (v) => 1e4 * v);
  return { ...sceneOf(run, 40), target: scaled, curves: { ...run.curves, gradNormA: grown } };
}

const PICTURES = { spectrumPicture, gradientsPicture, effectiveRankPicture, errorPicture, timelinePicture };

describe('frozen axes', () => {
  it.each(Object.entries(PICTURES))('are those of the scene that they were frozen for: %s', (_, picture) => {
    const before = axesOf(picture(one, SIZE));
    expect(axesOf(picture({ ...another(), axes: one }, SIZE))).toEqual(before);
  });

  it('would be others in the charts whose axes follow the run', () => {
    for (const picture of [spectrumPicture, gradientsPicture, effectiveRankPicture])
      expect(axesOf(picture(another(), SIZE))).not.toEqual(axesOf(picture(one, SIZE)));
  });

  it('hold for the losses of a target with samples', () => {
    const first = regressionScene({});
    const { samples, curves } = first;
    if (!samples) throw new Error('no samples');
    const losses = { ...samples.losses, training: Array.from(samples.losses.training, (v) => 1e3 * v) };
    const louder: Scene = { ...first, samples: { ...samples, losses }, curves };
    expect(axesOf(lossesPicture(louder, SIZE))).not.toEqual(axesOf(lossesPicture(first, SIZE)));
    expect(axesOf(lossesPicture({ ...louder, axes: first }, SIZE))).toEqual(axesOf(lossesPicture(first, SIZE)));
  });
});
