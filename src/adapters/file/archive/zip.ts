import { inBytes, inMegabytes, NotRead, named } from '../faults.ts';
import { sourceOf } from '../file-source.ts';
import type { ByteSource, Fault, Going } from '../model.ts';
import { type Entry, LOCAL, readDirectory } from './directory.ts';
import { inflate } from './inflate.ts';

/** In bytes, unpacked: of all tensors, and of a config. */
const LARGEST = 2 ** 31;
const LARGEST_CONFIG = 100_000_000;
/** Weights hardly shrink when they are packed; what grows more than so many times is made to fill the memory. */
const MOST_GROWTH = 200;
const SMALL = 10_000_000;

const STORED = 0;
const DEFLATED = 8;

/** Whether a file is a zip archive, by its first bytes. */
export async function isZip(source: ByteSource): Promise<boolean> {
  if (source.size < 22) return false;
  const start = await source.read(0, 4);
  return start[0] === 0x50 && start[1] === 0x4b && (start[2] === 3 || start[2] === 5) && start[3] === start[2] + 1;
}

/**
 * What a zip archive has of adapters: its .safetensors files and every adapter_config.json, folder by folder, the config
 * right behind the file it belongs to. Entries that are stored as they are are read where they lie; packed ones are
 * unpacked first, `going` counts their bytes.
 */
export async function openZip(source: ByteSource, going: Going = {}): Promise<readonly ByteSource[] | Fault> {
  try {
    const entries = await readDirectory(source);
    const wanted = entries.filter(({ path }) => isWanted(path)).sort(byFolder);
    if (!wanted.some(isSafetensors)) return nothingIn(entries);
    const packed = wanted.filter(({ method }) => method === DEFLATED);
    for (const [i, entry] of wanted.entries()) {
      check(entry);
      if (entry.path === wanted[i - 1]?.path) throw new NotRead(`the archive has ${named(entry.path)} twice`);
    }
    const total = packed.reduce((sum, { size }) => sum + size, 0);
    if (total > LARGEST)
      throw new NotRead(`its files would unpack to ${inMegabytes(total)}; the limit is ${inMegabytes(LARGEST)}`);
    const sources: ByteSource[] = [];
    let before = 0;
    for (const entry of wanted) {
      const progress = (done: number) => going.progress?.(before + done, total);
      sources.push(await open(source, entry, { ...going, progress }));
      if (entry.method === DEFLATED) before += entry.size;
    }
    return sources;
  } catch (error) {
    if (!(error instanceof NotRead)) throw error;
    return { fault: 'The zip archive cannot be read.', details: `${error.sentence} ${UNPACK}` };
  }
}

const UNPACK = 'Unpack it on your device and open the .safetensors file in it.';

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
const isSafetensors = ({ path }: Entry) => path.endsWith('.safetensors');

/** Hidden files are not: macOS puts one beside each, "__MACOSX/._adapter_model.safetensors". */
function isWanted(path: string): boolean {
  const name = nameOf(path);
  return !name.startsWith('.') && (name === 'adapter_config.json' || name.endsWith('.safetensors'));
}

/** PEFT's own name first, the config of a folder last in it. */
const rankOf = ({ path }: Entry) =>
  nameOf(path) === 'adapter_model.safetensors' ? 0 : path.endsWith('.safetensors') ? 1 : 2;

function byFolder(a: Entry, b: Entry): number {
  const folders = [folderOf(a.path), folderOf(b.path)];
  if (folders[0] !== folders[1]) return folders[0] < folders[1] ? -1 : 1;
  return rankOf(a) - rankOf(b) || (a.path < b.path ? -1 : 1);
}

function check(entry: Entry): void {
  const { path, encrypted, method, packed, size } = entry;
  if (encrypted) throw new NotRead(`${named(path)} is encrypted`);
  if (method !== STORED && method !== DEFLATED)
    throw new NotRead(`${named(path)} is packed by method ${method}; only deflate, method 8, can be read here`);
  if (method === STORED && packed !== size)
    throw new NotRead(`${named(path)} has ${inBytes(packed)} in the archive, but should have ${inBytes(size)}`);
  const limit = isSafetensors(entry) ? LARGEST : LARGEST_CONFIG;
  if (size > limit) throw new NotRead(`${named(path)} has ${inMegabytes(size)}; the limit is ${inMegabytes(limit)}`);
  if (size > SMALL && size > MOST_GROWTH * packed)
    throw new NotRead(`${named(path)} would grow from ${inBytes(packed)} to ${inMegabytes(size)}, as no adapter does`);
}

async function open(source: ByteSource, entry: Entry, going: Going): Promise<ByteSource> {
  const { path, method, packed, size, crc, to } = entry;
  const damaged = () => new NotRead(`${named(path)} is not where the directory of the archive says it is`);
  const local = await source.read(entry.from, entry.from + LOCAL);
  const view = new DataView(local.buffer, local.byteOffset, local.byteLength);
  if (view.getUint32(0, true) !== 0x04034b50 || view.getUint16(8, true) !== method) throw damaged();
  const nameTo = entry.from + LOCAL + view.getUint16(26, true);
  const from = nameTo + view.getUint16(28, true);
  if (from + packed > to) throw damaged();
  const name = new TextDecoder().decode(await source.read(entry.from + LOCAL, nameTo));
  if (name !== path) throw damaged();
  if (method === DEFLATED)
    return sourceOf(await inflate(source, { path, from, to: from + packed, size, crc }, going), nameOf(path));
  return { name: nameOf(path), size, read: (start, end) => source.read(from + start, from + end) };
}

function nothingIn(entries: readonly Entry[]): Fault {
  const paths = entries.map(({ path }) => path).filter((path) => !path.endsWith('/'));
  if (paths.some((path) => /\.(pkl|bin|ckpt|pth?)$/.test(path)))
    return {
      fault: 'The archive has no .safetensors file, but a PyTorch checkpoint.',
      details: 'A checkpoint is a pickle, which can run code, and is not opened here. Save it as .safetensors.',
    };
  const first = paths.slice(0, 3).map(named).join(', ');
  const has = paths.length === 0 ? 'It is empty.' : `It has ${first}${paths.length > 3 ? ' and others' : ''}.`;
  return { fault: 'The archive has no .safetensors file.', details: `${has} Zip the folder with the adapter in it.` };
}
