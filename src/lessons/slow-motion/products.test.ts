import { describe, expect, it } from 'vitest';
import { stream } from '../../math/random.ts';
import { DIGITS, type Layout, SHADES, type Sizes, stageLayout, wholeLayout } from './layout.ts';
import { productAt, productsOf, spellProduct, walkProducts } from './products.ts';
import { BLOCKS, STAGES, type Stage, stepFromDelta, stepToTarget } from './stages.ts';
import { figureSize } from './step-picture.tsx';

const random = stream(3, 'numbers of a step');
const numbers = (n: number) => Array.from({ length: n }, () => random.uniform() * 4 - 2);
const matrix = (m: number, n: number) => Array.from({ length: m }, () => numbers(n));
const layer = { W0: matrix(3, 4), A: matrix(2, 4), B: matrix(3, 2), scaling: 2, x: numbers(4) };
const CASES = [stepFromDelta(layer, numbers(3)), stepToTarget(layer, numbers(3))];
const stages = Object.keys(STAGES) as Stage[];
const sizesOf = ({ d, k, rank, y }: (typeof CASES)[number]): Sizes => ({ d, k, rank, towards: y !== null });

describe('the products of a step', () => {
  it('are spelled out with numbers that make what the picture shows', () => {
    for (const step of CASES)
      for (const stage of stages)
        for (const product of productsOf(stage, sizesOf(step))) {
          const { block, row, col } = product.made;
          for (const [n, { terms, minus, value }] of spellProduct(stage, product, step, { A: 0.1, B: 0.2 }).entries()) {
            const worth = terms.map((term) => term.reduce((all, v) => all * v, 1));
            const sum = worth.reduce((all, v, i) => all + (minus && i > 0 ? -v : v), 0);
            if (terms.length > 0) expect(sum).toBeCloseTo(value, 12);
            if (n === 0 && stage !== 'update') expect(BLOCKS[block].of(step)[row][col]).toBe(value);
          }
        }
  });

  it('count what a stage computes', () => {
    const counts = stages.map((stage) => productsOf(stage, sizesOf(CASES[0])).length);
    expect(counts).toEqual([2, 3, 3, 3, 6, 8, 14]);
  });

  it('are all within reach of the arrow keys', () => {
    const products = productsOf('gradA', sizesOf(CASES[0]));
    expect(walkProducts(products, 0, 'ArrowRight')).toBe(1);
    expect(walkProducts(products, 1, 'ArrowDown')).toBe(5);
    expect(walkProducts(products, 5, 'ArrowUp')).toBe(1);
    expect(walkProducts(products, 7, 'ArrowRight')).toBe(7);
    expect(walkProducts(products, 3, 'x')).toBeNull();
    expect(productAt(products, 'gradA', 1, 2)).toBe(6);
  });
});

describe('the picture of a step', () => {
  const boxes = ({ blocks, cell }: Layout) =>
    blocks.map(({ name, x, y, rows, cols }) => ({ name, x, y, right: x + cols * cell, bottom: y + rows * cell }));
  const LARGE: Sizes = { d: 16, k: 16, rank: 4, towards: true };

  it('has no two blocks that overlap, and none beyond its edges', () => {
    const layouts = [
      ...[1012, 900, 1400].map((width) => wholeLayout(sizesOf(CASES[0]), width, DIGITS)),
      ...[1012, 1400].map((width) => wholeLayout(LARGE, width, SHADES)),
      ...stages.flatMap((stage) => [
        stageLayout(stage, sizesOf(CASES[0]), 358, DIGITS),
        stageLayout(stage, LARGE, 358, SHADES),
      ]),
    ];
    for (const layout of layouts) {
      expect(layout).not.toBeNull();
      if (!layout) continue;
      const all = boxes(layout);
      for (const one of all) {
        expect(one.x >= 0 && one.right <= layout.width && one.bottom <= layout.height).toBe(true);
        for (const other of all)
          if (one !== other)
            expect(
              one.right <= other.x || other.right <= one.x || one.bottom <= other.y || other.bottom <= one.y,
              `${one.name} and ${other.name}`,
            ).toBe(true);
      }
    }
  });

  it('has every cell that a product needs', () => {
    const names = wholeLayout(sizesOf(CASES[0]), 1012, DIGITS)?.blocks.map(({ name }) => name);
    for (const stage of stages)
      for (const { made, factors } of productsOf(stage, sizesOf(CASES[0])))
        for (const { block } of [made, ...factors]) expect(names).toContain(block);
  });

  it('takes one stage at a time where the cells would be too small', () => {
    expect(wholeLayout(LARGE, 358, SHADES)).toBeNull();
    expect(wholeLayout(sizesOf(CASES[0]), 600, DIGITS)).toBeNull();
  });
});

it('has larger digits where the picture has room for them, and seven of them in a cell', () => {
  // Tabular digits and the sign are about 0.56 em wide, a point 0.25 em.
  const wide = (text: string, size: number) =>
    [...text].reduce((sum, one) => sum + (one === '.' ? 0.25 : 0.56) * size, 0);
  for (const [width, cell, size] of [
    [1012, 46, 13],
    [1190, 56, 15],
    [1490, 56, 15],
  ]) {
    expect(wholeLayout(sizesOf(CASES[0]), width, DIGITS)?.cell).toBe(cell);
    expect(figureSize('−8.6563', cell)).toBe(size);
    expect(wide('−8.6563', size)).toBeLessThanOrEqual(cell + 2);
  }
});
