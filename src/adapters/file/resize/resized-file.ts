import { qrR, qrROfTransposed } from '../../../math/factor/qr.ts';
import {
  allFinite,
  frobenius,
  leadingColumns,
  leadingRows,
  type Matrix64,
  multiply,
  scale,
  transpose,
  zeros,
} from '../../../math/matrix.ts';
import { leadingProductSvd } from '../../../math/spectral/product-svd.ts';
import { readFactors } from '../factors.ts';
import { safeName } from '../faults.ts';
import type {
  Adapter,
  AdapterSource,
  ByteSource,
  Fault,
  Module,
  ModuleFactors,
  OutputType,
  ResizePlan,
  Spectra,
  WorkOptions,
} from '../model.ts';
import { hstack, vstack } from '../pair/compare.ts';
import { roundToType, toBytes } from '../safetensors/numbers.ts';
import { copiedTensor, type OutputAdapter } from '../safetensors/write.ts';
import { alphaAt, alphaBytes, newConfig, scalingAt, tooLargeFault, WriteError } from './metadata.ts';
import { type Outline, outlineOf, type PlannedTensor } from './outline.ts';

const LARGEST: Readonly<Record<OutputType, number>> = {
  F32: 3.4028234663852886e38,
  F16: 65504,
  BF16: 3.3895313892515355e38,
};

/**
 * The factors of c times the best approximation of B·A of this rank, with √σ in each factor or all of σ in B. If
 * numbers are too large for `types` of up (B) and down (A), a power of two moves between them; null if too large for
 * both.
 */
export function cutFactors(
  factors: ModuleFactors,
  rank: number,
  c: number,
  split: ResizePlan['split'],
  types: { readonly up: OutputType; readonly down: OutputType },
): ModuleFactors | null {
  const { B, A } = factors;
  // A module that was never trained keeps the A that it would start from.
  if (isZero(B) || isZero(A)) return { B: leadingColumns(B, rank), A: leadingRows(A, rank) };
  const { U, S, V } = leadingProductSvd(B, A, 1, rank);
  const [up, down] = [zeros(B.rows, rank), zeros(rank, A.cols)];
  for (let p = 0; p < rank; p++) {
    const sigma = c * S[p];
    const inDown = split === 'both' ? Math.sqrt(sigma) : 1;
    const inUp = split === 'both' ? inDown : sigma;
    for (let i = 0; i < B.rows; i++) up.data[i * rank + p] = inUp * U.data[i * U.cols + p];
    for (let j = 0; j < A.cols; j++) down.data[p * A.cols + j] = inDown * V.data[j * V.cols + p];
  }
  return rescaledFactors(up, down, types);
}

/** B·A with a power of two moved between the factors if numbers would be too large; null if that is not enough. */
export function rescaledFactors(
  B: Matrix64,
  A: Matrix64,
  { up, down }: { up: OutputType; down: OutputType },
): ModuleFactors | null {
  const [b, a] = [largest(B), largest(A)];
  if (b <= LARGEST[up] && a <= LARGEST[down]) return { B, A };
  const halvings = b > LARGEST[up] ? Math.ceil(Math.log2(b / LARGEST[up])) : -Math.ceil(Math.log2(a / LARGEST[down]));
  const shift = 2 ** halvings;
  if (b / shift > LARGEST[up] || a * shift > LARGEST[down]) return null;
  return { B: { ...B, data: B.data.map((x) => x / shift) }, A: { ...A, data: A.data.map((x) => x * shift) } };
}

function largest({ data }: Matrix64): number {
  let max = 0;
  for (let i = 0; i < data.length; i++) max = Math.max(max, Math.abs(data[i]));
  return max;
}

const isZero = ({ data }: Matrix64) => data.every((x) => x === 0);

/** The distance between two files: ‖ΔW′ − ΔW‖/‖ΔW‖ of each module, and over all compared ones. */
interface FileErrors {
  /** null if the module is not compared: no pair, not finite, or not in both files. 0 if both are zero. */
  readonly errors: readonly (number | null)[];
  readonly error: number;
}

interface Distance {
  readonly norm: number;
  readonly distance: number;
}

/** ‖ΔW′ − ΔW‖/‖ΔW‖ by module and over all, read one after the other. */
export async function errorsOf<M>(
  modules: readonly M[],
  compare: (module: M) => Promise<Distance | null | Fault>,
  { signal, progress }: WorkOptions,
): Promise<FileErrors | Fault> {
  const errors: (number | null)[] = [];
  let [lost, whole] = [0, 0];
  for (const [done, module] of modules.entries()) {
    signal?.throwIfAborted();
    const found = await compare(module);
    if (found && 'fault' in found) return found;
    errors.push(found && (found.distance === 0 ? 0 : found.distance / found.norm));
    lost = Math.hypot(lost, found?.distance ?? 0);
    whole = Math.hypot(whole, found?.norm ?? 0);
    progress?.(done + 1, modules.length);
  }
  return { errors, error: lost === 0 ? 0 : lost / whole };
}

export const missingModule = (name: string): Fault => ({
  fault: 'A module is missing from the new file.',
  details: `${name} is not in it.`,
});

/**
 * Compares a written file with its source, modules matched by `canonical`, by r × r work: no ΔW is formed. A Fault if a
 * module of the first is missing from the second.
 */
export async function measureErrors(
  before: AdapterSource,
  after: AdapterSource,
  going: WorkOptions = {},
): Promise<FileErrors | Fault> {
  const found = new Map(after.adapter.modules.map((module) => [module.canonical, module]));
  const compare = async (module: Module) => {
    const other = found.get(module.canonical);
    if (!other) return missingModule(module.name);
    if (module.kind !== 'lora' || other.kind !== 'lora') return null;
    const first = await readFactors(before.source, module);
    if ('fault' in first) return first;
    const second = await readFactors(after.source, other);
    return 'fault' in second ? second : distanceOf(first, module.scaling ?? 1, second, other.scaling ?? 1);
  };
  return errorsOf(before.adapter.modules, compare, going);
}

/**
 * ‖s₁B₁A₁‖ and ‖s₁B₁A₁ − s₂B₂A₂‖ = ‖[s₁B₁, −s₂B₂]·[A₁; A₂]‖ after two QR decompositions: a difference of squared norms
 * would lose half of the digits. null if an entry is not finite.
 */
export function distanceOf(first: ModuleFactors, s1: number, second: ModuleFactors, s2: number): Distance | null {
  if (![first.B, first.A, second.B, second.A].every(allFinite)) return null;
  const RA = qrROfTransposed(vstack(first.A, second.A));
  const RB = qrR(hstack(scale(first.B, s1), scale(second.B, -s2)));
  const r = first.B.cols;
  return {
    norm: frobenius(multiply(leadingColumns(RB, r), transpose(leadingColumns(RA, r)))),
    distance: frobenius(multiply(RB, transpose(RA))),
  };
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
): OutputAdapter | Fault {
  const unknown = adapter.modules.filter(({ scaling }, index) => scaling === null && spectra[index] !== null);
  if (unknown.length > 0) {
    return {
      fault: 'α is not known.',
      details: `With another rank r, s = α/r would change and so would ΔW. Say what α is: ${safeName(unknown[0].name)} has none.`,
    };
  }
  const outline = outlineOf(adapter, spectra, ranks, plan.dtype);
  const partsOf = lastOf((module: Module) => newParts(source, module, outline, ranks[module.index], plan));
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
    const part = from.part === 'up' ? 'B' : 'A';
    return { ...of, bytes: async () => toBytes((await partsOf(from.module))[part].data, typeOf(planned)) };
  });
  return { file: { metadata: outline.metadata, tensors }, config: newConfig(adapter, ranks) };
}

async function newParts(
  source: ByteSource,
  module: Module,
  { tensors }: Outline,
  rank: number,
  plan: ResizePlan,
): Promise<ModuleFactors> {
  const factors = await readFactors(source, module);
  if ('fault' in factors) throw new WriteError(factors);
  const planned = (part: string) =>
    tensors.find(({ from }) => 'part' in from && from.module === module && from.part === part);
  const [up, down, alpha] = ['up', 'down', 'alpha'].map(planned);
  if (!up || !down) throw new Error(`${module.name} is not in the outline`);
  const c = correction(module, rank, alpha);
  const cut = Number.isFinite(c)
    ? cutFactors(factors, rank, c, plan.split, { up: typeOf(up), down: typeOf(down) })
    : null;
  if (cut === null) throw new WriteError(tooLargeFault(module, typeOf(up)));
  return stored(module, cut);
}

/** The factor of B·A that compensates the rounding of α to the type of its tensor. */
function correction(module: Module, rank: number, planned: PlannedTensor | undefined): number {
  const alpha = alphaAt(module, rank);
  const kept = planned && alpha !== null ? roundToType([alpha], typeOf(planned))[0] : alpha;
  const [wanted, written] = [module.scaling ?? 1, scalingAt(module, kept, rank)];
  return wanted === written ? 1 : wanted / written;
}

/** Both factors of a module, as their tensors have them. */
export const stored = ({ transposed }: Module, { B, A }: ModuleFactors): ModuleFactors =>
  transposed ? { B: transpose(B), A: transpose(A) } : { B, A };

const typeOf = ({ dtype }: PlannedTensor) => (dtype === 'F16' || dtype === 'BF16' ? dtype : 'F32');

/** Keeps the last result: the writer asks for both factors of a module one after the other. */
export function lastOf<In, Out>(make: (of: In) => Promise<Out>): (of: In) => Promise<Out> {
  let last: { readonly of: In; readonly made: Promise<Out> } | null = null;
  return (of) => {
    if (last?.of !== of) last = { of, made: make(of) };
    return last.made;
  };
}
