import { type DifferenceSpectrum, matrixSpectrum } from '../checkpoints/difference-figures.ts';
import { filledPanels, type PanelMatrix, readRange } from '../checkpoints/panels.ts';
import type { ByteSource, Fault, Module } from '../model.ts';
import { type Alignment, alignmentOf, type LeadingSizes } from './alignment.ts';
import { type BaseWeight, oddFault } from './base-weights.ts';
import { applyDora, type DoraFigures, type DoraUpdate, doraUpdate } from './dora.ts';
import { type MergedFigures, mergedTally, mergedTypes } from './merged.ts';
import { type UpdateRows, updateRows } from './update-rows.ts';

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
  const update = await updateRows(source, module, weight);
  if ('fault' in update) return update;
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
  const dora = await doraUpdate(source, module, weight, W0, update);
  if (odd) return odd;
  if (dora && 'fault' in dora) return dora;
  const sums = await scanned(W0, weight, update, { dora, breathe });
  if (odd) return odd;
  const { pair } = update;
  const alignment = pair && !dora ? await alignmentOf(W0, pair, { baseNorm: sums.baseNorm, turned, leading }) : null;
  // The panels of ΔW take the place of those of W₀.
  const spectrum = dora && (await doraSpectrum(weight, update, dora, sums.norm, signal));
  return { ...sums, alignment, dora: dora && spectrum ? { ...dora.figures, spectrum } : null };
}

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
