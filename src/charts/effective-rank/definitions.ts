import { cached } from '../../experiment/layer/cached.ts';
import { number } from '../../experiment/numbers.ts';
import { effectiveRank } from '../../math/spectral/spectra.ts';
import type { SampledSpectra, Scene } from '../chart.ts';

export type Definition = Scene['definition'];

interface DefinitionWords {
  /** Formula in one line, for below the title. */
  readonly formula: string;
  /** The same with the limits of its sums, for typesetting. */
  readonly typeset: readonly string[];
  readonly meaning: string;
  /** The formula with the numbers of a spectrum. */
  readonly numbers: (sigma: readonly number[]) => string;
}

const sum = (list: readonly number[]) => list.reduce((total, v) => total + v, 0);
const squares = (list: readonly number[]) => list.map((v) => v * v);
const result = (sigma: readonly number[], kind: Definition) => effectiveRank(Float64Array.from(sigma), kind);

function entropyNumbers(sigma: readonly number[], kind: Definition): string {
  const value = result(sigma, kind);
  return value > 0
    ? `exp(−Σ pᵢ ln pᵢ) = exp(${number(Math.log(value))}) = ${number(value)}`
    : 'ΔW = 0: 0 by convention';
}

/** The texts of each definition of the effective rank. */
export const DEFINITIONS: Readonly<Record<Definition, DefinitionWords>> = {
  entropy: {
    formula: 'exp(−Σ pᵢ ln pᵢ), pᵢ = σᵢ/Σσ',
    typeset: ['exp(−Σ[i] pᵢ ln pᵢ)', 'pᵢ = σᵢ / Σ[j] σⱼ'],
    meaning: 'the number of equally strong directions with the same entropy',
    numbers: (sigma) => entropyNumbers(sigma, 'entropy'),
  },
  'entropy-squared': {
    formula: 'exp(−Σ pᵢ ln pᵢ), pᵢ = σᵢ²/Σσ²',
    typeset: ['exp(−Σ[i] pᵢ ln pᵢ)', 'pᵢ = σᵢ² / Σ[j] σⱼ²'],
    meaning:
      'the number of equally strong directions with the same entropy of the energies σᵢ², so that weak directions count less',
    numbers: (sigma) => entropyNumbers(sigma, 'entropy-squared'),
  },
  participation: {
    formula: '(Σσ²)²/Σσ⁴',
    typeset: ['(Σ[i] σᵢ²)² / Σ[i] σᵢ⁴'],
    meaning: 'the participation ratio of the energies σᵢ²',
    numbers: (sigma) => {
      const square = sum(squares(sigma));
      const fourth = sum(squares(squares(sigma)));
      const value = result(sigma, 'participation');
      return value > 0
        ? `(Σσ²)²/Σσ⁴ = ${number(square)}²/${number(fourth)} = ${number(value)}`
        : 'ΔW = 0: 0 by convention';
    },
  },
  stable: {
    formula: '(Σσᵢ²)/σ₁²',
    typeset: ['Σ[i] σᵢ² / σ₁²'],
    meaning: 'the stable rank: the total energy divided by that of the strongest direction',
    numbers: (sigma) => {
      const value = result(sigma, 'stable');
      return value > 0
        ? `(Σσᵢ²)/σ₁² = ${number(sum(squares(sigma)))}/${number(sigma[0] * sigma[0])} = ${number(value)}`
        : 'ΔW = 0: 0 by convention';
    },
  },
};

const evaluated = (kind: Definition) =>
  cached((sigma: ArrayLike<number>) => effectiveRank(Float64Array.from(sigma), kind));

/** Kept spectra do not change, so each is evaluated once, however often it is drawn. */
const BY_KIND: Readonly<Record<Definition, (sigma: ArrayLike<number>) => number>> = {
  entropy: evaluated('entropy'),
  'entropy-squared': evaluated('entropy-squared'),
  participation: evaluated('participation'),
  stable: evaluated('stable'),
};

export const effectiveRankOf = (sigma: ArrayLike<number>, kind: Definition): number => BY_KIND[kind](sigma);

export function effectiveRanks({ spectra }: SampledSpectra, kind: Definition): number[] {
  return spectra.map((sigma) => effectiveRankOf(sigma, kind));
}

/** Null if too few of its singular values are known; the stable rank needs only σ₁. */
export function targetRank(target: Scene['target'], kind: Definition): number | null {
  if (!target) return null;
  if (target.how !== 'leading') return effectiveRankOf(target.values, kind);
  return kind === 'stable' && target.values[0] > 0 ? (target.norm / target.values[0]) ** 2 : null;
}
