import { bytesText, countText, megabytesText, ReadError, safeName } from '../faults.ts';
import type { ByteSource, Fault, Header, TensorEntry } from '../model.ts';
import { bitsOf } from './numbers.ts';

/** Names that every object has: as keys they would mean something else. */
const PROTOTYPE: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/y;
/** null, true, false or any number. */
const WORD = /(?:null|true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
/** Objects and lists in one another that are skipped. */
const DEEPEST = 20;
const ESCAPED = /[\\\p{Cc}]/u;

/**
 * Reads JSON value by value: JSON.parse would silently keep the last of two equal keys, and build whatever a damaged
 * header nests before any check.
 */
export class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads an object: `value` is called at each value, which it has to read. */
  object(what: string, value: (key: string) => void): void {
    const seen = new Set<string>();
    this.#expect('{', what);
    if (this.#take('}')) return;
    do {
      const key = this.string(`a name in ${what}`);
      if (PROTOTYPE.has(key)) throw new ReadError(`${what} uses the name ${safeName(key)}, which is reserved`);
      if (seen.has(key)) throw new ReadError(`${what} has ${safeName(key)} twice`);
      seen.add(key);
      this.#expect(':', what);
      value(key);
    } while (this.#take(','));
    this.#expect('}', what, '“,” or “}”');
  }

  /** An array of at most `max` non-negative integers. */
  numbers(what: string, max: number): number[] {
    const values: number[] = [];
    this.#expect('[', what);
    if (this.#take(']')) return values;
    do {
      if (values.length === max) throw new ReadError(`${what} has more than ${max} numbers`);
      values.push(this.#number(what));
    } while (this.#take(','));
    this.#expect(']', what, '“,” or “]”');
    return values;
  }

  /** Any value, which is checked for its form and dropped. */
  skip(what: string, depth = 0): void {
    this.#skip();
    const next = this.#text[this.#at];
    if (depth > DEEPEST) throw new ReadError(`${what} is nested more than ${DEEPEST} deep`);
    if (next === '"') this.string(what);
    else if (next === '{') this.object(what, () => this.skip(what, depth + 1));
    else if (next === '[') {
      this.#at++;
      if (this.#take(']')) return;
      do this.skip(what, depth + 1);
      while (this.#take(','));
      this.#expect(']', what, '“,” or “]”');
    } else {
      WORD.lastIndex = this.#at;
      if (!WORD.test(this.#text)) this.#refuse(what, 'a value of JSON');
      this.#at = WORD.lastIndex;
    }
  }

  null(): boolean {
    this.#skip();
    if (!this.#text.startsWith('null', this.#at)) return false;
    this.#at += 4;
    return true;
  }

  string(what: string): string {
    this.#skip();
    const from = this.#at;
    if (this.#text[from] !== '"') this.#refuse(what, 'a text in quotation marks');
    let end = this.#text.indexOf('"', from + 1);
    const plain = this.#text.slice(from + 1, end === -1 ? undefined : end);
    if (end !== -1 && !ESCAPED.test(plain)) {
      this.#at = end + 1;
      return plain;
    }
    end = from + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    this.#at = end + 1;
    try {
      return JSON.parse(this.#text.slice(from, end + 1));
    } catch {
      throw new ReadError(`${what} begins at character ${from + 1} and is not a text of JSON`);
    }
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length)
      throw new ReadError(`it continues after its closing brace, at character ${this.#at + 1}`);
  }

  #number(what: string): number {
    this.#skip();
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.#text);
    const value = Number(found?.[0]);
    if (!Number.isSafeInteger(value)) this.#refuse(what, 'whole numbers from 0 to 2⁵³');
    this.#at = NUMBER.lastIndex;
    return value;
  }

  #skip(): void {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #take(sign: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string, what: string, expected = `“${sign}”`): void {
    if (!this.#take(sign)) this.#refuse(what, expected);
  }

  #refuse(what: string, expected: string): never {
    const rest = this.#text.slice(this.#at, this.#at + 12);
    const found = rest === '' ? 'the text ends there' : `found ${safeName(rest)}`;
    throw new ReadError(`${what}: ${expected} expected at character ${this.#at + 1}, ${found}`);
  }
}

const LARGEST_HEADER = 100_000_000;
const MOST_TENSORS = 100_000;
const MOST_SIDES = 16;
/** Bytes of the header's length, in front of it. */
const LENGTH = 8;
const BRACE = 0x7b;

/**
 * The checked header of a .safetensors file: eight bytes with its length, JSON with the type, shape and place of each
 * tensor, then the numbers without a gap. Source: github.com/huggingface/safetensors.
 */
export async function readHeader(source: ByteSource): Promise<Header | Fault> {
  const start = await source.read(0, Math.min(source.size, 256));
  const begins = start[LENGTH] === BRACE;
  const stranger = begins ? null : strangerIn(start);
  if (stranger) return stranger;
  if (source.size < LENGTH + 2)
    return damaged(
      source.size === 0 ? 'The file is empty.' : 'The file is too short.',
      `It has ${bytesText(source.size)}; a .safetensors file has at least 10.`,
    );
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  const dataFrom = LENGTH + Number(length);
  if (length < 2n || !begins) return notOne(source, start);
  if (length > LARGEST_HEADER) {
    const said = `The file says that its header has ${length.toLocaleString('en-US')} bytes`;
    return damaged('The header is too long.', `${said}; the limit is ${megabytesText(LARGEST_HEADER)}.`);
  }
  if (dataFrom > source.size)
    return cutOff(`Its header should have ${bytesText(Number(length))}, but the file has ${bytesText(source.size)}.`);
  return parseHeader(await source.read(LENGTH, dataFrom), dataFrom, source.size);
}

function parseHeader(bytes: Uint8Array, dataFrom: number, size: number): Header | Fault {
  try {
    const header = parse(textOf(bytes), dataFrom);
    const dataTo = checkPlaces(header.tensors, dataFrom);
    if (dataTo > size)
      return cutOff(`Its tensors end at byte ${countText(dataTo)}, but the file has ${bytesText(size)}.`);
    if (dataTo < size)
      return damaged(
        'The file is longer than its header says.',
        `Its tensors end at byte ${countText(dataTo)}, but the file has ${bytesText(size)}.`,
      );
    return header;
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return damaged('The header is damaged.', error.sentence);
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ReadError('the header is not a text in UTF-8');
  }
}

function parse(text: string, dataFrom: number): Header {
  const tensors: TensorEntry[] = [];
  const metadata: [string, string][] = [];
  const scanner = new Scanner(text);
  scanner.object('the header', (name) => {
    if (name === '__metadata__') {
      // MLX writes null if it was given none.
      if (scanner.null()) return;
      scanner.object('__metadata__', (key) => {
        if (metadata.length === MOST_TENSORS)
          throw new ReadError(`__metadata__ has more than ${countText(MOST_TENSORS)} entries`);
        metadata.push([key, scanner.string(`the entry ${safeName(key)} of __metadata__`)]);
      });
    } else if (tensors.length === MOST_TENSORS)
      throw new ReadError(`it lists more than ${countText(MOST_TENSORS)} tensors, which is the limit`);
    else tensors.push(entry(scanner, name, dataFrom));
  });
  scanner.end();
  tensors.sort((a, b) => a.from - b.from || a.to - b.to);
  return { metadata: Object.fromEntries(metadata), tensors, dataFrom };
}

function entry(scanner: Scanner, name: string, dataFrom: number): TensorEntry {
  const what = `the tensor ${safeName(name)}`;
  let dtype: string | undefined;
  let shape: readonly number[] | undefined;
  let offsets: readonly number[] | undefined;
  scanner.object(what, (key) => {
    if (key === 'dtype') dtype = scanner.string(`the dtype of ${what}`);
    else if (key === 'shape') shape = scanner.numbers(`the shape of ${what}`, MOST_SIDES);
    else if (key === 'data_offsets') offsets = scanner.numbers(`data_offsets of ${what}`, 2);
    else throw new ReadError(`${what} has an unknown field ${safeName(key)}`);
  });
  if (dtype === undefined || shape === undefined || offsets?.length !== 2)
    throw new ReadError(`${what} needs a dtype, a shape and two data_offsets`);
  const bits = bitsOf(dtype);
  if (bits === undefined) throw new ReadError(`${what} has the unknown type ${safeName(dtype)}`);
  const [from, to] = offsets;
  if (to < from) throw new ReadError(`${what} ends at ${countText(to)}, before it begins at ${countText(from)}`);
  const size = (shape.reduce((product, n) => product * n, 1) * bits) / 8;
  if (size !== to - from) {
    const wanted = Number.isSafeInteger(size) ? bytesText(size) : `${size.toPrecision(3)} bytes`;
    const said = `${what} has the shape ${shape.join(' × ') || '1'} in ${dtype}, which is ${wanted}`;
    throw new ReadError(`${said}, but data_offsets give it ${bytesText(to - from)}`);
  }
  return { name, dtype, shape, from: dataFrom + from, to: dataFrom + to };
}

/** Where the last tensor ends: each begins where the one before it ends. */
function checkPlaces(tensors: readonly TensorEntry[], dataFrom: number): number {
  let end = dataFrom;
  for (const [i, { name, from, to }] of tensors.entries()) {
    if (from !== end) {
      const what = `the tensor ${safeName(name)} begins at ${countText(from - dataFrom)}`;
      const there =
        i > 0 ? `${safeName(tensors[i - 1].name)} ends at ${countText(end - dataFrom)}` : 'the data begin at 0';
      throw new ReadError(
        `${what}, but ${there}: ${from > end ? 'bytes between them belong to no tensor' : 'the two overlap'}`,
      );
    }
    end = to;
  }
  return end;
}

const AGAIN = 'Download or save the file again, or open another one.';

const damaged = (fault: string, what: string): Fault => ({ fault, details: `${what} ${AGAIN}` });
const cutOff = (what: string): Fault => damaged('The file is cut off.', what);

const OPEN_INSTEAD = 'Open a LoRA saved as .safetensors.';

function notOne(source: ByteSource, start: Uint8Array): Fault {
  const first = [...start.slice(0, 10)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const what = `${safeName(source.name)} begins with the bytes ${first}, which is no header of such a file.`;
  return { fault: 'This is not a .safetensors file.', details: `${what} ${OPEN_INSTEAD}` };
}

/** Files of other kinds that are often taken for one. */
const STRANGERS: readonly (readonly [starts: RegExp, fault: string, details: string])[] = [
  [
    /^version https:\/\/git-lfs/,
    'This is a pointer to the file, not the file.',
    'Git has not fetched the large file: run “git lfs pull”, or download it from the web page of the model.',
  ],
  [/^PK/, 'This is a zip archive or a PyTorch checkpoint.', `Its first bytes are “PK”. ${OPEN_INSTEAD}`],
  [
    /^\x80/,
    'This is a PyTorch checkpoint (a pickle).',
    `A pickle can run code and is not opened here. ${OPEN_INSTEAD}`,
  ],
  [/^GGUF/, 'This is a GGUF file.', `Its weights are quantised for llama.cpp. ${OPEN_INSTEAD}`],
  [/^\s*<(!doctype|html|\?xml)/i, 'This is a web page, not the file itself.', 'Download the file by its own link.'],
];

function strangerIn(start: Uint8Array): Fault | null {
  const text = String.fromCharCode(...start);
  const found = STRANGERS.find(([starts]) => starts.test(text));
  return found ? { fault: found[1], details: found[2] } : null;
}
