import { fromHalf } from '../../math/float16.ts';
import { allDigits, plural } from '../numbers.ts';
import {
  entryFault,
  isZero,
  type MatrixFault,
  type MatrixReading,
  shapeFault,
  shortText,
  zeroFault,
} from './limits.ts';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** The first bytes of the file: magic, version, and the header's length in 2 or 4 bytes. */
const VERSION_AT = 6;
const LENGTH_AT = 8;
/** numpy's own limit: a header of one plain array has about 100 bytes. */
const LONGEST_HEADER = 10_000;
const WANTED =
  'expected a two-dimensional array of float16, float32, float64, integers or bool, as numpy.save(name, matrix) writes it';

type ReadNumber = (view: DataView, at: number, little: boolean) => number;

/** Readers of numbers, by numpy's kind and size in bytes. */
const TYPES: Readonly<Record<string, ReadNumber>> = {
  f2: (view, at, little) => fromHalf(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  // Any byte but 0 is True, as it is to numpy.
  b1: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
};

/** The type in a header: "<f4", and "|u1" if a number is one byte; null if unsupported. */
function typeOf(
  descr: string,
): { readonly size: number; readonly read: (view: DataView, at: number) => number } | null {
  const [order, name] = [descr[0], descr.slice(1)];
  const size = Number(name[1]);
  if (!Object.hasOwn(TYPES, name) || !(size === 1 ? '<>|=' : '<>').includes(order)) return null;
  const [read, little] = [TYPES[name], order === '<'];
  return { size, read: (view, at) => read(view, at, little) };
}

/** Whether the first byte is that of an .npy file, which no text in UTF-8 begins with. */
export function beginsAsNpy(bytes: Uint8Array): boolean {
  return bytes[0] === MAGIC[0];
}

/** Reads an .npy file of version 1.0, 2.0 or 3.0: real numbers, C or Fortran order, one or two dimensions. */
export function readNpy(bytes: Uint8Array): MatrixReading {
  const start = headerOf(bytes);
  if ('fault' in start) return { fault: `${start.fault}; ${WANTED}.` };
  const header = readHeader(start.text);
  if ('fault' in header) return { fault: `${header.fault}; ${WANTED}.` };
  const { descr, fortranOrder, shape } = header;
  const type = typeOf(descr);
  if (!type) return { fault: `its numbers are of type "${shortText(descr)}"${orderless(descr)}; ${WANTED}.` };
  if (shape.length < 1 || shape.length > 2)
    return {
      fault: `it has ${plural(shape.length, 'dimension', String)}${shape.length > 0 ? ` (${shortText(shape.join(' × '))})` : ''}; ${WANTED}.`,
    };
  const [rows, cols] = shape.length === 1 ? [1, shape[0]] : shape;
  const unfit = shapeFault(rows, cols);
  if (unfit) return { fault: `${unfit}.` };
  const held = (bytes.length - start.end) / type.size;
  if (held < rows * cols)
    return { fault: `the file is cut off: it holds ${Math.floor(held)} of ${rows * cols} numbers.` };
  if (held > rows * cols) return { fault: `the file continues after its ${rows * cols} numbers; expected one array.` };
  const data = new Float32Array(rows * cols);
  let largest = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start.end);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const value = type.read(view, type.size * (fortranOrder ? j * rows + i : i * cols + j));
      const why = entryFault(value);
      if (why) return { fault: `row ${i + 1}, column ${j + 1}: expected ${why}, found ${allDigits(value)}.` };
      data[i * cols + j] = value;
      largest = Math.max(largest, Math.abs(value));
    }
  }
  if (isZero(data)) return { fault: zeroFault(largest) };
  const remark = shape.length === 1 ? 'It has one dimension and was read as a single row.' : null;
  return { rows, cols, data, format: 'npy', remark };
}

/** The header's text and the offset of the numbers; the fault is half a sentence. */
function headerOf(bytes: Uint8Array): { readonly text: string; readonly end: number } | MatrixFault {
  if (MAGIC.some((byte, i) => i < bytes.length && bytes[i] !== byte))
    return { fault: 'it does not begin as an .npy file does (\\x93NUMPY)' };
  const cutOff = { fault: 'the file is cut off within its header' };
  if (bytes.length < LENGTH_AT + 2) return cutOff;
  const version = bytes[VERSION_AT];
  if (version < 1 || version > 3 || bytes[VERSION_AT + 1] !== 0)
    return {
      fault: `its .npy version is ${version}.${bytes[VERSION_AT + 1]}, but only 1.0, 2.0 and 3.0 can be read`,
    };
  const from = LENGTH_AT + (version === 1 ? 2 : 4);
  if (bytes.length < from) return cutOff;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = version === 1 ? view.getUint16(LENGTH_AT, true) : view.getUint32(LENGTH_AT, true);
  if (length > LONGEST_HEADER)
    return { fault: `its header says that it has ${length} bytes; the limit is ${LONGEST_HEADER}` };
  if (bytes.length < from + length) return cutOff;
  // Versions 1 and 2 are latin1, 3 is UTF-8; allowed headers are ASCII, the same in both.
  return { text: new TextDecoder('utf-8').decode(bytes.subarray(from, from + length)), end: from + length };
}

/** "=f4" and "|f4" leave the byte order to the machine that wrote the file. */
function orderless(descr: string): string {
  return /^[=|]?(f[248]|[iu][248])$/.test(descr) ? ', which does not say in which order their bytes are' : '';
}

/** The header of an .npy file; the format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export interface NpyHeader {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** Strings without escapes, integers (Python 2 wrote 3L), names, and the marks of a dict and a tuple. */
const TOKEN = /\s*(?:'([^'\\\n]*)'|"([^"\\\n]*)"|(\d{1,15})L?(?![\w.])|(True|False)(?!\w)|([{}()[\]:,]))/y;

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'whole'; readonly whole: number }
  | { readonly kind: 'truth'; readonly truth: boolean }
  | { readonly kind: 'mark'; readonly text: string };

type Value = string | boolean | readonly number[];

const isMark = (token: Token | undefined, text: string) => token?.kind === 'mark' && token.text === text;

function tokens(header: string): readonly Token[] | MatrixFault {
  const list: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < header.trimEnd().length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(header);
    if (!found)
      return { fault: `its header has ${JSON.stringify(shortText(header.slice(at).trim()))} instead of a value` };
    const [, single, double, whole, truth, mark] = found;
    if (mark !== undefined) list.push({ kind: 'mark', text: mark });
    else if (whole !== undefined) list.push({ kind: 'whole', whole: Number(whole) });
    else if (truth !== undefined) list.push({ kind: 'truth', truth: truth === 'True' });
    else list.push({ kind: 'text', text: single ?? double ?? '' });
  }
  return list;
}

/** One value and the index behind it: text, True or False, or a tuple of integers; null if it is none of these. */
function valueAt(list: readonly Token[], at: number): { readonly value: Value; readonly next: number } | null {
  const token = list[at];
  if (token?.kind === 'text') return { value: token.text, next: at + 1 };
  if (token?.kind === 'truth') return { value: token.truth, next: at + 1 };
  if (!isMark(token, '(')) return null;
  const numbers: number[] = [];
  let next = at + 1;
  for (let entry = list[next]; entry?.kind === 'whole'; entry = list[next]) {
    numbers.push(entry.whole);
    next++;
    if (!isMark(list[next], ',')) break;
    next++;
  }
  return isMark(list[next], ')') ? { value: numbers, next: next + 1 } : null;
}

/**
 * Reads the header's text, a Python dict such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, by its
 * grammar: exactly the three keys, each once, nothing evaluated. The fault is half a sentence.
 */
function readHeader(text: string): NpyHeader | MatrixFault {
  const list = tokens(text);
  if ('fault' in list) return list;
  if (!isMark(list[0], '{')) return { fault: 'its header does not begin with {' };
  const entries = new Map<string, Value>();
  let at = 1;
  while (!isMark(list[at], '}')) {
    const key = list[at];
    if (key?.kind !== 'text' || !isMark(list[at + 1], ':')) return { fault: 'its header is damaged or cut off' };
    const read = valueAt(list, at + 2);
    if (!read || entries.has(key.text))
      return { fault: `its header does not have one simple value for "${shortText(key.text)}"` };
    entries.set(key.text, read.value);
    at = read.next;
    if (isMark(list[at], ',')) at++;
    else if (!isMark(list[at], '}')) return { fault: 'its header is damaged or cut off' };
  }
  if (at + 1 < list.length) return { fault: 'its header continues after its }' };
  const [descr, fortranOrder, shape] = ['descr', 'fortran_order', 'shape'].map((key) => entries.get(key));
  if (entries.size !== 3 || typeof descr !== 'string' || typeof fortranOrder !== 'boolean' || typeof shape !== 'object')
    return { fault: 'its header must have descr, fortran_order and shape, and nothing else' };
  return { descr, fortranOrder, shape };
}
