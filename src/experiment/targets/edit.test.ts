import { describe, expect, it } from 'vitest';
import { frobenius, type Matrix64, scale, subtract, zeros } from '../../math/matrix.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { effectiveRank } from '../../math/spectral/spectra.ts';
import { floorOf } from '../layer/floor.ts';
import { prepareModule } from '../layer/testing/one-module.ts';
import { change, defaults, isActive } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { EDIT_SHADES, editShade } from './edit.ts';
import { editedOwl } from './edited-owl.ts';
import { editWords } from './names.ts';
import { editShadeOf, NO_PAINT } from './painting.ts';
import { owl, paint } from './pictures.ts';

type Name = Experiment['edit'];

function layerOf(changes: Partial<Experiment>, painting: Matrix64 | null = null) {
  const layer = prepareModule({ ...defaults(), target: 'edit', rank: 1, ...changes }, painting, { vectors: false });
  if ('why' in layer) throw new Error(layer.why);
  return layer;
}

function editOf(name: Name, d = 64, k = 64) {
  const made = editedOwl(editShade(name), d, k);
  if ('why' in made) throw new Error(made.why);
  return made;
}

function painting(rows: number, cols: number, cells: Readonly<Record<number, number>>): Matrix64 {
  const m = zeros(rows, cols);
  m.data.fill(NO_PAINT);
  for (const [at, grey] of Object.entries(cells)) m.data[Number(at)] = grey;
  return m;
}

/** From an independent float64 program (NumPy), which shares only the formulas of the edits and the owl. */
const TABLE: Record<Name, { sigma1: number; rank: number; effective: number; floors: readonly number[] }> = {
  sunglasses: {
    ...{ sigma1: 7.7101, rank: 13, effective: 7.25 },
    floors: [0.6442, 0.4638, 0.2989, 0.214, 0.1286, 0.0733, 0.0052, 0],
  },
  hat: {
    ...{ sigma1: 9.3945, rank: 8, effective: 2.93 },
    floors: [0.2854, 0.1532, 0.0692, 0.0403, 0.0042, 0, 0, 0],
  },
  confetti: {
    ...{ sigma1: 4.2732, rank: 60, effective: 33.98 },
    floors: [0.9387, 0.8826, 0.8361, 0.7915, 0.7073, 0.6294, 0.4914, 0.3753],
  },
};
const RANKS = [1, 2, 3, 4, 6, 8, 12, 16];

describe.each(editWords.all.map((e) => e.name))('%s', (name) => {
  const wanted = TABLE[name];

  it('has σ₁, the rank, the effective rank and the floors of the table', () => {
    const { difference, sigma1 } = editOf(name);
    const values = singularValues(difference);
    expect(sigma1).toBeCloseTo(wanted.sigma1, 4);
    expect(values.filter((v) => v > 1e-12 * sigma1)).toHaveLength(wanted.rank);
    expect(effectiveRank(values)).toBeCloseTo(wanted.effective, 2);
    const floors = floorOf(values);
    for (const [i, rank] of RANKS.entries()) expect(floors[rank], `rank ${rank}`).toBeCloseTo(wanted.floors[i], 4);
    const learned = floorOf(layerOf({ edit: name }).spectrum.values);
    for (const [i, rank] of RANKS.entries()) expect(learned[rank], `rank ${rank}`).toBeCloseTo(wanted.floors[i], 4);
  });

  it('is D over its σ₁, and W₀ the owl without its mean over the same', () => {
    const { base, target, spectrum } = layerOf({ edit: name, d: 40, k: 56 });
    const { difference, sigma1 } = editOf(name, 40, 56);
    const plain = paint(owl, 40, 56);
    const mean = plain.data.reduce((a, b) => a + b) / plain.data.length;
    const centred = { ...plain, data: plain.data.map((v) => v - mean) };
    expect(frobenius(subtract(scale(target, sigma1), difference))).toBeLessThan(1e-6);
    expect(frobenius(subtract(scale(base, sigma1), centred))).toBeLessThan(1e-5);
    expect(spectrum.values[0]).toBeCloseTo(1, 6);
    // W₀ + ΔW* is the edited owl: greys between black and white.
    const greys = Array.from(base.data, (v, i) => sigma1 * (v + target.data[i]) + mean);
    expect(Math.min(...greys)).toBeGreaterThan(-1e-6);
    expect(Math.max(...greys)).toBeLessThan(1 + 1e-6);
  });
});

describe('an edit', () => {
  it('is 0, 1 or nothing anywhere, and is available at any size', () => {
    for (const shade of Object.values(EDIT_SHADES)) {
      const seen = new Set<number | null>();
      for (let i = 0; i < 300; i++) for (let j = 0; j < 300; j++) seen.add(shade((j + 0.5) / 300, (i + 0.5) / 300));
      expect(seen).toEqual(new Set([0, 1, null]));
    }
    for (const [d, k] of [
      [2, 2],
      [2, 64],
      [90, 3],
      [129, 70],
    ]) {
      for (const { name } of editWords.all) expect(layerOf({ edit: name, d, k }).spectrum.values[0]).toBeCloseTo(1, 6);
    }
  });

  it('has the same W₀ and ΔW* whatever the seed', () => {
    const [one, two] = [1, 2].map((seed) => layerOf({ seed, rank: 2 }));
    expect(one.base.data).toEqual(two.base.data);
    expect(one.target.data).toEqual(two.target.data);
    expect(one.A.data).not.toEqual(two.A.data);
  });
});

describe('a painting on the owl', () => {
  it('replaces the owl where there is paint, and nowhere else', () => {
    const { target, base } = layerOf({}, painting(64, 64, { 0: 1, 1: 0, 130: 0.25 }));
    const plain = paint(owl, 64, 64).data;
    const changed = [...target.data.keys()].filter((i) => target.data[i] !== 0);
    expect(changed).toEqual([0, 1, 130]);
    const differences = [1 - plain[0], 0 - plain[1], 0.25 - plain[130]];
    const unit = target.data[0] / differences[0];
    for (const [n, i] of changed.entries()) expect(target.data[i]).toBeCloseTo(unit * differences[n], 5);
    expect((base.data[5] - base.data[2000]) / (plain[5] - plain[2000])).toBeCloseTo(unit, 4);
  });

  it('is sampled at any size, as pictures are', () => {
    const half = painting(2, 1, { 0: 0.37 });
    for (const [d, k] of [
      [10, 7],
      [64, 64],
    ]) {
      const { target } = layerOf({ d, k }, half);
      expect(target.data.every((v, i) => (v === 0) === i >= (d / 2) * k)).toBe(true);
    }
    // A cell half covered has half the paint.
    const { difference } = editedOwl(editShadeOf(painting(4, 4, { 0: 0 })), 2, 2) as ReturnType<typeof editOf>;
    const quarter = paint({ ...owl, shade: (x, y) => (x < 0.25 && y < 0.25 ? owl.shade(x, y) : 0) }, 2, 2).data[0];
    expect(difference.data[0]).toBeCloseTo(-quarter, 12);
  });

  it('that leaves the owl as it is is refused: nothing to learn', () => {
    const same = { rows: 64, cols: 64, data: paint(owl, 64, 64).data };
    for (const blank of [painting(8, 8, {}), same])
      expect(prepareModule({ ...defaults(), target: 'edit' }, blank)).toEqual({
        why: expect.stringContaining('nothing to learn'),
      });
  });

  it('stands in the place of the edits of the list', () => {
    const painted = { ...defaults(), target: 'edit', data: 'FwBAAEBjAA' } as const;
    expect(isActive('edit', painted)).toBe(false);
    expect(isActive('edit', change(painted, { data: '' }))).toBe(true);
    expect(change(painted, { target: 'picture' }).data).toBe('');
  });
});
