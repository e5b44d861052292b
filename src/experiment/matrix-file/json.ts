import {
  type Cursor,
  DEEPEST,
  ended,
  isString,
  passString,
  passValue,
  peek,
  syntaxFault,
  word,
} from './json-cursor.ts';
import { counted, cut, entryFault, type Fault, finished, LARGEST_SIDE, type MatrixRead } from './limits.ts';

interface Rows {
  readonly rows: number;
  readonly cols: number;
  readonly values: readonly number[];
}

/** A number as JSON has it. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const SHAPE = 'a list of rows of numbers is needed, as in [[1, 2], [3, 4]]';

/**
 * Reads a list of rows of numbers, or an object whose "data" is one. In one pass and not with JSON.parse, whose words
 * differ between browsers, and which would build all of a file that its first row already disqualifies.
 */
export function readJson(text: string): MatrixRead {
  const cursor: Cursor = { text, at: 0 };
  const read = peek(cursor) === '{' ? readObject(cursor) : readRows(cursor);
  if ('fault' in read) return read;
  if (!ended(cursor)) return syntaxFault(cursor, 'the end');
  return finished(read, 'JSON');
}

/** The "data" of an object. What stands beside it is passed over: strings and brackets are followed, no more. */
function readObject(cursor: Cursor): Rows | Fault {
  let data: Rows | Fault | null = null;
  do {
    cursor.at++;
    if (!isString(cursor)) return syntaxFault(cursor, 'a key in quotes');
    const key = passString(cursor);
    if (key === null) return syntaxFault(cursor, 'a quotation mark');
    if (peek(cursor) !== ':') return syntaxFault(cursor, '":"');
    cursor.at++;
    if (key === 'data') {
      if (data) return { fault: 'the object has "data" more than once; once is needed.' };
      data = readRows(cursor);
      if ('fault' in data) return data;
    } else if (!passValue(cursor)) {
      return syntaxFault(cursor, ended(cursor) ? 'the end of a value' : `a value, nested up to ${DEEPEST} deep,`);
    }
  } while (peek(cursor) === ',');
  if (peek(cursor) !== '}') return syntaxFault(cursor, '"," or "}"');
  cursor.at++;
  return data ?? { fault: `the object has no "data"; ${SHAPE}, or an object whose "data" is one.` };
}

function readRows(cursor: Cursor): Rows | Fault {
  if (peek(cursor) !== '[')
    return ended(cursor) ? syntaxFault(cursor, '"["') : { fault: `found ${shown(cursor)}; ${SHAPE}.` };
  const values: number[] = [];
  let [rows, cols] = [0, 0];
  do {
    cursor.at++;
    if (rows === LARGEST_SIDE) return { fault: `more than ${LARGEST_SIDE} rows; allowed are 1 to ${LARGEST_SIDE}.` };
    const fault = readRow(cursor, rows + 1, values);
    if (fault) return fault;
    const found = values.length - rows * cols;
    const above = rows === 1 ? 'the row above has' : 'the rows above have';
    if (rows > 0 && found !== cols)
      return { fault: `row ${rows + 1} has ${counted(found, 'number')}, ${above} ${cols}.` };
    cols = found;
    rows++;
  } while (peek(cursor) === ',');
  if (peek(cursor) !== ']') return syntaxFault(cursor, '"," or "]"');
  cursor.at++;
  return { rows, cols, values };
}

function readRow(cursor: Cursor, row: number, values: number[]): Fault | null {
  if (ended(cursor)) return syntaxFault(cursor, '"["');
  if (peek(cursor) !== '[') return { fault: `row ${row}: found ${shown(cursor)}; ${SHAPE}.` };
  let column = 0;
  do {
    cursor.at++;
    column++;
    if (ended(cursor)) return syntaxFault(cursor, 'a number');
    if (column > LARGEST_SIDE)
      return { fault: `row ${row} has more than ${LARGEST_SIDE} numbers; allowed are 1 to ${LARGEST_SIDE}.` };
    const text = word(cursor);
    const value = NUMBER.test(text) ? Number(text) : Number.NaN;
    const why = text === '' || Number.isNaN(value) ? 'a number is needed' : entryFault(value);
    if (why) return { fault: `row ${row}, column ${column}: found ${shown(cursor)}, ${why}.` };
    values.push(value);
    cursor.at += text.length;
  } while (peek(cursor) === ',');
  if (peek(cursor) !== ']') return syntaxFault(cursor, '"," or "]"');
  cursor.at++;
  return null;
}

/** What stands at the cursor where something else is needed, without moving it. */
function shown(cursor: Cursor): string {
  const first = peek(cursor);
  if (first === '[') return 'a list';
  if (first === '{') return 'an object';
  if (first === ']' || first === ',') return 'nothing';
  if (first === '"') return `the text "${cut(passString({ ...cursor }) ?? '')}"`;
  return cut(word(cursor) || first);
}
