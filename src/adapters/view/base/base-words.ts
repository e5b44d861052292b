import { count, number, plural } from '../../../experiment/numbers.ts';
import type { LeadingShares } from '../../file/base/alignment.ts';
import { type BaseFigures, baseTotals } from '../../file/base/base-figures.ts';
import type { MergedFigures, MergedType } from '../../file/base/merged.ts';
import type { DifferenceSpectrum } from '../../file/checkpoints/difference-figures.ts';
import type { BaseState } from '../../state/base-state.ts';
import type { NumberLine } from '../overview/number-table.tsx';

/** "4.2%"; of numbers beyond the type's range "beyond its range". */
const share = (value: number | null) =>
  value === null ? '–' : Number.isFinite(value) ? `${number(100 * value, value >= 1 ? 3 : 2)}%` : 'beyond its range';

const TYPE_NAMES: Readonly<Record<MergedType, string>> = {
  F32: 'float32',
  BF16: 'bfloat16',
  F16: 'float16',
  NF4: 'NF4',
  F8_E4M3: 'float8 (E4M3)',
  F8_E5M2: 'float8 (E5M2)',
};

/** The file beside its base, in numbers of both. */
export function baseSentence({ matched, figures, reading }: BaseState): string {
  if (!matched) return '';
  const { modules, norm, baseNorm, amplification, merged } = baseTotals(figures);
  if (modules === 0) return reading ? 'The first W₀ is being read.' : 'No module has figures beside W₀.';
  const so = reading ? `So far, of ${plural(modules, 'module')}: ` : '';
  return `${so}${sentenceOf({ norm, baseNorm, amplification, merged }, modules > 1 ? ' (median)' : '')}`;
}

/** A module beside its W₀, in the same words. */
export const besideSentence = ({ norm, baseNorm, alignment, merged }: BaseFigures): string =>
  sentenceOf({ norm, baseNorm, amplification: alignment?.amplification ?? null, merged }, '');

interface BesideNumbers extends Pick<BaseFigures, 'norm' | 'baseNorm'> {
  readonly amplification: number | null;
  readonly merged: readonly { readonly type: MergedType; readonly lost: number | null }[];
}

function sentenceOf({ norm, baseNorm, amplification, merged }: BesideNumbers, middle: string): string {
  const size = baseNorm > 0 ? `‖ΔW‖ is ${share(norm / baseNorm)} of ‖W₀‖` : 'W₀ is 0';
  const times =
    amplification === null ? '' : `, and ${number(amplification, 2)} times what W₀ has in its directions${middle}`;
  const [own] = merged;
  const inNf4 = merged.find(({ type }) => type === 'NF4');
  const lost =
    own && own.lost !== null
      ? ` Merged into W₀ in ${TYPE_NAMES[own.type]}, its type, ${share(own.lost)} of ΔW is lost${inNf4 ? `; in NF4 ${share(inNf4.lost)}` : ''}.`
      : '';
  return `${size}${times}.${lost}`;
}

/** Where figures are missing: how many, and why the first is. */
export function missingWords({ figures }: BaseState): string | null {
  const missing = figures.filter((of) => typeof of === 'string');
  if (missing.length === 0) return null;
  return missing.length === 1 ? missing[0] : `${count(missing.length)} modules have no figures. ${missing[0]}`;
}

/** The lines of a module beside its W₀. */
export function besideLines({ baseNorm, norm, alignment, merged, dora, begun }: BaseFigures): readonly NumberLine[] {
  const norms: NumberLine[] = [
    { name: '‖W₀‖', value: number(baseNorm) },
    { name: '‖ΔW‖/‖W₀‖', value: baseNorm > 0 ? share(norm / baseNorm) : '–' },
  ];
  const known = [
    ...(dora ? doraLines(norm, dora) : []),
    ...(begun ? knownLines(begun.start, norm, begun.spectrum) : []),
  ];
  return [...norms, ...known, ...alignmentLines(alignment), ...merged.map(mergedLine)];
}

function doraLines(norm: number, dora: NonNullable<BaseFigures['dora']>): NumberLine[] {
  return [
    ...knownLines('DoRA', norm, dora.spectrum),
    { name: 'magnitudes changed by, mean', value: number(dora.magnitudeChange) },
    { name: 'directions turned, mean 1 − cos', value: number(dora.directionChange) },
  ];
}

/** Of a ΔW that is known with W₀ alone. */
function knownLines(
  of: string,
  norm: number,
  { sigma, bounds, rank90, rank95, rank99 }: DifferenceSpectrum,
): NumberLine[] {
  const needed = (rank: number | null) => (rank === null ? `> ${count(sigma.length)}` : count(rank));
  return [
    { name: `‖ΔW‖ of ${of}`, value: number(norm) },
    { name: `σ₁ of ${of}`, value: number(sigma[0] ?? 0) },
    ...(bounds && sigma[0] > 0
      ? [{ name: 'more by at most', value: `${number(100 * (bounds.upper[0] / sigma[0] - 1), 2)}%` }]
      : []),
    { name: 'rank for 90, 95, 99%', value: [rank90, rank95, rank99].map(needed).join(', ') },
  ];
}

function alignmentLines(alignment: BaseFigures['alignment']): NumberLine[] {
  if (!alignment) return [];
  const { rank, inside, random, amplification, leading } = alignment;
  return [
    { name: 'W₀ in the directions of ΔW', value: `${number(inside)} (random ${number(random)})` },
    { name: 'amplified', value: amplification === null ? '–' : `${number(amplification, 2)} times` },
    ...(leading ? leadingLines(leading, rank) : []),
  ];
}

function leadingLines(of: LeadingShares | 'close', r: number): NumberLine[] {
  if (of === 'close')
    return [{ name: 'leading directions of W₀', value: `not told apart: σ of W₀ at ${r} and ${r + 1} are too close` }];
  const { left, right, randomLeft, randomRight, error } = of;
  // Below the last digit that is shown it says nothing.
  const off = error > 1e-5 ? ` ± ${share(error)}` : '';
  return [
    { name: 'of ΔW in leading outputs of W₀', value: `${share(left)}${off} (random ${share(randomLeft)})` },
    { name: 'of ΔW in leading inputs of W₀', value: `${share(right)}${off} (random ${share(randomRight)})` },
  ];
}

const mergedLine = ({ type, lost, vanished }: MergedFigures): NumberLine => ({
  name: `merging loses in ${TYPE_NAMES[type]}`,
  value: lost === null ? 'nothing: ΔW = 0' : `${share(lost)}; ${share(vanished)} of entries stay`,
});
