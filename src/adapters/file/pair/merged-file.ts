import { allFinite, scale } from '../../../math/matrix.ts';
import { newName, pipelineOf } from '../convert/names.ts';
import { readFactors } from '../factors.ts';
import { safeName, twice } from '../faults.ts';
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
import {
  alphaBytes,
  isAlphaInMetadata,
  missingTargets,
  newMetadataAndConfig,
  tooLargeFault,
  WriteError,
} from '../resize/metadata.ts';
import { alphaNameOf, factorShape, isAlphaElsewhere, outputTypeOf, typeOfAlpha } from '../resize/outline.ts';
import {
  cutFactors,
  distanceOf,
  errorsOf,
  lastOf,
  missingModule,
  rescaledFactors,
  stored,
} from '../resize/resized-file.ts';
import { toBytes } from '../safetensors/numbers.ts';
import { copiedTensor, type OutputAdapter, type OutputTensor, sizeOfFile } from '../safetensors/write.ts';
import { hstack, matchModules, vstack } from './compare.ts';

const writtenType = (dtype: string) => outputTypeOf(dtype, null);

/**
 * The file of w₁ΔW₁ + w₂ΔW₂, exactly, with ranks added, or cut to a rank; names and all else are those of the first.
 * Factors are computed when the writer asks for them; it throws WriteError if numbers do not fit their type, or have to
 * be cut and are not finite.
 */
export function mergedFile(a: AdapterSource, b: AdapterSource, plan: MergePlan): OutputAdapter | Fault {
  const modules = mergedModules(a.adapter, b.adapter, plan);
  if ('fault' in modules) return modules;
  const sources = [a.source, b.source] as const;
  const factorsOf = lastOf(async (of: MergedModule) =>
    stored(of.module, newFactors(of, await summandsOf(of, sources))),
  );
  const tensors = modules.flatMap((of) => tensorsOf(of, sources, factorsOf));
  const beside = [...a.adapter.others, ...a.adapter.unpaired.map(([tensor]) => tensor)];
  const { metadata, config } = sayingsOf(a.adapter, modules);
  return {
    file: { metadata, tensors: [...tensors, ...beside.map((tensor) => copiedTensor(a.source, tensor))] },
    config,
  };
}

export function mergedFileSize(a: Adapter, b: Adapter, plan: MergePlan): number | Fault {
  const closed: ByteSource = {
    name: '',
    size: 0,
    read: () => Promise.reject(new Error('the size alone was asked for')),
  };
  const made = mergedFile({ source: closed, adapter: a }, { source: closed, adapter: b }, plan);
  return 'fault' in made ? made : sizeOfFile(made.file);
}

/** A written merged file against the sum: ‖merged − sum‖/‖sum‖ of each of its modules, and over all. */
export async function measureMergeErrors(
  a: AdapterSource,
  b: AdapterSource,
  plan: MergePlan,
  after: AdapterSource,
  going: WorkOptions = {},
) {
  const modules = mergedModules(a.adapter, b.adapter, plan);
  if ('fault' in modules) return modules;
  const sources = [a.source, b.source] as const;
  const found = new Map(after.adapter.modules.map((module) => [keyOf(module), module]));
  const compare = async (of: MergedModule) => {
    const written = found.get(keyOf(of.module));
    if (!written) return missingModule(safeName(of.module.name));
    if (of.module.kind !== 'lora') return null;
    const factors = await readFactors(after.source, written);
    if ('fault' in factors) return factors;
    return distanceOf(stackedSum(await summandsOf(of, sources)), 1, factors, written.scaling ?? 1);
  };
  return errorsOf(modules, compare, going);
}

const keyOf = ({ name, tensors }: Module) => tensors.down?.name ?? name;

function sayingsOf(a: Adapter, modules: readonly MergedModule[]) {
  const all = modules.map(({ module }) => module);
  const said = newMetadataAndConfig({ ...a, modules: all });
  return { ...said, config: said.config && withTargets(said.config, a, all) };
}

/** target_modules also has the layers of the second file alone. */
function withTargets(text: string, { modules }: Adapter, all: readonly Module[]): string {
  const json: { target_modules?: unknown } = JSON.parse(text);
  const before = new Set(modules.map(({ name }) => name));
  const added = all.flatMap(({ name }) => (before.has(name) ? [] : [name]));
  if (added.length === 0) return text;
  const { target_modules: targets } = json;
  const changed = Array.isArray(targets)
    ? [...targets, ...missingTargets(targets, added)]
    : typeof targets === 'string'
      ? `(?:${targets})|${added.map((name) => name.replaceAll('.', '\\.')).join('|')}`
      : targets;
  return `${JSON.stringify({ ...json, target_modules: changed }, null, 2)}\n`;
}

function tensorsOf(
  of: MergedModule,
  sources: readonly [ByteSource, ByteSource],
  factorsOf: (of: MergedModule) => Promise<ModuleFactors>,
): readonly OutputTensor[] {
  const { module, summands, copied } = of;
  const { up, down, alpha } = module.tensors;
  if (copied) return Object.values(module.tensors).map((tensor) => copiedTensor(sources[summands[0].file], tensor));
  if (!up || !down) return [];
  const tensor = ({ name, dtype, shape }: TensorEntry, part: 'B' | 'A'): OutputTensor => ({
    ...{ name, dtype, shape },
    bytes: async () => toBytes((await factorsOf(of))[part].data, writtenType(dtype)),
  });
  const own = alpha && {
    ...alpha,
    bytes: async () => alphaBytes(module, module.alpha ?? 0, writtenType(alpha.dtype)),
  };
  return [tensor(down, 'A'), tensor(up, 'B'), ...(own ? [own] : [])];
}

interface WeightedFactors {
  readonly factors: ModuleFactors;
  readonly by: number;
}

async function summandsOf(
  { summands }: MergedModule,
  sources: readonly [ByteSource, ByteSource],
): Promise<WeightedFactors[]> {
  const all: WeightedFactors[] = [];
  for (const { file, module, weight } of summands) {
    const factors = await readFactors(sources[file], module);
    if ('fault' in factors) throw new WriteError(factors);
    all.push({ factors, by: weight * (module.scaling ?? 1) });
  }
  return all;
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

function newFactors({ module, summands }: MergedModule, all: readonly WeightedFactors[]): ModuleFactors {
  const s = module.scaling ?? 1;
  const ranks = summands.reduce((sum, of) => sum + of.module.rank, 0);
  const { up, down } = module.tensors;
  const types = { up: writtenType(up?.dtype ?? 'F32'), down: writtenType(down?.dtype ?? 'F32') };
  const made = module.rank >= ranks ? exactly(all, s, types) : cut(module, stackedSum(all), s, types);
  if (made !== null) return made;
  throw new WriteError(tooLargeFault(module, types.up));
}

interface FactorTypes {
  readonly up: OutputType;
  readonly down: OutputType;
}

function exactly(all: readonly WeightedFactors[], s: number, types: FactorTypes): ModuleFactors | null {
  const { B, A } = all.map(({ factors, by }) => rescaled(factors, by / s)).reduce(stacked);
  // Entries of a source that are not finite are copied with the rest.
  return allFinite(B) && allFinite(A) ? rescaledFactors(B, A, types) : { B, A };
}

function cut(module: Module, sum: ModuleFactors, s: number, types: FactorTypes): ModuleFactors | null {
  if (!allFinite(sum.B) || !allFinite(sum.A)) {
    throw new WriteError({
      fault: 'Not every number is finite.',
      details: `${safeName(module.name)} has NaN or an infinity, and has no singular values. Merge exactly, or repair the file.`,
    });
  }
  const { B, A } = sum;
  return cutFactors({ B: s < 0 ? scale(B, -1) : B, A }, module.rank, 1 / Math.abs(s), 'both', types);
}

interface Summand {
  readonly file: 0 | 1;
  readonly module: Module;
  readonly weight: number;
}

interface MergedModule {
  /** As the new file has it: names, shapes and types of its tensors, rank, α and s. */
  readonly module: Module;
  readonly summands: readonly Summand[];
  readonly copied: boolean;
}

/** The modules of the merged file, in the naming of the first, or why there is none. */
function mergedModules(a: Adapter, b: Adapter, plan: MergePlan): readonly MergedModule[] | Fault {
  const matched = matchModules(a, b);
  const carried = plan.others === 'carried';
  const refused = refusal(a, b, plan, matched.pairs.length) ?? (carried ? unlikeFault(a, matched.unlike, b) : null);
  if (refused) return refused;
  const [w1, w2] = plan.weights;
  const first = (i: number): Summand => ({ file: 0, module: a.modules[i], weight: w1 });
  const second = (j: number): Summand => ({ file: 1, module: b.modules[j], weight: w2 });
  const alone = (like: Module, summand: Summand) =>
    like.kind === 'lora' ? sumOf(a, like, [summand], plan) : asItIs(summand);
  const merged = matched.pairs.map(([i, j]) => sumOf(a, a.modules[i], [first(i), second(j)], plan));
  if (carried && w1 !== 0) merged.push(...matched.onlyFirst.map((i) => alone(a.modules[i], first(i))));
  for (const j of carried && w2 !== 0 ? matched.onlySecond : []) {
    const module = inNamingOf(a, b, b.modules[j]);
    if ('fault' in module) return module;
    merged.push(alone(module, second(j)));
  }
  const odd = merged.find(({ module, summands }) => module.kind !== 'lora' && summands[0].weight !== 1);
  if (odd) {
    return {
      fault: 'Not every module can be weighted.',
      details: `${safeName(odd.module.name)} is no pair B·A: it is carried at weight 1 only. Leave out modules that one file alone has.`,
    };
  }
  const name = twice(merged.flatMap(({ module }) => Object.values(module.tensors).map((tensor) => tensor.name)));
  if (name !== null)
    return {
      fault: 'Two tensors would have one name.',
      details: `Both files have ${safeName(name)} for other layers.`,
    };
  return merged.map((of, index) => ({ ...of, module: { ...of.module, index } }));
}

function refusal(a: Adapter, b: Adapter, { weights, rank }: MergePlan, pairs: number): Fault | null {
  for (const adapter of [a, b]) {
    const unknown = adapter.modules.find(({ scaling }) => scaling === null);
    if (unknown) {
      return {
        fault: `α of ${safeName(adapter.name)} is not known.`,
        details: `Without s = α/r its size in the sum is not known either. Say what α is: ${safeName(unknown.name)} has none.`,
      };
    }
    const dora = adapter.modules.find(({ magnitude }) => magnitude !== null);
    if (dora) {
      return {
        fault: `${safeName(adapter.name)} is DoRA.`,
        details: `Its magnitudes scale W₀ + s·B·A, and W₀ is not in the file: the update of ${safeName(dora.name)} cannot be added to another.`,
      };
    }
  }
  const biased = [...a.modules, ...b.modules].find(({ tensors }) => tensors.bias);
  if (biased) {
    return {
      fault: 'A module has a bias beside B.',
      details: `${safeName(biased.name)} changes the bias of its layer too, and two such changes are not merged here.`,
    };
  }
  if (pairs === 0) {
    const [ofA, ofB] = [a, b].map(({ modules }) => safeName(modules.at(0)?.name ?? ''));
    return {
      fault: 'The two files have no module in common.',
      details: `${ofA} and ${ofB} belong to different models, or no name here tells that they are one.`,
    };
  }
  if (!weights.every(Number.isFinite) || weights.every((weight) => weight === 0)) {
    return { fault: 'Nothing would be left.', details: `The weights are ${weights.join(' and ')}. One must not be 0.` };
  }
  if (rank !== null && !(Number.isInteger(rank) && rank > 0)) {
    return { fault: `Rank ${rank} is not possible.`, details: 'A rank is a whole number from 1.' };
  }
  return null;
}

function unlikeFault(a: Adapter, unlike: readonly (readonly [number, number])[], b: Adapter): Fault | null {
  if (unlike.length === 0) return null;
  const inputs = inputsOfText(a, b, unlike);
  if (inputs !== null)
    return {
      fault: 'These adapters belong to two models.',
      details: `Their modules read texts of ${inputs[0]} and ${inputs[1]} features, as Stable Diffusion 1 and 2 do (768 and 1024; XL: 2048).`,
    };
  return {
    fault: `${unlike.length === 1 ? '1 module has' : `${unlike.length} modules have`} another shape in the second file.`,
    details: `${safeName(a.modules[unlike[0][0]].name)} cannot be added to its namesake. Leave out modules that have no partner.`,
  };
}

/** Widths of the text that cross-attention reads, if all unlike modules differ in the same two. */
function inputsOfText(a: Adapter, b: Adapter, unlike: readonly (readonly [number, number])[]) {
  const pairs = unlike.map(([i, j]) => [a.modules[i], b.modules[j]] as const);
  const [[first, second]] = pairs;
  const alike = pairs.every(
    ([one, other]) =>
      one.place?.group === 'cross-attention' && one.d === other.d && one.k === first.k && other.k === second.k,
  );
  return alike && first.k !== second.k ? [first.k, second.k].map(String) : null;
}

/** A module of the new file for a weighted sum, with the names of `like`. */
function sumOf(a: Adapter, like: Module, all: readonly Summand[], plan: MergePlan): MergedModule {
  const summands = all.filter(({ weight }) => weight !== 0);
  const ranks = summands.reduce((sum, { module }) => sum + module.rank, 0);
  const exact = plan.rank === null || plan.rank >= ranks;
  const rank = exact ? ranks : Math.min(plan.rank ?? ranks, like.d, like.k);
  const { up, down } = like.tensors;
  const [first] = summands;
  const same = up && down && [up, down].every((of) => outputTypeOf(of.dtype, plan.dtype) === of.dtype);
  const alone = summands.length === 1 && first.file === 0 && first.weight === 1;
  const { alpha } = like.tensors;
  const said = alpha ? !isAlphaElsewhere(a, alpha) : !inTensors(a, like.name);
  if (alone && exact && same && said) return asItIs(first);
  return { module: writtenModule(a, like, rank, plan.dtype), summands, copied: false };
}

const asItIs = (summand: Summand): MergedModule => ({ module: summand.module, summands: [summand], copied: true });

function writtenModule(a: Adapter, like: Module, rank: number, dtype: OutputType | null): Module {
  const { up, down, alpha } = like.tensors;
  if (!up || !down) throw new Error(`${like.name} has no pair of factors`);
  const usable = like.scaling !== null && like.scaling !== 0 && Number.isFinite(like.scaling);
  const scaling = like.rule === 'scale' || usable ? (like.scaling ?? 1) : 1;
  const value = newAlpha(like, usable, rank);
  const module: Module = { ...like, rank, alpha: value, scaling };
  const tensor = (of: TensorEntry, part: 'up' | 'down'): TensorEntry => ({
    name: of.name,
    dtype: outputTypeOf(of.dtype, dtype),
    shape: factorShape(like, of, part, rank),
    from: 0,
    to: 0,
  });
  const own =
    alpha ?? (isAlphaInMetadata(a, like.name) ? null : { name: alphaNameOf(down.name), dtype: 'F32', shape: [] });
  const withAlpha =
    own && value !== null ? { alpha: { ...own, shape: [], dtype: typeOfAlpha(value, own.dtype), from: 0, to: 0 } } : {};
  return { ...module, tensors: { up: tensor(up, 'up'), down: tensor(down, 'down'), ...withAlpha } };
}

/** Whether the first file has this module's α in a tensor, not in its config or header. */
function inTensors(a: Adapter, name: string): boolean {
  return !isAlphaInMetadata(a, name) || (a.config === null && a.modules.some(({ tensors }) => tensors.alpha));
}

function newAlpha({ rule, alpha, rank: before }: Module, usable: boolean, rank: number): number | null {
  if (rule === 'scale') return null;
  if (!usable || alpha === null) return rule === 'α/r' ? rank : Math.sqrt(rank);
  return rule === 'α/r' ? (alpha * rank) / before : alpha * Math.sqrt(rank / before);
}

/** A module of the second file with the names, type and rule for s that the first would give it. */
function inNamingOf(a: Adapter, b: Adapter, module: Module): Module | Fault {
  const { up, down, mid } = module.tensors;
  const underscored = a.naming === 'kohya' || a.naming === 'lycoris';
  if (module.kind !== 'lora' || !up || !down) {
    return underscored ? module : noName(`${safeName(module.name)} is no pair B·A.`);
  }
  const sample = a.modules.find(({ kind }) => kind === 'lora') ?? module;
  const { rule, transposed, dtype } = sample;
  // MLX has one scale for all.
  const scaling = rule === 'scale' ? (sample.scaling ?? 1) : (module.scaling ?? 1);
  const alpha = rule === 'scale' ? null : scaling * (rule === 'α/r' ? module.rank : Math.sqrt(module.rank));
  const turned = transposed !== module.transposed;
  const shapeOfDown = mid ? [module.rank, down.shape[1], ...mid.shape.slice(2)] : down.shape;
  const shape = (of: readonly number[]) => (turned ? of.toReversed() : of);
  const tensors = {
    down: { ...down, dtype, shape: shape(shapeOfDown) },
    up: { ...up, dtype, shape: shape(up.shape) },
  };
  const scaled = { ...module, rule, scaling, alpha, transposed, dtype, tensors };
  if (a.naming === b.naming) {
    return module.tensors.alpha && !isAlphaInMetadata(a, module.name)
      ? { ...scaled, tensors: { ...tensors, alpha: module.tensors.alpha } }
      : scaled;
  }
  const to = underscored ? 'kohya' : a.naming === 'diffusers' ? 'diffusers' : 'peft';
  const several = a.modules.some(({ name }) => /^(?:unet|transformer|text_encoder(?:_\d)?)\./.test(name));
  const ownWords = a.modules.some(({ name }) => /^lora_unet_(?:down|up)_blocks_/.test(name));
  const pipeline = pipelineOf([a, b]);
  const name = newName(module, { ...pipeline, to, several, xl: pipeline.xl && !ownWords });
  if (typeof name === 'string') return noName(name);
  const [newDown, newUp] = marksLike(sample, name.module, name.prefix, a.naming);
  return {
    ...scaled,
    name: name.module,
    tensors: { down: { ...tensors.down, name: newDown }, up: { ...tensors.up, name: newUp } },
  };
}

const noName = (why: string): Fault => ({
  fault: 'A module has no name in the naming of the first file.',
  details: `${why} Leave out modules that one file alone has.`,
});

function marksLike(
  { tensors }: Module,
  name: string,
  prefix: string,
  naming: Adapter['naming'],
): readonly [string, string] {
  if (naming === 'mlx') return [`${name}.lora_a`, `${name}.lora_b`];
  if (naming === 'kohya' || naming === 'lycoris') return [`${prefix}.lora_down.weight`, `${prefix}.lora_up.weight`];
  if (naming === 'diffusers' && /\.down\.weight$/.test(tensors.down?.name ?? '')) {
    return [`${name}.lora.down.weight`, `${name}.lora.up.weight`];
  }
  // PEFT may have the adapter's name in between, and no wrapper in front.
  const [, wrapper = '', rest = '.weight'] =
    /^(base_model\.model\.)?.*\.lora_A(.*)$/.exec(tensors.down?.name ?? '') ?? [];
  return [`${wrapper}${name}.lora_A${rest}`, `${wrapper}${name}.lora_B${rest}`];
}
