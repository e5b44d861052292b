import { blobSink } from '../file/file-source.ts';
import type { ByteSink } from '../file/model.ts';

/** Where a new file is written to, and the file once it is there. */
export interface Place {
  readonly sink: ByteSink;
  readonly file: () => Promise<File | Blob>;
  /** Takes away what was written; whether there was a file to take away. */
  readonly discard: () => Promise<boolean>;
}

/** A place on the disk that a person chose, written piece by piece; a Blob where the browser lets no page choose one. */
export async function placeOf(to: FileSystemFileHandle | null): Promise<Place> {
  if (!to) {
    const sink = blobSink();
    return { sink, file: async () => sink.blob(), discard: async () => false };
  }
  const writable = await to.createWritable();
  return {
    // What is written goes to a copy, which takes the place of the file when it is closed.
    sink: { write: (bytes) => writable.write(bytes), close: () => writable.close(), abort: () => undo(to, writable) },
    file: () => to.getFile(),
    discard: async () => {
      await (to as Removable).remove?.();
      return 'remove' in to;
    },
  };
}

/** A chosen place has an empty file from the start; what was there before stays. */
async function undo(to: FileSystemFileHandle & Removable, writable: FileSystemWritableFileStream): Promise<void> {
  await writable.abort();
  const { size } = await to.getFile();
  if (size === 0) await to.remove?.();
}

/** Not in every browser. */
interface Removable {
  readonly remove?: () => Promise<void>;
}
