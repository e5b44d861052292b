import { describe, expect, it } from 'vitest';
import { captionText, cellAt, placeOf } from '../../../kit/modules/grid-scene.ts';
import { figuresOf } from '../../file/figures.ts';
import type { Figures, Module, ModulePlace, Warning } from '../../file/model.ts';
import { gridOfFile, singleGroup } from './file-grid.ts';
import { numberLines, shortLines } from './module-panel.tsx';

const place = (layer: string, at: number, group: string, type: string): ModulePlace => ({
  layer,
  order: [at],
  group,
  type,
});

function module(index: number, at: ModulePlace | null, more: Partial<Module> = {}): Module {
  return {
    index,
    name: `lora.${index}.x`,
    canonical: `lora_${index}_x`,
    kind: 'lora',
    d: 4,
    k: 4,
    rank: 2,
    kernel: null,
    alpha: 2,
    scaling: 1,
    rule: 'α/r',
    dtype: 'F32',
    transposed: false,
    magnitude: null,
    tensors: {},
    place: at,
    ...more,
  };
}

function measured(...sigma: number[]): Figures {
  const n = sigma.length;
  const diagonal = (of: (i: number) => number) => ({
    rows: n,
    cols: n,
    data: Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? of(i / (n + 1)) : 0)),
  });
  return figuresOf({ B: diagonal((i) => sigma[i]), A: diagonal(() => 1) }, 1);
}

const MODULES = [
  module(0, place('mid', 1, 'cross-attention', 'out')),
  module(1, place('down 0', 0, 'self-attention', 'q')),
  module(2, place('down 0', 0, 'cross-attention', 'out')),
  module(3, place('mid', 1, 'self-attention', 'q')),
];
const FIGURES = [measured(3.31, 1.5), measured(1, 1), measured(1, 0), measured(Number.NaN, 1)];
const STANDS: Warning = { about: 'stands-out', tone: 'look', title: '', details: '', modules: [0], acts: ['show'] };
const HALF: Warning = { ...STANDS, about: 'half-rank', modules: [2] };
const given = {
  modules: MODULES,
  figures: FIGURES,
  warnings: [STANDS, HALF],
  colour: 'rank95',
  pointed: null,
} as const;

const cellOf = (scene: ReturnType<typeof gridOfFile>['scene'], index: number) =>
  cellAt(scene, placeOf(scene, index) ?? [0, 0]);

describe('the grid of a file', () => {
  const { scene, caption } = gridOfFile(given);

  it('has a cell a module, in words for screen readers', () => {
    expect(scene.rows.map(({ text }) => text)).toEqual(['down 0', 'mid']);
    expect(cellOf(scene, 0)).toMatchObject({ text: '2', tint: 1, flagged: true, bad: false });
    expect(cellOf(scene, 0)?.words).toBe(
      'mid, cross-attention out: 2 of 2 directions for 95%, norm 3.63, σ₁ 3.31, stands out',
    );
    expect(cellOf(scene, 2)).toMatchObject({ text: '1', tint: 0.5, flagged: false });
    expect(cellOf(scene, 3)).toMatchObject({ text: 'NaN', tint: null, bad: true });
    expect(captionText(caption, true)).toBe(
      'number and tint: directions for 95% of the energy; bars: σᵢ; ▲ stands out',
    );
    expect(scene.most).toBe(3.31);
  });

  it('shares of rows and columns are those of Σσ², and add up', () => {
    const whole = 3.31 ** 2 + 1.5 ** 2 + 2 + 1;
    expect(scene.rows.map(({ share }) => share)).toEqual([
      expect.closeTo(3 / whole, 12),
      expect.closeTo(1 - 3 / whole, 12),
    ]);
    expect(scene.columns.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1, 12);
    const half = gridOfFile({ ...given, figures: [FIGURES[0], null, null, null] }).scene;
    expect(half.rows[0].share).toBeNull();
    expect(cellOf(half, 1)).toMatchObject({
      text: '',
      tint: null,
      beside: null,
      words: 'down 0, self-attention q: not read yet',
    });
  });

  it('norms of files with very small ones are counted in a power of ten', () => {
    const small = gridOfFile({
      ...given,
      colour: 'frobenius',
      figures: [measured(0.0042, 0), measured(0.001, 0), measured(0, 0), measured(0.01)],
    });
    expect(captionText(small.caption, true)).toContain('Frobenius norm in 10⁻³');
    expect([0, 1, 2, 3].map((i) => cellOf(small.scene, i)?.text)).toEqual(['4.2', '1.0', '0.0', '10']);
    expect(cellOf(small.scene, 2)?.words).toBe('down 0, cross-attention out: ΔW = 0');
  });

  it('a spike is cut off, and the caption says at what', () => {
    const one = measured(1, 0.5);
    const spiky = gridOfFile({ ...given, figures: [measured(60, 1), one, one, one] });
    expect(spiky.scene.most).toBe(8);
    expect(captionText(spiky.caption, true)).toContain('bars: σᵢ up to 8.0');
  });

  it('without α norms are read times s, ranks are not', () => {
    const unknown = { ...given, modules: MODULES.map((one) => ({ ...one, scaling: null })) };
    expect(captionText(gridOfFile({ ...unknown, colour: 'sigma1' }).caption, true)).toContain(
      'largest singular value × s',
    );
    expect(captionText(gridOfFile(unknown).caption, false)).not.toContain('× s');
    expect(cellOf(gridOfFile(unknown).scene, 0)?.words).toContain('norm 3.63 × s, σ₁ 3.31 × s');
  });

  it('a warning that is pointed out leaves its modules alone undimmed', () => {
    expect(gridOfFile({ ...given, pointed: 'half-rank' }).scene.lit).toEqual(new Set([2]));
    expect(gridOfFile({ ...given, pointed: 'gone' }).scene.lit).toBeNull();
  });

  it('has one group of columns on a phone, and the rows that have any of it', () => {
    const cross = singleGroup(
      gridOfFile({ ...given, modules: [...MODULES.slice(0, 3), module(3, place('late', 9, 'mlp', 'up'))] }).scene,
      2,
    );
    expect(cross.columns.map(({ text }) => text)).toEqual(['up']);
    expect(cross.rows.map(({ text }) => text)).toEqual(['late']);
  });
});

it('the numbers of a module: as many digits as the page has elsewhere, and × s without α', () => {
  const ONE = { scaling: 1, magnitude: null };
  const figures = measured(3, 4);
  const of = (lines: ReturnType<typeof numberLines>, name: string) => lines.find((line) => line.name === name)?.value;
  expect(of(numberLines(ONE, figures), '‖ΔW‖, Frobenius')).toBe('5.00');
  expect(of(numberLines({ ...ONE, scaling: null }, figures), 'σ₁')).toBe('4.00 × s');
  expect(of(numberLines(ONE, figures), 'energy in σ₁')).toBe('64%');
  expect(of(numberLines(ONE, figures), 'stable')).toBe('1.56');
  expect(of(shortLines(ONE, figures), 'rank for 90, 95, 99%')).toBe('2, 2, 2');
  expect(of(shortLines(ONE, figures), 'σ₁, with 64% of the energy')).toBe('4.00');
  expect(of(numberLines({ scaling: 1, magnitude: 'per output' }, figures), '‖s·B·A‖, Frobenius')).toBe('5.00');
  expect(of(numberLines(ONE, measured(0, 0)), 'energy in σ₁')).toBe('–');
});
