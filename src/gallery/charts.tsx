import { type EnergyScene, fileEnergy } from '../adapters/charts/energy/file-energy.ts';
import { cutError } from '../adapters/charts/module/cut-error.ts';
import { type ModuleScene, moduleSpectrum } from '../adapters/charts/module/module-scene.ts';
import { publicStrips } from '../adapters/charts/public/strips.ts';
import { cutHeights, cutSpectrum } from '../adapters/charts/resize/cut-spectrum.ts';
import { errorSize } from '../adapters/charts/resize/error-size.ts';
import { type CurveScene, sizeCurve } from '../adapters/charts/resize/size-curve.ts';
import { mergeError, pairSpectra } from '../adapters/charts/two/pair-spectra.ts';
import { drawSmallPicture, type LinePicture } from '../charts/sheet/draw-small-picture.ts';
import { madeUpScene } from '../charts/testing/made-up-scene.ts';
import { type HandsScene, handDots, handWeights, type WeightScene } from '../class/charts/hand-charts.ts';
import { type HandMatrixScene, handMatrix } from '../class/charts/hand-matrix.ts';
import { wallCurves } from '../class/charts/wall-curves.ts';
import { type WallRun, type WallScene, wallEnds } from '../class/charts/wall-ends.ts';
import type { CaseChart } from '../clinic/cases/case.ts';
import { caseChart } from '../clinic/charts/case-chart.ts';
import recordedCases from '../clinic/charts/recorded/small-charts.json';
import { drawThumbnail } from '../clinic/charts/small-chart.ts';
import recorded from '../experiment/recorded/recorded.json';
import type { SmallPicture } from '../experiment/recorded/small-picture.ts';
import { curvesDrawing } from '../lessons/charts/curves/curves.ts';
import { blankGuess, drawGuess, type GuessScene, strokeGuess } from '../lessons/charts/guess/guess.ts';
import { type KeptLayers, keptError, keptSpectrum } from '../lessons/charts/peel/layers.ts';
import { drawSubspaces } from '../lessons/charts/subspace/subspace.ts';
import { drawPlaneShare, drawSpace, type SpaceScene } from '../lessons/charts/turned/picture.ts';
import { memoryBoard } from '../plan/charts/memory.ts';
import { readCost } from '../plan/model/cost-link.ts';
import { CARDS, memoryOf, TRAINING_WAYS } from '../plan/model/counts.ts';
import { chartEntry, FilePicture, type GalleryEntry } from './entry.tsx';

/** The pictures that `GALLERY=write npx vitest src/charts` draws, again after each change. */
function filedEntries(): GalleryEntry[] {
  const files = import.meta.glob<string>('../charts/gallery/*/*.svg', {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const charts = new Map<string, [state: string, svg: string][]>();
  for (const [path, svg] of Object.entries(files)) {
    const [name, state] = path.replace('.svg', '').split('/').slice(-2);
    charts.set(name, [...(charts.get(name) ?? []), [state, svg]]);
  }
  return [...charts].map(([name, pictures]) => ({
    group: name.startsWith('sweep') ? 'sweep' : 'charts',
    name,
    states: () => Object.fromEntries(pictures.map(([state, svg]) => [state, <FilePicture key={state} svg={svg} />])),
  }));
}

function smallPictures(): Readonly<Record<string, LinePicture>> {
  const all = recorded as unknown as Readonly<Record<string, { readonly picture: SmallPicture }>>;
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, { picture }]) => (picture.kind === 'matrices' ? [] : [[name, picture]])),
  );
}

const falling = (n: number, by: number, first = 1) => Float64Array.from({ length: n }, (_, i) => first * by ** i);

const module = (rank: number, by: number, more: Partial<ModuleScene> = {}): ModuleScene => ({
  sigma: falling(rank, by, 4),
  median: falling(rank, 0.9 * by, 2.5),
  range: [0.01, 4],
  unscaled: false,
  pointed: null,
  ...more,
});
const MODULES = {
  usual: module(16, 0.8),
  pointed: module(16, 0.8, { pointed: 5 }),
  'alone, without α': module(8, 0.6, { median: [], unscaled: true }),
  'rank 1': module(1, 1),
  'rank 128': module(128, 0.96),
  'ΔW = 0': module(0, 1, { median: [] }),
};

function energy(n: number, by: number, pointed: number | null = null): EnergyScene {
  const whole = falling(n, by).reduce((sum, value) => sum + value, 0);
  const share = [0];
  for (const value of falling(n, by)) share.push((share.at(-1) ?? 0) + value / whole);
  const count = (of: number) => share.findIndex((value) => value >= of - 1e-12);
  return { directions: n, share, counts: [count(0.9), count(0.95), count(0.99)], pointed };
}

function cut(rank: number, kept: number) {
  const sigma = falling(rank, 0.8, 30);
  return { title: 'layer 10', sigma, rank, kept, error: 0.123, heights: cutHeights([sigma]), left: true, below: true };
}

function sized(rank: number, by: number, at: number) {
  const squares = falling(rank, by * by);
  const left = (kept: number) => Math.sqrt(squares.slice(kept).reduce((sum, x) => sum + x, 0) / (1 / (1 - by * by)));
  const file = (kept: number) => ({ rank: kept, bytes: 2e4 + 15e4 * kept, error: left(kept) });
  const oneRank = Array.from({ length: rank }, (_, i) => file(i + 1));
  const floor = oneRank.map(({ bytes, error }) => ({ bytes, error: 0.85 * error }));
  return {
    floor,
    oneRank,
    now: { ...file(at), size: `${(file(at).bytes / 1e6).toFixed(2)} MB` },
    before: file(rank).bytes,
  };
}

function offered(by: number, knee: number | null): CurveScene {
  const { floor, before } = sized(16, by, 1);
  const sizes = [13, 7, knee ?? 2].map((at, i) => ({
    ...floor[at],
    size: `${(floor[at].bytes / 1e6).toFixed(2)} MB`,
    chosen: i === 2,
    knee: i === 2 && knee !== null,
  }));
  return { floor, offered: sizes, full: before };
}

const adapters: readonly GalleryEntry[] = [
  chartEntry({ group: 'adapters', name: moduleSpectrum.name }, moduleSpectrum.draw, [242, 215], MODULES),
  chartEntry({ group: 'adapters', name: cutError.name }, cutError.draw, [242, 215], MODULES),
  chartEntry({ group: 'adapters', name: fileEnergy.name }, fileEnergy.draw, [590, 132], {
    usual: energy(400, 0.98),
    pointed: energy(64, 0.9, 10),
    flat: energy(128, 1),
  }),
  chartEntry({ group: 'adapters', name: cutSpectrum.name }, cutSpectrum.draw, [172, 205], {
    usual: cut(16, 6),
    'nothing dropped': cut(8, 8),
    'rank 320': cut(320, 17),
  }),
  chartEntry({ group: 'adapters', name: errorSize.name }, errorSize.draw, [540, 268], {
    usual: sized(16, 0.8, 5),
    'all of it': sized(16, 0.8, 16),
    'rank 1': sized(1, 0.5, 1),
  }),
  chartEntry({ group: 'adapters', name: sizeCurve.name }, sizeCurve.draw, [452, 318], {
    knee: offered(0.6, 2),
    'no knee': offered(0.97, null),
  }),
  chartEntry({ group: 'adapters', name: publicStrips.name }, publicStrips.draw, [206, 116], {
    usual: {
      strips: [
        {
          name: 'effective rank ÷ r',
          log: false,
          value: 0.4,
          others: [...falling(60, 0.98)],
          kin: [...falling(12, 0.95, 0.8)],
        },
        { name: 'rank r', log: true, value: 16, others: [1, 2, 4, 4, 4, 8, 8, 8, 8, 32], kin: [4, 8] },
      ],
    },
  }),
  chartEntry({ group: 'adapters', name: mergeError.name }, mergeError.draw, [590, 148], {
    exact: { curve: [...falling(16, 0.8), 0], rank: 16, linear: null },
    cut: { curve: [...falling(16, 0.8), 0], rank: 6, linear: { rank: 8, error: 0.997 } },
    'rank 512': { curve: [...falling(512, 0.99), 0], rank: 64, linear: { rank: 256, error: 0.4 } },
  }),
  chartEntry({ group: 'adapters', name: pairSpectra.name }, pairSpectra.draw, [590, 148], {
    exact: { sigma: [falling(8, 0.8, 3), falling(16, 0.85, 2), falling(24, 0.85, 3.5)], kept: null, sum: 'a + b' },
    cut: { sigma: [falling(8, 0.8, 3), falling(8, 0.7, 2), falling(16, 0.8, 3.5)], kept: 8, sum: '0.5 a − 0.25 b' },
  }),
];

function wallRun(id: number, rank: number, error: number, more: Partial<WallRun> = {}): WallRun {
  const errors = Float64Array.from({ length: 101 }, (_, t) => error + (1 - error) * Math.exp(-t / 12));
  return { id, name: `Name ${id}`, kind: 'missed', first: false, rank, error, step: null, errors, ...more };
}
const reached = Array.from({ length: 12 }, (_, i) =>
  wallRun(i + 1, 4, 0.028 + 0.001 * (i % 7), { kind: 'reached', first: i < 3, step: 40 + i }),
);
const shares = (mean: number) => Array.from({ length: 30 }, (_, i) => Math.min(1, mean + 0.05 * ((i % 7) - 3)));
const HANDS: HandsScene = {
  ways: [
    { name: 'own adapter', plain: false, shares: shares(0.98) },
    { name: 'no adapter', plain: true, shares: shares(0.62) },
    { name: 'sum × 1/6', plain: false, shares: shares(0.88) },
    { name: 'TIES, top 20%', plain: false, shares: shares(0.84) },
  ],
  ids: Array.from({ length: 30 }, (_, i) => i + 1),
  pointed: null,
};
const MATRIX: HandMatrixScene = {
  rows: (['own', 'own', 'own', 'own', 'own', 'none', 'mean', 'sum'] as const).map((key, r) => ({
    ...{ key, name: key === 'own' ? 'Mei' : key },
    row: { shares: [0, 1, 2, 3, 4].map((column) => (r === column ? 1 : 0.5 + 0.1 * ((r + column) % 5))), others: 0.96 },
  })),
  columns: [1, 2, 3, 4, 5].map((number) => ({ name: 'Mei', number })),
  hidden: false,
};
const WEIGHTS: WeightScene = {
  sums: [0, 1 / 30, 1 / 10, 1 / 6, 1 / 3, 1 / 2, 1].map((weight) => ({
    weight,
    row: { shares: [0.65 + 2 * weight * (0.8 - weight)], others: 0.97 - 0.3 * weight },
  })),
  weight: 1 / 6,
};
const wall: WallScene = {
  runs: [
    ...[...reached, wallRun(20, 3, 0.25), wallRun(21, 1, 0.68)],
    wallRun(22, 4, 2, { kind: 'diverged', errors: [1, 1.2, 5, 90] }),
    wallRun(23, 32, 0.019, { kind: 'over', step: 46 }),
  ],
  goal: { error: 0.05, numbers: 600, steps: 100 },
  waiting: 0,
  floors: Float64Array.from({ length: 65 }, (_, r) => (r < 4 ? 0.68 ** r : 0.029 * (1 - r / 64))),
  perRank: 128,
  pointed: null,
};
const WALLS = {
  'a class': wall,
  pointed: { ...wall, pointed: 20 },
  'without a goal': { ...wall, goal: null },
  'one run': { ...wall, runs: reached.slice(0, 1) },
  empty: { ...wall, runs: [] },
};

const RANKS = [1, 2, 4, 8, 16, 32];
const errors = [0.675, 0.514, 0.307, 0.172, 0.078, 0.019];
const drawn = strokeGuess(blankGuess(RANKS.length), { place: 0, height: 0.9 }, { place: 5, height: 0.1 });
const guess: GuessScene = {
  ...{ places: RANKS.map(String), axis: 'rank', top: 1, ticks: [0, 0.25, 0.5, 0.75, 1], hue: 'dw' },
  ...{ name: 'your guess', ask: 'Draw your guess here', at: null, guess: blankGuess(RANKS.length), truth: null },
  text: (value) => value.toFixed(3),
  floor: { points: errors.map((v, i) => [i, 0.98 * v] as const), name: ['floor', 'no rank-i matrix', 'gets closer'] },
};
const space: SpaceScene = {
  ...{ view: { yaw: 1, pitch: 0.4 }, reach: 3.4, axes: ['h₁', 'h₂', 'h₃'], hue: 'dw' },
  points: [
    [1, 2, 3],
    [-2, 0.5, 1],
    [0.3, -1, -2],
  ],
};
const memory = (text: string) => {
  const parts = memoryOf(readCost(text).cost);
  return {
    bars: TRAINING_WAYS.map((way) => ({
      name: { full: 'Full', lora: 'LoRA', qlora: 'QLoRA' }[way],
      parts: parts[way],
    })),
    cards: CARDS,
  };
};
const curve = (by: number) => RANKS.map((rank) => [rank, (by * 0.9) / Math.sqrt(rank)] as const);
const run = madeUpScene({ rank: 8, step: 300 });
const KEPT: Readonly<Record<string, KeptLayers>> = {
  '1 layer': { layers: 1, error: 0.72 },
  '3 layers': { layers: 3, error: 0.367 },
  all: { layers: 8, error: null },
};

const lessons: readonly GalleryEntry[] = [
  chartEntry({ group: 'lessons', name: 'curves' }, curvesDrawing.draw, [640, 360], {
    usual: {
      x: { name: 'rank r', scale: 'log', ends: [1, 32], ticks: RANKS },
      y: { scale: 'linear', name: 'error', ends: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] },
      curves: [
        { name: 'α/r', className: 'dw', points: curve(1), marked: true, strong: true },
        { name: 'α/√r', className: 'dw', points: curve(1.05), marked: true, kind: 1 },
        { name: 's = 1', className: 'dw', points: curve(1.1), marked: true, kind: 2 },
      ],
      floor: { name: 'floor', points: curve(0.9), hatched: true },
    },
  }),
  chartEntry({ group: 'lessons', name: 'guess' }, drawGuess, [620, 400], {
    blank: guess,
    drawn: { ...guess, guess: drawn },
    'by keys': { ...guess, guess: drawn, at: 2 },
    revealed: { ...guess, guess: drawn, truth: errors },
  }),
  chartEntry({ group: 'lessons', name: memoryBoard.name, inside: 'calculator' }, memoryBoard.draw, [820, 300], {
    'Llama 2 7B': memory(''),
    'GPT-2': memory('model:gpt2,qkv:8'),
    'batch of 16': memory('model:llama-2-7b,q:16,optimiser:sgd,batch:16,checkpoints:0,tokens:4096'),
  }),
  chartEntry(
    { group: 'lessons', name: 'keptSpectrum' },
    (svg, kept, size) => keptSpectrum(kept).draw(svg, run, size),
    [480, 150],
    KEPT,
  ),
  chartEntry(
    { group: 'lessons', name: 'keptError' },
    (svg, kept, size) => keptError(kept).draw(svg, run, size),
    [480, 150],
    KEPT,
  ),
  chartEntry({ group: 'lessons', name: 'subspaces' }, drawSubspaces, [480, 240], {
    'three draws': {
      draws: [0, 1, 2].map((i) => Array.from({ length: 65 }, (_, m) => Math.sqrt(Math.max(0, 1 - m / 40)) + i / 100)),
      equations: 40,
    },
  }),
  chartEntry({ group: 'lessons', name: 'space' }, drawSpace, [460, 400], {
    points: space,
    'with rings and a line': {
      ...space,
      rings: space.points.map(([x, y, z]) => [x, y, z + 0.3] as const),
      measured: { to: [0.1, 0.2, 0.9], name: 'σ₃ = 0.36' },
    },
  }),
  chartEntry({ group: 'lessons', name: 'planeShare' }, drawPlaneShare, [460, 180], {
    finished: { steps: [0, 10, 300], shares: [0, 0.8, 0.913], max: 0.913, step: 300, name: ['91.3%', 'the most'] },
    'looking back': {
      steps: [0, 10, 300],
      shares: [0, 0.8, 0.913],
      max: 0.913,
      step: 20,
      name: ['91.3%', 'the most'],
    },
  }),
];

/** The first charts of the complaints, as their list has them. */
const CASES = recordedCases as unknown as Readonly<Record<string, CaseChart>>;

export const CHART_ENTRIES: readonly GalleryEntry[] = [
  ...filedEntries(),
  chartEntry({ group: 'charts', name: 'small' }, drawSmallPicture, [204, 104], smallPictures()),
  ...adapters,
  chartEntry({ group: 'clinic', name: 'case' }, caseChart.draw, [640, 280], {
    ...Object.fromEntries(Object.entries(CASES).map(([name, chart]) => [name, { chart, pointed: null }])),
    read: { chart: CASES.rank64, pointed: 3 },
    training: { chart: { ...CASES.rank64, lines: [] }, pointed: null },
  }),
  chartEntry({ group: 'clinic', name: 'small case' }, drawThumbnail, [136, 96], CASES),
  chartEntry({ group: 'class', name: wallEnds.name }, wallEnds.draw, [720, 300], WALLS),
  chartEntry({ group: 'class', name: 'handMatrix' }, handMatrix.draw, [600, 190], {
    'five hands': MATRIX,
    'without names': { ...MATRIX, hidden: true },
  }),
  chartEntry({ group: 'class', name: handDots.name }, handDots.draw, [560, 270], {
    'thirty hands': HANDS,
    'one hand, pointed': { ...HANDS, ids: [1], pointed: 1, ways: HANDS.ways.map((way) => ({ ...way, shares: [0.5] })) },
  }),
  chartEntry({ group: 'class', name: handWeights.name }, handWeights.draw, [560, 150], {
    'the best weight': WEIGHTS,
    'the sum': { ...WEIGHTS, weight: 1 },
  }),
  chartEntry({ group: 'class', name: wallCurves.name }, wallCurves.draw, [720, 300], WALLS),
  ...lessons,
];
