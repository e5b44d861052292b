import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  type Checkpoint,
  LONGEST_INDEX,
  openCheckpoint,
  readIndex,
} from '../../src/adapters/file/checkpoints/checkpoint.ts';
import { safeName } from '../../src/adapters/file/faults.ts';
import type { AdapterSource, ByteSource, Fault } from '../../src/adapters/file/model.ts';
import { openAdapter } from '../../src/adapters/file/open.ts';
import { openZip, readDirectory } from '../../src/adapters/file/zip.ts';
import { openFile } from '../adapter-files.mjs';
import { CommandError } from './arguments.ts';

const CONFIG = 'adapter_config.json';
/** Largest config, in bytes. */
const LONGEST_CONFIG = 10_000_000;

export interface OpenAdapter extends AdapterSource {
  readonly close: () => Promise<void>;
}

/** The value of a library function, or its fault thrown as one sentence. */
export function valueOrThrow<T extends object>(found: T | Fault): T {
  if (!('fault' in found)) return found;
  throw new CommandError(`${found.fault} ${found.details}`.trim());
}

/** Opens an adapter: a .safetensors file, a folder with one, or a zip of such a folder. Throws CommandError. */
export async function openPath(path: string, config: string | null, alpha: number | null): Promise<OpenAdapter> {
  if (!existsSync(path)) throw new CommandError(`${path}: there is no such file.`);
  const file = statSync(path).isDirectory() ? fileIn(path) : path;
  const disk = await fileAt(file);
  try {
    const { source, text } = await sourceIn(disk, file, config);
    const adapter = valueOrThrow(await openAdapter(source, text, alpha === null ? null : { alpha }));
    return { source, adapter, close: disk.close };
  } catch (error) {
    await disk.close();
    if (error instanceof CommandError) throw new CommandError(`${path}: ${error.message}`);
    throw error;
  }
}

const INDEX = /\.safetensors\.index\.json$/;

export interface OpenModel {
  readonly checkpoint: Checkpoint;
  readonly close: () => Promise<void>;
}

/** Opens a model: a .safetensors file, an index, or a folder with either. Throws CommandError. */
export async function openModel(path: string): Promise<OpenModel> {
  if (!existsSync(path)) throw new CommandError(`${path}: there is no such file.`);
  const isFolder = statSync(path).isDirectory();
  const index = isFolder ? indexIn(path) : INDEX.test(path) ? path : null;
  const paths = isFolder || index !== null ? modelFiles(isFolder ? path : dirname(path)) : [path];
  const text = index === null ? null : await textAt(index, LONGEST_INDEX);
  const named = text === null ? null : namedFiles(text);
  const opened: Awaited<ReturnType<typeof fileAt>>[] = [];
  const close = async () => {
    for (const file of opened) await file.close();
  };
  try {
    for (const file of paths) if (named === null || named.has(basename(file))) opened.push(await fileAt(file));
    const checkpoint = valueOrThrow(await openCheckpoint({ name: basename(path), index: text, files: opened }));
    return { checkpoint, close };
  } catch (error) {
    await close();
    if (error instanceof CommandError) throw new CommandError(`${path}: ${error.message}`);
    throw error;
  }
}

/** The files that an index names; null if it is damaged, which is said when it is opened. */
function namedFiles(text: string): ReadonlySet<string> | null {
  const shards = readIndex(text);
  return 'fault' in shards ? null : new Set(shards.values());
}

const modelFiles = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.safetensors'))
    .sort()
    .map((name) => join(folder, name));

function indexIn(folder: string): string | null {
  const names = readdirSync(folder).filter((name) => INDEX.test(name));
  const usual = names.find((name) => name === 'model.safetensors.index.json');
  if (names.length > 1 && !usual)
    throw new CommandError(`${folder}: this folder has ${names.length} indices; name one of them.`);
  return names.length === 0 ? null : join(folder, usual ?? names[0]);
}

/** PEFT's own name, otherwise the only .safetensors file there. */
function fileIn(folder: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
  const name = names.find((one) => one === 'adapter_model.safetensors') ?? names[0];
  if (name === undefined) throw new CommandError(`${folder}: this folder has no .safetensors file.`);
  if (names.length > 1 && name !== 'adapter_model.safetensors')
    throw new CommandError(`${folder}: this folder has ${names.length} .safetensors files; name one of them.`);
  return join(folder, name);
}

async function sourceIn(disk: ByteSource, file: string, config: string | null) {
  const given = config === null ? null : await textAt(config);
  if (!/\.zip$/i.test(file)) {
    const beside = join(dirname(file), CONFIG);
    return { source: disk, text: given ?? (existsSync(beside) ? await textAt(beside) : null) };
  }
  const entries = valueOrThrow(await openZip(disk));
  const [source, another] = entries.filter(({ name }) => name.endsWith('.safetensors'));
  if (!source) throw new CommandError('This zip has no .safetensors file.');
  if (another) throw new CommandError(await several(disk));
  const found = entries.find(({ name }) => basename(name) === CONFIG);
  return { source, text: given ?? (found ? await textOf(found) : null) };
}

/** Most names in a sentence. */
const NAMED = 3;

/** A sentence that a zip has several adapters, with their names. */
async function several(disk: ByteSource): Promise<string> {
  const paths = (await readDirectory(disk)).map(({ path }) => path).filter((path) => /\.safetensors$/.test(path));
  const names = paths.filter((path) => !basename(path).startsWith('.')).sort();
  const others = names.length - NAMED;
  const listed = [...names.slice(0, NAMED).map(safeName), ...(others > 0 ? [`${others} more`] : [])];
  return `This zip has ${names.length} .safetensors files, ${listed.slice(0, -1).join(', ')} and ${listed.at(-1)}; unpack it and name one of them.`;
}

/** A device or a pipe has no end, and is not opened. */
async function fileAt(path: string) {
  if (!statSync(path).isFile()) throw new CommandError(`${path}: this is not a file.`);
  return openFile(path);
}

async function textAt(path: string, longest = LONGEST_CONFIG): Promise<string> {
  const file = await fileAt(path);
  try {
    return await textOf(file, longest);
  } finally {
    await file.close();
  }
}

async function textOf(source: ByteSource, longest = LONGEST_CONFIG): Promise<string> {
  if (source.size > longest)
    throw new CommandError(`${source.name} has ${source.size} bytes; at most ${longest} are read.`);
  return new TextDecoder().decode(await source.read(0, source.size));
}
