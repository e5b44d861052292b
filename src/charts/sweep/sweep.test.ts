import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sweepThumbnail } from '../../app/sweep/sweep-files.ts';
import { shadesOf } from '../../experiment/recorded/small-picture.ts';
import type { Measure } from '../../experiment/run-file/run-record.ts';
import type { Size } from '../../kit/chart/chart.ts';
import type { Mark } from '../../kit/chart/marks.ts';
import type { RgbTriple } from '../matrices/heatmap.ts';
import { doBoxesOverlap, textBox } from '../testing/boxes.ts';
import { PALETTES, RATES, RULES, rankAxis, ratesScene, runFigures, sweepScene } from '../testing/sweep-scene.ts';
import {
  cellAt,
  contrast,
  contrastingInk,
  css,
  lengthOf,
  mixColours,
  type SweepCell,
  type SweepScene,
  summaryOf,
} from './cells.ts';
import { linesPicture, seedRows } from './lines.ts';
import { bestOfRows, cellAtPoint, mapLayout, mapPicture, sweepMap } from './map.ts';
import { logHeight, quantileAt } from './marks.ts';
import { axisCurves } from './row-curves.ts';
import { cellNumber, cellWords, edgeSentence, sweepSentence } from './sentence.ts';
import { smallMultiplesPicture } from './small-multiples.ts';

const never = Number.POSITIVE_INFINITY;

function first({ cells: [cell] }: SweepScene): SweepCell {
  if (!cell) throw new Error('no cell');
  return cell;
}

describe('medians and quartiles', () => {
  // numpy.quantile(values, [0.25, 0.5, 0.75]), method 'linear'.
  it.each([
    [
      [3.05, 3.15, 2.86, 3.27, 3.08],
      [3.05, 3.08, 3.15],
    ],
    [
      [1, 2, 3, 4],
      [1.75, 2.5, 3.25],
    ],
    [
      [0.122, 0.133, 0.123],
      [0.1225, 0.123, 0.128],
    ],
    [[5], [5, 5, 5]],
    [
      [10, 1, 7, 2, 9, 4, 4, 8, 3, 6],
      [3.25, 5, 7.75],
    ],
  ])('of %j are %j', (values, [low, middle, high]) => {
    const scene = sweepScene([rankAxis([1])], values.length, (_, seed) => runFigures(values[seed] ?? 0), {
      measure: 'error',
    });
    const { median, quartiles } = summaryOf(first(scene), 'error');
    expect(median).toBeCloseTo(middle ?? 0, 12);
    expect(quartiles?.[0]).toBeCloseTo(low ?? 0, 12);
    expect(quartiles?.[1]).toBeCloseTo(high ?? 0, 12);
  });

  it('leave half of the values on either side', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 32 }), (list) => {
        const sorted = [...list].sort((a, b) => a - b);
        const median = quantileAt(sorted, 0.5) ?? Number.NaN;
        expect(sorted.filter((v) => v < median).length).toBeLessThanOrEqual(list.length / 2);
        expect(sorted.filter((v) => v > median).length).toBeLessThanOrEqual(list.length / 2);
      }),
    );
  });

  it('count a run that diverged as worse than every other, and are infinite where half of them did', () => {
    const cellOf = (errors: readonly number[]) =>
      first(sweepScene([rankAxis([1])], errors.length, (_, seed) => runFigures(errors[seed] ?? 0)));
    expect(summaryOf(cellOf([never, 0.2, 0.3]), 'error')).toMatchObject({ median: 0.3, diverged: 1, n: 3 });
    expect(summaryOf(cellOf([never, 0.2, never]), 'error').median).toBe(never);
    expect(summaryOf(cellOf([never, 0.2]), 'error').median).toBe(never);
    expect(summaryOf(cellOf([0.1, 0.2, 0.3, never]), 'error').quartiles).toBeNull();
  });
});

describe('the number in a cell', () => {
  it('is paper or ink, whichever contrasts more, and never below 3.9:1', () => {
    for (const palette of Object.values(PALETTES))
      for (let t = 0; t <= 1; t += 0.01) {
        const colour = mixColours(palette, t);
        const chosen = contrast(contrastingInk(colour, palette), colour);
        expect(chosen).toBe(Math.max(contrast(palette.paper, colour), contrast(palette.ink, colour)));
        expect(chosen).toBeGreaterThan(3.9);
      }
  });

  it('has the contrast of WCAG', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 10);
    // The known pair: #777 on white is just below 4.5.
    expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2);
  });

  it.each([
    [57.2, 3, '57.2'],
    [1.4387, 3, '1.44'],
    [0.99961, 3, '1.00'],
    [0.019, 3, '0.0190'],
    [0.00218, 3, '0.00218'],
    [3.5e-4, 3, '3.5·10⁻⁴'],
    [999.7, 3, '1000'],
    [12.64, 2, '13'],
    [0, 3, '0'],
  ] as const)('%f in %i digits is %s', (value, digits, text) => expect(cellNumber(value, digits)).toBe(text));
});

describe('the sentence', () => {
  it('says how the edge of divergence moves with the rank, a clause a panel', () => {
    // Edges: 0.021·r → 0.02 and 0.5; 0.021·√r → 0.02 and 0.1; 1.1 → 1 and 1.
    expect(edgeSentence(ratesScene())).toBe(
      'From rank 1 to 32, the largest rate that still trains grows 25-fold under s = α/r and 5-fold under s = α/√r, and stays at 1 under s = 1.',
    );
    expect(sweepSentence(ratesScene())).toBe(edgeSentence(ratesScene()));
  });

  it('says nothing of an edge that no rate has crossed', () => {
    const scene = sweepScene([RATES, rankAxis([1, 2])], 1, () => runFigures(0.2));
    expect(edgeSentence(scene)).toBeNull();
    expect(sweepSentence(scene)).toBe('With one seed, no setting stands out.');
  });

  it('names the best cell, and how many are as good', () => {
    const scene = sweepScene(
      [rankAxis([1, 2, 4]), RULES],
      2,
      ([rank = 0, rule = 0]) => runFigures(1 / (1 + rank + rule)),
      {
        measure: 'error',
      },
    );
    expect(sweepSentence(scene)).toBe('Best: s = 1, r = 4, at an error of 0.200.');
    const some = { ...scene, cells: scene.cells.map((cell) => ({ ...cell, runs: [cell.runs[0] ?? null, null] })) };
    expect(sweepSentence(some)).toBe('Best so far: s = 1, r = 4, at an error of 0.200.');
  });

  it('counts seeds in which one value of a single setting is best', () => {
    const scene = sweepScene(
      [{ ...rankAxis([2, 4, 8]), key: 'alpha', before: 'α = ' }],
      10,
      ([alpha = 0], seed) => runFigures(alpha === (seed === 7 ? 0 : 1) ? 0.2 : 0.5),
      {
        measure: 'error',
      },
    );
    expect(sweepSentence(scene)).toBe('The error is lowest at α = 4 in 9 of 10 seeds.');
  });

  it('tells cells of which few seeds get there from runs that never do', () => {
    const some = (one: number, other: number, measure: Measure) =>
      sweepSentence(sweepScene([rankAxis([2, 4])], 2, (_, seed) => runFigures(seed === 0 ? one : other), { measure }));
    expect(some(0.1, 0.5, 'steps')).toBe('In no cell do more than half of the seeds get to within 5% of the floor.');
    expect(some(0.5, 0.5, 'steps')).toBe('No run gets to within 5% of its floor.');
    expect(some(0.5, Number.POSITIVE_INFINITY, 'error')).toBe('In every cell at least half of the seeds diverged.');
    expect(some(0.5, 0.5, 'heldOut')).toBe('No run has a value of this measure.');
  });

  it('waits for the first run', () => {
    expect(sweepSentence(sweepScene([RATES, rankAxis([1, 2])], 1, () => null))).toBe(
      'Learning rate, rank r: nothing has run yet.',
    );
  });
});

describe('accuracies, of which the highest is best', () => {
  const accuracies = (values: readonly number[], seeds = 1, more: Partial<SweepScene> = {}) =>
    sweepScene(
      [rankAxis([1, 2, 4, 8, 16])],
      seeds,
      ([i = 0], seed) => {
        const accuracy = values[i] + seed / 1000;
        const own = { error: null, heldOut: 1 - accuracy, accuracy, oldAccuracy: 0.5 };
        return Number.isFinite(accuracy) ? runFigures(0.5, null, own) : runFigures(never, null);
      },
      { measure: 'accuracy', samples: true, network: true, ...more },
    );
  const scene = accuracies([0.854, 0.928, 0.949, 0.9524, 0.957]);

  it('are named by the highest, and by the value from which on they hardly rise', () => {
    expect(sweepSentence(scene)).toBe(
      'With one seed, accuracy is highest at r = 16, 0.957; from r = 4 on within 0.01.',
    );
    expect(sweepSentence(accuracies([0.8, 0.95, 0.8, 0.7, 0.6], 4))).toBe('Accuracy is highest at r = 2, 0.952.');
    expect(sweepSentence(accuracies([0.8, 0.9, 0.92, 0.94, 0.96], 4))).toBe('Accuracy is highest at r = 16, 0.962.');
    // A dip behind the plateau ends it.
    expect(sweepSentence(accuracies([0.95, 0.8, 0.95, 0.95, 0.951], 1))).toContain('from r = 4 on within');
    expect(sweepSentence(accuracies([0.95, 0.951, 0.952, 0.951, 0.95], 1))).toContain('no setting stands out');
    expect(sweepSentence(accuracies([0.8, 0.9, 0.95, Number.NaN, Number.NaN]))).toBe(
      'With one seed, accuracy is highest at r = 4, 0.950.',
    );
  });

  it('count the other cells that are as good where there is no order', () => {
    const made = sweepScene(
      [rankAxis([1, 4]), RULES],
      1,
      ([i = 0, j = 0]) => runFigures(0.5, null, { error: null, accuracy: 0.9 + 0.02 * i + 0.005 * j, heldOut: 1 }),
      { measure: 'accuracy', samples: true, network: true },
    );
    expect(sweepSentence(made)).toBe(
      'With one seed, accuracy is highest at s = 1, r = 4, 0.930; 2 other cells are within 0.01.',
    );
    const summaries = new Map(made.cells.map((cell) => [cell, summaryOf(cell, 'accuracy')]));
    expect([...bestOfRows(made, summaries)].map(({ at }) => at)).toEqual([
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    expect(sweepMap.describe(made)).toContain('Accuracy from 0.930 to 0.895,');
    const fills = mapPicture(made, { width: 500, height: 200, font: 13, short: false });
    expect(JSON.stringify(fills)).toContain('0.930');
  });

  it('say of a cell what it learned and what it kept', () => {
    expect(cellWords(scene, scene.cells[2])).toBe(
      'r = 4: accuracy 0.949, old task 0.500, held-out loss 0.0510, 1 seed',
    );
    expect(cellWords(accuracies([0.9, 0.9, 0.9, 0.9, 0.9], 3), scene.cells[4])).toContain('0.957');
  });

  it('are in the table as they are read, smallest first', () => {
    const { columns, rows } = sweepMap.table(accuracies([0.9, 0.9, 0.9, 0.9, 0.9], 3));
    const at = (name: string) => Number(rows[0][columns.indexOf(name)]);
    expect(at('median accuracy')).toBeCloseTo(0.901, 12);
    expect([at('smallest'), at('largest')].map((value) => value.toFixed(3))).toEqual(['0.900', '0.902']);
    expect(at('1st quartile')).toBeLessThan(at('3rd quartile'));
    expect(seedRows(accuracies([0.9, 0.9, 0.9, 0.9, 0.9], 3))[0].texts[0]).toBe('0.900–0.902');
  });

  it('rise upwards in the chart, and the best mark is at the highest', () => {
    const marks = linesPicture(accuracies([0.7, 0.8, 0.9, 0.95, 0.94], 5), {
      width: 500,
      height: 300,
      font: 13,
      short: false,
    });
    const heights = marks.flatMap(({ key, attributes }) =>
      /^median main \d/.test(String(key)) ? [Number(attributes?.cy)] : [],
    );
    expect(heights).toHaveLength(5);
    expect(Math.min(...heights)).toBe(heights[3]);
    expect(heights[0]).toBe(Math.max(...heights));
    expect(JSON.stringify(marks)).toContain('highest: 0.952');
  });
});

it('says how many other cells are as good', () => {
  const scene = sweepScene([rankAxis([1, 2]), RULES], 1, ([rank = 0, rule = 0]) =>
    runFigures(rank + rule > 1 ? 0.2 : 0.1, 0.1),
  );
  expect(sweepSentence({ ...scene, measure: 'ratio' })).toBe(
    'Best with one seed: s = α/r, r = 1, at 1.00 times the floor. 2 other cells are within 5%.',
  );
});

describe('the row below the map', () => {
  const title = (scene: SweepScene) => axisCurves(0).title(scene);
  it('is that of the best cell, or where all of it is equal the one that is furthest apart', () => {
    const spread = sweepScene([rankAxis([1, 2]), RULES], 1, ([rank = 0, rule = 0]) =>
      runFigures(0.1 + rule / 10 + rank),
    );
    expect(title(spread)).toBe('The row of the best cell: s = α/r');
    const flat = sweepScene([rankAxis([1, 2]), RULES], 1, ([rank = 0, rule = 0]) =>
      runFigures(0.1 * (1 + rule * rank)),
    );
    expect(title(flat)).toBe('The row with the widest spread: s = 1');
    expect(title({ ...flat, pointed: cellAt(flat, [1, 1]) ?? null })).toBe('The row of this cell: s = α/√r');
    const equal = sweepScene([rankAxis([1, 2]), RULES], 1, () => runFigures(0.1));
    expect(title(equal)).toBe('The row of the best cell: s = α/r');
  });
});

it('an axis in logarithms has two ticks and more, inside and apart', () => {
  const plot = { left: 40, right: 300, top: 10, bottom: 170 };
  const value = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(value, fc.double({ min: 1, max: 20, noNaN: true }), (low, factor) => {
      const { scale, ticks } = logHeight([low, low * factor], plot);
      const heights = ticks.map((tick) => scale(tick.value));
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      for (const [i, height] of heights.entries()) {
        expect(height).toBeGreaterThan(plot.top - 1);
        expect(height).toBeLessThan(plot.bottom + 1);
        if (i > 0) expect((heights[i - 1] ?? 0) - height).toBeGreaterThan(10);
      }
    }),
  );
});

it('small charts fill their rows as evenly as there is room, and one end is bold', () => {
  const scene = sweepScene([rankAxis([1, 2, 3, 4, 6, 8, 12, 16, 24, 32])], 1, ([rank = 0]) =>
    runFigures(0.5 - rank / 40),
  );
  const size = { width: 560, height: 400, font: 13, short: false };
  const marks = smallMultiplesPicture(scene, size);
  const rows = new Map<number, number>();
  for (const mark of marks.filter(({ key }) => key.startsWith('name '))) {
    const at = Number(mark.attributes.y);
    rows.set(at, (rows.get(at) ?? 0) + 1);
  }
  expect([...rows.values()]).toEqual([5, 5]);
  const bold = marks.filter(({ key, attributes }) => key.startsWith('end ') && /strong/.test(String(attributes.class)));
  expect(bold.map(({ key }) => key)).toEqual(['end 9']);
});

it('says of a cell what it is, its figures and its seeds', () => {
  const scene = sweepScene([RATES, rankAxis([16]), RULES], 3, (_, seed) =>
    runFigures([0.123, 0.122, 0.133][seed] ?? 0, 0.0775),
  );
  expect(cellWords(scene, cellAt(scene, [7, 0, 1]) ?? first(scene))).toBe(
    's = α/√r, r = 16, rate 0.2: error 0.123, 1.59 times the floor, 3 seeds from 0.122 to 0.133',
  );
  const broken = sweepScene([RATES], 3, (_, seed) => runFigures(seed === 1 ? 0.2 : never));
  expect(cellWords(broken, first(broken))).toBe('rate 0.001: diverged in 2 of 3 seeds');
});

const SIZES: readonly Size[] = [
  { width: 358, height: 280, font: 13, short: true },
  { width: 700, height: 300, font: 13, short: false },
  { width: 1120, height: 260, font: 13, short: false },
  { width: 1900, height: 400, font: 13.5, short: false },
];

function faults(scene: SweepScene, size: Size): string[] {
  const layout = mapLayout(scene, size);
  const marks = mapPicture(scene, size);
  const texts = marks.filter(({ tag }) => tag === 'text');
  const scale = (mark: Mark) => (String(mark.attributes.class).includes('small') ? 0.96 : 1) * size.font;
  const boxes = texts.map((mark) => ({ mark, box: textBox(mark, scale(mark)) }));
  const found: string[] = [];
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(0, i))
      if (doBoxesOverlap({ ...a.box, top: a.box.top + 2, bottom: a.box.bottom - 2 }, b.box))
        found.push(`${size.width}: "${a.mark.text}" on "${b.mark.text}"`);
    if (a.box.left < -1 || a.box.right > layout.width + 1) found.push(`${size.width}: "${a.mark.text}" leaves the map`);
  }
  return found;
}

describe('the map', () => {
  it.each(SIZES)('$width px wide: no two texts overlap, and each number fits its cell', (size) => {
    for (const measure of ['ratio', 'error', 'steps'] as Measure[]) {
      expect(faults(ratesScene({ measure }), size)).toEqual([]);
      const scene = ratesScene({ measure });
      const layout = mapLayout(scene, size);
      for (const mark of mapPicture(scene, size))
        if (/^cell .* text$/.test(mark.key)) {
          const box = textBox(mark, size.font * 0.96);
          expect(box.right - box.left, mark.text).toBeLessThanOrEqual(layout.cell.width);
        }
    }
  });

  it('prints each number in the colour that is read best on its cell', () => {
    for (const palette of Object.values(PALETTES)) {
      const marks = new Map(
        mapPicture(ratesScene({ palette }), { ...SIZES[0], width: 1120 } as Size).map((mark) => [mark.key, mark]),
      );
      const hex = (text: unknown): RgbTriple => {
        const n = Number.parseInt(String(text).slice(1), 16);
        return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
      };
      let seen = 0;
      for (const [key, mark] of marks) {
        const cell = marks.get(key.replace(/ text$/, ''));
        if (!key.endsWith(' text') || !cell || mark.attributes.color === undefined) continue;
        const ground = hex(cell.attributes.color);
        const other = mark.attributes.color === css(palette.ink) ? palette.paper : palette.ink;
        expect(contrast(hex(mark.attributes.color), ground)).toBeGreaterThanOrEqual(contrast(other, ground));
        seen++;
      }
      expect(seen).toBeGreaterThan(100);
    }
  });

  it('frames one best cell a row, of rows with at least two that ended', () => {
    const scene = ratesScene();
    const summaries = new Map(scene.cells.map((cell) => [cell, summaryOf(cell, 'ratio')]));
    const best = bestOfRows(scene, summaries);
    expect(best.size).toBe(18);
    for (const cell of best) {
      const row = scene.cells.filter(({ at }) => at[1] === cell.at[1] && at[2] === cell.at[2]);
      const medians = row.map((one) => summaries.get(one)?.median ?? never);
      expect(summaries.get(cell)?.median).toBe(Math.min(...medians));
    }
  });

  it('finds the cell under a point, and the nearest one beside the panels', () => {
    for (const size of SIZES) {
      const layout = mapLayout(ratesScene(), size);
      for (const { left, top, index } of layout.panels)
        for (const [column, row] of [
          [0, 0],
          [11, 5],
          [4, 3],
        ] as const) {
          const x = left + (column + 0.5) * layout.cell.width;
          const y = top + (row + 0.5) * layout.cell.height;
          expect(cellAtPoint(layout, x, y)).toEqual([column, row, index]);
        }
      expect(cellAtPoint(layout, -50, -50)).toEqual([0, 0, 0]);
      expect(layout.cell.width).toBeGreaterThanOrEqual(24);
    }
  });

  it('describes itself, and its table has a row a cell', () => {
    const scene = ratesScene();
    expect(sweepMap.describe(scene)).toContain('6 rows by 12 columns in 3 panels, median of 3 seeds');
    const { columns, rows } = sweepMap.table(scene);
    expect(rows).toHaveLength(216);
    expect(rows[0]).toHaveLength(columns.length);
    expect(rows.find((row) => row[0] === 5 && row[1] === 1)?.at(-1)).toBe('diverged');
  });
});

it('a sweep in small has a shade for each cell: the best full, paper for the worst and where it diverged', () => {
  const scene = ratesScene();
  const small = sweepThumbnail({ ...scene, measure: 'error' });
  if (!small) throw new Error('no picture');
  const shades = shadesOf(small);
  const [columns, rows, panels] = [lengthOf(scene, 0), lengthOf(scene, 1), lengthOf(scene, 2)];
  expect([small.cols, small.rows]).toEqual([panels * (columns + 1) - 1, rows]);
  const medians = scene.cells.map((cell) => summaryOf(cell, 'error').median ?? never);
  const shadeOf = ({ at: [x = 0, y = 0, panel = 0] }: SweepCell) => shades[y * small.cols + panel * (columns + 1) + x];
  scene.cells.forEach((cell, i) => {
    if (medians[i] === Math.min(...medians)) expect(shadeOf(cell)).toBe(1);
    if (medians[i] === never) expect(shadeOf(cell)).toBe(0);
  });
  expect(sweepThumbnail({ ...scene, cells: scene.cells.map((cell) => ({ ...cell, runs: [] })) })).toBeNull();
});

describe('the edges of SGD on a map', () => {
  const places = (rates: readonly number[], unstable: number) => {
    const cells = rates.map((_, i): SweepCell => ({ at: [i, 0], runs: [null], why: null }));
    const axis = { before: '', texts: rates.map(String), numbers: rates, scale: 'log' } as const;
    const rank = { key: 'rank', name: 'rank r', before: '', texts: ['8'], numbers: [8], scale: 'log' } as const;
    const scene: SweepScene = {
      ...{ axes: [{ ...axis, key: 'lr', name: 'rate' }, rank], cells, seeds: 1, measure: 'error', samples: false },
      ...{ pointed: null, palette: PALETTES.light, floors: null, noise: null, perRank: 0.1, weights: 100 },
      edges: [[{ unstable, nothing: 4 * unstable }]],
    };
    const size = { width: 500, height: 120, font: 13, short: false };
    const { panels, cell } = mapLayout(scene, size);
    const line = mapPicture(scene, size).find(({ key }) => key === 'edge unstable 0');
    const x = Number(/M([\d.]+),/.exec(String(line?.attributes.d))?.[1]);
    return (x - panels[0].left) / cell.width;
  };

  it('stand between the middles of the columns, as the logarithm of the rate does', () => {
    const rates = [0.01, 0.1, 1];
    expect(places(rates, 0.1)).toBeCloseTo(1.5, 2);
    expect(places(rates, Math.sqrt(0.001))).toBeCloseTo(1, 2);
    expect(places(rates, 2)).toBeCloseTo(2.5 + Math.log10(2), 2);
    expect(places(rates, 100)).toBe(3);
    expect(places(rates, 1e-5)).toBe(0);
  });
});
