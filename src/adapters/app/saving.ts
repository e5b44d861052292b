import { save } from '../../app/files.ts';
import { tableCsv } from '../../charts/drawing/columns.ts';
import type { Table } from '../../kit/chart/chart.ts';
import type { State, Store } from '../../state/state.ts';
import type { Figures } from '../file/model.ts';
import type { AdaptersState, OpenedFile, SaveKind, WrittenFile } from '../state/adapters-state.ts';
import { type BaseState, figuresBeside } from '../state/base-state.ts';
import { cutTable } from '../state/cut-rows.ts';
import type { ModelsState } from '../state/models-state.ts';
import { cutPlan, growthPlan, mergeError, newFileName } from '../state/predictions.ts';
import type { AdaptersStore } from '../view/context.tsx';
import { moduleColumns } from '../view/table/module-columns.ts';
import { goneOnRun } from '../view/two/gone-on.ts';
import type { AdaptersNews, ImportedFile, RemoteCalls, WriteRequest } from '../worker/protocol.ts';

export async function saveFigures(what: SaveKind, store: AdaptersStore, reader: RemoteCalls): Promise<void> {
  const state = store.state();
  const { written, files, chosen } = state;
  const [file] = files;
  if (what === 'config') {
    if (written?.config) save('adapter_config.json', written.config, 'application/json');
    return;
  }
  if (what !== 'module-npy') {
    const made = tableOf(what, state);
    if (made) save(made.name, tableCsv(made.table, made.comments), 'text/csv');
    return;
  }
  const module = file?.adapter.modules[chosen];
  if (!file || !module) return;
  const update = await reader.matrix(file.id, chosen);
  if ('fault' in update) store.dispatch({ type: 'failed', title: update.fault, details: update.details });
  else save(`${nameOf(module.name)}.npy`, npyFile(update.rows, update.cols, update.data));
}

interface NamedTable {
  readonly name: string;
  readonly table: Table;
  readonly comments: readonly string[];
}

function tableOf(what: Exclude<SaveKind, 'config' | 'module-npy'>, state: AdaptersState): NamedTable | null {
  const [file] = state.files;
  const module = file?.adapter.modules[state.chosen];
  const figures = file?.figures[state.chosen];
  if (what === 'models-csv') return state.models && tensorsTable(state.models);
  if (!file) return null;
  const old = nameOf(file.adapter.name.replace(/\.safetensors$/i, ''));
  const from = `LoRA Explorer: ${file.adapter.name}`;
  switch (what) {
    case 'modules-csv':
      return {
        name: `${old}-modules.csv`,
        table: modulesTable(file, state.base),
        comments: [`${from}, one line per module`],
      };
    case 'module-csv': {
      if (!module || !figures) return null;
      const s = module.scaling === null ? 's is not known: sigma is that of BA' : `s = ${module.scaling}`;
      const table = spectrumTable(figures);
      return { name: `${nameOf(module.name)}.csv`, table, comments: [`${from}, ${module.name}, ${s}`] };
    }
    case 'resize-csv': {
      const cut = cutPlan(state);
      if (!cut) return null;
      const comments = [`${from}, cut to ${cut.foretold.bytes} bytes, relative error ${cut.foretold.error}`];
      return { name: `${old}-resize.csv`, table: cutTable(cut), comments };
    }
    default:
      return what satisfies never;
  }
}

/** One line per tensor of two models; numbers that are not known stay empty. */
function tensorsTable({ matched, figures }: ModelsState): NamedTable | null {
  if (!matched) return null;
  const { base, fine, pairs } = matched;
  const columns = ['name', 'shape', 'type in the base', 'type in the fine-tuned', 'change', 'norm of dW', 'norm of W0'];
  const spectral = ['sigma1', 'sigma1 at most', 'directions known', 'rank90', 'rank95', 'rank99', 'stable rank'];
  return {
    name: `${nameOf(fine.name.replace(/\.safetensors$/i, ''))}-changes.csv`,
    table: {
      columns: [...columns, ...spectral],
      rows: pairs.map(({ name, shape, dtypes }, i) => {
        const of = figures[i];
        const norms = of && Number.isFinite(of.norm) ? [of.norm, of.baseNorm] : [null, null];
        const row = [name, shape.join(' x '), ...dtypes, of?.change ?? null, ...norms];
        if (!of?.spectrum) return [...row, ...spectral.map(() => null)];
        const { sigma, bounds, rank90, rank95, rank99, stableRank } = of.spectrum;
        return [...row, sigma[0], bounds?.upper[0] ?? sigma[0], sigma.length, rank90, rank95, rank99, stableRank];
      }),
    },
    comments: [
      `LoRA Explorer: ${base.name} and ${fine.name}; a rank that is empty needs more than the directions known`,
    ],
  };
}

const nameOf = (name: string) => name.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(-100);

function modulesTable({ adapter, figures }: OpenedFile, base: BaseState | null): Table {
  const columns = moduleColumns(Boolean(base?.matched));
  return {
    columns: ['name', ...columns.map(({ key }) => key)],
    rows: adapter.modules.map((module, i) => [
      module.name,
      ...columns.map(({ value }) => value({ module, figures: figures[i] ?? null, beside: figuresBeside(base, i) })),
    ]),
  };
}

export function spectrumTable({ sigma }: Figures): Table {
  const energy = sigma.map((value) => value * value);
  // From the small end, so that the error of a good cut keeps its digits.
  const left = new Float64Array(sigma.length + 1);
  for (let i = sigma.length - 1; i >= 0; i--) left[i] = left[i + 1] + energy[i];
  return {
    columns: ['direction', 'sigma', 'share of sum of sigma^2 kept', 'relative error if cut here'],
    rows: Array.from(sigma, (value, i) => {
      const lost = left[0] > 0 ? left[i + 1] / left[0] : 0;
      return [i + 1, value, 1 - lost, Math.sqrt(lost)];
    }),
  };
}

/** A float32 matrix as NumPy writes it (format 1.0): magic, version, length of the text header, numbers row by row. */
export function npyFile(rows: number, cols: number, data: Float32Array): Blob {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${cols}), }`;
  // Everything before the numbers is a multiple of 64 bytes long and ends with a line feed.
  const head = 10 + text.length + 1;
  const header = `${text}${' '.repeat((64 - (head % 64)) % 64)}\n`;
  const start = new Uint8Array(10);
  start.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(start.buffer).setUint16(8, header.length, true);
  const bytes = new DataView(new ArrayBuffer(4 * data.length));
  for (let i = 0; i < data.length; i++) bytes.setFloat32(4 * i, data[i], true);
  return new Blob([start, header, bytes]);
}

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

export function createFileWriter(store: AdaptersStore, reader: RemoteCalls, lab: Store): FileWriter {
  let doing: Pick<WrittenFile, 'does' | 'seed'> = { does: 'resize' };
  let last: WriteNews | null = null;

  return {
    async write(does) {
      const asked = requestOf(store.state(), does, lab.state());
      if (!asked) return;
      const place = await placeFor(asked.name);
      if (place === 'none') return;
      doing = { does, seed: seedOf(asked) };
      const name = place?.name ?? asked.name;
      store.dispatch({ type: 'progress', work: { does, name, done: 0, of: 0, secondsLeft: null } });
      void reader.write({ ...asked, name, to: place });
    },
    written(message) {
      last = message;
      const { written, file } = message;
      if (!(file instanceof File)) save(written.name, file);
      store.dispatch({ type: 'written', written: { ...written, ...doing } });
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

/** Of random numbers in the file, if it has any. */
function seedOf(asked: Unplaced): number | undefined {
  if (asked.does === 'grow') return asked.plan.seed;
  return asked.does === 'merge' && asked.plan.method === 'dare' ? asked.plan.seed : undefined;
}

type Unplaced<R = WriteRequest> = R extends WriteRequest ? Omit<R, 'to'> : never;

function requestOf(state: AdaptersState, does: WriteTask, lab: State): Unplaced | null {
  const [first] = state.files;
  const name = newFileName(state, does);
  if (does === 'extract') {
    const outlook = state.models?.outlook;
    return outlook ? { does, name, plan: outlook.plan, foretold: outlook.error } : null;
  }
  if (!first) return null;
  switch (does) {
    case 'resize': {
      const cut = cutPlan(state);
      if (!cut) return null;
      const { ranks, error } = cut.foretold;
      return { does, name, file: first.id, plan: cut.plan, ranks, foretold: error };
    }
    case 'merge': {
      const { pair } = state;
      const foretold = mergeError(state);
      if (!pair || foretold === null) return null;
      return { does, name, files: state.files.map(({ id }) => id), plan: pair.plan, foretold };
    }
    case 'grow': {
      const grown = growthPlan(state);
      if (!grown || grown.fault) return null;
      return { does, name, file: first.id, plan: { rank: grown.rank, seed: grown.seed }, foretold: grown.error };
    }
    case 'write-back': {
      const found = goneOnRun(state, lab.run);
      return found && { does, name, ...found.of, trained: found.trained(), foretold: 0 };
    }
    case 'convert':
      return { does, name, file: first.id, naming: state.convertTo, foretold: 0 };
    default:
      return does satisfies never;
  }
}
