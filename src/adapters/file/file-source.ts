import type { ByteSink, ByteSource } from './model.ts';

/** A picked or dropped file, or bytes in memory: read piece by piece. */
export function sourceOf(blob: Blob, name: string): ByteSource {
  const bytesOf = async (part: Blob, length: number) => {
    const bytes = new Uint8Array(await part.arrayBuffer());
    if (bytes.length !== length) throw new Error(`${name} has changed since it was opened`);
    return bytes;
  };
  return {
    name,
    size: blob.size,
    read: (from, to) => bytesOf(blob.slice(from, to), to - from),
    gather: (ranges) =>
      bytesOf(
        new Blob(ranges.map(({ from, to }) => blob.slice(from, to))),
        ranges.reduce((sum, { from, to }) => sum + to - from, 0),
      ),
  };
}

/** For browsers that can only save a whole file: pieces become a Blob, which a browser may keep on disk. */
export function blobSink(): ByteSink & { readonly blob: () => Blob } {
  let pieces: Blob[] = [];
  return {
    write: async (bytes) => {
      pieces.push(new Blob([bytes]));
    },
    close: async () => {},
    abort: async () => {
      pieces = [];
    },
    blob: () => new Blob(pieces),
  };
}
