import { twice } from '../faults.ts';
import type { ByteSink, ByteSource, TensorEntry, WorkOptions } from '../model.ts';
import { inOrder } from '../work/schedule.ts';
import { bytesOf, joined, placeOf } from './numbers.ts';

type Piece = Uint8Array<ArrayBuffer>;

/** A tensor of a new file: its bytes are requested when its turn has come. */
export interface OutputTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: () => Promise<Uint8Array<ArrayBuffer>> | AsyncIterable<Uint8Array<ArrayBuffer>>;
}

export interface OutputFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly OutputTensor[];
}

/** A new adapter, and the text of its adapter_config.json; null for none. */
export interface OutputAdapter {
  readonly file: OutputFile;
  readonly config: string | null;
}

/** The header is padded to a multiple of this many bytes, so that a reader may map the numbers into memory. */
const ALIGNED = 8;
/** In bytes: copied data is split into such pieces, and smaller ones are gathered. */
const PIECE = 4_000_000;

/**
 * Writes a .safetensors file and returns its size: tensors by type, the largest alignment first, then by name, as in
 * safetensors' own writer. Up to `ahead()` tensors are asked for before their turn, so that they are made while others are
 * written. If it fails or is cancelled, nothing stays.
 */
export async function writeSafetensors(
  file: OutputFile,
  sink: ByteSink,
  going: WorkOptions = {},
  ahead = () => 1,
): Promise<number> {
  const { signal, progress } = going;
  try {
    const tensors = sorted(file.tensors);
    const header = headerOf(file.metadata, tensors);
    const gathered = gather(sink);
    await gathered.write(header);
    let size = header.length;
    let done = 0;
    signal?.throwIfAborted();
    const ofTensor = ({ dtype, shape }: OutputTensor) => bytesOf(dtype, shape);
    for await (const [tensor, bytes] of inOrder(tensors, contents, { ahead, bytesOf: ofTensor })) {
      signal?.throwIfAborted();
      const wanted = ofTensor(tensor);
      let written = 0;
      for await (const piece of bytes) {
        signal?.throwIfAborted();
        await gathered.write(piece);
        written += piece.length;
      }
      if (written !== wanted) throw new Error(`${tensor.name} came with ${written} bytes instead of ${wanted}`);
      size += wanted;
      progress?.(++done, tensors.length);
    }
    await gathered.flush();
    await sink.close();
    return size;
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

/** In bytes, without writing it. */
export function sizeOfFile(file: OutputFile): number {
  const data = file.tensors.reduce((sum, { dtype, shape }) => sum + bytesOf(dtype, shape), 0);
  return headerOf(file.metadata, sorted(file.tensors)).length + data;
}

/** A tensor of an open file, untouched, under this name. */
export function copiedTensor(source: ByteSource, tensor: TensorEntry, name: string = tensor.name): OutputTensor {
  const { dtype, shape, from, to } = tensor;
  async function* copied() {
    for (let at = from; at < to; at += PIECE) yield await source.read(at, Math.min(to, at + PIECE));
  }
  return { name, dtype, shape, bytes: copied };
}

const sorted = (tensors: readonly OutputTensor[]): OutputTensor[] =>
  [...tensors].sort((a, b) => placeOf(a.dtype) - placeOf(b.dtype) || (a.name < b.name ? -1 : 1));

function headerOf(metadata: OutputFile['metadata'], tensors: readonly OutputTensor[]): Uint8Array<ArrayBuffer> {
  const parts = Object.keys(metadata).length > 0 ? [`"__metadata__":${JSON.stringify(metadata)}`] : [];
  const taken = twice(tensors.map(({ name }) => name));
  if (taken !== null) throw new Error(`the new file would have ${taken} twice`);
  let end = 0;
  for (const { name, dtype, shape } of tensors) {
    const from = end;
    end += bytesOf(dtype, shape);
    // By hand: an object would put names that look like numbers first.
    parts.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [from, end] })}`);
  }
  const text = new TextEncoder().encode(`{${parts.join()}}`);
  const length = Math.ceil(text.length / ALIGNED) * ALIGNED;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, 8);
  return header;
}

/** Pieces of a copied tensor are read in its turn. */
async function contents(tensor: OutputTensor): Promise<AsyncIterable<Piece> | readonly Piece[]> {
  const bytes = tensor.bytes();
  return Symbol.asyncIterator in bytes ? bytes : [await bytes];
}

/** Thousands of small writes would each wait for the disk. */
function gather(sink: ByteSink) {
  let kept: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const flush = async () => {
    if (size === 0) return;
    const all = kept.length === 1 ? kept[0] : joined(kept);
    kept = [];
    size = 0;
    await sink.write(all);
  };
  const write = async (piece: Uint8Array<ArrayBuffer>) => {
    kept.push(piece);
    size += piece.length;
    if (size >= PIECE) await flush();
  };
  return { write, flush };
}
