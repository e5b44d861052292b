import { median } from '../../../math/median.ts';
import { productSpectrum } from '../../../math/spectral/product-svd.ts';
import { type DifferenceSpectrum, matrixSpectrum, spectrumFigures } from '../checkpoints/difference-figures.ts';
import { filledPanels, type PanelMatrix, readRange } from '../checkpoints/panels.ts';
import { countText, safeName } from '../faults.ts';
import type { ByteSource, Fault, Module } from '../model.ts';
import { countOf, readNumbers } from '../safetensors/numbers.ts';
import { type Alignment, alignmentOf, type LeadingSizes } from './alignment.ts';
import { type BaseWeight, oddFault, rowsOfPair, type UpdateRows, updateRows } from './base-weights.ts';
import { type MergedFigures, type MergedType, mergedTally, mergedTypes } from './merged.ts';
import { startFactors, withoutStart } from './start.ts';

/**
 * DoRA (arXiv 2402.09353): W = m ∘ V/‖V‖_c with V = W₀ + s·B·A, ‖·‖_c the norm of each output (PEFT, newer LyCORIS) or of
 * each input, over a convolution's kernel too (older LyCORIS).
 */
interface DoraFigures {
  /** m and ‖W₀‖_c, one for each output or input. */
  readonly magnitudes: Float64Array;
  readonly baseMagnitudes: Float64Array;
  /** ΔM, the mean of |m − ‖W₀‖_c| (equation 3 of the paper), and ΔD, the mean of 1 − cos(V, W₀) by outputs or inputs. */
  readonly magnitudeChange: number;
  readonly directionChange: number;
}

/** What turns rows of s·B·A into rows of DoRA's ΔW. */
interface DoraUpdate {
  readonly figures: DoraFigures;
  /** m/‖V‖_c of each output or input. */
  readonly factors: Float64Array;
  readonly groupOf: GroupOf;
}

/** The place of a magnitude for row i and column j of the base's tensor. */
type GroupOf = { readonly by: 'row' } | { readonly by: 'column'; readonly wide: number };

/** One pass over W₀ for the norms. A Fault if magnitudes do not fit, or a part of V is 0. */
async function doraUpdate(
  source: ByteSource,
  module: Module,
  weight: BaseWeight,
  W0: PanelMatrix,
  update: UpdateRows,
): Promise<DoraUpdate | Fault | null> {
  const { magnitude } = module.tensors;
  if (!magnitude || module.magnitude === null) return null;
  const groupOf = groupsOf(module, weight);
  const groups = groupOf.by === 'row' ? W0.rows : W0.cols / groupOf.wide;
  if (countOf(magnitude.shape) !== groups)
    return {
      fault: 'The magnitudes do not fit.',
      details: `${safeName(magnitude.name)} has ${countText(countOf(magnitude.shape))} numbers; ${safeName(module.name)} has ${countText(groups)} ${module.magnitude === 'per input' ? 'inputs' : 'outputs'}.`,
    };
  const m = Float64Array.from(await readNumbers(source, magnitude));
  const sums = await groupSums(W0, update, groupOf, groups);
  const zero = sums.V.findIndex((x, g) => !(x > 0) || !Number.isFinite(m[g]));
  if (zero >= 0)
    return {
      fault: 'DoRA is not defined here.',
      details: `${module.magnitude === 'per input' ? 'Input' : 'Output'} ${zero} of ${safeName(module.name)} has ${Number.isFinite(m[zero]) ? 'W₀ + s·B·A = 0, which has no direction' : 'a magnitude that is not finite'}.`,
    };
  const baseMagnitudes = sums.W0.map(Math.sqrt);
  // W₀ = 0 has no direction either: it counts as turned by a right angle.
  const cosines = sums.inner.map((x, g) => (sums.W0[g] > 0 ? x / Math.sqrt(sums.W0[g] * sums.V[g]) : 0));
  return {
    figures: {
      magnitudes: m,
      baseMagnitudes,
      magnitudeChange: meanOf(m.map((x, g) => Math.abs(x - baseMagnitudes[g]))),
      directionChange: meanOf(cosines.map((x) => 1 - x)),
    },
    factors: m.map((x, g) => x / Math.sqrt(sums.V[g])),
    groupOf,
  };
}

const meanOf = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length;

function groupsOf({ magnitude, kernel }: Module, { turned }: BaseWeight): GroupOf {
  if ((magnitude === 'per output') !== turned) return { by: 'row' };
  return { by: 'column', wide: turned || kernel === null ? 1 : kernel[0] * kernel[1] };
}

/** ‖V‖², ‖W₀‖² and ⟨V, W₀⟩ of each group. */
async function groupSums(W0: PanelMatrix, { fill }: UpdateRows, groupOf: GroupOf, groups: number) {
  const sums = { V: new Float64Array(groups), W0: new Float64Array(groups), inner: new Float64Array(groups) };
  for await (const { first, block } of W0.panels()) {
    const { rows, cols, data } = block;
    const delta = new Float64Array(data.length);
    fill(first, rows, delta);
    if (groupOf.by === 'row') addRows(sums, data, delta, first, cols);
    else addColumns(sums, data, delta, cols, groupOf.wide);
  }
  return sums;
}

type GroupSums = Readonly<Record<'V' | 'W0' | 'inner', Float64Array>>;

/** A group a row: sums of a row stay in registers. */
function addRows(sums: GroupSums, base: Float64Array, delta: Float64Array, first: number, cols: number): void {
  for (let at = 0, g = first; at < base.length; g++) {
    let [v2, w2, vw] = [0, 0, 0];
    for (const end = at + cols; at < end; at++) {
      const w = base[at];
      const v = w + delta[at];
      v2 += v * v;
      w2 += w * w;
      vw += v * w;
    }
    sums.V[g] = v2;
    sums.W0[g] = w2;
    sums.inner[g] = vw;
  }
}

function addColumns(sums: GroupSums, base: Float64Array, delta: Float64Array, cols: number, wide: number): void {
  for (let at = 0; at < base.length; at++) {
    const g = Math.floor((at % cols) / wide);
    const w = base[at];
    const v = w + delta[at];
    sums.V[g] += v * v;
    sums.W0[g] += w * w;
    sums.inner[g] += v * w;
  }
}

/** Rows of s·B·A, in place, to rows of ΔW = m ∘ (W₀ + s·B·A)/‖·‖_c − W₀. */
function applyDora(
  { factors, groupOf }: DoraUpdate,
  first: number,
  cols: number,
  base: Float64Array,
  delta: Float64Array,
): void {
  if (groupOf.by === 'row') {
    for (let at = 0, g = first; at < delta.length; g++) {
      const factor = factors[g];
      for (const end = at + cols; at < end; at++) delta[at] = factor * (base[at] + delta[at]) - base[at];
    }
    return;
  }
  for (let at = 0; at < delta.length; at++) {
    const g = Math.floor((at % cols) / groupOf.wide);
    delta[at] = factors[g] * (base[at] + delta[at]) - base[at];
  }
}

/** A module beside its W₀, in float64. */
export interface BaseFigures {
  /** ‖W₀‖ and ‖ΔW‖ over all entries; of DoRA the ΔW that its magnitudes make. */
  readonly baseNorm: number;
  readonly norm: number;
  /** null: ΔW = 0, DoRA, or no pair B·A: its directions are all there are. */
  readonly alignment: Alignment | null;
  /** The type of W₀ first. */
  readonly merged: readonly MergedFigures[];
  /** null: no DoRA. */
  readonly dora: (DoraFigures & { readonly spectrum: DifferenceSpectrum }) | null;
  /** "PiSSA", if the module began from W₀ and is no DoRA: figures are those of ΔW = s·(B·A − B₀·A₀). Otherwise null. */
  readonly begun: { readonly start: string; readonly spectrum: DifferenceSpectrum } | null;
}

export interface BaseOptions {
  /** Shares of ΔW in the leading directions of W₀ too. */
  readonly leading?: LeadingSizes | null;
  readonly signal?: AbortSignal;
  /** Awaited after each panel. */
  readonly breathe?: () => Promise<void>;
}

/** Reads a module and its W₀ in panels and measures both. A Fault if a number of either is not finite, or α unknown. */
export async function baseFigures(
  source: ByteSource,
  module: Module,
  weight: BaseWeight,
  { leading = null, signal, breathe }: BaseOptions = {},
): Promise<BaseFigures | Fault> {
  const whole = await updateRows(source, module, weight);
  if ('fault' in whole) return whole;
  const { tensor, turned } = weight;
  // The first number that is not finite, once all have been read.
  let odd: Fault | null = null;
  const W0 = await filledPanels(
    weight,
    async (into, from, to) => {
      into.set(await readRange(tensor, from, to));
      odd ??= oddNumber(weight, into, from);
    },
    signal,
  );
  if (odd) return odd;
  const start = whole.pair && module.start ? await startFactors(W0, module, weight, signal) : null;
  if (start && 'fault' in start) return start;
  const update = whole.pair && start ? rowsOfPair(withoutStart(whole.pair, start)) : whole;
  const dora = await doraUpdate(source, module, weight, W0, update);
  if (odd) return odd;
  if (dora && 'fault' in dora) return dora;
  const sums = await scanned(W0, weight, update, { dora, breathe });
  if (odd) return odd;
  if (start && !(start.off <= CERTAIN * sums.norm))
    return {
      fault: `The start of ${module.start} is not certain here.`,
      details: `σ of W₀ at ${module.rank} and ${module.rank + 1} of ${safeName(module.name)} are too close to tell its directions apart, beside a ΔW so small.`,
    };
  const { pair } = update;
  const alignment = pair && !dora ? await alignmentOf(W0, pair, { baseNorm: sums.baseNorm, turned, leading }) : null;
  // The panels of ΔW take the place of those of W₀.
  const spectrum = dora && (await doraSpectrum(weight, update, dora, sums.norm, signal));
  return {
    ...{ ...sums, alignment },
    dora: dora && spectrum ? { ...dora.figures, spectrum } : null,
    begun:
      pair && module.start && !dora
        ? { start: module.start, spectrum: spectrumFigures(productSpectrum(pair.L, pair.R, 1), null, sums.norm) }
        : null,
  };
}

/** What a start may be off as a share of ‖ΔW‖. */
const CERTAIN = 1e-3;

/** The square of a number of 10¹⁵⁰ is infinite, or nearly so. */
const LARGEST = 1e150;

function oddNumber(weight: BaseWeight, numbers: Float64Array, from: number): Fault | null {
  for (let i = 0; i < numbers.length; i++)
    if (!(Math.abs(numbers[i]) < LARGEST)) return oddFault(weight, from + i, numbers[i]);
  return null;
}

type Sums = Pick<BaseFigures, 'baseNorm' | 'norm' | 'merged'>;

async function scanned(
  W0: PanelMatrix,
  { tensor, turned, embedding }: BaseWeight,
  update: UpdateRows,
  { dora, breathe }: { readonly dora: DoraUpdate | null } & Pick<BaseOptions, 'breathe'>,
): Promise<Sums> {
  // bitsandbytes takes linear layers alone; of a turned one its blocks are whole if inputs are a multiple of 64.
  const withNf4 = tensor.shape.length === 2 && !embedding && W0.cols <= 65_536 && (!turned || W0.rows % 64 === 0);
  const tallies = mergedTypes(tensor.dtype, withNf4).map((type) => mergedTally(type, turned));
  let [base, norm] = [0, 0];
  for await (const { first, block } of W0.panels()) {
    const delta = new Float64Array(block.data.length);
    update.fill(first, block.rows, delta);
    if (dora) applyDora(dora, first, block.cols, block.data, delta);
    base += squareSum(block.data);
    norm += squareSum(delta);
    for (const tally of tallies) tally.add(block.data, delta, block);
    await breathe?.();
  }
  return { baseNorm: Math.sqrt(base), norm: Math.sqrt(norm), merged: tallies.map((tally) => tally.figures()) };
}

function squareSum(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}

async function doraSpectrum(
  weight: BaseWeight,
  update: UpdateRows,
  dora: DoraUpdate,
  norm: number,
  signal?: AbortSignal,
): Promise<DifferenceSpectrum> {
  const { cols } = weight;
  const M = await filledPanels(
    weight,
    async (into, from, to) => {
      const first = from / cols;
      const base = Float64Array.from(await readRange(weight.tensor, from, to));
      update.fill(first, base.length / cols, into);
      applyDora(dora, first, cols, base, into);
    },
    signal,
  );
  return matrixSpectrum(M, norm);
}

/** Over all modules with figures. */
interface BaseTotals {
  readonly modules: number;
  /** ‖ΔW‖ and ‖W₀‖ of all together. */
  readonly norm: number;
  readonly baseNorm: number;
  /** The median of the amplification factors; null: no module has one. */
  readonly amplification: number | null;
  /** By type, the first module's own first: ‖lost‖/‖ΔW‖ over the modules that have this type. */
  readonly merged: readonly { readonly type: MergedType; readonly modules: number; readonly lost: number }[];
}

const hypot = (values: readonly number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

/** Sums over modules whose figures are there; sentences and modules that are not measured do not count. */
export function baseTotals(figures: readonly (BaseFigures | string | null)[]): BaseTotals {
  const all = figures.filter((of) => of !== null && typeof of !== 'string');
  const types = new Set(all.flatMap(({ merged }) => merged.map(({ type }) => type)));
  const amplified = all.flatMap(({ alignment }) => alignment?.amplification ?? []);
  return {
    modules: all.length,
    norm: hypot(all.map((of) => of.norm)),
    baseNorm: hypot(all.map((of) => of.baseNorm)),
    amplification: amplified.length === 0 ? null : median(amplified),
    merged: [...types].flatMap((type) => lostIn(all, type) ?? []),
  };
}

/** null: no module has a ΔW in this type that could be lost. */
function lostIn(all: readonly BaseFigures[], type: MergedType): BaseTotals['merged'][number] | null {
  const those = all.flatMap(({ merged, norm }) => {
    const lost = merged.find((one) => one.type === type)?.lost ?? null;
    return lost === null ? [] : [{ lost: lost * norm, norm }];
  });
  if (those.length === 0) return null;
  const [lost, norm] = [hypot(those.map((of) => of.lost)), hypot(those.map((of) => of.norm))];
  return { type, modules: those.length, lost: lost / norm };
}
