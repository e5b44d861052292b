import { expect, it } from 'vitest';
import { curvesWords } from '../charts/curves/curves.ts';
import { ADAPTERS, adapterGrid, adapterSpectra, energyIn, moduleTitle, narrowest, usedRank } from './adapters.ts';

it('has each adapter by its source, r singular values a module, the largest first', () => {
  expect(ADAPTERS.map(({ rank, modules }) => [rank, modules.length])).toEqual([
    [8, 12],
    [8, 12],
    [8, 12],
    [4, 72],
  ]);
  for (const { source, rank, modules } of ADAPTERS) {
    expect(source).toMatch(/^[\w-]+\/[\w-]+$/);
    for (const { sigma, name } of modules) {
      expect(sigma, name).toHaveLength(rank);
      expect(sigma.toSorted((a, b) => b - a)).toEqual(sigma);
      expect(Math.min(...sigma)).toBeGreaterThan(0);
    }
  }
});

it('lays every module out once, layers in order, with its effective rank ÷ r', () => {
  const sizes = ADAPTERS.map((adapter) => {
    const { rows, columns, cells } = adapterGrid(adapter);
    const shown = cells.flatMap((cell) => (cell ? [cell.index] : []));
    expect(shown.toSorted((a, b) => a - b)).toEqual(adapter.modules.map((_, i) => i));
    expect(rows.map(({ text }) => text)).toEqual(rows.map((_, i) => `layer ${i}`));
    return `${rows.length}: ${columns.map(({ text }) => text).join(' ')}`;
  });
  expect(sizes).toEqual(['6: q v', '6: q v', '12: q, k, v', '18: q k v o']);
  const cell = adapterGrid(ADAPTERS[0]).cells.find((one) => one?.index === narrowest(ADAPTERS[0]));
  expect(cell).toMatchObject({ text: '0.21', words: 'layer 5, q: effective rank 1.65 of 8' });
});

it('draws every spectrum over its first value, the chosen one in front and in words', () => {
  const scene = adapterSpectra(ADAPTERS[2], 0);
  expect(scene.curves).toHaveLength(12);
  for (const { points } of scene.curves) {
    expect(points[0]).toEqual([1, 1]);
    for (const [, share] of points) expect(share).toBeGreaterThanOrEqual(scene.y.ends[0]);
  }
  expect(scene.curves.at(-1)?.name).toBe('layer 0, q, k, v');
  expect(curvesWords(scene)).toContain('layer 0, q, k, v: 1.00 at 1, ');
});

it('counts directions as by hand', () => {
  const module = { name: 'model.layers.13.self_attn.v_proj', d: 8, k: 8, sigma: [2, 1, 1] };
  expect(moduleTitle(module)).toBe('layer 13, v');
  // Shares 1/2, 1/4, 1/4: an entropy of 3/2 ln 2.
  expect(usedRank(module)).toBeCloseTo(2 ** 1.5, 12);
  expect(energyIn(module, 1)).toBeCloseTo(2 / 3, 12);
});
