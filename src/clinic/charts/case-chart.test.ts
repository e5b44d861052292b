import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textFaults } from '../../charts/testing/text-faults.ts';
import type { Size } from '../../kit/chart/chart.ts';
import { pieces } from '../../kit/chart/marks.ts';
import type { CaseChart } from '../cases/case.ts';
import { caseChart } from './case-chart.ts';
import { casePicture, heightsOf, placesOf } from './case-picture.ts';

/** A large chart and a small one at 1440 and 1280 px, a phone's, and a projector's. */
const SIZES: readonly Size[] = [
  { width: 930, height: 290, font: 13, short: false },
  { width: 440, height: 280, font: 13, short: false },
  { width: 350, height: 190, font: 13, short: false },
  { width: 358, height: 150, font: 13, short: true },
  { width: 664, height: 240, font: 13, short: true },
  { width: 1830, height: 820, font: 22, short: false },
];

const falling = (steps: number, by: number) => Array.from({ length: steps + 1 }, (_, t) => [t, by ** t] as const);

const LINES: CaseChart = {
  title: 'Error over training',
  about: 'Log scale.',
  x: { label: 'step', scale: 'linear', marks: [40, 80, 120, 160].map((at, i) => ({ at, label: `epoch ${i + 1}` })) },
  y: { label: 'error', scale: 'log' },
  lines: [
    { label: 'rank 64, α/r: 0.741', look: 'symptom', points: falling(300, 0.999) },
    { label: 'rank 64, α/√r: 0.0490', look: 'cure', points: falling(300, 0.99) },
    { label: 'rank 8, α/r: 0.223', look: 'reference', points: falling(300, 0.995) },
    { label: 'rank 64, four times the steps: 0.300', look: 'reference', points: falling(1200, 0.999) },
    {
      label: 'floor: 0.0490',
      look: 'floor',
      points: [
        [0, 0.049],
        [300, 0.049],
      ],
    },
  ],
};
const RANKS: CaseChart = {
  ...LINES,
  x: { label: 'rank', scale: 'log' },
  lines: [
    { label: 'α/r', look: 'symptom', dots: true, points: [1, 2, 4, 8, 16, 32, 64].map((r, i) => [r, 0.3 + 0.1 * i]) },
    { label: 'α/√r', look: 'cure', dots: true, points: [1, 2, 4, 8, 16, 32, 64].map((r) => [r, 1 / r]) },
  ],
};
const BARS: CaseChart = {
  ...{ title: 'Drawings read', about: 'Held out.', lines: [] },
  x: { label: '', scale: 'linear' },
  y: { label: 'share', scale: 'linear', low: 0, high: 1 },
  bars: [
    { label: 'first hand, own adapter', look: 'reference', value: 1, text: '100%' },
    { label: 'second hand, own adapter', look: 'reference', value: 0.99, text: '99%' },
    { label: 'sum', look: 'symptom', value: 0.65, text: '65%' },
    { label: 'mean', look: 'cure', value: 0.93, text: '93%' },
    { label: 'one trained on both', look: 'reference', value: 0.995, text: '99.5%' },
    { label: 'weights 1.5', look: 'reference', value: 0, text: '0%' },
  ],
};
const GONE: CaseChart = {
  ...LINES,
  x: { label: 'step', scale: 'linear' },
  lines: [
    {
      label: 'α = 64: diverged',
      look: 'symptom',
      points: [
        [0, 1],
        [1, 2.1],
        [2, 32],
        [3, 3e5],
        [4, Number.NaN],
      ],
    },
    { label: 'α = 16: 0.0950', look: 'cure', points: falling(300, 0.992) },
  ],
};
/** Its first number is wide, and so is the name of its axis. */
const SHARES: CaseChart = {
  ...LINES,
  x: { label: '‖ΔW‖/‖W₀‖', scale: 'log' },
  y: { label: 'share', scale: 'linear', low: 0, high: 1 },
  lines: [
    {
      ...{ label: 'bfloat16', look: 'symptom', dots: true },
      points: [
        [9.75e-5, 0.98],
        [9.71e-4, 0.79],
        [0.00936, 0.17],
        [0.0826, 0.02],
      ],
    },
  ],
};
const ALL = { lines: LINES, shares: SHARES, ranks: RANKS, bars: BARS, gone: GONE };

it('has a dash in its table if a line is broken, and all of a short line beside a long one', () => {
  const table = (chart: CaseChart) => caseChart.table?.({ chart, pointed: null }) ?? expect.fail('no table');
  expect(table({ ...GONE, lines: GONE.lines.slice(0, 1) }).rows[4]).toEqual([4, null]);
  const [gone, long] = GONE.lines;
  if (!gone || !long) expect.fail('two lines');
  // As the mean of ten beside each step: between the steps that are kept.
  const mean = { ...gone, points: [5, 15, 25].map((at) => [at, at / 10] as const) };
  const { rows } = table({ ...GONE, lines: [long, mean] });
  expect(rows.flatMap(([at, , value]) => (value === null ? [] : [[at, value]]))).toEqual(mean.points);
});

describe.each(Object.entries(ALL))('a chart of %s', (_name, chart) => {
  it.each(SIZES)('has no texts on each other or outside, at $width × $height', (size) => {
    expect(textFaults(casePicture({ chart, pointed: null }, size), size, [], true)).toEqual([]);
  });

  it('is said, tabled and read at each of its places', () => {
    const said = caseChart.describe({ chart, pointed: null });
    const names = [...chart.lines, ...(chart.bars ?? [])].map(({ label }) => label.split(': ')[0]);
    for (const name of names) expect(said).toContain(name);
    const table = caseChart.table?.({ chart, pointed: null });
    expect(table?.rows.length).toBeLessThanOrEqual(64);
    for (const row of table?.rows ?? []) expect(row).toHaveLength(table?.columns.length ?? 0);
    const { first, last } = caseChart.places({ chart, pointed: null });
    for (const at of [first, Math.round(last / 2), last]) {
      expect(caseChart.readout({ chart, pointed: at }, at)).not.toContain('undefined');
      expect(casePicture({ chart, pointed: at }, SIZES[0]).length).toBeGreaterThan(0);
    }
    expect(caseChart.locate({ chart, pointed: null }, SIZES[0], 0)).toBe(first);
    expect(caseChart.locate({ chart, pointed: null }, SIZES[0], 2000)).toBe(last);
  });
});

it('a value stands where its axis says, and no line is drawn over a missing one', () => {
  const finite = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  const value = fc.oneof({ weight: 4, arbitrary: finite }, { weight: 1, arbitrary: fc.constant(Number.NaN) });
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 30 }),
      fc.constantFrom('linear' as const, 'log' as const),
      (values, scale) => {
        const points = values.map((one, i) => [i, one] as const);
        const chart: CaseChart = {
          ...LINES,
          x: { label: 'step', scale: 'linear' },
          y: { label: 'error', scale },
          lines: [{ label: 'one', look: 'symptom', points }],
        };
        const known = values.filter(Number.isFinite);
        if (known.length === 0) return;
        const [low, high] = heightsOf(chart);
        expect(low).toBeLessThanOrEqual(Math.min(...known));
        expect(high).toBeGreaterThanOrEqual(Math.max(...known));
        expect(placesOf(chart)).toEqual(points.map(([at]) => at));
        const line = casePicture({ chart, pointed: null }, SIZES[0]).find(({ key }) => key === 'line one');
        const drawn = String(line?.attributes.d);
        expect(drawn).not.toContain('NaN');
        expect(drawn.split('M').length - 1).toBe(
          pieces(values.map((v) => (Number.isFinite(v) ? [0, 0] : null))).length,
        );
      },
    ),
  );
});

it('says that it trains while nothing is known', () => {
  for (const chart of [
    { ...LINES, lines: [] },
    { ...BARS, bars: [] },
  ]) {
    const texts = casePicture({ chart, pointed: null }, SIZES[0]).map(({ text }) => text);
    expect(texts).toContain('Training …');
  }
});
