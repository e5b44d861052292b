import { factorsOf, joinedExperts, readPairs } from '../factors.ts';
import { safeName } from '../faults.ts';
import { productBound } from '../figures.ts';
import type {
  Adapter,
  AdapterSource,
  ByteSource,
  Fault,
  Module,
  OutputType,
  ResizePlan,
  Spectra,
  WorkOptions,
} from '../model.ts';
import { bytesOf, isZeroBytes, roundToType } from '../safetensors/numbers.ts';
import { copiedTensor, type OutputAdapter } from '../safetensors/write.ts';
import { hasPairs } from '../shapes.ts';
import { type CutBytes, inThread, type PairWork } from '../work/pair-work.ts';
import { bytesOfTensors, inOrder } from '../work/schedule.ts';
import type { Distance } from './cut-factors.ts';
import {
  alphaAt,
  alphaBytes,
  newConfig,
  readOnlyFault,
  scalingAt,
  tooLargeFault,
  tooSmallFault,
  WriteError,
} from './metadata.ts';
import { type Outline, outlineOf, type PlannedTensor } from './outline.ts';

/** The distance between two files: ‖ΔW′ − ΔW‖/‖ΔW‖ of each module, and over all compared ones. */
export interface FileErrors {
  /** null if the module is not compared: no pair, not finite, or not in both files. 0 if both are zero. */
  readonly errors: readonly (number | null)[];
  readonly error: number;
}

/** Compares a module; bytes are those that it reads. */
interface Comparing<M> {
  readonly compare: (module: M) => Promise<Distance | null | Fault>;
  readonly bytesOf: (module: M) => number;
  readonly ahead: () => number;
}

/** ‖ΔW′ − ΔW‖/‖ΔW‖ by module and over all. */
export async function errorsOf<M>(
  modules: readonly M[],
  { compare, bytesOf, ahead }: Comparing<M>,
  { signal, progress }: WorkOptions,
): Promise<FileErrors | Fault> {
  const errors: (number | null)[] = [];
  let [lost, whole] = [0, 0];
  signal?.throwIfAborted();
  for await (const [, found] of inOrder(modules, compare, { ahead, bytesOf })) {
    signal?.throwIfAborted();
    if (found && 'fault' in found) return found;
    errors.push(found && (found.distance === 0 ? 0 : found.distance / found.norm));
    lost = Math.hypot(lost, found?.distance ?? 0);
    whole = Math.hypot(whole, found?.norm ?? 0);
    progress?.(errors.length, modules.length);
  }
  return { errors, error: lost === 0 ? 0 : lost / whole };
}

export const missingModule = (name: string): Fault => ({
  fault: 'A module is missing from the new file.',
  details: `${name} is not in it.`,
});

/** Of all experts, as of one matrix. */
export function together([first, ...others]: readonly (Distance | null)[]): Distance | null {
  return others.reduce(
    (sum, of) => sum && of && { distance: Math.hypot(sum.distance, of.distance), norm: Math.hypot(sum.norm, of.norm) },
    first,
  );
}

/**
 * Compares a written file with its source, modules matched by `canonical`, by r × r work: no ΔW is formed. A Fault if a
 * module of the first is missing from the second.
 */
export async function measureErrors(
  before: AdapterSource,
  after: AdapterSource,
  going: WorkOptions = {},
  work: PairWork = inThread,
): Promise<FileErrors | Fault> {
  const found = new Map(after.adapter.modules.map((module) => [module.canonical, module]));
  const compare = async (module: Module) => {
    const other = found.get(module.canonical);
    if (!other) return missingModule(module.name);
    if (!hasPairs(module) || !hasPairs(other) || module.experts !== other.experts) return null;
    const [first, second] = await Promise.all([readPairs(before.source, module), readPairs(after.source, other)]);
    if ('fault' in first) return first;
    if ('fault' in second) return second;
    const [s1, s2] = [module.scaling ?? 1, other.scaling ?? 1];
    return together(await Promise.all(first.map((pair, e) => work.distance(pair, s1, second[e], s2))));
  };
  const bytesOf = ({ tensors, canonical }: Module) =>
    bytesOfTensors(tensors) + bytesOfTensors(found.get(canonical)?.tensors ?? {});
  return errorsOf(before.adapter.modules, { compare, bytesOf, ahead: work.ahead }, going);
}

/**
 * The file with these ranks: factors are computed when the writer asks for them; it throws WriteError if a module's
 * numbers do not fit their type.
 */
export function resizedFile(
  source: ByteSource,
  adapter: Adapter,
  spectra: Spectra,
  plan: ResizePlan,
  ranks: readonly number[],
  work: PairWork = inThread,
): OutputAdapter | Fault {
  const readOnly = readOnlyFault(adapter);
  if (readOnly) return readOnly;
  const unknown = adapter.modules.filter(({ scaling }, index) => scaling === null && spectra[index] !== null);
  if (unknown.length > 0) {
    return {
      fault: 'α is not known.',
      details: `With another rank r, s = α/r would change and so would ΔW. Say what α is: ${safeName(unknown[0].name)} has none.`,
    };
  }
  const outline = outlineOf(adapter, spectra, ranks, plan.dtype);
  const partsOf = lastOf((module: Module) => {
    const [rank, sigma = 0] = [ranks[module.index], spectra[module.index]?.sigma[0]];
    return newParts(source, module, outline, { rank, sigma }, plan, work);
  });
  const tensors = outline.tensors.map((planned) => {
    const { from, ...of } = planned;
    if (!('part' in from)) return copiedTensor(source, from);
    if (from.part === 'alpha') {
      return {
        ...of,
        bytes: async () =>
          alphaBytes(from.module, alphaAt(from.module, ranks[from.module.index]) ?? 0, typeOf(planned)),
      };
    }
    const { module, part } = from;
    return { ...of, bytes: async () => (await partsOf(module))[part] };
  });
  return { file: { metadata: outline.metadata, tensors }, config: newConfig(adapter, ranks) };
}

async function newParts(
  source: ByteSource,
  module: Module,
  { tensors }: Outline,
  { rank, sigma }: { readonly rank: number; readonly sigma: number },
  plan: ResizePlan,
  work: PairWork,
): Promise<CutBytes> {
  const pairs = await readPairs(source, module);
  if ('fault' in pairs) throw new WriteError(pairs);
  const planned = (part: string) =>
    tensors.find(({ from }) => 'part' in from && from.module === module && from.part === part);
  const [up, down, alpha] = ['up', 'down', 'alpha'].map(planned);
  if (!up || !down) throw new Error(`${module.name} is not in the outline`);
  const c = correction(module, rank, alpha);
  const types = { up: typeOf(up), down: typeOf(down) };
  const order = { rank, c, split: plan.split, types };
  const cuts = Number.isFinite(c) ? await Promise.all(pairs.map((pair) => work.cut(pair, order))) : [];
  const found = cuts.filter((cut) => cut !== null);
  if (found.length < pairs.length) throw new WriteError(tooLargeFault(module, typeOf(up)));
  const made = found.length === 1 ? found[0] : joinedExperts(found, bytesOf(types.up, []));
  const whole = async () => pairs.reduce((sum, pair) => sum + productBound(factorsOf(pair), module.scaling ?? 1), 0);
  await checkRounding({ module, types, norm: sigma, whole }, made);
  return made;
}

/** A share of its summands below which an update is their rounding. */
const ROUNDING = 1e-10;

interface Rounding {
  readonly module: Module;
  readonly types: { readonly up: OutputType; readonly down: OutputType };
  /** Of the update before it is rounded, and of what it is made of: upper bounds. */
  readonly norm: number;
  readonly whole: () => Promise<number>;
}

/** Throws WriteError if rounding made all numbers of a factor 0, and with it an update that was not. */
export async function checkRounding({ module, types, norm, whole }: Rounding, made: CutBytes): Promise<void> {
  const lost = (['up', 'down'] as const).find((part) => isZeroBytes(made[part], types[part]));
  if (lost && norm > ROUNDING * (await whole())) throw new WriteError(tooSmallFault(module, types[lost]));
}

/** The factor of B·A that compensates the rounding of α to the type of its tensor. */
function correction(module: Module, rank: number, planned: PlannedTensor | undefined): number {
  const alpha = alphaAt(module, rank);
  const kept = planned && alpha !== null ? roundToType([alpha], typeOf(planned))[0] : alpha;
  const [wanted, written] = [module.scaling ?? 1, scalingAt(module, kept, rank)];
  return wanted === written ? 1 : wanted / written;
}

const typeOf = ({ dtype }: PlannedTensor): OutputType => (dtype === 'F16' || dtype === 'BF16' ? dtype : 'F32');

/** Keeps the last result: the writer asks for both factors of a module one after the other. */
export function lastOf<In, Out>(make: (of: In) => Promise<Out>): (of: In) => Promise<Out> {
  let last: { readonly of: In; readonly made: Promise<Out> } | null = null;
  return (of) => {
    if (last?.of !== of) last = { of, made: make(of) };
    return last.made;
  };
}
