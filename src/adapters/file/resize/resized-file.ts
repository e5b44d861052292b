import { transpose } from '../../../math/matrix.ts';
import { readFactors } from '../factors.ts';
import { named } from '../faults.ts';
import type { Adapter, ByteSource, Factors, Fault, Module, ResizePlan, Spectrum } from '../model.ts';
import { rounded, toBytes } from '../safetensors/numbers.ts';
import { carried, type OutFile } from '../safetensors/write.ts';
import { alphaAt, alphaBytes, scalingAt } from './alpha-at.ts';
import { cutFactors } from './cut.ts';
import { NotWritten, tooLarge } from './not-written.ts';
import { type Outline, outlineOf, type PlannedTensor } from './outline.ts';
import { newConfig } from './sayings.ts';

/** A file to be written, and the text of the adapter_config.json that belongs to it; null for none. */
export interface ResizedFile {
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
interface Parts {
  readonly up: Float64Array;
  readonly down: Float64Array;
}

async function newParts(
  source: ByteSource,
  module: Module,
  { tensors }: Outline,
  rank: number,
  plan: ResizePlan,
): Promise<Parts> {
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

function stored(module: Module, { B, A }: Factors): Parts {
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
