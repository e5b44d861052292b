import { type BaseFigures, baseFigures, baseTotals } from '../../src/adapters/file/base/base-figures.ts';
import { type BaseMatches, matchBase } from '../../src/adapters/file/base/base-weights.ts';
import type { MergedFigures } from '../../src/adapters/file/base/merged.ts';
import type { Checkpoint } from '../../src/adapters/file/checkpoints/checkpoint.ts';
import type { DifferenceSpectrum } from '../../src/adapters/file/checkpoints/difference-figures.ts';
import { visibleText } from '../../src/adapters/file/faults.ts';
import type { Adapter, AdapterSource } from '../../src/adapters/file/model.ts';
import { showProgress, tableLines, withDigits } from './info.ts';
import { valueOrThrow } from './open.ts';

/** An adapter beside its base. */
export interface BesideBase {
  readonly base: Checkpoint;
  readonly matches: BaseMatches;
  /** Of each module its figures, or the sentence why there are none. */
  readonly figures: readonly (BaseFigures | string)[];
}

/** Measures all modules one after another; progress goes to the error stream of a terminal. */
export async function measureBeside(
  { source, adapter }: AdapterSource,
  base: Checkpoint,
  leading: boolean,
): Promise<BesideBase> {
  const matches = valueOrThrow(matchBase(adapter, base));
  const figures: (BaseFigures | string)[] = [];
  for (const [i, weight] of matches.entries()) {
    showProgress(`${i + 1} of ${matches.length} modules`);
    const found =
      typeof weight === 'string'
        ? weight
        : await baseFigures(source, adapter.modules[i], weight, { leading: leading ? 'any' : null });
    figures.push(typeof found === 'string' ? found : 'fault' in found ? `${found.fault} ${found.details}` : found);
  }
  showProgress(null);
  return { base, matches, figures };
}

const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);
/** Over all modules with figures, as JSON has it. */
function inAll(figures: BesideBase['figures']) {
  const { merged, norm, baseNorm, ...rest } = baseTotals(figures);
  const found = merged.map((one) => ({ ...one, lost: finite(one.lost) }));
  return { ...rest, norm, baseNorm, relative: finite(norm / baseNorm), merged: found };
}

/** For scripts: of the whole file, and of each module. */
export function besideJson({ base, matches, figures }: BesideBase) {
  return {
    base: { name: base.name, bytes: base.bytes, tensors: base.tensors.size, ...inAll(figures) },
    modules: figures.map((of, i) => {
      const weight = matches[i];
      if (typeof of === 'string' || typeof weight === 'string') return { base: null, noBase: of };
      const { baseNorm, norm, alignment, merged, dora, begun } = of;
      const { tensor, turned } = weight;
      return {
        base: {
          ...{ tensor: tensor.name, dtype: tensor.dtype, turned, norm, baseNorm, relative: finite(norm / baseNorm) },
          alignment,
          merged: merged.map((one) => ({ ...one, lost: finite(one.lost) })),
          dora: dora && {
            ...dora,
            magnitudes: [...dora.magnitudes],
            baseMagnitudes: [...dora.baseMagnitudes],
            spectrum: listed(dora.spectrum),
          },
          begun: begun && { ...begun, spectrum: listed(begun.spectrum) },
        },
      };
    }),
  };
}

const listed = ({ sigma, bounds, ...rest }: DifferenceSpectrum) => ({
  ...{ ...rest, sigma: [...sigma] },
  bounds: bounds && { ...bounds, upper: [...bounds.upper] },
});

const short = withDigits(3);
const percent = (value: number | null) =>
  value === null ? '–' : Number.isFinite(value) ? `${Number((100 * value).toPrecision(3))}%` : 'overflow';

/** A table of the modules with figures, a table of DoRA's magnitudes, and sentences. */
export function besideText({ modules }: Adapter, { base, figures }: BesideBase): string {
  const all = inAll(figures);
  const types = all.merged.map(({ type }) => type);
  const lostIn = (merged: readonly MergedFigures[], type: string) => merged.find((one) => one.type === type);
  const columns = ['module', '‖W₀‖', '‖ΔW‖/‖W₀‖', 'inside', 'random', 'amplified'];
  const rows = figures.flatMap((of, i) => {
    if (typeof of === 'string') return [];
    const { alignment, baseNorm, norm, merged } = of;
    const share = baseNorm > 0 ? percent(norm / baseNorm) : '–';
    const aligned = alignment
      ? [short(alignment.inside), short(alignment.random), times(alignment.amplification)]
      : ['–', '–', '–'];
    const lost = types.flatMap((type) => {
      const one = lostIn(merged, type);
      return [percent(one?.lost ?? null), percent(one?.vanished ?? null)];
    });
    return [[modules[i].name, short(baseNorm), share, ...aligned, ...lost]];
  });
  const heads = types.flatMap((type) => [`lost in ${type}`, 'same']);
  const missing = figures.filter((of) => typeof of === 'string');
  const share = all.relative === null ? '' : ` ‖ΔW‖ is ${percent(all.relative)} of ‖W₀‖.`;
  const lost = all.merged.map((one) => `${percent(one.lost)} in ${one.type}`).join(', ');
  return [
    `${base.name}: W₀ of ${all.modules} of ${figures.length} modules.${share} Merging loses of ΔW ${lost}.`,
    ...tableLines([[...columns, ...heads], ...rows]),
    ...leadingLines(modules, figures),
    ...doraLines(modules, figures),
    ...begunLines(modules, figures),
    ...missing.slice(0, MOST_NAMED).map(visibleText),
    ...(missing.length > MOST_NAMED ? [`${missing.length - MOST_NAMED} more modules have no figures.`] : []),
  ].join('\n');
}

const MOST_NAMED = 5;
const times = (value: number | null) => (value === null ? '–' : `${short(value)} ×`);

function leadingLines(modules: Adapter['modules'], figures: BesideBase['figures']): string[] {
  const rows = figures.flatMap((of, i) => {
    const alignment = typeof of === 'string' ? null : of.alignment;
    if (!alignment?.leading) return [];
    if (alignment.leading === 'close')
      return [[modules[i].name, String(alignment.rank), 'σᵣ and σᵣ₊₁ are too close', '', '', '', '', '']];
    const { left, right, randomLeft, randomRight, most, error } = alignment.leading;
    const shares = [left, randomLeft, right, randomRight].map(percent);
    const off = error === 0 ? 'exact' : `± ${percent(error)}`;
    return [[modules[i].name, String(alignment.rank), ...shares, off, short(most)]];
  });
  const columns = ['in leading directions of W₀', 'r', 'left', 'random', 'right', 'random', 'bound', 'most inside'];
  return rows.length === 0 ? [] : tableLines([columns, ...rows]);
}

function doraLines(modules: Adapter['modules'], figures: BesideBase['figures']): string[] {
  const rows = figures.flatMap((of, i) => {
    if (typeof of === 'string' || !of.dora) return [];
    const { magnitudeChange, directionChange, spectrum } = of.dora;
    return [
      [modules[i].name, short(of.norm), short(magnitudeChange), short(directionChange), ...spectrumCells(spectrum)],
    ];
  });
  const columns = ['DoRA', '‖ΔW‖', 'ΔM', 'ΔD', ...SPECTRUM];
  return rows.length === 0 ? [] : tableLines([columns, ...rows]);
}

function begunLines(modules: Adapter['modules'], figures: BesideBase['figures']): string[] {
  const rows = figures.flatMap((of, i) =>
    typeof of === 'string' || !of.begun
      ? []
      : [[modules[i].name, of.begun.start, short(of.norm), ...spectrumCells(of.begun.spectrum)]],
  );
  return rows.length === 0 ? [] : tableLines([['ΔW without its start', 'start', '‖ΔW‖', ...SPECTRUM], ...rows]);
}

const SPECTRUM = ['σ₁', 'bound', '90%', '95%', '99%'];

function spectrumCells({ sigma, bounds, rank90, rank95, rank99 }: DifferenceSpectrum): string[] {
  const needed = [rank90, rank95, rank99].map((rank) => (rank === null ? `> ${sigma.length}` : String(rank)));
  const bound = bounds ? `+${percent(bounds.upper[0] / sigma[0] - 1)}` : 'exact';
  return [short(sigma[0] ?? 0), bound, ...needed];
}
