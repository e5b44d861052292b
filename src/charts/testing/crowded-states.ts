import type { Size } from '../chart.ts';
import type { Scene } from '../scene.ts';
import { galleryRun, sceneOf } from './gallery-run.ts';
import { madeUpScene } from './made-up.ts';
import { regressionScene } from './regression-run.ts';
import { cut, type State } from './states.ts';

const DESK: Size = { width: 544, height: 176, font: 12, short: false };
const LOW: Size = { ...DESK, width: 480, height: 110 };
const TABLET: Size = { width: 374, height: 200, font: 12, short: true };
/** Half of a frame of 640 px in another page. */
const EMBEDDED: Size = { width: 296, height: 150, font: 12, short: true };
const PROJECTOR: Size = { width: 888, height: 310, font: 22, short: false };
const SIZES = { desk: DESK, low: LOW, tablet: TABLET, embedded: EMBEDDED, projected: PROJECTOR };

/** A scene in all the sizes in which labels have little room. */
const inAllSizes = (name: string, scene: Scene): State[] =>
  Object.entries(SIZES).map(([size, px]) => ({ name: `${name}-${size}`, scene, size: px }));

/** Losses that end beside their floors, in mid-run and at the end. */
export function floorStates(): State[] {
  const near = regressionScene({ samples: 128, truerank: 8, labelnoise: 0.1, condition: 10, batch: 16, steps: 120 });
  return [...inAllSizes('near-floors', near), ...inAllSizes('near-floors-midway', cut(near, 70))];
}

/** A start that has taken a part of W₀: its floor at 2r is named beside the dashed one, which the run has yet to reach. */
export function movedStates(): State[] {
  const usual = galleryRun();
  const bound = { by: 'moved', value: usual.target.floor[16] } as const;
  return [
    ...inAllSizes('moved-early', sceneOf(usual, 3, { bound })),
    ...inAllSizes('moved-late', sceneOf(usual, 300, { bound, status: 'finished' })),
  ];
}

/** ΔW* with equal singular values: its line runs along the top. */
export function flatStates(): State[] {
  return inAllSizes('flat', madeUpScene({ rank: 8, step: 90, flat: true }));
}

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
