import { allDigits, count, plural } from '../numbers.ts';
import { parseJson } from '../run-file/json-checks.ts';
import { imageFormat } from './image.ts';
import {
  entryFault,
  finishedTable,
  MAX_FILE_BYTES,
  MAX_NPY_BYTES,
  MAX_SIDE,
  type MatrixFault,
  type MatrixReading,
  MEGABYTE,
  shortText,
} from './limits.ts';
import { beginsAsNpy, readNpy } from './npy.ts';

const SHAPE = 'expected a list of rows of numbers, as in [[1, 2], [3, 4]]';

function readJson(text: string): MatrixReading {
  const parsed = parseJson(text);
  if ('fault' in parsed) return { fault: `the text is not JSON (${parsed.fault}); ${SHAPE}.` };
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return readRows(value);
  // Own keys only: a file cannot reach the prototype.
  if (Object.hasOwn(value, 'data')) return readRows((value as { readonly data: unknown }).data);
  return { fault: `the object has no "data"; ${SHAPE}, or an object whose "data" is one.` };
}

function readRows(list: unknown): MatrixReading {
  if (!Array.isArray(list)) return { fault: `found ${shown(list)}; ${SHAPE}.` };
  if (list.length === 0) return { fault: `found an empty list; ${SHAPE}.` };
  if (list.length > MAX_SIDE) return { fault: `more than ${MAX_SIDE} rows; the limit is ${MAX_SIDE}.` };
  const values: number[] = [];
  let cols = 0;
  for (const [i, row] of list.entries()) {
    const fault = readRow(row, `row ${i + 1}`, values);
    if (fault) return fault;
    if (i === 0) cols = row.length;
    const above = i === 1 ? 'the row above has' : 'the rows above have';
    if (row.length !== cols)
      return { fault: `row ${i + 1} has ${plural(row.length, 'number', String)}, but ${above} ${cols}.` };
  }
  return finishedTable({ rows: list.length, cols, values }, 'JSON');
}

function readRow(row: unknown, where: string, values: number[]): MatrixFault | null {
  if (!Array.isArray(row)) return { fault: `${where}: found ${shown(row)}; ${SHAPE}.` };
  if (row.length === 0) return { fault: `${where}, column 1: expected a number, found nothing.` };
  if (row.length > MAX_SIDE) return { fault: `${where} has more than ${MAX_SIDE} numbers; the limit is ${MAX_SIDE}.` };
  for (const [j, value] of row.entries()) {
    const why = typeof value === 'number' ? entryFault(value) : 'a number';
    if (why) return { fault: `${where}, column ${j + 1}: expected ${why}, found ${shown(value)}.` };
    values.push(value);
  }
  return null;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text "${shortText(value)}"`;
  if (typeof value === 'number') return allDigits(value);
  return value !== null && typeof value === 'object' ? 'an object' : String(value);
}

interface TableLayout {
  readonly separator: Separator;
  /** The names of the header, null if the first line is numbers. */
  readonly header: readonly string[] | null;
  readonly named: boolean;
}

/** Reads comma, semicolon, tab or blank separated numbers, one row per line, with or without a header. */
function readTable(text: string): MatrixReading {
  const layout = layoutOf(text);
  const values: number[] = [];
  let [rows, cols] = [0, 0];
  const style: Style = { point: null, comma: null };
  const lines = linesOf(text);
  if (layout.header) lines.next();
  for (const line of lines) {
    const tooLong = line.number > MOST_LINES ? `more than ${count(MOST_LINES)} lines` : null;
    const tooMany = rows === MAX_SIDE ? `more than ${MAX_SIDE} rows` : tooLong;
    if (tooMany) return { fault: `line ${line.number}: ${tooMany}; the limit is ${MAX_SIDE} rows.` };
    const row = rowOf(line, layout, style);
    if ('fault' in row) return row;
    const uneven = rows === 0 ? againstHeader(line, row.length, layout) : againstRows(line, row.length, rows, cols);
    if (uneven) return uneven;
    cols = row.length;
    rows++;
    for (const value of row) values.push(value);
  }
  if (rows === 0) return { fault: 'there is no number in it; expected rows of numbers, one row per line.' };
  return finishedTable({ rows, cols, values }, layout.separator === '\t' ? 'TSV' : 'CSV', remarksOf(layout, style));
}

/**
 * The first line decides the separator, the second if the first has only blanks (a title). It is a header if all of its
 * cells are names and another line follows. A header whose first cell is empty belongs to a column of names, as pandas
 * and R write it; pandas numbers its columns from 0.
 */
function layoutOf(text: string): TableLayout {
  const lines = linesOf(text);
  const first: TableLine | undefined = lines.next().value;
  const second: TableLine | undefined = lines.next().value;
  const own = separatorOf(first?.text ?? '');
  const separator = own === ' ' && second ? separatorOf(second.text) : own;
  const cells = cellsOf(first?.text ?? '', separator, MAX_SIDE + 2);
  const names = cells.slice(1);
  const words = (list: readonly string[]) => list.length > 0 && list.every(isName);
  const named = cells[0] === '' && (words(names) || (names.length > 0 && names.every((c, j) => c === String(j))));
  const header = second && (named || words(cells)) ? (named ? names : cells) : null;
  return { separator, header, named: named && header !== null };
}

/** The first number with a decimal point and the first with a decimal comma, as "line 1: 0.5". */
interface Style {
  point: string | null;
  comma: string | null;
}

function rowOf(line: TableLine, { separator, named }: TableLayout, style: Style): readonly number[] | MatrixFault {
  const comma = separator === ';' || separator === '\t';
  const skipped = named ? 1 : 0;
  const cells = cellsOf(line.text, separator, MAX_SIDE + 1 + skipped);
  const row: number[] = [];
  for (let j = skipped; j < cells.length; j++) {
    const cell = cells[j];
    const place = `line ${line.number}, column ${j + 1}`;
    const found = cell === '' ? 'nothing' : `"${shortText(cell)}"`;
    const value = numberOf(cell, comma);
    if (Number.isNaN(value)) return { fault: `${place}: expected a number, found ${found}.` };
    const why = entryFault(value);
    if (why) return { fault: `${place}: expected ${why}, found ${found}.` };
    const mixed = noted(style, cell, line.number);
    if (mixed) return { fault: `${place}: found ${found}, but ${mixed}; use one of the two throughout.` };
    row.push(value);
  }
  if (row.length > MAX_SIDE)
    return { fault: `line ${line.number} has more than ${MAX_SIDE} numbers; the limit is ${MAX_SIDE} columns.` };
  return row;
}

/** 1,234 is a thousand to some and less than two to others; with both points and commas it is ambiguous. */
function noted(style: Style, cell: string, line: number): string | null {
  const used = cell.includes(',') ? 'comma' : cell.includes('.') ? 'point' : null;
  if (!used) return null;
  style[used] ??= `line ${line} has a decimal ${used} ("${shortText(cell)}")`;
  return style.comma && style.point ? style[used === 'comma' ? 'point' : 'comma'] : null;
}

function againstHeader(line: TableLine, found: number, { header, separator }: TableLayout): MatrixFault | null {
  // A title of several words over a single column has no separator of its own.
  if (!header || header.length === found || (separator === ' ' && found === 1)) return null;
  return {
    fault: `line ${line.number} has ${plural(found, 'number', String)}, but the header above has ${plural(header.length, 'name', String)}.`,
  };
}

function againstRows(line: TableLine, found: number, rows: number, cols: number): MatrixFault | null {
  if (found === cols) return null;
  const above = rows === 1 ? 'the line above has' : 'the lines above have';
  return { fault: `line ${line.number} has ${plural(found, 'number', String)}, but ${above} ${cols}.` };
}

function remarksOf({ header, named }: TableLayout, style: Style): string[] {
  const left = named
    ? 'The first line and the first column are names and were left out.'
    : 'The first line is a header and was left out.';
  return [...(header ? [left] : []), ...(style.comma ? ['Its commas were read as decimal commas.'] : [])];
}

/** Tab, semicolon or comma; a blank means any run of blanks. */
type Separator = '\t' | ';' | ',' | ' ';

interface TableLine {
  readonly number: number;
  readonly text: string;
}

/** Including blank lines and comments: a file of empty lines must not be read to its end. */
const MOST_LINES = 50_000;

/** The non-empty lines of a text, without comments (#), but counted. The one after MOST_LINES comes in any case. */
function* linesOf(text: string): Generator<TableLine> {
  const ends = /\r\n?|\n/g;
  let at = 0;
  for (let number = 1; at < text.length && number <= MOST_LINES + 1; number++) {
    ends.lastIndex = at;
    const end = ends.exec(text);
    const line = text.slice(at, end?.index ?? text.length);
    at = end ? ends.lastIndex : text.length;
    const trimmed = line.trimStart();
    if (number > MOST_LINES || (trimmed !== '' && trimmed[0] !== '#')) yield { number, text: line };
  }
}

/** More characters than a row of 1,024 numbers takes: enough to find the separator. */
const LOOKED_AT = 100_000;

function separatorOf(line: string): Separator {
  const bare = line
    .slice(0, LOOKED_AT)
    .trim()
    .replace(/"[^"]*"/g, '');
  return (['\t', ';', ','] as const).find((s) => bare.includes(s)) ?? ' ';
}

/** The cells of a line, trimmed, unquoted, at most `max`. A misquoted cell keeps its quotes, and is no number. */
function cellsOf(line: string, separator: Separator, max: number): string[] {
  const cells: string[] = [];
  if (separator === ' ') {
    for (const [cell] of line.matchAll(/\S+/g)) {
      cells.push(unquoted(cell));
      if (cells.length >= max) break;
    }
    return cells;
  }
  for (let at = 0; at <= line.length && cells.length < max; ) {
    const end = line.indexOf(separator, afterQuotes(line, at, separator));
    const to = end < 0 ? line.length : end;
    cells.push(unquoted(line.slice(at, to).trim()));
    at = to + 1;
  }
  return cells;
}

/** The first position from `at` on at which a separator ends the cell: behind its closing quote, if quoted. */
function afterQuotes(line: string, at: number, separator: Separator): number {
  let from = at;
  while (line[from] === ' ' || (line[from] === '\t' && separator !== '\t')) from++;
  if (line[from] !== '"') return at;
  let close = line.indexOf('"', from + 1);
  // A doubled quote is one within the cell.
  while (close >= 0 && line[close + 1] === '"') close = line.indexOf('"', close + 2);
  return close < 0 ? line.length : close;
}

function unquoted(cell: string): string {
  return cell.length > 1 && cell[0] === '"' && cell.indexOf('"', 1) === cell.length - 1
    ? cell.slice(1, -1).trim()
    : cell;
}

/** Longer than any written number; longer text is not even examined. */
const LONGEST_NUMBER = 400;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** A decimal number with a point or (if `comma`) a comma, without grouping. NaN for other text; ±∞ beyond float64. */
function numberOf(cell: string, comma: boolean): number {
  if (cell.length > LONGEST_NUMBER) return Number.NaN;
  const plain = (comma ? cell.replace(',', '.') : cell).replace('−', '-');
  return NUMBER.test(plain) ? Number(plain) : Number.NaN;
}

/** Whether a cell belongs to a header: it has a letter, and is not meant as a number, missing or infinite. */
function isName(cell: string): boolean {
  const start = cell.slice(0, LONGEST_NUMBER);
  return /\p{L}/u.test(start) && !/^[+\-−]?([.,]?\d|(nan|inf|infinity|na|n\/a|null|none)$)/i.test(start);
}

const ALLOWED = 'expected a matrix as CSV, TSV, JSON or .npy';

/**
 * Reads a file of one matrix; its first bytes decide the type, the name only serves the message. It may hold anything:
 * the result is a matrix or a sentence, never an exception. Pictures are recognised before (imageFormat) and are not
 * read here.
 */
export function readMatrixFile(name: string, bytes: Uint8Array): MatrixReading {
  const npy = beginsAsNpy(bytes) || /\.npy$/i.test(name);
  const max = npy ? MAX_NPY_BYTES : MAX_FILE_BYTES;
  if (bytes.length > max)
    return { fault: `the file is ${Math.ceil(bytes.length / MEGABYTE)} MB; the limit is ${max / MEGABYTE} MB.` };
  if (bytes.length === 0) return { fault: `the file is empty; ${ALLOWED}.` };
  if (npy) return readNpy(bytes);
  const picture = imageFormat(bytes);
  if (picture) return { fault: `the file is a picture (${picture}); ${ALLOWED}.` };
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    return {
      fault: `the file is a zip archive, as .npz, .xlsx and .pt are; save one array as .npy or one sheet as CSV.`,
    };
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8' && bytes.subarray(0, 4096).includes(0))
    return { fault: `the file is not text and not .npy; ${ALLOWED}.` };
  return readMatrixText(new TextDecoder(encoding).decode(bytes));
}

/** Reads pasted text: JSON if it begins with a bracket, else a table. Like readMatrixFile it never throws. */
export function readMatrixText(text: string): MatrixReading {
  if (text.length > MAX_FILE_BYTES)
    return { fault: `the text has ${count(text.length)} characters; the limit is ${count(MAX_FILE_BYTES)}.` };
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const first = /\S/.exec(plain)?.[0];
  if (first === undefined) return { fault: `there is nothing in it; ${ALLOWED}.` };
  return first === '[' || first === '{' ? readJson(plain) : readTable(plain);
}

/** Spreadsheets save "Unicode text" as UTF-16 with a mark in front. */
function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}
