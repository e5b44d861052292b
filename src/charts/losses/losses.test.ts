import { describe, expect, it } from 'vitest';
import { number } from '../../experiment/numbers.ts';
import { plotOf } from '../../kit/chart/chart.ts';
import { error } from '../error/error.ts';
import { EXPLANATIONS } from '../explanations.ts';
import { gradients } from '../gradients/gradients.ts';
import { madeUpScene, withSampleLosses } from '../testing/made-up-scene.ts';
import { losses, lossesPicture, lossHeight } from './losses.ts';

const SIZE = { width: 544, height: 176, font: 13, short: false };
const plain = madeUpScene({ rank: 8, step: 96 });
const scene = withSampleLosses(plain, [0.1, 0.6], { training: 0.09, heldOut: 0.3 });

describe('losses on samples', () => {
  it('are described with their floors, and their numbers are in the table', () => {
    expect(losses.describe(scene)).toMatch(
      /^Training, step 96 of 300\. At step 95: training loss 0\.120, floor at rank 8 0\.0900; held-out loss 0\.60\d, floor at rank 8 0\.300\.$/,
    );
    const { columns, rows } = losses.table(scene);
    expect(columns).toHaveLength(6);
    expect(rows).toHaveLength(97);
    expect(rows[95].slice(2)).toEqual([
      scene.samples?.losses.training[19],
      scene.samples?.losses.heldOut[19],
      0.09,
      0.3,
    ]);
    expect(rows[96].slice(2)).toEqual([null, null, 0.09, 0.3]);
    for (const row of rows) expect(row).toHaveLength(6);
  });

  it('are read out at the step where they were measured last', () => {
    expect(losses.readout(scene, 7)).toMatch(/^step 5: training 0\.\d+, held-out 0\.\d+, batch/);
    const all = withSampleLosses(plain, [0.1, 0.6], { training: 0.09, heldOut: 0.3 }, 48);
    expect(losses.readout(all, 7)).not.toContain('batch');
  });

  it('have both floors at their heights, in this order with the losses', () => {
    const marks = lossesPicture(scene, SIZE);
    const height = (key: string) =>
      Number(/M[\d.]+,([\d.]+)/.exec(String(marks.find((m) => m.key === key)?.attributes.d))?.[1]);
    const { y } = lossHeight(scene, plotOf(SIZE), SIZE);
    expect(height('training floor')).toBeCloseTo(y(0.09), 1);
    expect(height('held-out floor')).toBeCloseTo(y(0.3), 1);
    expect(height('training floor')).toBeGreaterThan(height('held-out floor'));
  });

  it('name a floor of zero, which a logarithmic axis cannot have', () => {
    const clean = withSampleLosses(plain, [1e-3, 2e-3], { training: 1e-17, heldOut: 1e-16 });
    const marks = lossesPicture(clean, SIZE);
    expect(marks.some((m) => m.key === 'training floor')).toBe(false);
    const named = marks.filter(({ key, text }) => key.includes('floor label') && text).map(({ text }) => text);
    expect(named.join(' ')).toBe('held-out floor 0 ▼ training floor 0 ▼');
    expect(losses.describe(clean)).toContain('floor at rank 8 0;');
  });

  it('have both floors named, with their values, in the order of their heights', () => {
    for (const training of [1e-3, 0.09, 0.29]) {
      const near = withSampleLosses(plain, [1.1 * training, 0.6], { training, heldOut: 0.3 });
      const names = lossesPicture(near, SIZE).filter(({ key, text }) => key.includes('floor label') && text);
      const texts = names.map(({ text }) => text).join(' ');
      expect(texts).toBe(`held-out floor 0.300 training floor ${number(training)}`);
      expect(Number(names[1].attributes.y) - Number(names[0].attributes.y)).toBeGreaterThan(SIZE.font);
    }
  });

  it('are explained with the numbers of the run, an expectation being called one', () => {
    const { paragraphs, formulas, numbers } = EXPLANATIONS.losses(scene);
    expect(paragraphs.join()).toContain('The floor is an expectation');
    expect(numbers).toContain('d·noise²/2 = 2.88');
    expect(numbers).toContain('training 0.120 (floor 0.0900)');
    expect([...paragraphs, ...formulas, numbers].join()).not.toMatch(/undefined|NaN|\de[-+]?\d|null/);
    const frozen = { ...scene, ownFloor: { value: 0.5, by: 'frozen' as const } };
    expect(EXPLANATIONS.losses(frozen).paragraphs.join()).toContain('One factor is frozen');
  });

  it('say so where there are none', () => {
    expect(losses.describe(plain)).toContain('no samples');
    expect(lossesPicture(plain, SIZE).some((m) => m.text?.includes('no samples'))).toBe(true);
    expect(losses.table(plain).rows[3].slice(2)).toEqual([null, null, null, null]);
  });
});

describe('other charts on samples', () => {
  it('the floor of the matrix is called unweighted', () => {
    expect(error.describe(scene)).toContain('may end above it');
    expect(EXPLANATIONS.error(scene).paragraphs.join()).toContain('condition number 10');
    expect(error.describe(plain)).not.toContain('may end above it');
  });

  it('the gradients are those of a batch', () => {
    expect(gradients.help(scene)).toContain('16 samples of each step');
    expect(EXPLANATIONS.gradients(scene).formulas.join()).toContain('E = W·X − Y');
  });
});

describe('a floor that is not that of the rank of the run', () => {
  it('is that of what the adapter has to become where an initialisation has moved a part of W₀', () => {
    const moved = { ...plain, ownFloor: { value: 0.843, by: 'moved' as const, of: 'PiSSA' } };
    expect(error.describe(moved)).toContain('the floor of 0.843 with PiSSA');
    expect(EXPLANATIONS.error(moved).paragraphs.join()).toContain('also give back what it took');
    expect(EXPLANATIONS.error(moved).numbers).toContain('floor with PiSSA');
  });

  it('is what a frozen factor leaves', () => {
    const frozen = { ...plain, ownFloor: { value: 0.5, by: 'frozen' as const } };
    expect(error.describe(frozen)).toContain('the floor of 0.500 with a frozen factor');
  });
});
