import { count, trim } from '../../../experiment/numbers.ts';
import { keptPercent } from '../../charts/energy/file-energy.ts';
import { moduleTitle } from '../../charts/grid/arrange.ts';
import type { BaseFigures } from '../../file/base/base-figures.ts';
import type { Figures, Module } from '../../file/model.ts';
import { relativeNorm } from '../../state/base-state.ts';

export interface ModuleRow {
  readonly module: Module;
  readonly figures: Figures | null;
  readonly beside: BaseFigures | null;
}

export interface ModuleColumn {
  readonly name: string;
  readonly key: string;
  readonly value: (row: ModuleRow) => number | string | null;
  readonly text: (value: number) => string;
}

const two = (value: number) => (value === 0 || (value >= 0.01 && value < 1e5) ? value.toFixed(2) : trim(value));

const measured =
  (read: (figures: Figures) => number): ModuleColumn['value'] =>
  ({ figures }) => {
    const value = figures?.finite ? read(figures) : Number.NaN;
    return Number.isFinite(value) ? value : null;
  };

const FILE_COLUMNS: readonly ModuleColumn[] = [
  { name: 'module', key: 'module', value: ({ module }) => moduleTitle(module), text: String },
  { name: 'd', key: 'd', value: ({ module }) => module.d, text: count },
  { name: 'k', key: 'k', value: ({ module }) => module.k, text: count },
  { name: 'r', key: 'rank', value: ({ module }) => module.rank, text: count },
  { name: 'α', key: 'alpha', value: ({ module }) => module.alpha, text: trim },
  { name: 's', key: 'scaling', value: ({ module }) => module.scaling, text: trim },
  { name: '‖ΔW‖', key: 'frobenius', value: measured(({ frobenius }) => frobenius), text: two },
  { name: 'σ₁', key: 'sigma1', value: measured(({ sigma }) => sigma[0] ?? Number.NaN), text: two },
  {
    name: 'energy in σ₁',
    key: 'energy in sigma1',
    value: measured(({ sigma, frobenius }) =>
      frobenius > 0 ? ((sigma[0] ?? Number.NaN) / frobenius) ** 2 : Number.NaN,
    ),
    text: keptPercent,
  },
  { name: 'rank 90%', key: 'rank for 90%', value: measured(({ rank90 }) => rank90), text: count },
  { name: '95%', key: 'rank for 95%', value: measured(({ rank95 }) => rank95), text: count },
  { name: '99%', key: 'rank for 99%', value: measured(({ rank99 }) => rank99), text: count },
  {
    name: 'entropy σ',
    key: 'effective rank, entropy of sigma',
    value: measured((f) => f.effectiveRank.entropy),
    text: two,
  },
  {
    name: 'entropy σ²',
    key: 'effective rank, entropy of sigma^2',
    value: measured((f) => f.effectiveRank.energy),
    text: two,
  },
  { name: 'participation', key: 'participation', value: measured((f) => f.effectiveRank.participation), text: two },
  { name: 'stable', key: 'stable rank', value: measured((f) => f.effectiveRank.stable), text: two },
];

const percent = (value: number) => `${trim(100 * value)}%`;

/** With a base. */
const BASE_COLUMNS: readonly ModuleColumn[] = [
  { name: '‖ΔW‖/‖W₀‖', key: 'relative to W0', value: ({ beside }) => relativeNorm(beside), text: percent },
  {
    name: 'amplified',
    key: 'amplification',
    value: ({ beside }) => beside?.alignment?.amplification ?? null,
    text: two,
  },
  {
    name: 'lost in its type',
    key: "lost by merging, in the base's type",
    value: ({ beside }) => finite(beside?.merged[0]?.lost),
    text: percent,
  },
];

const finite = (value: number | null | undefined) => (Number.isFinite(value) ? (value ?? null) : null);

const ALL_COLUMNS = [...FILE_COLUMNS, ...BASE_COLUMNS];

export const moduleColumns = (hasBase: boolean): readonly ModuleColumn[] => (hasBase ? ALL_COLUMNS : FILE_COLUMNS);
