/** A table's text taken apart: lines, separators, cells and numbers. Nothing here knows what a matrix is. */

/** Tab, semicolon or comma; a blank stands for any run of blanks. */
export type Separator = '\t' | ';' | ',' | ' ';

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** With blank lines and remarks: a file of empty lines alone must not be walked to its end. */
export const MOST_LINES = 50_000;

/**
 * The lines of a text that hold something: blank ones and those that begin with # are passed over, but counted. The one
 * after MOST_LINES comes whatever it holds, as the last.
 */
export function* linesOf(text: string): Generator<Line> {
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
export function separatorOf(line: string): Separator {
  const bare = line
    .slice(0, LOOKED_AT)
    .trim()
    .replace(/"[^"]*"/g, '');
  return (['\t', ';', ','] as const).find((s) => bare.includes(s)) ?? ' ';
}

/**
 * The cells of a line without blanks around them, quotes taken off. Stops after `most`. A cell whose quotes are not
 * closed, or that goes on after them, keeps them, so that it is no number.
 */
export function cellsOf(line: string, separator: Separator, most: number): string[] {
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
export function numberOf(cell: string, comma: boolean): number {
  if (cell.length > LONGEST_NUMBER) return Number.NaN;
  const plain = (comma ? cell.replace(',', '.') : cell).replace('−', '-');
  return NUMBER.test(plain) ? Number(plain) : Number.NaN;
}

/** True for a cell of a header: it has a letter, and nobody meant it as a number, well formed, missing or infinite. */
export function isName(cell: string): boolean {
  const start = cell.slice(0, LONGEST_NUMBER);
  return /\p{L}/u.test(start) && !/^[+\-−]?([.,]?\d|(nan|inf|infinity|na|n\/a|null|none)$)/i.test(start);
}
