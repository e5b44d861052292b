import type { PanelMatrix } from '../checkpoints/panels.ts';
import { countText, safeName } from '../faults.ts';
import type { ByteSource, Fault, Module } from '../model.ts';
import { readNumbers } from '../safetensors/numbers.ts';
import { countOf } from '../safetensors/types.ts';
import type { BaseWeight } from './base-weights.ts';
import type { UpdateRows } from './update-rows.ts';

/**
 * DoRA (arXiv 2402.09353): W = m ∘ V/‖V‖_c with V = W₀ + s·B·A, ‖·‖_c the norm of each output (PEFT, newer LyCORIS) or of
 * each input, over a convolution's kernel too (older LyCORIS).
 */
export interface DoraFigures {
  /** m and ‖W₀‖_c, one for each output or input. */
  readonly magnitudes: Float64Array;
  readonly baseMagnitudes: Float64Array;
  /** ΔM, the mean of |m − ‖W₀‖_c| (equation 3 of the paper), and ΔD, the mean of 1 − cos(V, W₀) by outputs or inputs. */
  readonly magnitudeChange: number;
  readonly directionChange: number;
}

/** What turns rows of s·B·A into rows of DoRA's ΔW. */
export interface DoraUpdate {
  readonly figures: DoraFigures;
  /** m/‖V‖_c of each output or input. */
  readonly factors: Float64Array;
  readonly groupOf: GroupOf;
}

/** The place of a magnitude for row i and column j of the base's tensor. */
type GroupOf = { readonly by: 'row' } | { readonly by: 'column'; readonly wide: number };

/** One pass over W₀ for the norms. A Fault if magnitudes do not fit, or a part of V is 0. */
export async function doraUpdate(
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
export function applyDora(
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
