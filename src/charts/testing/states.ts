import type { Size } from '../../kit/chart/chart.ts';
import type { OtherRun, Scene } from '../chart.ts';
import { foretoldScene } from './foretold-scene.ts';
import { galleryRun, otherRun, sceneOf } from './gallery-run.ts';
import { madeUpScene } from './made-up-scene.ts';
import { networkScene } from './network-scenes.ts';
import { regressionScene } from './regression-run.ts';

const DESK: Size = { width: 544, height: 176, font: 13, short: false };
const LOW: Size = { ...DESK, width: 480, height: 110 };
/** A third of a desk. */
const THIRD: Size = { width: 376, height: 330, font: 13, short: false };
const PHONE: Size = { width: 358, height: 160, font: 13, short: true };
/** Half of a frame of 640 px in another page. */
const EMBEDDED: Size = { width: 296, height: 150, font: 13, short: true };
const PROJECTOR: Size = { width: 888, height: 310, font: 22, short: false };

export interface State {
  readonly name: string;
  readonly scene: Scene;
  readonly size: Size;
}

const LARGE = { d: 4096, k: 4096, known: 64 };

const DORA = { label: 'DoRA', streams: { A: 'A', B: '(B, m)' }, trained: 1088, place: 8.5 };
const FOUND = { by: 'method', of: 'DoRA', value: null, found: 0.21 } as const;

const EMPTY = 'No experiment is open yet: pick a target, or drop a matrix here.';

/** The pictures of the gallery, by chart: no two of a chart are equal. */
export function states(): Readonly<Record<string, readonly State[]>> {
  const usual = galleryRun();
  const [training, finished] = [sceneOf(usual, 96), sceneOf(usual, 300, { status: 'finished' })];
  const at = (name: string, scene: Scene, size = DESK): State => ({ name, scene, size });
  const state = {
    idle: at('idle', sceneOf(usual, 0, { status: 'idle' })),
    training: at('training', training),
    finished: at('finished', finished),
    diverged: at('diverged', sceneOf(galleryRun({ optimiser: 'sgd', rate: 0.7 }), 300, { status: 'diverged' })),
    empty: at('empty', emptyScene(training)),
    back: at('looking-back', sceneOf(usual, 140, { step: 60, lookingBack: true, hover: { axis: 'step', step: 30 } })),
    restarted: at(
      'restarted',
      sceneOf(galleryRun({ rank: 32, alpha: 64, steps: 0 }), 0, {
        status: 'idle',
        budget: 300,
        others: [otherRun(usual)],
        hover: { axis: 'rank', index: 16 },
      }),
    ),
    after: at('after-others', { ...sceneOf(usual, 300, { status: 'finished' }), ended: EARLIER }),
    five: at('five-runs', { ...sceneOf(usual, 140), others: fourOthers() }),
    fullRank: at('full-rank', sceneOf(galleryRun({ rank: 64, alpha: 64, steps: 120 }), 100)),
    rankOne: at('rank-one', sceneOf(galleryRun({ rank: 1, alpha: 2, steps: 120 }), 50, { definition: 'stable' })),
    leading: at('leading', madeUpScene({ ...LARGE, rank: 16, step: 96 })),
    beyondLeading: at('beyond-leading', madeUpScene({ ...LARGE, rank: 256, step: 96, others: [16] })),
    low: at('low', training, LOW),
    phone: at('phone', training, PHONE),
    projector: at('projector', training, PROJECTOR),
  };
  const sizes = [state.low, state.phone, state.projector];
  const { five, restarted, back, idle, diverged, after } = state;
  const moved = { by: 'moved', value: 0.106, of: 'LoRA-GA' } as const;
  return {
    spectrum: [
      ...[idle, state.training, state.empty, restarted, five, state.fullRank, state.rankOne, state.beyondLeading],
      at('flat', madeUpScene({ rank: 8, step: 90, flat: true })),
      at('flat-embedded', madeUpScene({ rank: 8, step: 90, flat: true }), EMBEDDED),
      ...sizes,
    ],
    gradients: [
      ...[state.training, back, restarted, five, diverged],
      at('dead-start', sceneOf(galleryRun({ zeroAtStart: 'both', steps: 40 }), 20)),
      at(
        'wide',
        sceneOf(galleryRun({ rank: 4, alpha: 4, d: 16, k: 96, steps: 120, rate: 0.01, zeroAtStart: 'A' }), 100),
      ),
      ...sizes,
    ],
    error: [
      ...[idle, state.training, state.finished, after, diverged, restarted, five, state.fullRank, state.leading],
      at('moved', sceneOf(usual, 300, { ownFloor: moved })),
      at('moved-early', sceneOf(usual, 3, { ownFloor: moved }), EMBEDDED),
      at('frozen', sceneOf(usual, 25, { ownFloor: { by: 'frozen', value: 0.34 }, frozenFactor: 'B' })),
      at('lowest-found', sceneOf(usual, 25, { method: DORA, ownFloor: FOUND })),
      at('samples', regressionScene({ samples: 48, truerank: 4, labelnoise: 0.3, steps: 60 })),
      ...sizes,
    ],
    effectiveRank: [
      ...[idle, state.training, back, restarted, five, state.rankOne, state.beyondLeading],
      at(
        'a-dozen',
        only(finished, (t) => t % 25 === 0),
      ),
      at(
        'ends-only',
        only(finished, (t) => t % 300 === 0),
      ),
      at('unevenly', only(sceneOf(usual, 300, { step: 190, lookingBack: true }), growing)),
      ...sizes,
    ],
    losses: lossStates(),
    directions: foretoldStates(),
    foretoldError: foretoldStates(),
    accuracy: accuracyStates(),
    timeline: [
      ...[state.training, state.empty, back, restarted, five, diverged],
      { ...state.phone, size: { ...PHONE, height: 46 } },
      { ...state.projector, size: { ...PROJECTOR, height: 92 } },
    ].map((one) => (one.size === DESK ? { ...one, size: { ...DESK, height: 46 } } : one)),
  };
}

function fourOthers(): OtherRun[] {
  return [2, 4, 16, 32].map((rank) => ({
    ...otherRun(galleryRun({ rank, alpha: 2 * rank, steps: 300 }), `r = ${rank}`),
    pale: rank !== 4,
  }));
}

function foretoldStates(): State[] {
  const at = (name: string, scene: Scene, size = DESK): State => ({ name, scene, size });
  const training = foretoldScene(60);
  return [
    at('before', foretoldScene(0, {}, { status: 'idle' })),
    at('training', training),
    at('changed', foretoldScene(120, { until: 80 })),
    at('no-law', foretoldScene(60, { prediction: null })),
    at('looking-back', foretoldScene(200, {}, { step: 60, lookingBack: true, hover: { axis: 'step', step: 30 } })),
    at('low', training, LOW),
    at('phone', training, PHONE),
    at('projector', training, PROJECTOR),
  ];
}

const growing = (t: number) => [0, 1, 3, 6, 10, 15, 21, 28, 60, 100, 150, 225, 300].includes(t);

function lossStates(): State[] {
  const few = regressionScene({ samples: 48, truerank: 4, labelnoise: 0.3, condition: 1, batch: 16, steps: 200 });
  const all = regressionScene({ samples: 256, truerank: 4, labelnoise: 0.1, condition: 10, batch: 256, steps: 150 });
  const clean = regressionScene({ samples: 128, truerank: 4, labelnoise: 0, condition: 10, batch: 128, steps: 150 });
  const near = regressionScene({ samples: 128, truerank: 8, labelnoise: 0.1, condition: 10, batch: 16, steps: 120 });
  const before = {
    name: 'before',
    rank: few.rank,
    curves: few.curves,
    sampled: few.sampled,
    losses: few.samples?.losses ?? null,
    pale: true,
  };
  const at = (name: string, scene: Scene, size = DESK): State => ({ name, scene, size });
  return [
    at('few-samples', few),
    at('epochs', { ...few, epoch: 3 }),
    at('training', sceneUpTo(few, 60)),
    at('full-batch', all),
    at('no-noise', clean),
    at('looking-back', { ...few, step: 40, lookingBack: true, hover: { axis: 'step', step: 22 } }),
    at('restarted', { ...sceneUpTo(all, 0), status: 'idle', others: [before] }),
    at('no-samples', { ...few, samples: null }),
    at('near-floors', near),
    at('near-floors-low', near, LOW),
    at('near-floors-embedded', sceneUpTo(near, 70), EMBEDDED),
    at('phone', few, PHONE),
    at('projector', few, PROJECTOR),
  ];
}

function accuracyStates(): State[] {
  const at = (name: string, scene: Scene, size = THIRD): State => ({ name, scene, size });
  const usual = networkScene({ step: 100 });
  return [
    at('training', usual),
    at('untrained', networkScene({ step: 0 })),
    at('without-full', networkScene({ step: 300, full: false })),
    at('looking-back', { ...networkScene({ step: 60, newest: 240 }), hover: { axis: 'step', step: 30 } }),
    at('previous', networkScene({ step: 140, others: ['previous, r = 8'] })),
    at('pins', networkScene({ step: 300, others: ['r = 1', 'r = 16'], pinned: true })),
    at('no-network', { ...usual, network: null }),
    at('phone', usual, { ...PHONE, height: 260 }),
    at('projector', usual, PROJECTOR),
  ];
}

export function sceneUpTo(scene: Scene, last: number): Scene {
  const { samples } = scene;
  if (!samples) return scene;
  const { steps, training, heldOut } = samples.losses;
  const until = steps.filter((t) => t <= last).length;
  const some = (list: ArrayLike<number>) => Array.from(list).slice(0, until);
  const losses = { steps: steps.slice(0, until), training: some(training), heldOut: some(heldOut) };
  return { ...scene, step: last, curves: { ...scene.curves, length: last + 1 }, samples: { ...samples, losses } };
}

/** Previous runs, one of which diverged. */
const EARLIER = [
  { rank: 1, error: 0.68 },
  { rank: 2, error: 0.52 },
  { rank: 4, error: 0.33 },
  { rank: 8, error: 0.24 },
  { rank: 16, error: 0.071 },
  { rank: 32, error: 4.2 },
];

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
    ownFloor: { value: null, by: 'rank' },
    zeroAtStart: null,
    empty: EMPTY,
  };
}

function only(scene: Scene, measured: (step: number) => boolean): Scene {
  const steps = scene.sampled.steps.filter(measured);
  const spectra = steps.map((step) => scene.sampled.spectra[step]);
  const last = steps.filter((step) => step <= scene.step).length - 1;
  return { ...scene, sampled: { steps, spectra }, spectrum: spectra[last] ?? null };
}
