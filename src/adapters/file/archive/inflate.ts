import { crc32 } from '../../../math/crc32.ts';
import { inBytes, NotRead, named } from '../faults.ts';
import type { ByteSource, Going } from '../model.ts';

/** In bytes. Deflated data grow a thousandfold at most, so that what is between two looks at its size is bounded. */
const READ = 1 << 16;
const KEPT = 1 << 23;

/**
 * Unpacks deflated bytes from `from` up to `to` of a file, which have to become `size` bytes of this CRC-32. Pieces become
 * Blobs at once, which a browser may keep on disk. Throws NotRead where they become something else.
 */
export async function inflate(
  source: ByteSource,
  { path, from, to, size, crc }: { path: string; from: number; to: number; size: number; crc: number },
  { signal, progress }: Going = {},
): Promise<Blob> {
  let at = from;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        if (at >= to) return controller.close();
        const end = Math.min(to, at + READ);
        controller.enqueue(await source.read(at, end));
        at = end;
      },
    },
    { highWaterMark: 0 },
  );
  const reader = packed.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const blobs: Blob[] = [];
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let kept = 0;
  let done = 0;
  let sum = 0;
  const keep = () => {
    blobs.push(new Blob(pieces));
    pieces = [];
    kept = 0;
  };
  try {
    for (;;) {
      signal?.throwIfAborted();
      const piece = await readPiece(reader, path);
      if (!piece) break;
      done += piece.length;
      if (done > size) throw new NotRead(`${named(path)} should unpack to ${inBytes(size)}, but there are more`);
      sum = crc32(piece, sum);
      pieces.push(piece);
      kept += piece.length;
      if (kept >= KEPT) {
        keep();
        progress?.(done, size);
      }
    }
  } catch (error) {
    await reader.cancel().catch(() => {});
    throw error;
  }
  if (done < size)
    throw new NotRead(`${named(path)} should unpack to ${inBytes(size)}, but there are only ${inBytes(done)}`);
  if (sum !== crc) throw new NotRead(`${named(path)} is damaged: its checksum is not the one that the archive lists`);
  keep();
  return new Blob(blobs);
}

async function readPiece(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>, path: string) {
  try {
    return (await reader.read()).value;
  } catch (error) {
    // Of damaged data a stream says so with a TypeError, Node's own with a code; what is left comes from the file.
    if (
      error instanceof TypeError ||
      (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
    )
      throw new NotRead(`the packed data of ${named(path)} are damaged`);
    throw error;
  }
}
