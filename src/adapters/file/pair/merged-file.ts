import { allFinite, scale } from '../../../math/matrix.ts';
import { readFactors } from '../factors.ts';
import { safeName } from '../faults.ts';
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
import { cutFactors, distanceOf, rescaledFactors, stored } from '../resize/cut-factors.ts';
import { alphaBytes, missingTargets, newMetadataAndConfig, tooLargeFault, WriteError } from '../resize/metadata.ts';
import { outputTypeOf } from '../resize/outline.ts';
import { errorsOf, lastOf, missingModule } from '../resize/resized-file.ts';
import { toBytes } from '../safetensors/numbers.ts';
import { copiedTensor, type OutputAdapter, type OutputTensor, sizeOfFile } from '../safetensors/write.ts';
import { bytesOfTensors } from '../work/in-order.ts';
import { hstack, vstack } from './compare.ts';
import { type MergedModule, mergedModules } from './merged-modules.ts';

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
  const bytesOf = ({ summands }: MergedModule) =>
    summands.reduce((sum, { module }) => sum + bytesOfTensors(module.tensors), 0);
  return errorsOf(modules, { compare, bytesOf, ahead: 2 }, going);
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
