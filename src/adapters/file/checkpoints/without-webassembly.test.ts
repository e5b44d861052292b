import { afterEach, expect, it, vi } from 'vitest';
import { panelProduct } from './block-products.ts';
import { type DifferenceFigures, differenceFigures, type FigureOptions } from './difference-figures.ts';
import { madeUpPair, matched } from './testing/made-up-pair.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const Z = { rows: 2, cols: 2, data: new Float64Array([1, 0, 0, 1]) };

/** The same modules in a world without WebAssembly. */
async function plainly() {
  vi.resetModules();
  vi.stubGlobal('WebAssembly', undefined);
  const products = await import('./block-products.ts');
  expect(products.panelProduct(Z)).toBeNull();
  return (await import('./difference-figures.ts')).differenceFigures;
}

function numbersOf({ norm, baseNorm, fineNorm, spectrum }: DifferenceFigures): readonly number[] {
  // What is left of rounding, 10⁻⁷ of σ₁, has fewer digits: directions come from MᵀM.
  const sigma = [...(spectrum?.sigma ?? [])].filter((x, _, [first]) => x > 1e-6 * first);
  const { rank90, rank95, rank99, stableRank = 0 } = spectrum ?? {};
  return [norm, baseNorm, fineNorm, ...sigma, rank90 ?? -1, rank95 ?? -1, rank99 ?? -1, stableRank];
}

it.each<[string, FigureOptions]>([
  ['all σ', {}],
  ['leading σ of the range finder', { exact: 8, directions: 6 }],
])('figures of two models are the same without WebAssembly to 10⁻¹²: %s', async (_, options) => {
  expect(panelProduct(Z)).not.toBeNull();
  const { base, fine } = madeUpPair();
  const { pairs } = await matched(base, fine);
  const some = pairs.filter(({ name }) => /embed|vision|layers\.0\.(?:mlp\.(?:up|down)|input)/.test(name));
  expect(some).toHaveLength(5);
  const fast: DifferenceFigures[] = [];
  for (const pair of some) fast.push(await differenceFigures(pair, options));
  const plain = await plainly();
  for (const [i, pair] of some.entries()) {
    const found = await plain(pair, options);
    expect([found.change, found.odd]).toEqual([fast[i].change, fast[i].odd]);
    const [one, other] = [numbersOf(fast[i]), numbersOf(found)];
    expect(other).toHaveLength(one.length);
    const off = one.map((x, at) => Math.abs(x - other[at]) / Math.max(1, fast[i].norm));
    expect(Math.max(...off)).toBeLessThan(1e-12);
  }
});
