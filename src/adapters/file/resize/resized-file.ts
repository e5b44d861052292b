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
import { named } from '../faults.ts';
import type {
  Adapter,
  ByteSource,
  Fault,
  Going,
  Module,
  ModuleFactors,
  ResizePlan,
  Spectrum,
  WrittenType,
} from '../model.ts';
import { above, beside } from '../pair/compare.ts';
import { rounded, toBytes } from '../safetensors/numbers.ts';
import { carried, type OutFile } from '../safetensors/write.ts';
import { type Outline, outlineOf, type PlannedTensor } from './outline.ts';
import { alphaAt, alphaBytes, NotWritten, newConfig, scalingAt, tooLarge } from './sayings.ts';

/** The largest number of each type that is written. */
const LARGEST: Readonly<Record<WrittenType, number>> = {
  F32: 3.4028234663852886e38,
  F16: 65504,
  BF16: 3.3895313892515355e38,
};

/**
 * The factors of c times the best approximation of B·A of this rank: its leading singular directions, with √σ in each factor or
 * all of σ in B. `types` are those in which up (B) and down (A) are written: a power of two goes from one factor to the
 * other where its numbers would be too large. null where they are too large for both.
 */
export function cutFactors(
  factors: ModuleFactors,
  rank: number,
  c: number,
  split: ResizePlan['split'],
  types: { readonly up: WrittenType; readonly down: WrittenType },
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
  return withinRange(up, down, types);
}

/** B·A with a power of two moved from one factor to the other where its numbers would be too large; null where that is not enough. */
export function withinRange(
  B: Matrix64,
  A: Matrix64,
  { up, down }: { up: WrittenType; down: WrittenType },
): ModuleFactors | null {
  const [b, a] = [largest(B), largest(A)];
  if (b <= LARGEST[up] && a <= LARGEST[down]) return { B, A };
  const halvings = b > LARGEST[up] ? Math.ceil(Math.log2(b / LARGEST[up])) : -Math.ceil(Math.log2(a / LARGEST[down]));
  const shift = 2 ** halvings;
  if (b / shift > LARGEST[up] || a * shift > LARGEST[down]) return null;
  return { B: { ...B, data: B.data.map((x) => x / shift) }, A: { ...A, data: A.data.map((x) => x * shift) } };
}

function largest({ data }: Matrix64): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) most = Math.max(most, Math.abs(data[i]));
  return most;
}

const isZero = ({ data }: Matrix64) => data.every((x) => x === 0);

/** How far a file is from another: ‖ΔW′ − ΔW‖/‖ΔW‖ of each module of the second, and over all that are compared. */
interface CutSpectrum {
  /** null where the module is not compared: no pair, or not in both files. 0 where both are zero. */
  readonly errors: readonly (number | null)[];
  readonly error: number;
}

/**
 * Compares a file that was written with the one that it came from, module by module, by r × r work: no ΔW is formed. Modules belong
 * together by `canonical`. A Fault where a module of the first is missing from the second.
 */
export async function measureAgainst(
  before: { readonly source: ByteSource; readonly adapter: Adapter },
  after: { readonly source: ByteSource; readonly adapter: Adapter },
  going: Going = {},
): Promise<CutSpectrum | Fault> {
  const found = new Map(after.adapter.modules.map((module) => [module.canonical, module]));
  const errors: (number | null)[] = [];
  let lost = 0;
  let whole = 0;
  for (const [done, module] of before.adapter.modules.entries()) {
    going.signal?.throwIfAborted();
    const other = found.get(module.canonical);
    if (!other) return { fault: 'A module is missing from the new file.', details: `${module.name} is not in it.` };
    if (module.kind !== 'lora' || other.kind !== 'lora') {
      errors.push(null);
      continue;
    }
    const first = await readFactors(before.source, module);
    if ('fault' in first) return first;
    const second = await readFactors(after.source, other);
    if ('fault' in second) return second;
    if (![first.B, first.A, second.B, second.A].every(allFinite)) {
      errors.push(null);
      continue;
    }
    const { norm, distance } = distanceOf(first, module.scaling ?? 1, second, other.scaling ?? 1);
    errors.push(distance === 0 ? 0 : distance / norm);
    lost = Math.hypot(lost, distance);
    whole = Math.hypot(whole, norm);
    going.progress?.(done + 1, before.adapter.modules.length);
  }
  return { errors, error: lost === 0 ? 0 : lost / whole };
}

/**
 * ‖s₁B₁A₁‖ and ‖s₁B₁A₁ − s₂B₂A₂‖: the difference is [s₁B₁, −s₂B₂]·[A₁; A₂], whose norm after two QR decompositions is that of
 * a small matrix. A difference of the squared norms would lose half of the digits.
 */
export function distanceOf(
  first: ModuleFactors,
  s1: number,
  second: ModuleFactors,
  s2: number,
): { readonly norm: number; readonly distance: number } {
  const RA = qrROfTransposed(above(first.A, second.A));
  const RB = qrR(beside(scale(first.B, s1), scale(second.B, -s2)));
  const r = first.B.cols;
  return {
    norm: frobenius(multiply(leadingColumns(RB, r), transpose(leadingColumns(RA, r)))),
    distance: frobenius(multiply(RB, transpose(RA))),
  };
}

/** A file to be written, and the text of the adapter_config.json that belongs to it; null for none. */
interface ResizedFile {
  readonly file: OutFile;
  readonly config: string | null;
}

/**
 * The file with these ranks: each module that is cut is read, and its factors worked out, when the writer asks for them. While
 * it is written, a module whose numbers do not fit their type throws NotWritten.
 */
export function resizedFile(
  source: ByteSource,
  adapter: Adapter,
  spectra: readonly (Spectrum | null)[],
  plan: ResizePlan,
  ranks: readonly number[],
): ResizedFile | Fault {
  const unknown = adapter.modules.filter(({ scaling }, index) => scaling === null && spectra[index] !== null);
  if (unknown.length > 0) {
    return {
      fault: 'α is not known.',
      details: `With another rank r, s = α/r would change and so would ΔW. Say what α is: ${named(unknown[0].name)} has none.`,
    };
  }
  const outline = outlineOf(adapter, spectra, ranks, plan.dtype);
  const partsOf = lastOf((module: Module) => newParts(source, module, outline, ranks[module.index], plan));
  const tensors = outline.tensors.map((planned) => {
    const { from, ...of } = planned;
    if (!('part' in from)) return carried(source, from);
    if (from.part === 'alpha') {
      return {
        ...of,
        bytes: async () =>
          alphaBytes(from.module, alphaAt(from.module, ranks[from.module.index]) ?? 0, typeOf(planned)),
      };
    }
    const part = from.part;
    return { ...of, bytes: async () => toBytes((await partsOf(from.module))[part], typeOf(planned)) };
  });
  return { file: { metadata: outline.metadata, tensors }, config: newConfig(adapter, ranks) };
}

/** Both factors of a module, as their tensors have them. */
interface CutParts {
  readonly up: Float64Array;
  readonly down: Float64Array;
}

async function newParts(
  source: ByteSource,
  module: Module,
  { tensors }: Outline,
  rank: number,
  plan: ResizePlan,
): Promise<CutParts> {
  const factors = await readFactors(source, module);
  if ('fault' in factors) throw new NotWritten(factors);
  const planned = (part: string) =>
    tensors.find(({ from }) => 'part' in from && from.module === module && from.part === part);
  const [up, down, alpha] = ['up', 'down', 'alpha'].map(planned);
  if (!up || !down) throw new Error(`${module.name} is not in the outline`);
  const c = correction(module, rank, alpha);
  const cut = Number.isFinite(c)
    ? cutFactors(factors, rank, c, plan.split, { up: typeOf(up), down: typeOf(down) })
    : null;
  if (cut === null) throw new NotWritten(tooLarge(module, typeOf(up)));
  return stored(module, cut);
}

/** What s·B·A loses by the rounding of α to the type of its tensor is put into the factors. */
function correction(module: Module, rank: number, planned: PlannedTensor | undefined): number {
  const alpha = alphaAt(module, rank);
  const kept = planned && alpha !== null ? rounded([alpha], typeOf(planned))[0] : alpha;
  const [wanted, written] = [module.scaling ?? 1, scalingAt(module, kept, rank)];
  return wanted === written ? 1 : wanted / written;
}

function stored(module: Module, { B, A }: ModuleFactors): CutParts {
  return module.transposed ? { up: transpose(B).data, down: transpose(A).data } : { up: B.data, down: A.data };
}

const typeOf = ({ dtype }: PlannedTensor) => (dtype === 'F16' || dtype === 'BF16' ? dtype : 'F32');

/** Keeps the last result: the writer asks for both factors of a module one after the other. */
function lastOf<In, Out>(make: (of: In) => Promise<Out>): (of: In) => Promise<Out> {
  let last: { readonly of: In; readonly made: Promise<Out> } | null = null;
  return (of) => {
    if (last?.of !== of) last = { of, made: make(of) };
    return last.made;
  };
}
