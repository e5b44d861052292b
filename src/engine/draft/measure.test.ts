import { describe, expect, it } from 'vitest';
import { floorOf } from '../../experiment/layer/floor.ts';
import { prepareModule } from '../../experiment/layer/testing/one-module.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { editShade } from '../../experiment/targets/edit.ts';
import { NO_PAINT } from '../../experiment/targets/painting.ts';
import type { DraftMessage } from '../protocol/draft.ts';
import { draftResult, measureDraft, measuredSize } from './measure.ts';

const SIDE = 64;
/** The hat, which fits the grid of cells, as a user would have painted it. */
const hat = Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
  const [x, y] = [((i % SIDE) + 0.5) / SIDE, (Math.floor(i / SIDE) + 0.5) / SIDE];
  return editShade('hat')(x, y) ?? NO_PAINT;
});
const blank = new Float64Array(SIDE * SIDE).fill(NO_PAINT);
const asked = (changes: Partial<DraftMessage> = {}): DraftMessage => ({
  ...{ on: 'owl', order: 1, paint: hat, d: SIDE, k: SIDE, ranks: [1, 2, 4, 8] },
  ...changes,
});

const norm = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, v) => sum + v * v, 0));

describe('what is found of a drawing', () => {
  it('on the owl is what will be trained: the floors of the hat, from an independent sketch', () => {
    const message = asked();
    const { singularValues, update } = draftResult(message, measureDraft(message));
    const floors = floorOf(singularValues);
    const rounded = [1, 2, 4, 8].map((r) => Number(floors[r].toFixed(4)));
    expect(rounded).toEqual([0.2854, 0.1532, 0.0403, 0]);
    const layer = prepareModule(change(defaults(), { target: 'edit', edit: 'hat' }), null, { vectors: false });
    if ('why' in layer) throw new Error(layer.why);
    expect(update).toEqual(layer.target.data);
  });

  it('shows with each rank a picture that is as far from the whole one as its floor says', () => {
    const message = asked({ ranks: [1, 2, 3, 4, 64] });
    const { best, singularValues } = draftResult(message, measureDraft(message));
    const whole = best[4].values;
    const none = draftResult(asked({ ranks: [0] }), measureDraft(message)).best[0].values;
    const floors = floorOf(singularValues);
    for (const { rank, values } of best.slice(0, 4)) {
      const left = norm(values.map((grey, i) => whole[i] - grey)) / norm(whole.map((grey, i) => grey - none[i]));
      expect(left).toBeCloseTo(floors[rank], 5);
    }
    // Without an update it is W₀ alone, from its smallest to its largest entry.
    expect([Math.min(...none), Math.max(...none)]).toEqual([0, 1]);
  });

  it('on paper is the drawing without its mean, the update alone', () => {
    const paint = blank.map((_, i) => (i % SIDE < 32 ? 1 : NO_PAINT));
    const message = asked({ on: 'paper', paint, ranks: [1] });
    const { singularValues, update, best } = draftResult(message, measureDraft(message));
    // Entries ±½ before the scale: one direction, and every entry of the same size, 1/64 with σ₁ = 1.
    expect(singularValues[0]).toBeCloseTo(1, 6);
    expect(singularValues[1]).toBeLessThan(1e-6);
    expect(Array.from(update, Math.abs).every((v) => Math.abs(v - 1 / 64) < 1e-8)).toBe(true);
    expect(norm(best[0].values.map((v, i) => v - update[i]))).toBeLessThan(1e-6);
  });

  it('is nothing where nothing is painted', () => {
    for (const on of ['owl', 'paper'] as const) {
      const message = asked({ on, paint: blank });
      expect(measureDraft(message)).toBeNull();
      expect(draftResult(message, null)).toMatchObject({ best: [], order: 1 });
      expect(draftResult(message, null).singularValues.every((s) => s === 0)).toBe(true);
    }
  });

  it('is measured at the size of W, and of a large one smaller in proportion', () => {
    expect(measuredSize(96, 48)).toEqual({ d: 96, k: 48 });
    expect(measuredSize(4096, 1024)).toEqual({ d: 512, k: 128 });
    const message = asked({ d: 96, k: 48, ranks: [1] });
    const answer = draftResult(message, measureDraft(message));
    expect(answer.update).toHaveLength(96 * 48);
    expect(answer.singularValues).toHaveLength(48);
  });
});
