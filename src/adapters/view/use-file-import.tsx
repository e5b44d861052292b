import { type ComponentProps, useCallback, useEffect } from 'react';
import { useDrop } from '../../ui/keys/file-drop.ts';
import type { FileRole } from '../state/adapters-state.ts';
import type { ImportedFile } from '../worker/protocol.ts';
import { useAdaptersDispatch } from './context.tsx';

/** Imports files and folders dropped anywhere on the page; true while some are held over it. `as`: see the event. */
export function useFileImport(as?: 'replace'): boolean {
  const dispatch = useAdaptersDispatch();
  const held = useDrop(
    useCallback(
      (data) =>
        void broughtBy(data).then((files) => {
          if (files.length > 0) dispatch({ type: 'files', files, ...(as ? { as } : {}) });
        }),
      [dispatch, as],
    ),
  );
  useEffect(() => {
    if (held) dispatch({ type: 'choosing' });
  }, [held, dispatch]);
  return held;
}

const MOST_FILES = 2000;

async function broughtBy(data: DataTransfer): Promise<readonly ImportedFile[]> {
  // Entries can only be asked for synchronously: a moment later the data is gone.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const files = [...data.files];
  if (!entries.some((entry) => entry?.isDirectory)) return files.map((file) => ({ file, path: file.name }));
  const found: ImportedFile[] = [];
  for (const entry of entries) if (entry) await walk(entry, found);
  return found;
}

async function walk(entry: FileSystemEntry, found: ImportedFile[]): Promise<void> {
  if (found.length >= MOST_FILES) return;
  if (isFile(entry)) {
    const file = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)));
    if (file) found.push({ file, path: entry.fullPath });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A browser lists a folder in parts.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) return;
    for (const one of some) await walk(one, found);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

function pick(what: 'files' | 'folder'): Promise<readonly ImportedFile[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    Object.assign(input, { type: 'file', multiple: true });
    if (what === 'folder') input.webkitdirectory = true;
    else input.accept = '.safetensors,.json,.zip';
    input.onchange = () =>
      resolve([...(input.files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    input.oncancel = () => resolve([]);
    input.click();
  });
}

export function useFilePicker(as?: FileRole, what: 'files' | 'folder' = 'files'): () => void {
  const dispatch = useAdaptersDispatch();
  return () => {
    // The dialog first.
    const picked = pick(what);
    dispatch({ type: 'choosing' });
    void picked.then((files) => {
      if (files.length > 0) dispatch({ type: 'files', files, ...(as ? { as } : {}) });
    });
  };
}

interface ChooseButtonProps extends Omit<ComponentProps<'button'>, 'onClick'> {
  readonly as?: FileRole;
  readonly what?: 'files' | 'folder';
}

export function ChooseButton({ as, what, className = 'btn', ...button }: ChooseButtonProps) {
  return <button type="button" className={className} onClick={useFilePicker(as, what)} {...button} />;
}
