import { type Matrix64, transpose } from '../../../math/matrix.ts';
import { withMarks } from '../convert/converted-file.ts';
import { readFactors } from '../factors.ts';
import { safeName } from '../faults.ts';
import type {
  AdapterSource,
  Fault,
  Module,
  ModuleFactors,
  OutputType,
  PredictedResize,
  Spectra,
  WorkOptions,
} from '../model.ts';
import { rescaledFactors } from '../resize/cut-factors.ts';
import { newConfig, tooLargeFault, tooSmallFault, WriteError } from '../resize/metadata.ts';
import { outlineOf, outputTypeOf } from '../resize/outline.ts';
import { predictResize } from '../resize/predict-resize.ts';
import { lastOf, missingModule } from '../resize/resized-file.ts';
import { fromBytes, toBytes } from '../safetensors/numbers.ts';
import type { OutputAdapter } from '../safetensors/write.ts';
import { cutErrors, type DifferenceFigures, neededRank } from './difference-figures.ts';
import {
  type LoraLayer,
  type LoraNames,
  loraLayer,
  type PlannedLora,
  plannedLora,
  storesConv1d,
  type TensorPair,
} from './match-tensors.ts';
import { distanceTo, times } from './panel-products.ts';
import { deltaPanels } from './panels.ts';
import { convergedDirections, findDirections } from './range-finder.ts';

export type DifferenceWay =
  | { readonly by: 'rank'; readonly rank: number }
  | { readonly by: 'energy'; readonly share: number }
  | { readonly by: 'bytes'; readonly bytes: number };

export interface DifferencePlan {
  readonly way: DifferenceWay;
  readonly names: LoraNames;
  /** null: that of the fine-tuned tensor, float16 for float8 and float32 for float64. */
  readonly dtype: OutputType | null;
}

/** A LoRA of a difference before it is cut: ranks, and errors as they are before its factors are rounded. */
export interface DifferenceLora extends PlannedLora, PredictedResize {
  readonly plan: DifferencePlan;
  /** Over everything that changed: what the LoRA leaves out is lost whole. */
  readonly errorOfAll: number;
  /** The norm of what it leaves out. */
  readonly leftNorm: number;
  /** Modules whose share of the energy needs more than the leading directions; they get all of these. */
  readonly short: readonly string[];
  /** Changed tensors that the LoRA does not have, with the sentence why. */
  readonly left: readonly (readonly [pair: TensorPair, why: string])[];
  readonly spectra: Spectra;
  /** Of each module. */
  readonly norms: readonly number[];
  /** Whether the σ of each module are all of them. */
  readonly exact: readonly boolean[];
}

const hypot = (values: readonly number[]) => values.reduce((sum, x) => Math.hypot(sum, x), 0);

/** The error over everything that changed, of a LoRA with an error of its own modules. */
export const errorOverAll = ({ norms, leftNorm }: Pick<DifferenceLora, 'norms' | 'leftNorm'>, error: number): number =>
  Math.hypot(error * hypot(norms), leftNorm) / Math.hypot(hypot(norms), leftNorm);

/** Ranks, errors and size of the LoRA that a plan makes of measured differences. A Fault if nothing can be cut. */
export function differenceLora(
  pairs: readonly TensorPair[],
  figures: readonly DifferenceFigures[],
  plan: DifferencePlan,
): DifferenceLora | Fault {
  const hasConv1d = storesConv1d(pairs);
  const left: (readonly [TensorPair, string])[] = [];
  const found: { readonly layer: LoraLayer; readonly of: DifferenceFigures; readonly sigma: Float64Array }[] = [];
  for (const [i, pair] of pairs.entries()) {
    const of = figures[i];
    if (of.change === 'same bits' || of.change === 'same values') continue;
    const layer = of.odd ?? roundingAlone(pair, of) ?? loraLayer(pair, plan.names, hasConv1d);
    if (typeof layer === 'string') left.push([pair, layer]);
    else if (of.spectrum) found.push({ layer, of, sigma: of.spectrum.sigma });
  }
  const known = new Map(found.map((one) => [one.layer, one]));
  const planned = plannedLora(
    found.map(({ layer }) => layer),
    found.map(({ sigma }) => sigma.length),
    found.map(({ layer }) => outputTypeOf(layer.pair.fine.dtype, plan.dtype)),
    plan.names,
  );
  left.push(...planned.nameless);
  const { adapter, layers } = planned;
  if (layers.length === 0) return nothing(left);
  const ofModule = layers.map((layer) => {
    const one = known.get(layer);
    if (!one) throw new Error(`${layer.name} has no figures`);
    return one;
  });
  const spectra = adapter.modules.map(({ d, k, kernel }, i) => {
    return { d, k, convolution: kernel !== null && kernel[0] * kernel[1] > 1, sigma: ofModule[i].sigma };
  });
  const norms = ofModule.map(({ of }) => of.norm);
  const { ranks, short } = ranksOf(plan.way, planned, spectra, norms);
  const errors = ranks.map((rank, i) => {
    const { sigma, of } = ofModule[i];
    return cutErrors(sigma, of.norm, of.spectrum?.bounds === null)[rank];
  });
  const error = hypot(errors.map((one, i) => one * norms[i])) / hypot(norms);
  const leftNorm = hypot(left.map(([pair]) => figures[pairs.indexOf(pair)].norm).filter(Number.isFinite));
  const way = { by: 'hand', ranks } as const;
  const { bytes } = predictResize(adapter, spectra, resizePlan(way));
  return {
    ...{ ...planned, plan, ranks, errors, bytes, short, left, spectra, norms },
    exact: ofModule.map(({ of }) => of.spectrum?.bounds === null),
    ...{ error, leftNorm, errorOfAll: errorOverAll({ norms, leftNorm }, error) },
  };
}

const roundingAlone = ({ name, base, fine }: TensorPair, { change }: DifferenceFigures) =>
  change === 'rounded'
    ? `${safeName(name)} is ${base.dtype} and ${fine.dtype}, and differs by the rounding alone.`
    : null;

const resizePlan = <W>(way: W) => ({ way, most: null, mostOfConvolutions: null, dtype: null, split: 'both' }) as const;

function nothing(left: DifferenceLora['left']): Fault {
  if (left.length === 0)
    return {
      fault: 'Nothing changed.',
      details: 'Every tensor of both models has the same numbers: there is no difference to cut.',
    };
  return { fault: 'Nothing that changed can be a LoRA.', details: left[0][1] };
}

function ranksOf(way: DifferenceWay, { adapter }: PlannedLora, spectra: Spectra, norms: readonly number[]) {
  if (way.by === 'bytes') {
    // Directions of all modules by σ² per byte, as an adapter is cut to a size.
    return { ranks: predictResize(adapter, spectra, resizePlan(way)).ranks, short: [] };
  }
  const short: string[] = [];
  const ranks = spectra.map((spectrum, i) => {
    const { sigma } = spectrum ?? { sigma: new Float64Array(0) };
    if (way.by === 'rank') return Math.max(1, Math.min(way.rank, sigma.length));
    const needed = neededRank(sigma, norms[i], way.share);
    if (needed === null) short.push(adapter.modules[i].name);
    return Math.max(1, needed ?? sigma.length);
  });
  return { ranks, short };
}

/** Factors as a file holds them, and what they lose: ‖ΔW − B·A‖, with both rounded to their type. */
export interface WrittenCut {
  readonly factors: ModuleFactors;
  readonly lost: number;
}

/**
 * Cuts one module: B·A is the best approximation of ΔW of its rank that lies in the space of the known directions, √σ in
 * each factor. The loss is measured on the rounded factors, over all entries of ΔW: ‖ΔW‖² less the energy that what is
 * written keeps. Throws WriteError if a number does not fit the type.
 */
export async function cutModule(
  lora: DifferenceLora,
  index: number,
  { signal }: WorkOptions = {},
): Promise<WrittenCut> {
  const module = lora.adapter.modules[index];
  const { pair, turned } = lora.layers[index];
  const [rank, spectrum] = [lora.ranks[index], lora.spectra[index]];
  const M = await deltaPanels(pair, signal);
  if (!spectrum) throw new Error(`${module.name} has no spectrum`);
  // The same directions as before, from the same seed, or as good as any.
  const { V, sigma } = lora.exact[index]
    ? await convergedDirections(M, rank, spectrum.sigma)
    : await findDirections(M, spectrum.sigma.length);
  const type = outputTypeOf(pair.fine.dtype, lora.plan.dtype);
  const [L, R] = [await times(M, columns(V, rank)), transpose(columns(V, rank))];
  for (let p = 0; p < rank; p++) {
    // M·v has the length σ.
    const root = Math.sqrt(sigma[p]);
    for (let i = 0; i < L.rows; i++) L.data[i * rank + p] /= root || 1;
    for (let j = 0; j < R.cols; j++) R.data[p * R.cols + j] *= root;
  }
  const fitting = rescaledFactors(L, R, { up: type, down: type });
  if (!fitting) throw new WriteError(tooLargeFault(module, type));
  const { B, A } = fitting;
  for (const { data } of [B, A]) roundInPlace(data, type);
  if ([B, A].some(({ data }) => data.every((x) => x === 0))) throw new WriteError(tooSmallFault(module, type));
  const lost = await distanceTo(M, B, A, 1);
  return { factors: turned ? { B: transpose(A), A: transpose(B) } : { B, A }, lost };
}

/** Numbers that are rounded together: the factors of an embedding may take hundreds of MB. */
const PIECE = 2 ** 20;

function roundInPlace(data: Float64Array, type: OutputType): void {
  for (let at = 0; at < data.length; at += PIECE) {
    const piece = data.subarray(at, at + PIECE);
    piece.set(fromBytes(toBytes(piece, type), type));
  }
}

function columns(V: Matrix64, n: number): Matrix64 {
  const data = new Float64Array(V.rows * n);
  for (let i = 0; i < V.rows; i++) for (let j = 0; j < n; j++) data[i * n + j] = V.data[i * V.cols + j];
  return { rows: V.rows, cols: n, data };
}

/** ‖ΔW − s·B·A‖ over the tensor as it lies in its file. */
async function distance(
  { layers }: DifferenceLora,
  index: number,
  { B, A }: ModuleFactors,
  s: number,
  signal?: AbortSignal,
) {
  const { pair, turned } = layers[index];
  const M = await deltaPanels(pair, signal);
  return turned ? distanceTo(M, transpose(A), transpose(B), s) : distanceTo(M, B, A, s);
}

/** Errors of what is written, relative to ‖ΔW‖. */
export interface WrittenErrors {
  readonly errors: readonly number[];
  readonly error: number;
}

const relative = ({ norms }: DifferenceLora, lost: readonly number[]): WrittenErrors => ({
  errors: lost.map((value, i) => value / norms[i]),
  error: hypot(lost) / hypot(norms),
});

/** The errors that the written file will have, without writing it: every module is cut. */
export async function foretoldErrors(lora: DifferenceLora, going: WorkOptions = {}): Promise<WrittenErrors> {
  const lost: number[] = [];
  for (const index of lora.layers.keys()) {
    lost.push((await cutModule(lora, index, going)).lost);
    going.progress?.(index + 1, lora.layers.length);
  }
  return relative(lora, lost);
}

/** The new file: modules are cut as the writer asks for them; `foretold` is complete once all of it is written. */
export interface DifferenceFile extends OutputAdapter {
  readonly foretold: () => WrittenErrors;
}

export function differenceFile(lora: DifferenceLora, going: WorkOptions = {}): DifferenceFile {
  const { adapter, ranks, spectra } = lora;
  const lost = ranks.map(() => Number.NaN);
  const cutOf = lastOf(async (module: Module) => {
    const cut = await cutModule(lora, module.index, { signal: going.signal });
    lost[module.index] = cut.lost;
    return cut.factors;
  });
  const owners = new Map(
    adapter.modules.flatMap((module) =>
      Object.entries(module.tensors).map(([part, { name }]) => [name, { module, part }] as const),
    ),
  );
  const { tensors, metadata } = outlineOf(adapter, spectra, ranks, null);
  const written = tensors.map(({ name, dtype, shape }) => {
    const owner = owners.get(name);
    if (!owner) throw new Error(`${name} belongs to no module`);
    const { module, part } = owner;
    const type = outputTypeOf(dtype, null);
    const bytes = async () => {
      // s = α/r = 1.
      if (part === 'alpha') return toBytes([ranks[module.index]], type);
      const { A, B } = await cutOf(module);
      return toBytes((part === 'down' ? A : B).data, type);
    };
    return { name, dtype, shape, bytes };
  });
  const modules = adapter.modules.map((module, i) => ({ ...module, rank: ranks[i], alpha: ranks[i] }));
  const config = newConfig({ ...adapter, modules }, ranks);
  const turned = lora.layers.some((layer) => layer.turned && !layer.embedding);
  return {
    file: { metadata, tensors: written },
    config: config === null || adapter.naming !== 'peft' ? null : withMarks(config, modules, turned),
    foretold: () => relative(lora, lost),
  };
}

/** Reads a written LoRA back and holds it against the difference of the two models, entry by entry. */
export async function measuredErrors(
  lora: DifferenceLora,
  after: AdapterSource,
  { signal, progress }: WorkOptions = {},
): Promise<WrittenErrors | Fault> {
  const found = new Map(after.adapter.modules.map((module) => [module.tensors.down?.name, module]));
  const lost: number[] = [];
  for (const [index, { name, tensors, d, k }] of lora.adapter.modules.entries()) {
    const module = found.get(tensors.down?.name);
    if (!module || module.d !== d || module.k !== k) return missingModule(name);
    if (module.scaling === null)
      return { fault: 'α is not known.', details: `${safeName(name)} was read back without its α.` };
    const factors = await readFactors(after.source, module);
    if ('fault' in factors) return factors;
    lost.push(await distance(lora, index, factors, module.scaling, signal));
    progress?.(index + 1, lora.layers.length);
  }
  return relative(lora, lost);
}
