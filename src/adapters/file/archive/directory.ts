import { counted, inBytes, inMegabytes, NotRead, named } from '../faults.ts';
import type { ByteSource } from '../model.ts';

/** A file in a zip archive, as the directory at the archive's end lists it. Sizes and places are in bytes. */
export interface Entry {
  /** With its folders. */
  readonly path: string;
  readonly encrypted: boolean;
  /** 0: stored as it is; 8: deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where its own header begins. */
  readonly from: number;
  /** Where the next entry, or the directory, begins. */
  readonly to: number;
}

const MOST_ENTRIES = 10_000;
const LARGEST_DIRECTORY = 10_000_000;
/** Of the record at the end, without its comment, of the longest comment, and of what zip64 has in front of it. */
const END = 22;
const COMMENT = 0xffff;
const LOCATOR = 20;
const END_64 = 56;
const CENTRAL = 46;
/** Of an entry's own header, without its name and further fields. */
export const LOCAL = 30;

interface Directory {
  readonly from: number;
  readonly to: number;
  readonly entries: number;
}

/**
 * The directory of a zip archive, checked: within the file, right in front of the record at the end, and no two entries in
 * the same bytes. Throws NotRead.
 * Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.6 to 4.5.3.
 */
export async function readDirectory(source: ByteSource): Promise<readonly Entry[]> {
  const { from, to, entries } = await findDirectory(source);
  if (entries > MOST_ENTRIES)
    throw new NotRead(`the archive lists ${counted(entries)} files; the limit is ${counted(MOST_ENTRIES)}`);
  if (to - from > LARGEST_DIRECTORY)
    throw new NotRead(`its directory has ${inBytes(to - from)}; the limit is ${inMegabytes(LARGEST_DIRECTORY)}`);
  const bytes = await source.read(from, to);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Omit<Entry, 'to'>[] = [];
  let at = 0;
  for (let i = 0; i < entries; i++) {
    const entry = readEntry(view, at, i + 1);
    found.push(entry);
    at = entry.next;
  }
  if (at !== bytes.length) throw new NotRead('its directory is longer than the files that it lists');
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
  if (at < 0) throw new NotRead('the directory at the end of the archive is missing, so it may be cut off');
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
  if (found.disks > 0) throw new NotRead('the archive is split into several files');
  if (found.from + found.size !== found.end) {
    const says = `its directory should stand from byte ${counted(found.from)} to ${counted(found.from + found.size)}`;
    throw new NotRead(`${says}, but the record behind it begins at ${counted(found.end)}`);
  }
  return { from: found.from, to: found.end, entries: found.entries };
}

async function findDirectory64(source: ByteSource, at: number, locator: number) {
  if (!(at + END_64 <= locator)) throw new NotRead('the zip64 record is not where the archive says it is');
  const bytes = await source.read(at, at + END_64);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 0x06064b50) throw new NotRead('the zip64 record is not where the archive says it is');
  return {
    disks: view.getUint32(16, true) + view.getUint32(20, true),
    entries: Number(view.getBigUint64(32, true)),
    size: Number(view.getBigUint64(40, true)),
    from: Number(view.getBigUint64(48, true)),
    end: at,
  };
}

function readEntry(view: DataView, at: number, number: number): Omit<Entry, 'to'> & { readonly next: number } {
  const damaged = () => new NotRead(`entry ${counted(number)} of its directory is damaged`);
  if (at + CENTRAL > view.byteLength || view.getUint32(at, true) !== 0x02014b50) throw damaged();
  const nameFrom = at + CENTRAL;
  const extraFrom = nameFrom + view.getUint16(at + 28, true);
  const extraTo = extraFrom + view.getUint16(at + 30, true);
  const next = extraTo + view.getUint16(at + 32, true);
  if (next > view.byteLength) throw damaged();
  const path = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + nameFrom, extraFrom - nameFrom));
  // Only what does not fit into 32 bits stands in the further field of zip64, in this order.
  const long = field64(view, extraFrom, extraTo);
  const wide = (place: number) => {
    const value = view.getUint32(at + place, true);
    if (value !== 0xffffffff) return value;
    const wider = long.next();
    if (wider.done) throw damaged();
    return wider.value;
  };
  const size = wide(24);
  const packed = wide(20);
  const from = wide(42);
  const encrypted = (view.getUint16(at + 8, true) & 1) === 1;
  return {
    path,
    encrypted,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed,
    size,
    from,
    next,
  };
}

/** The 64-bit numbers of an entry's zip64 field. */
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
function apart(found: readonly Omit<Entry, 'to'>[], directory: number): readonly Entry[] {
  const ordered = [...found].sort((a, b) => a.from - b.from);
  const ends = new Map(ordered.map((entry, i) => [entry, ordered[i + 1]?.from ?? directory]));
  return found.map((entry) => {
    const to = ends.get(entry) ?? directory;
    const least = entry.from + LOCAL + entry.packed;
    if (!(least <= to)) {
      const where = `${named(entry.path)} should fill ${inBytes(entry.packed)} from byte ${counted(entry.from)}`;
      throw new NotRead(`${where}, but there are other data from byte ${counted(to)}: entries overlap`);
    }
    const { path, encrypted, method, crc, packed, size, from } = entry;
    return { path, encrypted, method, crc, packed, size, from, to };
  });
}
