import { newName, pipelineOf } from '../convert/names.ts';
import { placedParameters } from '../experts/experts.ts';
import { safeName, twice } from '../faults.ts';
import type { Adapter, Fault, MergeMethod, MergePlan, Module, OutputType, TensorEntry } from '../model.ts';
import { alphaFault, isAlphaInMetadata, readOnlyFault } from '../resize/metadata.ts';
import { alphaNameOf, factorShape, isAlphaElsewhere, outputTypeOf, typeOfAlpha } from '../resize/outline.ts';
import { hasPairs, tooManyNumbers } from '../shapes.ts';
import { matchModules } from './compare.ts';

interface Summand {
  /** Its place among the files. */
  readonly file: number;
  readonly module: Module;
  readonly weight: number;
}

/** A module of the merged file, and the summands that it is made of. */
export interface MergedModule {
  /** As the new file has it: names, shapes and types of its tensors, rank, α and s. */
  readonly module: Module;
  readonly summands: readonly Summand[];
  readonly copied: boolean;
}

/** The modules of the merged file, in the naming of the first, or why there is none. */
export function mergedModules(files: readonly Adapter[], plan: MergePlan): readonly MergedModule[] | Fault {
  const layers = refusal(files, plan) ?? layersOf(files, plan);
  if ('fault' in layers) return layers;
  const [a] = files;
  const merged: MergedModule[] = [];
  for (const summands of layers) {
    const [first] = summands;
    const like = first.file === 0 ? first.module : inNamingOf(a, files[first.file], first.module);
    if ('fault' in like) return like;
    const made = hasPairs(like) ? sumOf(a, like, summands, plan) : asItIs({ ...first, module: like });
    if ('fault' in made) return made;
    merged.push(made);
  }
  const odd = merged.find(({ module, summands }) => !hasPairs(module) && summands[0].weight !== 1);
  if (odd) {
    return {
      fault: 'Not every module can be weighted.',
      details: `${safeName(odd.module.name)} is no pair B·A: it is carried at weight 1 only. Leave out modules that one file alone has.`,
    };
  }
  const placed = placedParameters(merged.map(({ module }) => module));
  if ('fault' in placed) return placed;
  const name = twice(placed.flatMap((module) => Object.values(module.tensors).map((tensor) => tensor.name)));
  if (name !== null)
    return {
      fault: 'Two tensors would have one name.',
      details: `Two files have ${safeName(name)} for other layers.`,
    };
  return alphaFault(placed) ?? merged.map((of, index) => ({ ...of, module: { ...placed[index], index } }));
}

/**
 * The modules of each layer: those of the first file, and of each further one by the layers so far. Layers of several
 * files come first; those that weigh nothing are left out.
 */
function layersOf(files: readonly Adapter[], plan: MergePlan): readonly (readonly Summand[])[] | Fault {
  const carried = plan.others === 'carried';
  const [a] = files;
  const summandsOf = (file: number, module: Module): Summand => ({ file, module, weight: plan.weights[file] });
  const layers = a.modules.map((module) => [summandsOf(0, module)]);
  for (const [file, b] of files.entries()) {
    if (file === 0) continue;
    const known: Adapter = { ...a, modules: layers.map(([{ module }], index) => ({ ...module, index })) };
    const matched = matchModules(known, b);
    if (matched.pairs.length === 0) return noneInCommon(a, b, file);
    const unlike = carried ? unlikeFault(known, matched.unlike, b) : null;
    if (unlike) return unlike;
    for (const [i, j] of matched.pairs) layers[i].push(summandsOf(file, b.modules[j]));
    layers.push(...matched.onlySecond.map((j) => [summandsOf(file, b.modules[j])]));
  }
  const [common, alone] = [layers.filter(({ length }) => length > 1), layers.filter(({ length }) => length === 1)];
  return [...common, ...(carried ? alone : [])].filter((layer) => layer.some(({ weight }) => weight !== 0));
}

function noneInCommon(a: Adapter, b: Adapter, file: number): Fault {
  const [ofA, ofB] = [a, b].map(({ modules }) => safeName(modules.at(0)?.name ?? ''));
  return {
    fault:
      file === 1
        ? 'The two files have no module in common.'
        : `File ${file + 1} has no module in common with the others.`,
    details: `${ofA} and ${ofB} belong to different models, or no name here tells that they are one.`,
  };
}

function refusal(files: readonly Adapter[], { weights, rank, method, density }: MergePlan): Fault | null {
  const readOnly = readOnlyFault(files[0]);
  if (readOnly) return readOnly;
  for (const adapter of files) {
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
  const biased = files.flatMap(({ modules }) => modules).find(({ tensors }) => tensors.bias);
  if (biased) {
    return {
      fault: 'A module has a bias beside B.',
      details: `${safeName(biased.name)} changes the bias of its layer too, and two such changes are not merged here.`,
    };
  }
  if (weights.length !== files.length || !weights.every(Number.isFinite) || weights.every((weight) => weight === 0)) {
    return { fault: 'Nothing would be left.', details: `The weights are ${weights.join(' and ')}. One must not be 0.` };
  }
  if (rank !== null && !(Number.isInteger(rank) && rank > 0)) {
    return { fault: `Rank ${rank} is not possible.`, details: 'A rank is a whole number from 1.' };
  }
  if (isDense(method) && !(density > 0 && density <= 1)) {
    return { fault: `Density ${density} is not possible.`, details: 'A density is above 0 and at most 1.' };
  }
  return null;
}

/** Whether a method works on the entries of ΔW, which are then formed. */
export const isDense = (method: MergeMethod): boolean => method === 'ties' || method === 'dare';

function unlikeFault(a: Adapter, unlike: readonly (readonly [number, number])[], b: Adapter): Fault | null {
  if (unlike.length === 0) return null;
  const [one, other] = [a.modules[unlike[0][0]], b.modules[unlike[0][1]]];
  if (one.kind === 'experts' && other.kind === 'experts' && one.experts !== other.experts)
    return {
      fault: 'These adapters belong to two models.',
      details: `${safeName(one.name)} has ${one.experts} experts in one file and ${other.experts} in another.`,
    };
  const inputs = inputsOfText(a, b, unlike);
  if (inputs !== null)
    return {
      fault: 'These adapters belong to two models.',
      details: `Their modules read texts of ${inputs[0]} and ${inputs[1]} features, as Stable Diffusion 1 and 2 do (768 and 1024; XL: 2048).`,
    };
  return {
    fault: `${unlike.length === 1 ? '1 module has' : `${unlike.length} modules have`} another shape in the second file.`,
    details: `${safeName(one.name)} cannot be added to its namesake. Leave out modules that have no partner.`,
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

/** A module of the new file for a layer, with the names of `like`. */
function sumOf(a: Adapter, like: Module, all: readonly Summand[], plan: MergePlan): MergedModule | Fault {
  const summands = all.filter(({ weight }) => weight !== 0);
  const ranks = summands.reduce((sum, { module }) => sum + module.rank, 0);
  if (isDense(plan.method)) return denseOf(a, like, summands, plan, ranks);
  const isLinear = plan.method === 'linear';
  const other = isLinear && summands.find(({ module }) => module.rank !== summands[0].module.rank);
  if (other) {
    return {
      fault: '“Linear” needs equal ranks.',
      details: `${safeName(like.name)} has rank ${summands[0].module.rank} in one file and ${other.module.rank} in another: such factors cannot be added. Merge by cat or svd.`,
    };
  }
  const exact = isLinear || plan.rank === null || plan.rank >= ranks;
  const wanted = isLinear ? summands[0].module.rank : ranks;
  const rank = exact ? wanted : Math.min(plan.rank ?? ranks, like.d, like.k);
  const { up, down } = like.tensors;
  const [first] = summands;
  const same = up && down && [up, down].every((of) => outputTypeOf(of.dtype, plan.dtype) === of.dtype);
  const alone = summands.length === 1 && first.file === 0 && first.weight === 1;
  const { alpha } = like.tensors;
  const said = alpha ? !isAlphaElsewhere(a, alpha) : !inTensors(a, like.name);
  if (alone && exact && same && said) return asItIs(first);
  if (tooManyNumbers(like, rank)) return tooLarge(like, rank);
  return { module: writtenModule(a, like, rank, plan.dtype), summands, copied: false };
}

const tooLarge = ({ name }: Module, rank: number): Fault => ({
  fault: `${safeName(name)} would be too large.`,
  details: `At rank ${rank} a factor has more numbers than this page reads. Choose a lower rank.`,
});

/** Entries of a ΔW that TIES or DARE forms, at most: 134 MB in float64. */
const MOST_FORMED = 4096 * 4096;

function denseOf(
  a: Adapter,
  like: Module,
  summands: readonly Summand[],
  plan: MergePlan,
  ranks: number,
): MergedModule | Fault {
  const { d, k, name } = like;
  if (d * k > MOST_FORMED) {
    return {
      fault: `${safeName(name)} is too large for ${plan.method === 'ties' ? 'TIES' : 'DARE'}.`,
      details: `Its ΔW of ${d} × ${k} has to be formed, and up to 4096² entries are. Merge by cat or svd, which form none.`,
    };
  }
  const rank = Math.min(plan.rank ?? ranks, d, k);
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
  if (module.kind === 'experts' && a.naming !== b.naming)
    return noName(`${safeName(module.name)} has one A and one B for all experts of a layer, which PEFT alone reads.`);
  if (!hasPairs(module) || !up || !down) {
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
