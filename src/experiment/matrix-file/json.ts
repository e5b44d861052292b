import { parseJson } from '../json-checks.ts';
import { counted, written } from '../numbers.ts';
import { cut, entryFault, type Fault, finished, LARGEST_SIDE, type MatrixRead } from './limits.ts';

const SHAPE = 'expected a list of rows of numbers, as in [[1, 2], [3, 4]]';

/** Reads a list of rows of numbers, or an object whose "data" is one. */
export function readJson(text: string): MatrixRead {
  const parsed = parseJson(text);
  if ('fault' in parsed) return { fault: `the text is not JSON (${parsed.fault}); ${SHAPE}.` };
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return readRows(value);
  // Own keys only: a file cannot reach the prototype.
  if (Object.hasOwn(value, 'data')) return readRows((value as { readonly data: unknown }).data);
  return { fault: `the object has no "data"; ${SHAPE}, or an object whose "data" is one.` };
}

function readRows(list: unknown): MatrixRead {
  if (!Array.isArray(list)) return { fault: `found ${shown(list)}; ${SHAPE}.` };
  if (list.length === 0) return { fault: `found an empty list; ${SHAPE}.` };
  if (list.length > LARGEST_SIDE) return { fault: `more than ${LARGEST_SIDE} rows; the limit is ${LARGEST_SIDE}.` };
  const values: number[] = [];
  let cols = 0;
  for (const [i, row] of list.entries()) {
    const fault = readRow(row, `row ${i + 1}`, values);
    if (fault) return fault;
    if (i === 0) cols = row.length;
    const above = i === 1 ? 'the row above has' : 'the rows above have';
    if (row.length !== cols)
      return { fault: `row ${i + 1} has ${counted(row.length, 'number', String)}, but ${above} ${cols}.` };
  }
  return finished({ rows: list.length, cols, values }, 'JSON');
}

/** Adds the numbers of a row to `values`. */
function readRow(row: unknown, where: string, values: number[]): Fault | null {
  if (!Array.isArray(row)) return { fault: `${where}: found ${shown(row)}; ${SHAPE}.` };
  if (row.length === 0) return { fault: `${where}, column 1: expected a number, found nothing.` };
  if (row.length > LARGEST_SIDE)
    return { fault: `${where} has more than ${LARGEST_SIDE} numbers; the limit is ${LARGEST_SIDE}.` };
  for (const [j, value] of row.entries()) {
    const why = typeof value === 'number' ? entryFault(value) : 'a number';
    if (why) return { fault: `${where}, column ${j + 1}: expected ${why}, found ${shown(value)}.` };
    values.push(value);
  }
  return null;
}

/** What stands where something else is needed. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text "${cut(value)}"`;
  if (typeof value === 'number') return written(value);
  return value !== null && typeof value === 'object' ? 'an object' : String(value);
}
