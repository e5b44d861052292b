import type { Size } from '../chart.ts';
import type { Scene } from '../scene.ts';
import { type GalleryRun, galleryRun, ghostOf, sceneOf } from './gallery-run.ts';
import { madeUpScene } from './made-up.ts';

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
    zeroAtStart: null,
    empty: EMPTY,
  };
}
