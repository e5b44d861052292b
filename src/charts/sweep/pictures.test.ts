// @vitest-environment happy-dom
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CellRun } from '../../experiment/run-file/run-record.ts';
import type { Size } from '../../kit/chart/chart.ts';
import type { Mark } from '../../kit/chart/marks.ts';
import { doBoxesOverlap, textBox } from '../testing/boxes.ts';
import { galleryFile } from '../testing/gallery-file.ts';
import { noisyScene, PALETTES, RATES, rankAxis, ratesScene, runFigures, sweepScene } from '../testing/sweep-scene.ts';
import { cellAt, type SweepAxis, type SweepChart, type SweepScene } from './cells.ts';
import { linesPicture, seedRows, sweepLines } from './lines.ts';
import { sweepMap } from './map.ts';
import { bandOf } from './marks.ts';
import { rankEnds, rankEndsPicture } from './rank-ends.ts';
import { axisCurves, curvesPicture } from './row-curves.ts';
import { smallMultiplesPicture, sweepSmallMultiples } from './small-multiples.ts';

const never = Number.POSITIVE_INFINITY;
const RANKS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];

const INITS: SweepAxis = {
  key: 'init',
  name: 'initialisation',
  before: '',
  texts: ['Kaiming', 'Gaussian', 'B random', 'Orthogonal', 'LoRA-GA †', 'PiSSA †'],
  numbers: null,
  scale: 'linear',
};

/** Held-out losses with their least at rank 4, training losses that fall. */
function samplesScene(seeds: number, changes: Partial<SweepScene> = {}): SweepScene {
  const at = ([i = 0]: readonly number[], seed: number): CellRun => {
    const rank = RANKS[i] ?? 1;
    const heldOut = 2 + Math.abs(Math.log2(rank / 4)) * (1 + 0.05 * (seed % 5)) * 0.7;
    const values = [3, 2.2, heldOut * 0.98, heldOut];
    return runFigures(0.5, null, {
      heldOut,
      training: 2.8 / (1 + rank / 6),
      curve: { steps: [0, 20, 400, 800], values },
    });
  };
  return sweepScene([rankAxis(RANKS)], seeds, at, { measure: 'heldOut', samples: true, ...changes });
}

const floors = Float64Array.from({ length: 65 }, (_, i) => (i === 0 ? 1 : 0.7 / i));
const startsScene = (seeds: number, changes: Partial<SweepScene> = {}) => {
  const scene = sweepScene(
    [rankAxis([1, 2, 4, 8, 16, 32]), INITS],
    seeds,
    ([rank = 0, init = 0], seed) =>
      init > 3 && rank > 2 ? null : runFigures(0.7 / 2 ** rank + 0.05 * init + seed / 1000, 0.7 / 2 ** rank),
    { measure: 'error', floors, ...changes },
  );
  const cells = scene.cells.map((cell) =>
    cell.at[0] === 0 && cell.at[1] === 3
      ? {
          ...cell,
          runs: cell.runs.map(() => null),
          why: 'Orthogonal is available for even ranks. Use rank 2.',
          way: 'rank 2',
        }
      : cell,
  );
  return { ...scene, cells };
};

const PICTURES: Readonly<Record<string, (scene: SweepScene, size: Size) => Mark[]>> = {
  lines: linesPicture,
  ends: rankEndsPicture,
  row: (scene, size) => curvesPicture(scene, size, 0),
  smalls: smallMultiplesPicture,
};

const SIZES: readonly Size[] = [
  { width: 358, height: 220, font: 13, short: true },
  { width: 530, height: 190, font: 13, short: false },
  { width: 560, height: 420, font: 13, short: false },
  { width: 900, height: 420, font: 13.5, short: false },
];

function faults(marks: readonly Mark[], size: Size): string[] {
  const texts = marks.filter(({ tag }) => tag === 'text');
  const boxes = texts.map((mark) => ({ mark, box: textBox(mark, size.font) }));
  const ink = ({ left, right, top, bottom }: (typeof boxes)[number]['box']) => ({
    ...{ left, right },
    top: top + 0.2 * size.font,
    bottom: bottom - 0.25 * size.font,
  });
  return boxes.flatMap(({ mark, box }, i) => [
    ...boxes
      .slice(0, i)
      .flatMap((other) => (doBoxesOverlap(ink(box), ink(other.box)) ? [`"${mark.text}" on "${other.mark.text}"`] : [])),
    ...(box.left < -1 || box.right > size.width + size.font ? [`"${mark.text}" leaves the picture`] : []),
  ]);
}

describe('no two texts overlap and none leaves the picture', () => {
  const scenes: Readonly<Record<string, readonly SweepScene[]>> = {
    lines: [
      samplesScene(10),
      samplesScene(3),
      samplesScene(1),
      sweepScene([RATES], 5, ([i = 0], seed) => runFigures(i > 8 || (i > 6 && seed > 2) ? never : 1 / (1 + i)), {
        measure: 'error',
      }),
      sweepScene([INITS], 5, ([i = 0], seed) => runFigures(0.2 + 0.1 * i + seed / 100), { measure: 'error' }),
    ],
    ends: [ratesScene({ floors }), startsScene(3), samplesScene(2), noisyScene(1), noisyScene(3)],
    row: [ratesScene(), ratesScene({ pointed: cellAt(ratesScene(), [7, 4, 0]) ?? null }), startsScene(2)],
    smalls: [samplesScene(10), samplesScene(1), sweepScene([RATES], 4, ([i = 0]) => runFigures(i > 6 ? never : 0.4))],
  };
  for (const size of SIZES)
    for (const [name, picture] of Object.entries(PICTURES))
      it(`${name}, ${size.width} × ${size.height}`, () => {
        for (const scene of scenes[name] ?? []) expect(faults(picture(scene, size), size)).toEqual([]);
      });
});

describe('bands', () => {
  it('lie between curves that were kept at other steps, and end where half of the runs have diverged', () => {
    const curves = [
      { steps: [0, 10], values: [0, 10], diverged: false },
      { steps: [0, 5, 10], values: [0, 10, 20], diverged: false },
      { steps: [0, 4], values: [0, 12], diverged: true },
    ];
    // By hand: at 2 the values are 2, 4, 6; at 10 they are 10, 20 and infinity.
    const { low, median, high } = bandOf(curves, [0, 2, 10]);
    expect(median).toEqual([0, 4, 20]);
    expect(low).toEqual([0, 3, 15]);
    expect(high).toEqual([0, 5, never]);
  });

  it('need four seeds: with fewer there are only runs', () => {
    const marks = linesPicture(samplesScene(3), SIZES[2] as Size);
    expect(marks.some(({ key }) => key.startsWith('band') || key.startsWith('median'))).toBe(false);
    expect(sweepLines.help(samplesScene(3))).toBe('held-out and training, 3 seeds, each a line: too few for a band');
    expect(seedRows(samplesScene(3)).map(({ head }) => head)).toEqual(['smallest–largest']);
    expect(linesPicture(samplesScene(10), SIZES[2] as Size).filter(({ key }) => key.startsWith('band'))).toHaveLength(
      2,
    );
    expect(sweepLines.help(samplesScene(10))).toContain('n = 10 seeds: median, band from the 1st to the 3rd quartile');
  });
});

it('end points are the best over the rates, with the median of the seeds', () => {
  const scene = ratesScene({ floors });
  const { columns, rows } = rankEnds.table(scene);
  expect(columns).toEqual(['rank', 'error, s = α/r', 'error, s = α/√r', 'error, s = 1', 'floor']);
  const min = (rank: number, rule: number) => {
    const ends = scene.cells
      .filter(({ at, runs }) => at[1] === rank && at[2] === rule && runs.every((one) => one?.status === 'finished'))
      .map(({ runs }) => runs.map((one) => one?.error ?? never).sort((a, b) => a - b)[1] ?? never);
    return Math.min(...ends);
  };
  for (const [i, row] of rows.entries()) expect(row.slice(1, 4)).toEqual([min(i, 0), min(i, 1), min(i, 2)]);
});

const FOLDER = 'src/charts/gallery';
/** GALLERY=write npx vitest run src/charts/sweep/pictures redraws the pictures; look at them before committing. */
const WRITE = process.env.GALLERY === 'write';
const [PHONE, LOW, DESK] = SIZES as readonly [Size, Size, Size];
const WIDE: Size = { width: 1120, height: 270, font: 13, short: false };

const STATES: readonly (readonly [chart: SweepChart, name: string, scene: SweepScene, size: Size])[] = [
  [sweepMap, 'three-panels', ratesScene({ pointed: cellAt(ratesScene(), [7, 4, 1]) ?? null }), WIDE],
  [sweepMap, 'impossible', startsScene(1), WIDE],
  [sweepMap, 'dark', ratesScene({ palette: PALETTES.dark }), WIDE],
  [sweepMap, 'phone', { ...ratesScene(), axes: [RATES, rankAxis([1, 2, 4])] }, PHONE],
  [sweepLines, 'ten-seeds', samplesScene(10), DESK],
  [sweepLines, 'three-seeds', samplesScene(3), LOW],
  [
    sweepLines,
    'names',
    sweepScene([INITS], 5, ([i = 0], seed) => runFigures(0.2 + 0.1 * i + seed / 100), { measure: 'error' }),
    DESK,
  ],
  [sweepSmallMultiples, 'ten-seeds', samplesScene(10), DESK],
  [sweepLines, 'by-rank', noisyScene(3), DESK],
  [rankEnds, 'three-rules', ratesScene({ floors }), DESK],
  [rankEnds, 'phone', startsScene(1), PHONE],
  [axisCurves(0), 'rates', ratesScene({ pointed: cellAt(ratesScene(), [4, 4, 0]) ?? null }), DESK],
];

describe('gallery', () => {
  it.each(STATES.map(([chart, name, scene, size]) => [`${chart.name}/${name}`, chart, scene, size] as const))(
    '%s',
    (place, chart, scene, size) => {
      const path = `${FOLDER}/${place}.svg`;
      const drawn = galleryFile(
        { title: chart.title(scene), about: chart.describe(scene), draw: (svg) => chart.draw(svg, scene, size) },
        size,
      );
      if (WRITE) {
        mkdirSync(`${FOLDER}/${chart.name}`, { recursive: true });
        writeFileSync(path, drawn);
      }
      expect(existsSync(path), `${path} is missing`).toBe(true);
      expect(drawn).toBe(readFileSync(path, 'utf8'));
    },
  );

  it('no picture that nothing draws', () => {
    const folders = readdirSync(FOLDER).filter((name) => name.startsWith('sweep'));
    const found = folders.flatMap((folder) => readdirSync(`${FOLDER}/${folder}`).map((name) => `${folder}/${name}`));
    expect(found.sort()).toEqual(STATES.map(([chart, name]) => `${chart.name}/${name}.svg`).sort());
  });
});

it('what never comes within 5% of the floor is no divergence in the table of seeds', () => {
  const of = (errors: readonly number[], seeds: number) =>
    seedRows(sweepScene([rankAxis([2])], seeds, (_, seed) => runFigures(errors[seed] ?? 1), { measure: 'steps' })).map(
      ({ texts }) => texts[0],
    );
  expect(of([0.5], 1)).toEqual(['–']);
  expect(of([Number.POSITIVE_INFINITY], 1)).toEqual(['▲']);
  expect(of([0.1, 0.5], 2)).toEqual(['from 120']);
});

it('the curves of a row say their ends by the figures where no curve was kept', () => {
  const curve = { steps: [], values: [] };
  const scene = sweepScene([rankAxis([2, 4])], 1, () => runFigures(0.25, 0.1, { curve }));
  expect(axisCurves(0).describe(scene)).toContain('r = 2: 0.250; r = 4: 0.250');
});
