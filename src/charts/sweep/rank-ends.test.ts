import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Size } from '../../kit/chart/chart.ts';
import type { Mark, Point } from '../../kit/chart/marks.ts';
import { noisyScene, RATES, RULES, rankAxis, runFigures, sweepScene } from '../testing/sweep-scene.ts';
import type { SweepScene } from './cells.ts';
import { medianFloor } from './cells.ts';
import { linesPicture } from './lines.ts';
import { enoughRank, rankEndsPicture } from './rank-ends.ts';
import { answerOf, enoughDetail, sweepSentence } from './sentence.ts';

const SIZE: Size = { width: 900, height: 420, font: 13, short: false };
const RANKS = [1, 2, 4, 8, 16, 32, 64];

/** One run a rank, by hand. */
const byHand = (errors: readonly number[], changes: Partial<SweepScene> = {}) =>
  sweepScene([rankAxis(RANKS.slice(0, errors.length))], 1, ([i = 0]) => runFigures(errors[i], null), {
    measure: 'error',
    ...changes,
  });

const pointsOf = ({ attributes: { d } }: Mark): readonly Point[] =>
  [...String(d).matchAll(/([-\d.]+),([-\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

/** y of a polyline at x. */
function heightAt(line: readonly Point[], x: number): number | null {
  for (const [i, [x1, y1]] of line.slice(1).entries()) {
    const [x0, y0] = line[i];
    if (x >= x0 && x <= x1) return y0 + ((y1 - y0) * (x - x0)) / Math.max(1e-9, x1 - x0);
  }
  return null;
}

/** Lines of a picture between runs: no axes, references and small closed shapes. */
const between = (marks: readonly Mark[]) =>
  marks.filter(
    ({ tag, attributes }) => tag === 'path' && /stroke (main|line|pin|thin)|band/.test(String(attributes.class)),
  );

describe('error against rank', () => {
  const scenes = fc.record({
    ranks: fc.uniqueArray(fc.integer({ min: 1, max: 64 }), { minLength: 2, maxLength: 9 }),
    fall: fc.double({ min: 0.05, max: 3, noNaN: true }),
    above: fc.array(fc.double({ min: 1, max: 3, noNaN: true }), { minLength: 1, maxLength: 30 }),
    seeds: fc.integer({ min: 1, max: 6 }),
    noise: fc.option(fc.double({ min: 0.001, max: 0.5, noNaN: true })),
    rules: fc.boolean(),
  });

  it('draws no line between runs, and none of it under the floor', () => {
    fc.assert(
      fc.property(scenes, ({ ranks, fall, above, seeds, noise, rules }) => {
        const sorted = [...ranks].sort((a, b) => a - b);
        const floors = Array.from({ length: 65 }, (_, r) => (r === 0 ? 1 : Math.max(0, r ** -fall - 64 ** -fall)));
        const scene = sweepScene(
          [rankAxis(sorted), ...(rules ? [RULES] : [])],
          seeds,
          ([i = 0, rule = 0], seed) => {
            const floor = floors[sorted[i]];
            return runFigures(Math.max(1e-6, floor) * above[(7 * i + 3 * rule + seed) % above.length], floor);
          },
          { measure: 'error', floors, noise },
        );
        const pictures = [rankEndsPicture(scene, SIZE), ...(rules ? [] : [linesPicture(scene, SIZE)])];
        for (const marks of pictures) {
          expect(between(marks).filter(({ key }) => !key.startsWith('floor'))).toEqual([]);
          // None is drawn where all of it is below the picture.
          const line = marks.filter(({ key }) => key === 'floor').flatMap(pointsOf);
          const dots = marks.filter(({ tag, key }) => tag === 'circle' && /^(end|run) /.test(key));
          expect(dots.length).toBeGreaterThan(0);
          for (const { attributes } of dots) {
            const under = heightAt(line, Number(attributes.cx));
            if (under !== null) expect(Number(attributes.cy)).toBeLessThanOrEqual(under + 0.2);
          }
          for (const callout of marks.filter(({ key }) => key === 'enough'))
            for (const [x, y] of pointsOf(callout)) expect(y).toBeLessThanOrEqual((heightAt(line, x) ?? y) + 0.2);
        }
      }),
    );
  });

  it('leads the floor to where it leaves the picture, and shows all seeds with a larger median', () => {
    const alone = rankEndsPicture(noisyScene(1), SIZE);
    const line = pointsOf(alone.find(({ key }) => key === 'floor') as Mark);
    const marks = rankEndsPicture(noisyScene(3), SIZE);
    const bottom = Math.max(...line.map(([, y]) => y));
    expect(line.at(-1)?.[1]).toBe(bottom);
    const radii = (key: RegExp) =>
      marks.filter((mark) => key.test(mark.key)).map(({ attributes }) => Number(attributes.r));
    expect(radii(/^run 0 8 /)).toHaveLength(3);
    expect(Math.min(...radii(/^end /))).toBeGreaterThan(Math.max(...radii(/^run /)));
  });

  it('has the median floor of several seeds at each rank, and no line or hatch between', () => {
    // Each seed draws a target of its own: floors 0.2, 0.3 and 0.7 at rank 2, half of them at rank 4.
    const own = [0.2, 0.3, 0.7];
    const scene = sweepScene(
      [rankAxis([2, 4])],
      3,
      ([i = 0], seed) => {
        const floor = (own[seed % 3] ?? 0) / (1 + i);
        return runFigures(1.2 * floor, floor);
      },
      { measure: 'error', floors: [1, 0.25, 0.2, 0.15, 0.1] },
    );
    const marks = rankEndsPicture(scene, SIZE);
    expect(marks.filter(({ key }) => ['floor', 'unreachable'].includes(key))).toEqual([]);
    expect(marks.filter(({ key }) => /^floor \d/.test(key)).map(({ key }) => key)).toEqual(['floor 2', 'floor 4']);
    expect(scene.cells.map(({ runs }) => medianFloor(runs))).toEqual([0.3, 0.15]);
    expect(marks.some(({ text }) => text === 'median floor')).toBe(true);
  });

  it('has rings above the first rank whose floor is below the noise, whose line goes by its name', () => {
    const marks = rankEndsPicture(noisyScene(1), SIZE);
    const rings = marks.filter(({ key, attributes }) => /^end /.test(key) && /open/.test(String(attributes.class)));
    expect(rings.map(({ key }) => key)).toEqual(['end 0 16', 'end 0 32', 'end 0 64']);
    expect(marks.filter(({ key }) => key.startsWith('noise label')).map(({ text }) => text)).toEqual([
      'noise in the',
      'target: 0.0500',
    ]);
    expect(rankEndsPicture(byHand([0.5, 0.2]), SIZE).some(({ key }) => key.startsWith('noise'))).toBe(false);
  });
});

describe('the rank that is enough', () => {
  it('is the first that has learned all but the noise', () => {
    expect(sweepSentence(noisyScene(1, RANKS.slice(0, 6)))).toBe('From rank 8 on, only noise is gained.');
    // 1% of .0468 and .0004 are 11% of the floor there: .0468·1.01 + .004 = .0513, within 5% of the noise.
    expect(enoughDetail(noisyScene(1, RANKS.slice(0, 6)))).toBe(
      'Rank 8 comes within 9.6% of its floor with 1,024 parameters. Higher ranks, up to 32, come closer only to the noise that was added to the target.',
    );
    // Its run may have missed the floor: then a later one is the first.
    const floors = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.04, ...Array<number>(60).fill(0.03)];
    const missed = byHand([0.9, 0.8, 0.6, 0.2, 0.045, 0.035], { floors, noise: 0.05 });
    expect(enoughRank(missed)?.rank).toBe(16);
  });

  it('is the first within 5% of the least error where no noise is known', () => {
    expect(sweepSentence(byHand([0.9, 0.6, 0.3, 0.104, 0.1, 0.101]))).toBe(
      'Rank 8 is enough: higher ranks gain less than 5%.',
    );
    expect(enoughDetail(byHand([0.9, 0.6, 0.3, 0.104, 0.1]))).toBe(
      'Rank 8 ends at an error of 0.104 with 1,024 parameters.',
    );
    expect(enoughRank(byHand([0.9, 0.6, 0.3, 0.106, 0.1]))).toBeNull();
  });

  it('is none while the last rank is the best by far: then the best cell is named', () => {
    expect(sweepSentence(byHand([0.9, 0.6, 0.3]))).toBe('Best with one seed: r = 4, at an error of 0.300.');
  });

  it('is found at the best rate of each rank, and waits for the last run', () => {
    const scene = sweepScene(
      [{ ...RATES, texts: ['0.1', '1'], numbers: [0.1, 1] }, rankAxis([2, 4, 8])],
      1,
      ([rate = 0, rank = 0]) => runFigures([0.5, 0.2, 0.2][rank] * (1 + rate)),
      { measure: 'error' },
    );
    expect(enoughRank(scene)).toMatchObject({ rank: 4, cell: { at: [0, 1] } });
    const begun = { ...scene, cells: scene.cells.map((cell, i) => (i === 5 ? { ...cell, runs: [null] } : cell)) };
    expect(enoughRank(begun)).toBeNull();
  });

  it('is followed by the break-even rank where the sweep passes it', () => {
    // 64 × 64: dk/(d + k) = 32.
    expect(sweepSentence(byHand([0.9, 0.6, 0.3, 0.1, 0.1, 0.1]))).toBe(
      'Rank 8 is enough: higher ranks gain less than 5%.',
    );
    expect(sweepSentence(byHand([0.9, 0.6, 0.3, 0.1, 0.1, 0.1, 0.1]))).toBe(
      'Rank 8 is enough: higher ranks gain less than 5%. Above rank 32, LoRA trains more parameters than W₀ has.',
    );
    expect(sweepSentence(byHand([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]))).toBe(
      'Best with one seed: r = 64, at an error of 0.300. Above rank 32, LoRA trains more parameters than W₀ has.',
    );
  });

  it('is what the main action opens; without it that is the best cell, once all runs have ended', () => {
    expect(answerOf(noisyScene(1))).toEqual({ label: 'Open rank 8 in the lab', at: [3] });
    expect(answerOf(byHand([0.9, 0.6, 0.3]))).toEqual({ label: 'Open rank 4 in the lab', at: [2] });
    const rules = sweepScene([RULES], 1, ([rule = 0]) => runFigures([0.5, 0.2, 0.3][rule]));
    expect(answerOf(rules)).toEqual({ label: 'Open the best in the lab', at: [1] });
    expect(
      answerOf(sweepScene([RULES], 2, ([rule = 0], seed) => (seed > 0 ? null : runFigures(rule + 0.1)))),
    ).toBeNull();
    expect(answerOf(sweepScene([RULES], 1, () => runFigures(Number.POSITIVE_INFINITY)))).toBeNull();
  });
});
