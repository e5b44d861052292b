import { allFinite, frobenius, scale, vstack } from '../../../math/matrix.ts';
import { productSpectrum } from '../../../math/spectral/product-svd.ts';
import { targetParameters } from '../experts/experts.ts';
import { joinedExperts, readEach } from '../factors.ts';
import { safeName } from '../faults.ts';
import { productBound } from '../figures.ts';
import type {
  Adapter,
  AdapterSource,
  ByteSource,
  Fault,
  MergePlan,
  Module,
  ModuleFactors,
  OutputType,
  TensorEntry,
  WorkOptions,
} from '../model.ts';
import { cutFactors, type Distance, distanceOf, rescaledFactors, stored } from '../resize/cut-factors.ts';
import { alphaBytes, missingTargets, newMetadataAndConfig, tooLargeFault, WriteError } from '../resize/metadata.ts';
import { outputTypeOf } from '../resize/outline.ts';
import { checkRounding, errorsOf, type FileErrors, lastOf, missingModule, together } from '../resize/resized-file.ts';
import { bytesOf as sizeOf, toBytes } from '../safetensors/numbers.ts';
import { copiedTensor, type OutputAdapter, type OutputTensor, sizeOfFile } from '../safetensors/write.ts';
import { hasPairs } from '../shapes.ts';
import type { CutBytes } from '../work/pair-work.ts';
import { bytesOfTensors, FEW_AHEAD } from '../work/schedule.ts';
import { hstack } from './compare.ts';
import {
  cutOfMatrix,
  type DenseMerge,
  denseMerge,
  distanceToMatrix,
  linearFactors,
  type WeightedFactors,
} from './dense-merge.ts';
import { isDense, type MergedModule, mergedModules } from './merged-modules.ts';

const writtenType = (dtype: string) => outputTypeOf(dtype, null);

/** A merge before it is written. */
export interface AdapterMerge extends OutputAdapter {
  readonly modules: readonly MergedModule[];
  /** Errors before anything is written; of TIES and DARE this computes every module. */
  readonly foretell: (going?: WorkOptions) => Promise<ForetoldMerge | Fault>;
  /** A written file against what the method aims at: ‖merged − aim‖/‖aim‖ of each of its modules, and over all. */
  readonly measure: (after: AdapterSource, going?: WorkOptions) => Promise<FileErrors | Fault>;
}

/** Errors relative to the aim: the sum, of TIES and DARE their own ΔW before it is cut. */
export interface ForetoldMerge extends FileErrors {
  /** Error of adding the factors, against the sum; null if ranks differ in a layer. */
  readonly linear: number | null;
  /** Of TIES and DARE: how far their ΔW is from the plain sum, ‖ΔW − Σ‖/‖Σ‖. */
  readonly offSum: number | null;
}

/** Bytes of factors that are kept between foretelling and writing. */
const KEPT = 2 ** 28;

/**
 * The merge of several files; names and all else are those of the first. Factors are computed when the writer asks for
 * them; it throws WriteError if numbers do not fit their type, or have to be cut and are not finite.
 */
export function mergeOf(files: readonly AdapterSource[], plan: MergePlan): AdapterMerge | Fault {
  const [{ adapter }] = files;
  const modules = mergedModules(
    files.map((of) => of.adapter),
    plan,
  );
  if ('fault' in modules) return modules;
  const sources = files.map(({ source }) => source);
  const dense = new Map<MergedModule, Promise<readonly DenseCut[]>>();
  let kept = 0;
  const denseOf = (of: MergedModule): Promise<readonly DenseCut[]> => {
    const known = dense.get(of);
    if (known) return known;
    const made = denseCuts(of, sources, plan);
    const { d, k, rank, experts = 1 } = of.module;
    kept += 8 * experts * rank * (d + k);
    if (kept <= KEPT) dense.set(of, made);
    return made;
  };
  const partsOf = lastOf(async (of: MergedModule) => {
    const { module } = of;
    const made = isDense(plan.method)
      ? (await denseOf(of)).map(({ factors }) => cut(module, factors))
      : (await weightedFactors(of, sources)).map((all) => newFactors(of, all, plan));
    const parts = partsFrom(module, made);
    const norm = made.reduce((sum, factors) => sum + productBound(factors, module.scaling ?? 1), 0);
    const whole = async () =>
      (await weightedFactors(of, sources)).flat().reduce((sum, { factors, by }) => sum + productBound(factors, by), 0);
    await checkRounding({ module, types: typesOf(module), norm, whole }, parts);
    return parts;
  });
  const tensors = modules.flatMap((of) => tensorsOf(of, sources, partsOf));
  const beside = [...adapter.others, ...adapter.unpaired.map(([tensor]) => tensor)];
  const { metadata, config } = sayingsOf(adapter, modules);
  const experts = config === null && modules.find(({ module }) => module.kind === 'experts');
  if (experts)
    return {
      fault: 'The first file has no adapter_config.json.',
      details: `The experts of ${safeName(experts.module.name)} are read by what that file says. Put the file with experts first.`,
    };
  return {
    modules,
    file: { metadata, tensors: [...tensors, ...beside.map((tensor) => copiedTensor(files[0].source, tensor))] },
    config,
    foretell: (going = {}) => foretold(modules, sources, plan, denseOf, going),
    measure: (after, going = {}) => measured(modules, sources, plan, after, going),
  };
}

export function mergedFileSize(files: readonly Adapter[], plan: MergePlan): number | Fault {
  const closed: ByteSource = {
    name: '',
    size: 0,
    read: () => Promise.reject(new Error('the size alone was asked for')),
  };
  const made = mergeOf(
    files.map((adapter) => ({ source: closed, adapter })),
    plan,
  );
  return 'fault' in made ? made : sizeOfFile(made.file);
}

interface DenseCut extends Omit<DenseMerge, 'update'> {
  readonly factors: ModuleFactors;
  readonly norm: number;
  /** ‖ΔW − B·A‖/‖ΔW‖. */
  readonly error: number;
}

/** ΔW of TIES or DARE, of one expert after the other. */
async function* denseUpdates(
  of: MergedModule,
  sources: readonly ByteSource[],
  plan: MergePlan,
): AsyncGenerator<DenseMerge> {
  const { module } = of;
  for (const [e, all] of (await weightedFactors(of, sources)).entries()) {
    const layer = module.experts === undefined ? module.canonical : `${module.canonical} ${e}`;
    const made = denseMerge(all, layer, plan);
    if (made === null) throw new WriteError(notFinite(module));
    yield made;
  }
}

async function denseCuts(
  of: MergedModule,
  sources: readonly ByteSource[],
  plan: MergePlan,
): Promise<readonly DenseCut[]> {
  const cuts: DenseCut[] = [];
  for await (const { update, sum, offSum } of denseUpdates(of, sources, plan))
    cuts.push({ ...(await cutOfMatrix(update, of.module.rank)), norm: frobenius(update), sum, offSum });
  return cuts;
}

async function foretold(
  modules: readonly MergedModule[],
  sources: readonly ByteSource[],
  plan: MergePlan,
  denseOf: (of: MergedModule) => Promise<readonly DenseCut[]>,
  going: WorkOptions,
): Promise<ForetoldMerge | Fault> {
  const sums = { linear: 0, whole: 0, offSum: 0 };
  let isAdded = true;
  const ofPair = ({ module, summands }: MergedModule, all: readonly WeightedFactors[]): Distance | null => {
    const sum = stackedSum(all);
    if (!isSound(sum)) return null;
    const adds = summands.every((one) => one.module.rank === summands[0].module.rank);
    const added = adds ? distanceOf(sum, 1, linearFactors(all), 1) : null;
    if (!adds) isAdded = false;
    sums.linear = Math.hypot(sums.linear, added?.distance ?? Infinity);
    sums.whole = Math.hypot(sums.whole, added?.norm ?? 0);
    if (plan.method === 'linear') return added;
    const sigma = productSpectrum(sum.B, sum.A, 1);
    return { norm: hypotOf(sigma, 0), distance: module.rank < sum.B.cols ? hypotOf(sigma, module.rank) : 0 };
  };
  const compare = async (of: MergedModule): Promise<Distance | null> => {
    if (!hasPairs(of.module)) return null;
    if (!isDense(plan.method)) return together((await weightedFactors(of, sources)).map((all) => ofPair(of, all)));
    const cuts = await denseOf(of);
    for (const { sum, offSum } of cuts) {
      sums.offSum = Math.hypot(sums.offSum, offSum);
      sums.whole = Math.hypot(sums.whole, sum);
    }
    return together(cuts.map(({ norm, error }) => ({ norm, distance: error * norm })));
  };
  const found = await errorsOf(modules, { compare, bytesOf, ahead: () => 1 }, going);
  if ('fault' in found) return found;
  const share = (part: number) => (part === 0 ? 0 : part / sums.whole);
  return isDense(plan.method)
    ? { ...found, linear: null, offSum: share(sums.offSum) }
    : { ...found, linear: isAdded ? share(sums.linear) : null, offSum: null };
}

/** √Σσ² from this index on, from the smallest. */
function hypotOf(sigma: Float64Array, from: number): number {
  let sum = 0;
  for (let i = sigma.length - 1; i >= from; i--) sum += sigma[i] * sigma[i];
  return Math.sqrt(sum);
}

async function measured(
  modules: readonly MergedModule[],
  sources: readonly ByteSource[],
  plan: MergePlan,
  after: AdapterSource,
  going: WorkOptions,
): Promise<FileErrors | Fault> {
  const found = new Map(after.adapter.modules.map((module) => [keyOf(module), module]));
  const compare = async (of: MergedModule) => {
    const written = found.get(keyOf(of.module));
    if (!written) return missingModule(safeName(of.module.name));
    if (!hasPairs(of.module)) return null;
    const each = await readEach(after.source, written);
    if ('fault' in each) return each;
    const s = written.scaling ?? 1;
    if (each.length !== (of.module.experts ?? 1)) return missingModule(safeName(of.module.name));
    if (!isDense(plan.method)) {
      const sums = await weightedFactors(of, sources);
      return together(sums.map((all, e) => distanceOf(stackedSum(all), 1, each[e], s)));
    }
    const distances: Distance[] = [];
    for await (const { update } of denseUpdates(of, sources, plan)) {
      const distance = await distanceToMatrix(update, each[distances.length], s);
      distances.push({ norm: frobenius(update), distance });
    }
    return together(distances);
  };
  return errorsOf(modules, { compare, bytesOf, ahead: isDense(plan.method) ? () => 1 : FEW_AHEAD }, going);
}

const bytesOf = ({ summands }: MergedModule) =>
  summands.reduce((sum, { module }) => sum + bytesOfTensors(module.tensors), 0);

const keyOf = ({ name, tensors }: Module) => tensors.down?.name ?? name;

function sayingsOf(a: Adapter, modules: readonly MergedModule[]) {
  const all = modules.map(({ module }) => module);
  const said = newMetadataAndConfig({ ...a, modules: all });
  return { ...said, config: said.config && withTargets(said.config, a, all) };
}

/** target_modules and target_parameters also have the layers of the second file alone. */
function withTargets(text: string, { modules, config }: Adapter, all: readonly Module[]): string {
  const json: { target_modules?: unknown } = JSON.parse(text);
  const known = config?.targetParameters ?? [];
  const parameters = targetParameters(known, all);
  const withParameters = parameters === known ? json : { ...json, target_parameters: parameters };
  const before = new Set(modules.map(({ name }) => name));
  const added = all.flatMap(({ name, parameter }) => (before.has(name) || parameter !== undefined ? [] : [name]));
  if (added.length === 0) return parameters === known ? text : `${JSON.stringify(withParameters, null, 2)}\n`;
  const { target_modules: targets } = json;
  const changed = Array.isArray(targets)
    ? [...targets, ...missingTargets(targets, added)]
    : typeof targets === 'string'
      ? `(?:${targets})|${added.map((name) => name.replaceAll('.', '\\.')).join('|')}`
      : targets;
  return `${JSON.stringify({ ...withParameters, target_modules: changed }, null, 2)}\n`;
}

function tensorsOf(
  of: MergedModule,
  sources: readonly ByteSource[],
  partsOf: (of: MergedModule) => Promise<CutBytes>,
): readonly OutputTensor[] {
  const { module, summands, copied } = of;
  const { up, down, alpha } = module.tensors;
  if (copied) return Object.values(module.tensors).map((tensor) => copiedTensor(sources[summands[0].file], tensor));
  if (!up || !down) return [];
  const tensor = ({ name, dtype, shape }: TensorEntry, part: 'up' | 'down'): OutputTensor => ({
    ...{ name, dtype, shape },
    bytes: async () => (await partsOf(of))[part],
  });
  const own = alpha && {
    ...alpha,
    bytes: async () => alphaBytes(module, module.alpha ?? 0, writtenType(alpha.dtype)),
  };
  return [tensor(down, 'down'), tensor(up, 'up'), ...(own ? [own] : [])];
}

/** The numbers of both tensors, from the factors of each expert. */
function partsFrom(module: Module, each: readonly ModuleFactors[]): CutBytes {
  const types = typesOf(module);
  const parts = each.map((factors) => {
    const { B, A } = stored(module, factors);
    return { up: toBytes(B.data, types.up), down: toBytes(A.data, types.down) };
  });
  return parts.length === 1 ? parts[0] : joinedExperts(parts, sizeOf(types.up, []));
}

const isSound = ({ B, A }: ModuleFactors) => allFinite(B) && allFinite(A);

/** Of w·s·B·A: squares of larger norms overflow. */
const MOST_NORM = 1e150;

/**
 * The summands of a module, of each of its experts, read from their files. Throws WriteError if one has no factors, or
 * finite ones whose product is too large.
 */
export async function weightedFactors(
  { module: { experts = 1 }, summands }: MergedModule,
  sources: readonly ByteSource[],
): Promise<readonly (readonly WeightedFactors[])[]> {
  const each = Array.from({ length: experts }, (): WeightedFactors[] => []);
  for (const { file, module, weight } of summands) {
    const found = await readEach(sources[file], module);
    if ('fault' in found) throw new WriteError(found);
    const by = weight * (module.scaling ?? 1);
    for (const [e, factors] of found.entries()) {
      if (isSound(factors) && !(productBound(factors, by) < MOST_NORM)) throw new WriteError(tooLargeUpdate(module));
      each[e].push({ file, factors, by });
    }
  }
  return each;
}

/** The sum as [w₁s₁B₁ w₂s₂B₂]·[A₁; A₂]. */
const stackedSum = (all: readonly WeightedFactors[]): ModuleFactors =>
  all.map(({ factors: { B, A }, by }) => ({ B: scale(B, by), A })).reduce(stacked);

const stacked = (x: ModuleFactors, y: ModuleFactors): ModuleFactors => ({ B: hstack(x.B, y.B), A: vstack(x.A, y.A) });

/**
 * B and A with `by` times the product, the sign in B. A takes a power of two, which rounds nothing: only B is rounded
 * when written, and not at all if `by` is a power of two too.
 */
function rescaled({ B, A }: ModuleFactors, by: number): ModuleFactors {
  if (by === 1) return { B, A };
  if (by === 0) return { B: scale(B, 0), A };
  const half = 2 ** Math.round(Math.log2(Math.abs(by)) / 2);
  return { B: scale(B, by / half), A: half === 1 ? A : scale(A, half) };
}

function newFactors(
  { module, summands }: MergedModule,
  all: readonly WeightedFactors[],
  { method }: MergePlan,
): ModuleFactors {
  const s = module.scaling ?? 1;
  const ranks = summands.reduce((sum, of) => sum + of.module.rank, 0);
  if (method !== 'linear' && module.rank < ranks) return cut(module, stackedSum(all));
  const types = typesOf(module);
  const { B, A } =
    method === 'linear' && summands.length > 1
      ? rescaled(linearFactors(all), 1 / s)
      : all.map(({ factors, by }) => rescaled(factors, by / s)).reduce(stacked);
  // Entries of a source that are not finite are copied with the rest.
  const sound = all.every(({ factors }) => isSound(factors));
  return fitting(module, sound ? rescaledFactors(B, A, types) : { B, A });
}

interface FactorTypes {
  readonly up: OutputType;
  readonly down: OutputType;
}

function typesOf({ tensors: { up, down } }: Module): FactorTypes {
  return { up: writtenType(up?.dtype ?? 'F32'), down: writtenType(down?.dtype ?? 'F32') };
}

function fitting(module: Module, made: ModuleFactors | null): ModuleFactors {
  if (made !== null) return made;
  throw new WriteError(tooLargeFault(module, typesOf(module).up));
}

/** B·A cut to the rank of the module, and divided by its s. */
function cut(module: Module, factors: ModuleFactors): ModuleFactors {
  if (!isSound(factors)) throw new WriteError(notFinite(module));
  const s = module.scaling ?? 1;
  const signed = { ...factors, B: s < 0 ? scale(factors.B, -1) : factors.B };
  return fitting(module, cutFactors(signed, module.rank, 1 / Math.abs(s), 'both', typesOf(module)));
}

const tooLargeUpdate = ({ name }: Module): Fault => ({
  fault: 'An update is too large.',
  details: `Numbers of ${safeName(name)} are finite, and their product B·A, times s and its weight, is beyond 10¹⁵⁰. Repair the file, or choose a smaller weight.`,
});

const notFinite = ({ name }: Module): Fault => ({
  fault: 'Not every number is finite.',
  details: `${safeName(name)} has NaN or an infinity, and has no singular values. Merge exactly, or repair the file.`,
});
