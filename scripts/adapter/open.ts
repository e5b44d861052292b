import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

async function textAt(path: string): Promise<string> {
  const file = await fileAt(path);
  try {
    return await textOf(file);
  } finally {
    await file.close();
  }
}

async function textOf(source: ByteSource): Promise<string> {
  if (source.size > LONGEST_CONFIG)
    throw new CommandError(`${source.name} has ${source.size} bytes; an ${CONFIG} has at most ${LONGEST_CONFIG}.`);
  return new TextDecoder().decode(await source.read(0, source.size));
}
