import { quote } from '../link/faults.ts';
import { round } from '../numbers.ts';

/** Limits of an imported matrix, shared by every reader of this folder, so that all refuse the same things. */

export const MAX_SIDE = 4096;
export const MEGABYTE = 1024 * 1024;
/** The largest text or picture, in characters or bytes: longer ones are refused before anything is read. */
export const MAX_FILE_BYTES = 32 * MEGABYTE;
/** The largest .npy file: 4096 × 4096 numbers of 8 bytes, and a header. */
export const MAX_NPY_BYTES = 129 * MEGABYTE;
/** The largest |entry|, as float32. Its square times a whole matrix still fits float64, where norms are taken. */
const LARGEST_ENTRY = Math.fround(1e30);

export interface MatrixFault {
  readonly fault: string;
}

export interface MatrixTable {
  readonly rows: number;
  readonly cols: number;
  /** Row-major, rows × cols, each value rounded once to float32. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly format: 'CSV' | 'TSV' | 'JSON' | 'npy';
  /** The reader's assumptions (a header left out, decimal commas), in sentences. */
  readonly remark: string | null;
}

export type MatrixReading = MatrixTable | MatrixFault;

/** The requirement that this number violates; null if none. */
export function entryFault(value: number): string | null {
  if (Number.isNaN(value)) return 'a finite number';
  return Math.abs(Math.fround(value)) <= LARGEST_ENTRY ? null : 'a number of at most 10³⁰ in size';
}

/** The value found, safe and short; cut before it is cleaned, since a cell may be a whole file. */
export function shortText(found: string): string {
  return quote(found.slice(0, 60));
}

/** Why a shape is impossible; null if possible. Any numbers, also fractional ones. */
export function shapeFault(rows: number, cols: number): string | null {
  const fits = (n: number) => Number.isInteger(n) && n >= 1 && n <= MAX_SIDE;
  if (fits(rows) && fits(cols)) return null;
  return rows > MAX_SIDE || cols > MAX_SIDE
    ? `the matrix is ${rows} × ${cols}; the limit is ${MAX_SIDE} × ${MAX_SIDE}`
    : `the matrix is ${rows} × ${cols}; expected at least one row and one column`;
}

/** Nothing can be learned: every entry is 0 in float32, which includes numbers that underflow. */
export function isZero(data: Float32Array): boolean {
  return data.every((v) => v === 0);
}

/** Numbers that are 0, or only as float32: those, scaled up, are a valid matrix. `largest`: in size. */
export function zeroFault(largest: number): string {
  if (largest === 0) return 'every number is 0, so there is nothing to learn; use another matrix.';
  const factor = Number(`1e${Math.min(300, -Number(largest.toExponential().split('e')[1]))}`);
  return `every number becomes 0 in float32, as does anything below 7·10⁻⁴⁶ in size (the largest is ${round(largest, 3)}); multiply them all by one factor, such as ${round(factor, 1)}.`;
}

/** The last step of every reader: values in float32, zero refused. */
export function finishedTable(
  table: { readonly rows: number; readonly cols: number; readonly values: ArrayLike<number> },
  format: MatrixTable['format'],
  remarks: readonly string[] = [],
): MatrixReading {
  const { rows, cols, values } = table;
  const data = Float32Array.from(values);
  if (isZero(data)) {
    let largest = 0;
    for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
    return { fault: zeroFault(largest) };
  }
  return { rows, cols, data, format, remark: remarks.length > 0 ? remarks.join(' ') : null };
}
