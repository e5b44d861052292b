import { crc32 } from '../../math/crc32.ts';
import { bytesText, countText, megabytesText, ReadError, safeName } from './faults.ts';
import { sourceOf } from './file-source.ts';
import type { ByteSource, Fault } from './model.ts';

/** A file in a zip archive, as listed in the directory at the archive's end. Sizes and places are in bytes. */
interface DirectoryEntry {
  readonly path: string;
  readonly encrypted: boolean;
  /** 0: stored; 8: deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly from: number;
  /** Start of the next entry, or of the directory. */
  readonly to: number;
}

const MOST_ENTRIES = 10_000;
const LARGEST_DIRECTORY = 10_000_000;
/** Bytes of the end record without its comment, of the longest comment, and of the zip64 records in front of it. */
const END = 22;
const COMMENT = 0xffff;
const LOCATOR = 20;
const END_64 = 56;
const CENTRAL = 46;
/** Bytes of a local header without its name and extra fields. */
const LOCAL = 30;

interface Directory {
  readonly from: number;
  readonly to: number;
  readonly entries: number;
}

/**
 * The checked directory of a zip archive: within the file, right in front of the end record, no two entries in the same
 * bytes. Throws ReadError. Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.6 to 4.5.3.
 */
export async function readDirectory(source: ByteSource): Promise<readonly DirectoryEntry[]> {
  const { from, to, entries } = await findDirectory(source);
  if (entries > MOST_ENTRIES)
    throw new ReadError(`the archive lists ${countText(entries)} files; the limit is ${countText(MOST_ENTRIES)}`);
  if (to - from > LARGEST_DIRECTORY)
    throw new ReadError(`its directory has ${bytesText(to - from)}; the limit is ${megabytesText(LARGEST_DIRECTORY)}`);
  const bytes = await source.read(from, to);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Unbounded[] = [];
  let at = 0;
  for (let i = 0; i < entries; i++) {
    const { next, ...entry } = readEntry(view, at, i + 1);
    found.push(entry);
    at = next;
  }
  if (at !== bytes.length) throw new ReadError('its directory is longer than the files that it lists');
  return apart(found, from);
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  const { size } = source;
  const tailFrom = Math.max(0, size - END - COMMENT - LOCATOR);
  const tail = await source.read(tailFrom, size);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  let at = tail.length - END;
  while (
    at >= 0 &&
    !(view.getUint32(at, true) === 0x06054b50 && at + END + view.getUint16(at + 20, true) === tail.length)
  )
    at--;
  if (at < 0) throw new ReadError('the directory at the end of the archive is missing, so it may be cut off');
  const end = tailFrom + at;
  const is64 = at >= LOCATOR && view.getUint32(at - LOCATOR, true) === 0x07064b50;
  const found = is64
    ? await findDirectory64(source, Number(view.getBigUint64(at - LOCATOR + 8, true)), end - LOCATOR)
    : {
        disks: view.getUint16(at + 4, true) + view.getUint16(at + 6, true),
        entries: view.getUint16(at + 10, true),
        size: view.getUint32(at + 12, true),
        from: view.getUint32(at + 16, true),
        end,
      };
  if (found.disks > 0) throw new ReadError('the archive is split into several files');
  if (found.from + found.size !== found.end) {
    const says = `its directory should stand from byte ${countText(found.from)} to ${countText(found.from + found.size)}`;
    throw new ReadError(`${says}, but the record behind it begins at ${countText(found.end)}`);
  }
  return { from: found.from, to: found.end, entries: found.entries };
}

async function findDirectory64(source: ByteSource, at: number, locator: number) {
  if (!(at + END_64 <= locator)) throw new ReadError('the zip64 record is not where the archive says it is');
  const bytes = await source.read(at, at + END_64);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 0x06064b50)
    throw new ReadError('the zip64 record is not where the archive says it is');
  return {
    disks: view.getUint32(16, true) + view.getUint32(20, true),
    entries: Number(view.getBigUint64(32, true)),
    size: Number(view.getBigUint64(40, true)),
    from: Number(view.getBigUint64(48, true)),
    end: at,
  };
}

type Unbounded = Omit<DirectoryEntry, 'to'>;

function readEntry(view: DataView, at: number, number: number): Unbounded & { readonly next: number } {
  const damaged = () => new ReadError(`entry ${countText(number)} of its directory is damaged`);
  if (at + CENTRAL > view.byteLength || view.getUint32(at, true) !== 0x02014b50) throw damaged();
  const nameFrom = at + CENTRAL;
  const extraFrom = nameFrom + view.getUint16(at + 28, true);
  const extraTo = extraFrom + view.getUint16(at + 30, true);
  const next = extraTo + view.getUint16(at + 32, true);
  if (next > view.byteLength) throw damaged();
  const path = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + nameFrom, extraFrom - nameFrom));
  // The zip64 field has only values that do not fit into 32 bits, in this order.
  const long = field64(view, extraFrom, extraTo);
  const wide = (place: number) => {
    const value = view.getUint32(at + place, true);
    if (value !== 0xffffffff) return value;
    const wider = long.next();
    if (wider.done) throw damaged();
    return wider.value;
  };
  const [size, packed, from] = [wide(24), wide(20), wide(42)];
  const encrypted = (view.getUint16(at + 8, true) & 1) === 1;
  const [method, crc] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)];
  return { path, encrypted, method, crc, packed, size, from, next };
}

function* field64(view: DataView, from: number, to: number): Generator<number, undefined> {
  for (let at = from; at + 4 <= to; ) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1)
      for (let number = at + 4; number + 8 <= Math.min(end, to); number += 8)
        yield Number(view.getBigUint64(number, true));
    at = end;
  }
}

/** The entries with their ends: in a bomb many of them share the same bytes. */
function apart(found: readonly Unbounded[], directory: number): readonly DirectoryEntry[] {
  const ordered = [...found].sort((a, b) => a.from - b.from);
  const ends = new Map(ordered.map((entry, i) => [entry, ordered[i + 1]?.from ?? directory]));
  return found.map((entry) => {
    const to = ends.get(entry) ?? directory;
    const min = entry.from + LOCAL + entry.packed;
    if (!(min <= to)) {
      const where = `${safeName(entry.path)} should fill ${bytesText(entry.packed)} from byte ${countText(entry.from)}`;
      throw new ReadError(`${where}, but there are other data from byte ${countText(to)}: entries overlap`);
    }
    return { ...entry, to };
  });
}

/** In bytes. Deflated data grow a thousandfold at most, which bounds the data between two checks of its size. */
const READ = 1 << 16;
const KEPT = 1 << 23;

/**
 * Unpacks deflated bytes from `from` up to `to`, which have to become `size` bytes of this CRC-32, else throws
 * ReadError. Pieces become Blobs at once, which a browser may keep on disk.
 */
async function inflate(
  source: ByteSource,
  { path, from, to, size, crc }: { path: string; from: number; to: number; size: number; crc: number },
  signal?: AbortSignal,
): Promise<Blob> {
  let at = from;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        if (at >= to) return controller.close();
        const end = Math.min(to, at + READ);
        controller.enqueue(await source.read(at, end));
        at = end;
      },
    },
    { highWaterMark: 0 },
  );
  const reader = packed.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const blobs: Blob[] = [];
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let kept = 0;
  let done = 0;
  let sum = 0;
  const keep = () => {
    blobs.push(new Blob(pieces));
    pieces = [];
    kept = 0;
  };
  try {
    for (;;) {
      signal?.throwIfAborted();
      const piece = await readPiece(reader, path);
      if (!piece) break;
      done += piece.length;
      if (done > size) throw new ReadError(`${safeName(path)} should unpack to ${bytesText(size)}, but there are more`);
      sum = crc32(piece, sum);
      pieces.push(piece);
      kept += piece.length;
      if (kept >= KEPT) keep();
    }
  } catch (error) {
    await reader.cancel().catch(() => {});
    throw error;
  }
  if (done < size)
    throw new ReadError(`${safeName(path)} should unpack to ${bytesText(size)}, but there are only ${bytesText(done)}`);
  if (sum !== crc)
    throw new ReadError(`${safeName(path)} is damaged: its checksum is not the one that the archive lists`);
  keep();
  return new Blob(blobs);
}

async function readPiece(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>, path: string) {
  try {
    return (await reader.read()).value;
  } catch (error) {
    // A stream reports damaged data with a TypeError, Node's own with a code; other errors come from the file.
    if (
      error instanceof TypeError ||
      (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
    )
      throw new ReadError(`the packed data of ${safeName(path)} are damaged`);
    throw error;
  }
}

/** In bytes, unpacked: of all tensors, and of a config. */
const LARGEST = 2 ** 31;
const LARGEST_CONFIG = 100_000_000;
/** Weights hardly shrink when packed; a higher ratio is made to fill the memory. */
const MOST_GROWTH = 200;
const SMALL = 10_000_000;

const STORED = 0;
const DEFLATED = 8;

export async function isZip(source: ByteSource): Promise<boolean> {
  if (source.size < 22) return false;
  const start = await source.read(0, 4);
  return start[0] === 0x50 && start[1] === 0x4b && (start[2] === 3 || start[2] === 5) && start[3] === start[2] + 1;
}

/**
 * The adapters of a zip archive: its .safetensors files and every adapter_config.json, folder by folder, the config
 * right behind its file. Stored entries are read in place; packed ones are unpacked first.
 */
export async function openZip(source: ByteSource, signal?: AbortSignal): Promise<readonly ByteSource[] | Fault> {
  try {
    const entries = await readDirectory(source);
    const wanted = entries.filter(({ path }) => isWanted(path)).sort(byFolder);
    if (!wanted.some(isSafetensors)) return nothingIn(entries);
    for (const [i, entry] of wanted.entries()) {
      check(entry);
      if (entry.path === wanted[i - 1]?.path) throw new ReadError(`the archive has ${safeName(entry.path)} twice`);
    }
    const total = wanted.reduce((sum, { method, size }) => sum + (method === DEFLATED ? size : 0), 0);
    if (total > LARGEST)
      throw new ReadError(`its files would unpack to ${megabytesText(total)}; the limit is ${megabytesText(LARGEST)}`);
    const sources: ByteSource[] = [];
    for (const entry of wanted) sources.push(await open(source, entry, signal));
    return sources;
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return { fault: 'The zip archive cannot be read.', details: `${error.sentence} ${UNPACK}` };
  }
}

const UNPACK = 'Unpack it on your device and open the .safetensors file in it.';

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
const isSafetensors = ({ path }: DirectoryEntry) => path.endsWith('.safetensors');

/** Hidden files are not: macOS adds one to each, "__MACOSX/._adapter_model.safetensors". */
function isWanted(path: string): boolean {
  const name = nameOf(path);
  return !name.startsWith('.') && (name === 'adapter_config.json' || name.endsWith('.safetensors'));
}

/** PEFT's own name first, the config of a folder last in it. */
const rankOf = ({ path }: DirectoryEntry) =>
  nameOf(path) === 'adapter_model.safetensors' ? 0 : path.endsWith('.safetensors') ? 1 : 2;

function byFolder(a: DirectoryEntry, b: DirectoryEntry): number {
  const folders = [folderOf(a.path), folderOf(b.path)];
  if (folders[0] !== folders[1]) return folders[0] < folders[1] ? -1 : 1;
  return rankOf(a) - rankOf(b) || (a.path < b.path ? -1 : 1);
}

function check(entry: DirectoryEntry): void {
  const { path, encrypted, method, packed, size } = entry;
  if (encrypted) throw new ReadError(`${safeName(path)} is encrypted`);
  if (method !== STORED && method !== DEFLATED)
    throw new ReadError(`${safeName(path)} is packed by method ${method}; only deflate, method 8, can be read here`);
  if (method === STORED && packed !== size)
    throw new ReadError(
      `${safeName(path)} has ${bytesText(packed)} in the archive, but should have ${bytesText(size)}`,
    );
  const limit = isSafetensors(entry) ? LARGEST : LARGEST_CONFIG;
  if (size > limit)
    throw new ReadError(`${safeName(path)} has ${megabytesText(size)}; the limit is ${megabytesText(limit)}`);
  if (size > SMALL && size > MOST_GROWTH * packed)
    throw new ReadError(
      `${safeName(path)} would grow from ${bytesText(packed)} to ${megabytesText(size)}, as no adapter does`,
    );
}

async function open(source: ByteSource, entry: DirectoryEntry, signal?: AbortSignal): Promise<ByteSource> {
  const { path, method, packed, size, crc, to } = entry;
  const damaged = () => new ReadError(`${safeName(path)} is not where the directory of the archive says it is`);
  const local = await source.read(entry.from, entry.from + LOCAL);
  const view = new DataView(local.buffer, local.byteOffset, local.byteLength);
  if (view.getUint32(0, true) !== 0x04034b50 || view.getUint16(8, true) !== method) throw damaged();
  const nameTo = entry.from + LOCAL + view.getUint16(26, true);
  const from = nameTo + view.getUint16(28, true);
  if (from + packed > to) throw damaged();
  const name = new TextDecoder().decode(await source.read(entry.from + LOCAL, nameTo));
  if (name !== path) throw damaged();
  if (method === DEFLATED)
    return sourceOf(await inflate(source, { path, from, to: from + packed, size, crc }, signal), nameOf(path));
  return { name: nameOf(path), size, read: (start, end) => source.read(from + start, from + end) };
}

function nothingIn(entries: readonly DirectoryEntry[]): Fault {
  const paths = entries.map(({ path }) => path).filter((path) => !path.endsWith('/'));
  if (paths.some((path) => /\.(pkl|bin|ckpt|pth?)$/.test(path)))
    return {
      fault: 'The archive has no .safetensors file, but a PyTorch checkpoint.',
      details: 'A checkpoint is a pickle, which can run code, and is not opened here. Save it as .safetensors.',
    };
  const first = paths.slice(0, 3).map(safeName).join(', ');
  const has = paths.length === 0 ? 'It is empty.' : `It has ${first}${paths.length > 3 ? ' and others' : ''}.`;
  return { fault: 'The archive has no .safetensors file.', details: `${has} Zip the folder with the adapter in it.` };
}
