import type { Size } from '../chart.ts';
import type { Scene } from '../scene.ts';
import { galleryRun, sceneOf } from './gallery-run.ts';
import type { State } from './states.ts';

const DESK: Size = { width: 544, height: 176, font: 12, short: false };

/** Runs of which not every step was measured. */
export function measuredStates(): State[] {
  const usual = galleryRun();
  const desk = (name: string, scene: Scene): State => ({ name, scene, size: DESK });
  const [twelfth, ends] = [sceneOf(usual, 300), sceneOf(usual, 300, { status: 'finished' })];
  const growing = (t: number) => [0, 1, 3, 6, 10, 15, 21, 28, 60, 100, 150, 225, 300].includes(t);
  return [
    desk(
      'a-dozen',
      only(twelfth, (t) => t % 25 === 0),
    ),
    desk(
      'ends-only',
      only(ends, (t) => t % 300 === 0),
    ),
    desk('unevenly', only(sceneOf(usual, 300, { step: 190, lookingBack: true }), growing)),
  ];
}

/** A scene with the spectra of some steps only. */
function only(scene: Scene, measured: (step: number) => boolean): Scene {
  const steps = scene.sampled.steps.filter(measured);
  const spectra = steps.map((step) => scene.sampled.spectra[step]);
  const last = steps.filter((step) => step <= scene.step).length - 1;
  return { ...scene, sampled: { steps, spectra }, spectrum: spectra[last] ?? null };
}
