import type { Adapter, ByteSource, ConvertTo, Going, TensorEntry } from '../model.ts';
import type { OutTensor } from '../safetensors/write.ts';
import { convertedFile } from './converted-file.ts';

/**
 * Reads a converted file back: the largest relative difference of an s from what it was before, 0 for none; Infinity where a
 * tensor's bytes are not the old ones or a module is missing.
 */
export async function compareConverted(
  before: { readonly source: ByteSource; readonly adapter: Adapter },
  after: { readonly source: ByteSource; readonly adapter: Adapter },
  to: ConvertTo,
  { signal, progress }: Going = {},
): Promise<number> {
  const wanted = convertedFile(before.source, before.adapter, to);
  if ('fault' in wanted) return Number.POSITIVE_INFINITY;
  const written = new Map(after.adapter.header.tensors.map((tensor) => [tensor.name, tensor]));
  const { tensors } = wanted.file;
  if (tensors.length !== written.size) return Number.POSITIVE_INFINITY;
  for (const [i, tensor] of tensors.entries()) {
    signal?.throwIfAborted();
    const found = written.get(tensor.name);
    if (!found || !(await same(tensor, after.source, found))) return Number.POSITIVE_INFINITY;
    progress?.(i + 1, tensors.length);
  }
  return difference(before.adapter, after.adapter);
}

async function same(tensor: OutTensor, source: ByteSource, found: TensorEntry): Promise<boolean> {
  if (found.dtype !== tensor.dtype || String(found.shape) !== String(tensor.shape)) return false;
  let at = found.from;
  const bytes = tensor.bytes();
  for await (const piece of Symbol.asyncIterator in bytes ? bytes : [bytes]) {
    const read = await source.read(at, Math.min(found.to, at + piece.length));
    if (read.length !== piece.length || !read.every((byte, i) => byte === piece[i])) return false;
    at += piece.length;
  }
  return at === found.to;
}

function difference(before: Adapter, after: Adapter): number {
  const scalings = new Map(after.modules.map(({ canonical, scaling }) => [canonical, scaling]));
  let most = 0;
  for (const { canonical, scaling } of before.modules) {
    const found = scalings.get(canonical) ?? null;
    if (scaling === null || found === null) return Number.POSITIVE_INFINITY;
    if (found !== scaling) most = Math.max(most, Math.abs(found / scaling - 1));
  }
  return most;
}
