import { count, counted } from '../numbers.ts';
import { cut, entryFault, type Fault, finished, LARGEST_SIDE, type MatrixRead } from './limits.ts';

/** How a table is laid out, told from its first lines. */
interface Layout {
  readonly separator: Separator;
  /** The names of the header, null where the first line is numbers. */
  readonly header: readonly string[] | null;
  /** The first column holds names too. */
  readonly named: boolean;
}

/** Reads comma, semicolon, tab or blank separated numbers, one row a line, with or without a header. */
export function readTable(text: string): MatrixRead {
  const layout = layoutOf(text);
  const values: number[] = [];
  let [rows, cols] = [0, 0];
  const style: Style = { point: null, comma: null };
  const lines = linesOf(text);
  if (layout.header) lines.next();
  for (const line of lines) {
    const tooLong = line.number > MOST_LINES ? `more than ${count(MOST_LINES)} lines` : null;
    const tooMany = rows === LARGEST_SIDE ? `more than ${LARGEST_SIDE} rows` : tooLong;
    if (tooMany) return { fault: `line ${line.number}: ${tooMany}; the limit is ${LARGEST_SIDE} rows.` };
    const row = rowOf(line, layout, style);
    if ('fault' in row) return row;
    const uneven = rows === 0 ? againstHeader(line, row.length, layout) : againstRows(line, row.length, rows, cols);
    if (uneven) return uneven;
    cols = row.length;
    rows++;
    for (const value of row) values.push(value);
  }
  if (rows === 0) return { fault: 'there is no number in it; expected rows of numbers, one row per line.' };
  return finished({ rows, cols, values }, layout.separator === '\t' ? 'TSV' : 'CSV', remarksOf(layout, style));
}

/**
 * The first line tells the separator, the second where the first has none but blanks (a title). It is a header where
 * all of its cells are names, but not where no other line follows. A header whose first cell is empty stands
 * over a column of names, as pandas and R write it; pandas numbers its columns from 0.
 */
function layoutOf(text: string): Layout {
  const lines = linesOf(text);
  const first: Line | undefined = lines.next().value;
  const second: Line | undefined = lines.next().value;
  const own = separatorOf(first?.text ?? '');
  const separator = own === ' ' && second ? separatorOf(second.text) : own;
  const cells = cellsOf(first?.text ?? '', separator, LARGEST_SIDE + 2);
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

function rowOf(line: Line, { separator, named }: Layout, style: Style): readonly number[] | Fault {
  const comma = separator === ';' || separator === '\t';
  const skipped = named ? 1 : 0;
  const cells = cellsOf(line.text, separator, LARGEST_SIDE + 1 + skipped);
  const row: number[] = [];
  for (let j = skipped; j < cells.length; j++) {
    const cell = cells[j];
    const place = `line ${line.number}, column ${j + 1}`;
    const found = cell === '' ? 'nothing' : `"${cut(cell)}"`;
    const value = numberOf(cell, comma);
    if (Number.isNaN(value)) return { fault: `${place}: expected a number, found ${found}.` };
    const why = entryFault(value);
    if (why) return { fault: `${place}: expected ${why}, found ${found}.` };
    const mixed = noted(style, cell, line.number);
    if (mixed) return { fault: `${place}: found ${found}, but ${mixed}; use one of the two throughout.` };
    row.push(value);
  }
  if (row.length > LARGEST_SIDE)
    return {
      fault: `line ${line.number} has more than ${LARGEST_SIDE} numbers; the limit is ${LARGEST_SIDE} columns.`,
    };
  return row;
}

/** 1,234 is a thousand to some and less than two to others; where points stand beside commas, nobody can tell. */
function noted(style: Style, cell: string, line: number): string | null {
  const used = cell.includes(',') ? 'comma' : cell.includes('.') ? 'point' : null;
  if (!used) return null;
  style[used] ??= `line ${line} has a decimal ${used} ("${cut(cell)}")`;
  return style.comma && style.point ? style[used === 'comma' ? 'point' : 'comma'] : null;
}

function againstHeader(line: Line, found: number, { header, separator }: Layout): Fault | null {
  // A title of several words over a single column has no separator of its own.
  if (!header || header.length === found || (separator === ' ' && found === 1)) return null;
  return {
    fault: `line ${line.number} has ${counted(found, 'number', String)}, but the header above has ${counted(header.length, 'name', String)}.`,
  };
}

function againstRows(line: Line, found: number, rows: number, cols: number): Fault | null {
  if (found === cols) return null;
  const above = rows === 1 ? 'the line above has' : 'the lines above have';
  return { fault: `line ${line.number} has ${counted(found, 'number', String)}, but ${above} ${cols}.` };
}

function remarksOf({ header, named }: Layout, style: Style): string[] {
  const left = named
    ? 'The first line and the first column are names and were left out.'
    : 'The first line is a header and was left out.';
  return [...(header ? [left] : []), ...(style.comma ? ['Its commas were read as decimal commas.'] : [])];
}

/** A table's text taken apart: lines, separators, cells and numbers. Nothing here knows what a matrix is. */

/** Tab, semicolon or comma; a blank stands for any run of blanks. */
export type Separator = '\t' | ';' | ',' | ' ';

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** With blank lines and remarks: a file of empty lines alone must not be walked to its end. */
const MOST_LINES = 50_000;

/**
 * The lines of a text that hold something: blank ones and those that begin with # are passed over, but counted. The one
 * after MOST_LINES comes whatever it holds, as the last.
 */
function* linesOf(text: string): Generator<Line> {
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

/** More characters than a row of 1,024 numbers takes: enough to tell what separates them. */
const LOOKED_AT = 100_000;

/** What separates the cells of a line: the strongest of the characters that stand outside quotes; a blank where none. */
function separatorOf(line: string): Separator {
  const bare = line
    .slice(0, LOOKED_AT)
    .trim()
    .replace(/"[^"]*"/g, '');
  return (['\t', ';', ','] as const).find((s) => bare.includes(s)) ?? ' ';
}

/**
 * The cells of a line without blanks around them, quotes removed. Stops after `most`. A cell whose quotes are not
 * closed, or that goes on after them, keeps them, so that it is no number.
 */
function cellsOf(line: string, separator: Separator, most: number): string[] {
  const cells: string[] = [];
  if (separator === ' ') {
    for (const [cell] of line.matchAll(/\S+/g)) {
      cells.push(unquoted(cell));
      if (cells.length >= most) break;
    }
    return cells;
  }
  for (let at = 0; at <= line.length && cells.length < most; ) {
    const end = line.indexOf(separator, afterQuotes(line, at, separator));
    const to = end < 0 ? line.length : end;
    cells.push(unquoted(line.slice(at, to).trim()));
    at = to + 1;
  }
  return cells;
}

/** The first place from `at` on where a separator ends the cell: behind its closing quote, if it begins with one. */
function afterQuotes(line: string, at: number, separator: Separator): number {
  let from = at;
  while (line[from] === ' ' || (line[from] === '\t' && separator !== '\t')) from++;
  if (line[from] !== '"') return at;
  let close = line.indexOf('"', from + 1);
  // A doubled quote stands for one within the cell.
  while (close >= 0 && line[close + 1] === '"') close = line.indexOf('"', close + 2);
  return close < 0 ? line.length : close;
}

function unquoted(cell: string): string {
  return cell.length > 1 && cell[0] === '"' && cell.indexOf('"', 1) === cell.length - 1
    ? cell.slice(1, -1).trim()
    : cell;
}

/** Longer than anybody writes a number; what is longer is not even looked at. */
const LONGEST_NUMBER = 400;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/**
 * A decimal number as people write it, with a point or (where `comma`) a comma: no hexadecimal, no empty text, no
 * grouping of thousands. NaN where it is none; ±∞ where it is too large for float64.
 */
function numberOf(cell: string, comma: boolean): number {
  if (cell.length > LONGEST_NUMBER) return Number.NaN;
  const plain = (comma ? cell.replace(',', '.') : cell).replace('−', '-');
  return NUMBER.test(plain) ? Number(plain) : Number.NaN;
}

/** True for a cell of a header: it has a letter, and nobody meant it as a number, well formed, missing or infinite. */
function isName(cell: string): boolean {
  const start = cell.slice(0, LONGEST_NUMBER);
  return /\p{L}/u.test(start) && !/^[+\-−]?([.,]?\d|(nan|inf|infinity|na|n\/a|null|none)$)/i.test(start);
}
