import type { CutPlan } from './predictions.ts';

/** A module before and after, with the shares that kohya's resize prints. */
export interface CutRow {
  readonly index: number;
  readonly name: string;
  readonly rank: number;
  readonly kept: number;
  readonly energy: number;
  /** sum(S): share of Σσ. */
  readonly sum: number;
  /** fro: √ of the share of Σσ². */
  readonly fro: number;
  /** max(S) ratio: σ₁ over the smallest kept σ; null for the zero matrix. */
  readonly ratio: number | null;
  /** After the cut; null if α is unknown or not used. */
  readonly alpha: number | null;
  readonly error: number;
}

export function cutRows({ file, spectra, foretold }: CutPlan): readonly CutRow[] {
  return file.adapter.modules.flatMap((module, index): CutRow[] => {
    const sigma = spectra[index]?.sigma;
    if (!sigma) return [];
    const { name, rank, alpha, rule } = module;
    const kept = foretold.ranks[index];
    const held = shares(sigma, kept);
    const last = sigma[Math.min(kept, sigma.length) - 1];
    const scale = rule === 'α/√r' ? Math.sqrt(kept / rank) : kept / rank;
    return [
      {
        index,
        name,
        rank,
        kept,
        ...held,
        fro: Math.sqrt(held.energy),
        ratio: last > 0 ? sigma[0] / last : null,
        alpha: alpha === null || rule === 'scale' ? null : alpha * scale,
        error: foretold.errors[index],
      },
    ];
  });
}

function shares(sigma: Float64Array, kept: number): { readonly energy: number; readonly sum: number } {
  const [largest] = sigma;
  if (!(largest > 0)) return { energy: 1, sum: 1 };
  let [energy, sum, allEnergy, all] = [0, 0, 0, 0];
  for (let i = 0; i < sigma.length; i++) {
    const x = sigma[i] / largest;
    if (i < kept) {
      energy += x * x;
      sum += x;
    }
    allEnergy += x * x;
    all += x;
  }
  return { energy: energy / allEnergy, sum: sum / all };
}

const COLUMNS: readonly (readonly [key: keyof CutRow, name: string])[] = [
  ['name', 'module'],
  ['rank', 'rank before'],
  ['kept', 'rank'],
  ['energy', 'energy'],
  ['sum', 'sum(S)'],
  ['fro', 'fro'],
  ['ratio', 'max(S) ratio'],
  ['alpha', 'alpha'],
  ['error', 'error'],
];

export const cutTable = (cut: CutPlan) => ({
  columns: COLUMNS.map(([, name]) => name),
  rows: cutRows(cut).map((row) => COLUMNS.map(([key]) => row[key])),
});
