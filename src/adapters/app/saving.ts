import { save } from '../../app/files.ts';
import { tableCsv } from '../../charts/drawing/columns.ts';
import type { Table } from '../../kit/chart/chart.ts';
import type { AdaptersState, Saved } from '../state/adapters-state.ts';
import { cutTable } from '../state/cut-rows.ts';
import { cutOf } from '../state/foretold.ts';
import type { AdaptersStore } from '../view/context.tsx';
import { modulesTable, spectrumTable } from './adapter-tables.ts';
import { npyFile } from './npy.ts';
import type { Reader } from './reader.ts';

/** Hands a person what they save of the page. */
export async function saveOf(what: Saved, store: AdaptersStore, reader: Reader): Promise<void> {
  const state = store.state();
  const { written, files, chosen } = state;
  const [file] = files;
  if (what === 'config') {
    for (const [name, text] of written?.beside ?? []) save(name, text, 'application/json');
    return;
  }
  if (what !== 'module-npy') {
    const made = tableOf(what, state);
    if (made) save(made.name, tableCsv(made.table, made.comments), 'text/csv');
    return;
  }
  const module = file?.adapter.modules[chosen];
  if (!file || !module) return;
  const update = await reader.ask({ type: 'matrix', file: file.id, module: chosen });
  if ('data' in update) save(`${nameOf(module.name)}.npy`, npyFile(update.rows, update.cols, update.data));
  else if ('fault' in update) store.dispatch({ type: 'failed', title: update.fault, details: update.details });
}

interface NamedTable {
  readonly name: string;
  readonly table: Table;
  readonly comments: readonly string[];
}

function tableOf(what: Exclude<Saved, 'config' | 'module-npy'>, state: AdaptersState): NamedTable | null {
  const [file] = state.files;
  const module = file?.adapter.modules[state.chosen];
  const figures = file?.figures[state.chosen];
  if (!file) return null;
  const old = nameOf(file.adapter.name.replace(/\.safetensors$/i, ''));
  const from = `LoRA Explorer: ${file.adapter.name}`;
  switch (what) {
    case 'modules-csv':
      return { name: `${old}-modules.csv`, table: modulesTable(file), comments: [`${from}, one line per module`] };
    case 'module-csv': {
      if (!module || !figures) return null;
      const s = module.scaling === null ? 's is not known: sigma is that of BA' : `s = ${module.scaling}`;
      const table = spectrumTable(figures);
      return { name: `${nameOf(module.name)}.csv`, table, comments: [`${from}, ${module.name}, ${s}`] };
    }
    case 'resize-csv': {
      const cut = cutOf(state);
      if (!cut) return null;
      const comments = [`${from}, cut to ${cut.foretold.bytes} bytes, relative error ${cut.foretold.error}`];
      return { name: `${old}-resize.csv`, table: cutTable(cut), comments };
    }
    default:
      return what satisfies never;
  }
}

/** A name as part of a file's name. */
const nameOf = (name: string) => name.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(-100);
