import type { Rows, Vector } from '../one-step/one-step.ts';
import type { Sizes } from './layout.ts';
import type { BlockName, Stage, StepValues } from './stages.ts';

export interface Cells {
  readonly block: BlockName;
  readonly row: number;
  readonly col: number;
  readonly rows: number;
  readonly cols: number;
}

export interface Product {
  readonly made: Cells;
  /** Leads run from these to it if they lie in its row or column. */
  readonly factors: readonly Cells[];
}

const one = (block: BlockName, row: number, col = 0): Cells => ({ block, row, col, rows: 1, cols: 1 });
const span = (n: number) => Array.from({ length: n }, (_, i) => i);

export function productsOf(stage: Stage, { d, k, rank: r, towards }: Sizes): readonly Product[] {
  const rowOf = (block: BlockName, row: number, cols: number): Cells => ({ block, row, col: 0, rows: 1, cols });
  const entries = (block: BlockName, rows: number, cols: number, factors: (row: number, col: number) => Cells[]) =>
    span(rows).flatMap((i) => span(cols).map((j): Product => ({ made: one(block, i, j), factors: factors(i, j) })));
  switch (stage) {
    case 'z':
      return entries('zA', r, 1, (j) => [rowOf('A', j, k), rowOf('xA', 0, k)]);
    case 'u':
      return entries('u', d, 1, (i) => [rowOf('B', i, r), rowOf('zB', 0, r)]);
    case 'h':
      return entries('h', d, 1, (i) => {
        return [one('baseH', i), one('scaledH', i), one('base', i), rowOf('W0', i, k), rowOf('xW', 0, k)];
      });
    case 'delta':
      return towards ? entries('deltaH', d, 1, (i) => [one('h', i), one('y', i)]) : entries('delta', d, 1, () => []);
    case 'gradB':
      return entries('gradB', d, r, (i, j) => [one('delta', i), one('zG', 0, j)]);
    case 'gradA':
      return entries('gradA', r, k, (j, i) => [one('back', j), one('xA', 0, i)]);
    case 'update':
      return [
        ...entries('B', d, r, (i, j) => [one('gradB', i, j)]),
        ...entries('A', r, k, (i, j) => [one('gradA', i, j)]),
      ];
    default:
      return stage satisfies never;
  }
}

/** Index of a cell among the stage's numbers; −1 if it is none of them. */
export function productAt(products: readonly Product[], block: BlockName, row: number, col: number): number {
  return products.findIndex(({ made }) => made.block === block && made.row === row && made.col === col);
}

/** The number an arrow key leads to, within the same matrix. */
export function walkProducts(products: readonly Product[], from: number, key: string): number | null {
  const { made } = products[from];
  const to = (row: number, col: number) => {
    const found = productAt(products, made.block, row, col);
    return found < 0 ? from : found;
  };
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, from - 1);
    case 'ArrowRight':
      return Math.min(products.length - 1, from + 1);
    case 'ArrowUp':
      return to(made.row - 1, made.col);
    case 'ArrowDown':
      return to(made.row + 1, made.col);
    case 'Home':
      return 0;
    case 'End':
      return products.length - 1;
    default:
      return null;
  }
}

/** A symbol with the indices of its entry, from 1. */
export interface Entry {
  readonly symbol: string;
  readonly places: readonly number[];
}

type Term = readonly number[];

/** A number spelled out: "z₁ = (A·x)₁ = 0.5 × 1 + … = −1.5". */
export interface SpelledProduct {
  readonly made: Entry;
  /** In letters; multiplied, unless `joined` gives another sign. */
  readonly parts: readonly (Entry | string)[];
  readonly joined: '·' | '+' | '−';
  /** Sum of products of numbers; of a difference the second term is subtracted. */
  readonly terms: readonly Term[];
  readonly minus: boolean;
  readonly value: number;
  /** The value replaces the old one. */
  readonly becomes?: true;
}

const entry = (symbol: string, ...places: readonly number[]): Entry => ({ symbol, places: places.map((p) => p + 1) });
const inner = (a: Vector, b: Vector): readonly Term[] => a.map((v, i) => [v, b[i]]);
const column = (M: Rows, j: number): Vector => M.map((row) => row[j]);

export interface Rates {
  readonly A: number;
  readonly B: number;
}

/** The lines of a product: the number, then the factor that is itself a product. Empty for an update without rates. */
export function spellProduct(
  stage: Stage,
  { made }: Product,
  step: StepValues,
  rates: Rates | null,
): readonly SpelledProduct[] {
  const { row: i, col: j } = made;
  const { scaling: s, A, B, W0, x, z, u, base, h, y, delta, back, gradA, gradB } = step;
  const sum = (made: Entry, parts: SpelledProduct['parts'], terms: readonly Term[], value: number): SpelledProduct => {
    return { made, parts, joined: '·', terms, minus: false, value };
  };
  switch (stage) {
    case 'z':
      return [sum(entry('z', i), [entry('A', i), 'x'], inner(A[i], x), z[i])];
    case 'u':
      return [sum(entry('u', i), [entry('B', i), 'z'], inner(B[i], z), u[i])];
    case 'h':
      return [
        { ...sum(entry('h', i), [entry('(W₀x)', i), entry('s·u', i)], [[base[i]], [s, u[i]]], h[i]), joined: '+' },
        sum(entry('(W₀x)', i), [entry('(W₀)', i), 'x'], inner(W0[i], x), base[i]),
      ];
    case 'delta': {
      const made = entry('δ', i);
      if (y === null) return [sum(made, [], [], delta[i])];
      const both = sum(made, [entry('h', i), entry('y', i)], [[h[i]], [y[i]]], delta[i]);
      return [{ ...both, joined: '−', minus: true }];
    }
    case 'gradB': {
      const parts = ['s', entry('δ', i), entry('z', j)];
      return [sum(entry('∂L/∂B', i, j), parts, [[s, delta[i], z[j]]], gradB[i][j])];
    }
    case 'gradA': {
      const parts = ['s', entry('(Bᵀδ)', i), entry('x', j)];
      return [
        sum(entry('∂L/∂A', i, j), parts, [[s, back[i], x[j]]], gradA[i][j]),
        sum(entry('(Bᵀδ)', i), [], inner(column(B, i), delta), back[i]),
      ];
    }
    case 'update': {
      if (rates === null) return [];
      const name = made.block === 'B' ? 'B' : 'A';
      const [M, G] = name === 'B' ? [B, gradB] : [A, gradA];
      const parts = [entry(name, i, j), entry(`lr·∂L/∂${name}`, i, j)];
      const terms = [[M[i][j]], [rates[name], G[i][j]]];
      const value = M[i][j] - rates[name] * G[i][j];
      return [{ ...sum(parts[0], parts, terms, value), becomes: true, joined: '−', minus: true }];
    }
    default:
      return stage satisfies never;
  }
}
