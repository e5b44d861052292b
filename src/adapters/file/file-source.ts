import type { ByteSink, ByteSource } from './model.ts';

/** A picked or dropped file, or bytes in memory: read piece by piece. */
export function sourceOf(blob: Blob, name: string): ByteSource {
  return {
    name,
    size: blob.size,
    read: async (from, to) => {
      const bytes = new Uint8Array(await blob.slice(from, to).arrayBuffer());
      if (bytes.length !== to - from) throw new Error(`${name} has changed since it was opened`);
      return bytes;
    },
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
