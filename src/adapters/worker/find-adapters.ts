import { sourceOf } from '../file/file-source.ts';
import type { ByteSource, Fault } from '../file/model.ts';
import { isZip, openZip } from '../file/zip.ts';
import type { ImportedFile } from './protocol.ts';

export interface AdapterCandidate {
  readonly source: ByteSource;
  readonly config: string | null;
}

export interface AdapterCandidates {
  readonly candidates: readonly AdapterCandidate[];
  /** A config imported alone, for a file that is open. */
  readonly config: string | null;
}

/** In bytes; a larger file is no config and is not read. */
const LARGEST_CONFIG = 10_000_000;

interface SourceEntry {
  readonly source: ByteSource;
  readonly path: string;
}

/** Adapters among files, folders and zips. A config belongs to the files of its folder, a single one to all. */
export async function findAdapters(
  brought: readonly ImportedFile[],
  signal: AbortSignal,
): Promise<AdapterCandidates | Fault> {
  const entries: SourceEntry[] = [];
  for (const { file, path } of brought) {
    const source = sourceOf(file, nameOf(path));
    if (!(await isZip(source))) {
      entries.push({ source, path });
      continue;
    }
    const inside = await openZip(source, signal);
    if ('fault' in inside) return inside;
    entries.push(...entriesOf(inside, path));
  }
  const configs = await Promise.all(entries.filter(isConfig).map(readConfig));
  const files = entries.filter(({ source }) => /\.safetensors$/i.test(source.name));
  // Any extension may be an adapter: the header decides.
  const others = entries.filter((entry) => !/\.(json|md|txt|gitattributes)$/i.test(entry.source.name));
  const adapters = files.length > 0 ? files : others;
  const [only] = configs;
  return {
    candidates: adapters.map(({ source, path }) => ({
      source,
      config: configs.find((one) => folderOf(one.path) === folderOf(path))?.text ?? only?.text ?? null,
    })),
    config: adapters.length === 0 ? (only?.text ?? null) : null,
  };
}

/** A zip lists a config right behind its file: as if both were in a folder. */
function entriesOf(inside: readonly ByteSource[], path: string): readonly SourceEntry[] {
  let folder = 0;
  return inside.map((source) => {
    if (!/\.json$/i.test(source.name)) folder++;
    return { source, path: `${path}/${folder}/${source.name}` };
  });
}

/** All adapters of PEFT have one name, so its folder is added: "checkpoint-500/adapter_model.safetensors". */
function nameOf(path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  return /^(adapter_model|pytorch_lora_weights)\./i.test(parts.at(-1) ?? '')
    ? parts.slice(-2).join('/')
    : (parts.at(-1) ?? path);
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);

/** In a folder with other JSON the config is found by its name; a single JSON next to a file is taken for it. */
function isConfig({ source }: SourceEntry, _index: number, all: readonly SourceEntry[]): boolean {
  const json = (name: string) => /\.json$/i.test(name);
  if (!json(source.name) || source.size > LARGEST_CONFIG) return false;
  return /adapter_config\.json$/i.test(source.name) || all.filter((one) => json(one.source.name)).length === 1;
}

async function readConfig({ source, path }: SourceEntry) {
  return { path, text: new TextDecoder().decode(await source.read(0, source.size)) };
}
