import type { Saved } from '../../state/adapters/adapters-state.ts';
import type { AdaptersStore } from '../../ui/adapters/context.tsx';
import { save } from '../files.ts';
import { npyFile } from './npy.ts';
import type { Reader } from './reader.ts';

/** Hands a person what they save of the page. */
export async function saveOf(what: Saved, store: AdaptersStore, reader: Reader): Promise<void> {
  const { written, files, chosen } = store.state();
  const [file] = files;
  if (what === 'config') {
    for (const [name, text] of written?.beside ?? []) save(name, text, 'application/json');
    return;
  }
  const module = file?.adapter.modules[chosen];
  if (!file || !module) return;
  if (what === 'module-npy') {
    const update = await reader.ask({ type: 'matrix', file: file.id, module: chosen });
    if ('data' in update) save(`${nameOf(module.name)}.npy`, npyFile(update.rows, update.cols, update.data));
    else if ('fault' in update) store.dispatch({ type: 'failed', title: update.fault, details: update.details });
  }
}

/** A name as part of a file's name. */
const nameOf = (name: string) => name.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(-100);
