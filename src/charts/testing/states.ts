import type { Size } from '../chart.ts';
import type { Scene } from '../scene.ts';
import { type GalleryRun, galleryRun, ghostOf, sceneOf } from './gallery-run.ts';
import { madeUpScene } from './made-up.ts';
import { regressionScene } from './regression-run.ts';

const DESK: Size = { width: 544, height: 176, font: 12, short: false };
const PHONE: Size = { width: 358, height: 160, font: 12, short: true };
const PROJECTOR: Size = { width: 888, height: 310, font: 22, short: false };

export interface State {
  readonly name: string;
  readonly scene: Scene;
  readonly size: Size;
}

/** A layer of which only the leading singular values are known. */
const LARGE = { d: 4096, k: 4096, known: 64 };

const EMPTY = 'No experiment is open yet: pick a target, or drop a matrix here.';

/** The pictures of the gallery: every chart in each of these states. */
export function states(): State[] {
  const usual = galleryRun();
  const dead = galleryRun({ zeroAtStart: 'both', steps: 40 });
  const wild = galleryRun({ optimiser: 'sgd', rate: 0.7 });
  const wide = galleryRun({ rank: 4, alpha: 4, d: 16, k: 96, steps: 120, rate: 0.01, zeroAtStart: 'A' });
  const full = galleryRun({ rank: 64, alpha: 64, steps: 120 });
  const one = galleryRun({ rank: 1, alpha: 2, steps: 120 });
  const desk = (name: string, run: GalleryRun, until: number, changes: Partial<Scene> = {}): State => {
    return { name, scene: sceneOf(run, until, changes), size: DESK };
  };
  return [
    desk('idle', usual, 0, { status: 'idle' }),
    desk('training', usual, 96),
    desk('finished', usual, 300, { status: 'finished' }),
    desk('diverged', wild, 300, { status: 'diverged' }),
    { name: 'empty', size: DESK, scene: emptyScene(sceneOf(usual, 0)) },
    desk('dead-start', dead, 20),
    desk('looking-back', usual, 140, {
      status: 'paused',
      step: 60,
      lookingBack: true,
      hover: { axis: 'step', step: 30 },
    }),
    desk('restarted', galleryRun({ rank: 32, alpha: 64, steps: 0 }), 0, {
      status: 'idle',
      budget: 300,
      ghost: ghostOf(usual),
      hover: { axis: 'rank', index: 16 },
    }),
    desk('wide', wide, 100),
    desk('full-rank', full, 100),
    desk('rank-one', one, 50, { definition: 'stable' }),
    { name: 'leading', size: DESK, scene: madeUpScene({ ...LARGE, rank: 16, step: 96 }) },
    { name: 'beyond-leading', size: DESK, scene: madeUpScene({ ...LARGE, rank: 256, step: 96, ghostRank: 16 }) },
    { name: 'low', size: { ...DESK, height: 110 }, scene: sceneOf(usual, 96) },
    { name: 'phone', size: PHONE, scene: sceneOf(usual, 96) },
    { name: 'projector', size: PROJECTOR, scene: sceneOf(usual, 96) },
  ];
}

/** What the losses are drawn in, and the error of targets with samples. */
export function regressionStates(): State[] {
  const few = regressionScene({ samples: 48, truerank: 4, labelnoise: 0.3, condition: 1, batch: 16, steps: 200 });
  const all = regressionScene({ samples: 256, truerank: 4, labelnoise: 0.1, condition: 10, batch: 256, steps: 150 });
  const clean = regressionScene({ samples: 128, truerank: 4, labelnoise: 0, condition: 10, batch: 128, steps: 150 });
  const desk = (name: string, scene: Scene, changes: Partial<Scene> = {}): State => {
    return { name, scene: { ...scene, ...changes }, size: DESK };
  };
  return [
    desk('few-samples', few),
    desk('training', cut(few, 60), { status: 'training' }),
    desk('full-batch', all),
    desk('no-noise', clean),
    desk('start', cut(few, 0), { status: 'idle' }),
    desk('back', few, { step: 40, lookingBack: true, hover: { axis: 'step', step: 22 } }),
    desk('again', cut(all, 0), {
      status: 'idle',
      ghost: { curves: few.curves, sampled: few.sampled, losses: few.samples?.losses ?? null, rank: few.rank },
    }),
    desk('nothing', emptyScene(few)),
    { name: 'small', size: { ...DESK, height: 110 }, scene: few },
    { name: 'on-a-phone', size: PHONE, scene: few },
    { name: 'on-a-projector', size: PROJECTOR, scene: few },
  ];
}

/** Runs whose floor is not that of their rank. */
export function boundStates(): State[] {
  const usual = galleryRun();
  const bound = (by: 'moved' | 'frozen', value: number, until: number) => ({
    scene: sceneOf(usual, until, {
      bound: { by, value },
      frozenFactor: by === 'frozen' ? 'B' : null,
      status: 'finished',
    }),
    size: DESK,
  });
  const { floor } = usual.target;
  return [
    { name: 'moved', ...bound('moved', floor[16], 300) },
    { name: 'frozen', ...bound('frozen', 0.34, 25) },
    { name: 'samples', size: DESK, scene: regressionScene({ samples: 48, truerank: 4, labelnoise: 0.3, steps: 60 }) },
  ];
}

/** A regression run as it was at an earlier step. */
export function cut(scene: Scene, last: number): Scene {
  const { samples } = scene;
  if (!samples) return scene;
  const { steps, training, heldOut } = samples.losses;
  const until = steps.filter((t) => t <= last).length;
  const some = (list: ArrayLike<number>) => Array.from(list).slice(0, until);
  const losses = { steps: steps.slice(0, until), training: some(training), heldOut: some(heldOut) };
  return { ...scene, step: last, curves: { ...scene.curves, length: last + 1 }, samples: { ...samples, losses } };
}

function emptyScene(scene: Scene): Scene {
  const nothing = new Float64Array(0);
  return {
    ...scene,
    status: 'idle',
    curves: {
      length: 0,
      loss: nothing,
      gradNormA: nothing,
      gradNormB: nothing,
      updateNormA: nothing,
      updateNormB: nothing,
      relativeError: nothing,
    },
    sampled: { steps: [], spectra: [] },
    spectrum: null,
    alignment: null,
    target: null,
    bound: { value: null, by: 'rank' },
    zeroAtStart: null,
    empty: EMPTY,
  };
}
