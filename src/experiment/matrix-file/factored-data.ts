import { frobenius, type Matrix32 } from '../../math/matrix.ts';
import { deflate, fromBase64Url, inflate, TooLongError, toBase64Url } from '../link/deflate.ts';
import { quote } from '../link/faults.ts';
import { count } from '../numbers.ts';
import { isFactoredData, MAX_MATRIX_LENGTH } from '../settings/data-kind.ts';
import type { FactoredMatrix } from '../targets/factored-matrix.ts';
import { MAX_SIDE, type MatrixFault, shapeFault } from './limits.ts';
import { bytePlanes, joinPlanes, oddEntry } from './matrix-data.ts';

/**
 * A matrix s·B·A as `data` of a link: one byte of kind; rows, columns and rank (16 bits each) and s (float64), high
 * byte first; the length of its name in bytes (one byte) and the name in UTF-8; then the deflated float32 values of B,
 * then of A, in planes of bytes, base64url. Its text begins with "J": see matrix-data.ts.
 */
const KIND = (4 << 3) | 0b111;
const [SCALING, NAME_LENGTH, NAME] = [7, 15, 16];
/** More would make a text longer than pages and run files can bear, as for the entries of a matrix. */
const MOST_VALUES = 2_500_000;
const LONGEST_NAME = 160;
/** The largest |s|·‖B‖·‖A‖, above every entry of the product, as for the entries of a matrix. */
const LARGEST = 1e30;

/** Why these sizes are impossible, without a full stop; null if possible. Any numbers. */
export function factorsFault(rows: number, cols: number, rank: number): string | null {
  const odd = shapeFault(rows, cols);
  if (odd) return odd;
  if (!Number.isInteger(rank) || rank < 1 || rank > MAX_SIDE)
    return `its rank is ${rank}; expected a whole number from 1 to ${MAX_SIDE}`;
  const values = rank * (rows + cols);
  if (values <= MOST_VALUES) return null;
  return `its factors have ${count(values)} numbers; the limit is ${count(MOST_VALUES)}`;
}

/** Why the values of factors are impossible; null if possible. */
function valuesFault({ B, A, scaling }: FactoredMatrix): string | null {
  if (!Number.isFinite(scaling) || scaling === 0) return 'its scaling s must be a number other than 0';
  for (const [name, factor] of [['B', B] as const, ['A', A] as const]) {
    const odd = oddEntry(factor);
    if (odd) return `${name}, ${odd}`;
    if (factor.data.every((value) => value === 0))
      return `every entry of ${name} is 0, so ΔW is 0 and there is nothing to learn`;
  }
  const bound = Math.abs(scaling) * frobenius(B) * frobenius(A);
  return bound <= LARGEST ? null : 'its product has entries above 10³⁰';
}

/** The text for a link, or why the lab cannot take these factors. A long name is cut. */
export async function encodeFactored(matrix: FactoredMatrix): Promise<string | MatrixFault> {
  const { rows, cols, B, A, scaling } = matrix;
  const fault = factorsFault(rows, cols, B.cols) ?? valuesFault(matrix);
  if (fault) return { fault };
  const name = nameBytes(matrix.name);
  const values = new Float32Array(B.data.length + A.data.length);
  values.set(B.data);
  values.set(A.data, B.data.length);
  const packed = await deflate(bytePlanes(values));
  const bytes = new Uint8Array(NAME + name.length + packed.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, KIND);
  for (const [i, size] of [rows, cols, B.cols].entries()) view.setUint16(1 + 2 * i, size);
  view.setFloat64(SCALING, scaling);
  view.setUint8(NAME_LENGTH, name.length);
  bytes.set(name, NAME);
  bytes.set(packed, NAME + name.length);
  return toBase64Url(bytes);
}

function nameBytes(name: string): Uint8Array {
  const bytes = new Uint8Array(LONGEST_NAME);
  return bytes.slice(0, new TextEncoder().encodeInto(name, bytes).written);
}

/** Reads `data`, which may come from anywhere. Inflates no more than its header announces; bit exact. */
export async function decodeFactored(text: string): Promise<FactoredMatrix | MatrixFault> {
  const allowed = `the factors of a matrix of up to ${MAX_SIDE} × ${MAX_SIDE}`;
  const refused = (why: string): MatrixFault => ({ fault: `${allowed}; ${why}` });
  if (text.length > MAX_MATRIX_LENGTH) return refused(`it has ${count(text.length)} characters`);
  if (!isFactoredData(text)) return refused('it is something else or damaged');
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = fromBase64Url(text);
  } catch {
    return refused('it is damaged');
  }
  const view = new DataView(bytes.buffer);
  const start = bytes.length < NAME ? Number.POSITIVE_INFINITY : NAME + view.getUint8(NAME_LENGTH);
  if (bytes.length < start) return refused('it is cut off');
  const [rows, cols, rank] = [1, 3, 5].map((at) => view.getUint16(at));
  const odd = factorsFault(rows, cols, rank);
  if (odd) return refused(odd);
  const n = rank * (rows + cols);
  try {
    const planes = await inflate(bytes.slice(start), 4 * n);
    if (planes.length !== 4 * n) return refused(`it holds ${Math.floor(planes.length / 4)} of ${n} values`);
    const values = joinPlanes(planes);
    const matrix = {
      ...{ rows, cols, scaling: view.getFloat64(SCALING) },
      B: { rows, cols: rank, data: values.slice(0, rows * rank) } satisfies Matrix32,
      A: { rows: rank, cols, data: values.slice(rows * rank) } satisfies Matrix32,
      name: quote(new TextDecoder().decode(bytes.subarray(NAME, start)), LONGEST_NAME),
    };
    const wrong = valuesFault(matrix);
    return wrong === null ? matrix : refused(wrong);
  } catch (error) {
    return refused(error instanceof TooLongError ? `it holds more than its ${n} values` : 'it is damaged or cut off');
  }
}
