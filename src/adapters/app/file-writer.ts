import { save } from '../../app/files.ts';
import type { AdaptersState } from '../state/adapters-state.ts';
import { cutPlan, mergeNumbers, newFileName } from '../state/predictions.ts';
import type { AdaptersStore } from '../view/context.tsx';
import type { AdaptersNews, ImportedFile, RemoteCalls, WriteRequest } from '../worker/protocol.ts';

type WriteTask = WriteRequest['does'];
type WriteNews = Extract<AdaptersNews, { readonly type: 'written' }>;

/** Part of the File System API that some browsers lack. */
interface SaveFilePicker {
  readonly showSaveFilePicker?: (options: {
    readonly suggestedName: string;
    readonly types: readonly { readonly description: string; readonly accept: Readonly<Record<string, string[]>> }[];
  }) => Promise<FileSystemFileHandle>;
}

export interface FileWriter {
  readonly write: (does: WriteTask) => Promise<void>;
  readonly written: (message: WriteNews) => void;
  readonly again: () => readonly ImportedFile[];
}

export function createFileWriter(store: AdaptersStore, reader: RemoteCalls): FileWriter {
  let doing: WriteTask = 'resize';
  let last: WriteNews | null = null;

  return {
    async write(does) {
      const asked = requestOf(store.state(), does);
      if (!asked) return;
      const place = await placeFor(asked.name);
      if (place === 'none') return;
      doing = does;
      const name = place?.name ?? asked.name;
      store.dispatch({ type: 'progress', work: { does, name, done: 0, of: 0, secondsLeft: null } });
      void reader.write({ ...asked, name, to: place });
    },
    written(message) {
      last = message;
      const { written, file } = message;
      if (!(file instanceof File)) save(written.name, file);
      store.dispatch({ type: 'written', written: { ...written, does: doing } });
    },
    again() {
      if (!last) return [];
      const { written, file } = last;
      const beside = written.config === null ? [] : [new File([written.config], 'adapter_config.json')];
      return [new File([file], written.name), ...beside].map((one) => ({ file: one, path: one.name }));
    },
  };
}

/** The place that the person chooses; null: the browser has no file picker, so it is a download; 'none': cancelled. */
async function placeFor(name: string): Promise<FileSystemFileHandle | null | 'none'> {
  const { showSaveFilePicker } = window as unknown as SaveFilePicker;
  if (!showSaveFilePicker) return null;
  const types = [{ description: 'safetensors', accept: { 'application/octet-stream': ['.safetensors'] } }];
  try {
    return await showSaveFilePicker({ suggestedName: name, types });
  } catch (error) {
    // In a frame of another page no file can be chosen; a person who closes the dialog wants none.
    return error instanceof DOMException && error.name === 'AbortError' ? 'none' : null;
  }
}

type Unplaced<R = WriteRequest> = R extends WriteRequest ? Omit<R, 'to'> : never;

function requestOf(state: AdaptersState, does: WriteTask): Unplaced | null {
  const [first, second] = state.files;
  if (!first) return null;
  const name = newFileName(state, does);
  switch (does) {
    case 'resize': {
      const cut = cutPlan(state);
      if (!cut) return null;
      const { ranks, error } = cut.foretold;
      return { does, name, file: first.id, plan: cut.plan, ranks, foretold: error };
    }
    case 'merge': {
      const { pair } = state;
      const numbers = mergeNumbers(state);
      if (!pair || !numbers) return null;
      return { does, name, files: [first.id, second.id], plan: pair.plan, foretold: numbers.error };
    }
    case 'convert':
      return { does, name, file: first.id, naming: state.convertTo, foretold: 0 };
    default:
      return does satisfies never;
  }
}
