// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { crossesBox, doBoxesOverlap, type LabelBox, textBox } from '../../charts/testing/boxes.ts';
import type { Size } from '../../kit/chart/chart.ts';
import type { Mark, Point } from '../../kit/chart/marks.ts';
import { stream } from '../../math/random.ts';
import type { Figures } from '../file/model.ts';
import { type EnergyScene, fileEnergy, fileEnergyPicture, keptPercent } from './energy/file-energy.ts';
import { cutError, cutErrorPicture } from './module/cut-error.ts';
import {
  fileSpectra,
  type ModuleScene,
  moduleSpectrum,
  moduleSpectrumPicture,
  remainingEnergy,
  roundTicks,
} from './module/module-scene.ts';

const SIZES: readonly Size[] = [
  { width: 242, height: 215, font: 13, short: false },
  { width: 242, height: 108, font: 13, short: false },
  { width: 190, height: 150, font: 13, short: false },
  { width: 358, height: 220, font: 13, short: true },
];
const WIDE: readonly Size[] = [
  { width: 590, height: 132, font: 13, short: false },
  { width: 480, height: 96, font: 13, short: false },
  { width: 358, height: 130, font: 13, short: true },
];

/** Falling values of many shapes: steep, flat, with dead directions. */
function spectra(): number[][] {
  const { uniform } = stream(7, 'spectra');
  return [1, 2, 3, 4, 5, 8, 16, 17, 32, 64, 128, 320].flatMap((r) =>
    [0.02, 0.3, 1, 3].map((speed) =>
      Array.from({ length: r }, (_, i) => 4 * Math.exp((-speed * 4 * i) / r) * (0.8 + 0.2 * uniform())).sort(
        (a, b) => b - a,
      ),
    ),
  );
}

const moduleOf = (sigma: number[], more: Partial<ModuleScene> = {}): ModuleScene => ({
  sigma,
  median: sigma.map((value) => 0.6 * value),
  range: [0.01, 4],
  unscaled: false,
  pointed: null,
  ...more,
});

function energyOf(modules: readonly number[][]): EnergyScene {
  const energy = modules.flat().map((value) => value ** 2);
  energy.sort((a, b) => b - a);
  const whole = energy.reduce((sum, value) => sum + value, 0);
  const share = [0];
  for (const value of energy) share.push((share.at(-1) ?? 0) + value / whole);
  const count = (of: number) => share.findIndex((value) => value >= of - 1e-12);
  return { directions: energy.length, share, counts: [count(0.9), count(0.95), count(0.99)], pointed: null };
}

/** The inked part of a line: the rows of numbers below an axis come closer than the leading of labels. */
function inked(mark: Mark, font: number): LabelBox {
  const box = textBox(mark, font);
  return { ...box, top: box.top + 0.17 * font, bottom: box.bottom - 0.25 * font };
}

const pointsOf = (mark: Mark) =>
  String(mark.attributes.d)
    .slice(1)
    .split('L')
    .map((pair) => pair.split(',').map(Number) as unknown as Point);

function faults(marks: readonly Mark[], size: Size, where: string): string[] {
  const texts = marks.filter(({ tag }) => tag === 'text');
  const boxes = texts.map((mark) => ({ mark, box: inked(mark, size.font) }));
  const outside = boxes.filter(
    ({ box }) => box.left < -1 || box.right > size.width + 1 || box.top < -1 || box.bottom > size.height + 1,
  );
  const touching = boxes.flatMap((one, i) =>
    boxes
      .slice(i + 1)
      .filter((other) => doBoxesOverlap(one.box, other.box, -0.5))
      .map((other) => `${one.mark.text} | ${other.mark.text}`),
  );
  const curves = marks.filter(({ attributes }) => /\b(main|line)\b/.test(String(attributes.class))).map(pointsOf);
  const halo = boxes.filter(({ mark }) => String(mark.attributes.class).includes('halo'));
  const crossed = halo.filter(({ box }) => curves.some((points) => crossesBox(points, box)));
  expect(JSON.stringify(marks), where).not.toMatch(/NaN|null|Infinity/);
  expect(new Set(marks.map(({ key }) => key)).size, where).toBe(marks.length);
  return [
    ...outside.map(({ mark }) => `${where}: ${mark.text} is outside`),
    ...touching.map((pair) => `${where}: ${pair}`),
    ...crossed.map(({ mark }) => `${where}: a curve crosses ${mark.text}`),
  ];
}

describe.each(SIZES)('charts of a module at $width × $height', (size) => {
  it('labels stay apart, inside, and off the curve', () => {
    const found = spectra().flatMap((sigma) => {
      const where = `r = ${sigma.length}, ${sigma.at(-1)?.toFixed(3)}`;
      return [
        ...[
          moduleOf(sigma),
          moduleOf(sigma, { median: [] }),
          moduleOf(sigma, { range: [4e-6, 40], pointed: 1 }),
        ].flatMap((scene) => faults(moduleSpectrumPicture(scene, size), size, `spectrum, ${where}`)),
        ...faults(cutErrorPicture(moduleOf(sigma), size), size, `error, ${where}`),
      ];
    });
    expect(found).toEqual([]);
  });

  it('a ΔW of zeros says so', () => {
    for (const sigma of [[], [0, 0, 0]]) {
      const scene = moduleOf(sigma, { median: [] });
      for (const chart of [moduleSpectrum, cutError]) {
        const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
        chart.draw(svg, scene, size);
        expect(svg.textContent?.replaceAll(' ', '')).toContain('ΔW=0');
        expect(chart.describe(scene)).toContain('ΔW = 0');
      }
    }
  });
});

it.each(WIDE)('the energy of the file at $width × $height: labels stay apart, inside, and off the curve', (size) => {
  const all = spectra();
  const files = [
    ...all.slice(0, 12).map((one) => [one]),
    ...all.map((one, i) => [one, ...all.slice(i, i + 6)]),
    all,
    Array(128).fill(all[12]),
  ];
  const found = files.flatMap((modules) => {
    const scene = energyOf(modules as number[][]);
    return faults(
      fileEnergyPicture(scene, size),
      size,
      `${modules.length} modules, ${scene.directions}: ${scene.counts}`,
    );
  });
  expect(found).toEqual([]);
});

it('the error at rank i is what is left of the energy, by its definition', () => {
  const sigma = [3, 2, 1];
  expect([...remainingEnergy({ sigma })].map((value) => value * 14)).toEqual(
    [14, 5, 1, 0].map((value) => expect.closeTo(value, 12)),
  );
  expect(cutError.readout(moduleOf(sigma), 1)).toBe('rank 1: error 0.598, 64% kept');
  expect(cutError.readout(moduleOf(sigma), 3)).toBe('rank 3: error 0.000, 100% kept');
  expect(cutError.table(moduleOf(sigma)).rows[2]).toEqual([
    2,
    expect.closeTo(Math.sqrt(1 / 14), 12),
    expect.closeTo(13 / 14, 12),
  ]);
  // An error near 0 does not print as 0.
  expect(cutError.readout(moduleOf([1, 1e-3]), 1)).toBe('rank 1: error 1.0·10⁻³, 99% kept');
});

it('charts say what they show', () => {
  const scene = moduleOf([3.31, 1.52, 1.24, 0.66], { median: [1.16, 0.8, 0.6, 0.5] });
  expect(moduleSpectrum.describe(scene)).toBe(
    '4 singular values, σ₁ = 3.31 falling to 0.660. The median of the file has σ₁ = 1.16.',
  );
  expect(moduleSpectrum.readout(scene, 2)).toBe('direction 2: 1.52, median 0.800');
  expect(cutError.describe(scene)).toBe(
    'Cut to rank 1 its relative error is 0.530. At rank 4 nothing is lost. No matrix of a rank comes closer.',
  );
  const energy = energyOf([
    [3, 1],
    [2, 1, 1],
  ]);
  expect(fileEnergy.describe(energy)).toBe('Of 5 directions 4 hold 90%, 5 hold 95%, 5 hold 99% of the energy.');
  expect(fileEnergy.readout(energy, 1)).toBe('1 of 5 directions: 56%');
  expect([0, 0.0004, 0.05, 0.5, 0.995, 0.9999, 1].map(keptPercent)).toEqual([
    '0%',
    '<0.1%',
    '5.0%',
    '50%',
    '99.5%',
    '>99.9%',
    '100%',
  ]);
});

it('a pointer finds the nearest direction, and ticks have both ends', () => {
  const scene = moduleOf([4, 3, 2, 1]);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  moduleSpectrum.draw(svg, scene, SIZES[0]);
  for (const [i, dot] of [...svg.querySelectorAll('circle')].entries())
    expect(moduleSpectrum.locate(scene, SIZES[0], Number(dot.getAttribute('cx')))).toBe(i + 1);
  expect(moduleSpectrum.locate(scene, SIZES[0], 2)).toBeNull();
  for (const [first, last] of [
    [0, 1],
    [1, 1],
    [1, 320],
    [0, 92_416],
  ]) {
    const ticks = roundTicks(first, last);
    expect(ticks).toContain(first);
    expect(ticks).toContain(last);
    expect(ticks.length).toBeLessThanOrEqual(11);
  }
});

it('has the median of a file once no more of it is being read, and its axis before', () => {
  const figures = [[4, 2], [2, 1, 0.5], [6]].map(
    (sigma) => ({ sigma: Float64Array.from(sigma) }) as unknown as Figures,
  );
  const whole = fileSpectra([...figures, null]);
  expect(whole.median).toEqual([4, 1.5, 0.5]);
  expect(fileSpectra([...figures, null], true)).toEqual({ ...whole, median: [] });
  expect(whole.range[1]).toBe(6);
});
