import { blobSink, sourceOf } from '../file/file-source.ts';
import type { AdapterSource, ByteSink, Fault, WorkOptions, WriteReport } from '../file/model.ts';
import { openAdapter } from '../file/open.ts';
import { type OutputAdapter, writeSafetensors } from '../file/safetensors/write.ts';

interface FilePlace {
  readonly sink: ByteSink;
  readonly file: () => Promise<File | Blob>;
  /** Removes the written file; whether there was one. */
  readonly discard: () => Promise<boolean>;
}

/** A chosen place on the disk, written piece by piece; a Blob if the browser has no file picker. */
async function placeOf(to: FileSystemFileHandle | null): Promise<FilePlace> {
  if (!to) {
    const sink = blobSink();
    return { sink, file: async () => sink.blob(), discard: async () => false };
  }
  const writable = await to.createWritable();
  return {
    // The stream writes to a copy, which replaces the file when it is closed.
    sink: { write: (bytes) => writable.write(bytes), close: () => writable.close(), abort: () => undo(to, writable) },
    file: () => to.getFile(),
    discard: async () => {
      await (to as RemovableHandle).remove?.();
      return 'remove' in to;
    },
  };
}

/** The picker creates an empty file; one that existed before stays. */
async function undo(to: FileSystemFileHandle & RemovableHandle, writable: FileSystemWritableFileStream): Promise<void> {
  await writable.abort();
  const { size } = await to.getFile();
  if (size === 0) await to.remove?.();
}

interface RemovableHandle {
  readonly remove?: () => Promise<void>;
}

export interface NewFile extends OutputAdapter {
  /** The error; asked for once all is written. */
  readonly foretold: () => number;
  readonly measure: (written: AdapterSource, going: WorkOptions) => Promise<number | Fault>;
}

interface WriteOrder {
  readonly name: string;
  readonly to: FileSystemFileHandle | null;
  readonly signal: AbortSignal;
  /** Tensors that are asked for before their turn. */
  readonly ahead: () => number;
  readonly progress: (done: number, of: number, back: boolean) => void;
}

/** Writes a file piece by piece, opens it again as any other, and measures it. One with a wrong content is removed. */
export async function writeFile(
  made: NewFile,
  { name, to, signal, progress, ahead }: WriteOrder,
): Promise<{ readonly written: WriteReport; readonly file: File | Blob } | Fault> {
  const { sink, file: fileOf, discard } = await placeOf(to);
  const failed = async ({ fault, details }: Fault): Promise<Fault> => ({
    fault,
    details: (await discard()) ? `${details} The new file was removed.` : details,
  });
  const going = { signal, progress: (done: number, of: number) => progress(done, of, false) };
  const bytes = await writeSafetensors(made.file, sink, going, ahead);
  const file = await fileOf();
  const source = sourceOf(file, name);
  const adapter = await openAdapter(source, made.config, null);
  if ('fault' in adapter) return failed(adapter);
  const error = await made.measure({ source, adapter }, { signal, progress: (done, of) => progress(done, of, true) });
  if (typeof error !== 'number') return failed(error);
  return { file, written: { name, bytes, foretold: made.foretold(), measured: error, config: made.config } };
}
