import { named } from '../faults.ts';
import type { Adapter, ByteSource, ConvertTo, Fault, Going, TensorEntry } from '../model.ts';
import type { OutTensor } from '../safetensors/write.ts';
import { convertedFile } from './converted-file.ts';
import { type Conversion, conversionOf } from './plan.ts';

/**
 * Reads a converted file back: the largest relative difference of an s from what it was before, 0 for none; a Fault where a
 * tensor's bytes are not the old ones, or a module is not found again.
 */
export async function compareConverted(
  before: { readonly source: ByteSource; readonly adapter: Adapter },
  after: { readonly source: ByteSource; readonly adapter: Adapter },
  to: ConvertTo,
  { signal, progress }: Going = {},
): Promise<number | Fault> {
  const [wanted, conversion] = [convertedFile(before.source, before.adapter, to), conversionOf(before.adapter, to)];
  if ('fault' in wanted) return wanted;
  if ('fault' in conversion) return conversion;
  const written = new Map(after.adapter.header.tensors.map((tensor) => [tensor.name, tensor]));
  const { tensors } = wanted.file;
  for (const [i, tensor] of tensors.entries()) {
    signal?.throwIfAborted();
    const found = written.get(tensor.name);
    if (!found) return differs(`${named(tensor.name)} is not in it.`);
    if (!(await same(tensor, after.source, found)))
      return differs(
        `${named(tensor.name)} was read back with other bytes. The disk may be at fault: write it once more.`,
      );
    progress?.(i + 1, tensors.length);
  }
  return difference(conversion, after.adapter);
}

const differs = (details: string): Fault => ({ fault: 'The file that was written differs.', details });

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

/** Modules belong together by the new name of their A. */
function difference({ tensors }: Conversion, after: Adapter): number | Fault {
  const found = new Map(after.modules.map((module) => [module.tensors.down?.name, module]));
  let most = 0;
  for (const { module, part, after: name } of tensors) {
    if (part !== 'down') continue;
    const scaling = found.get(name)?.scaling ?? null;
    if (module.scaling === null || scaling === null)
      return differs(`Its tensors are the right ones, but ${named(module.name)} has lost its α.`);
    if (scaling !== module.scaling) most = Math.max(most, Math.abs(scaling / module.scaling - 1));
  }
  return most;
}
