import { frobenius, type Matrix32, toFloat32 } from '../../math/matrix.ts';
import { deflate, fromBase64Url, inflate, TooLongError, toBase64Url } from '../link/deflate.ts';
import { quote } from '../link/faults.ts';
import { count } from '../numbers.ts';
import { holdsBase, holdsStart, isModuleData, isNamedMatrix, MAX_MATRIX_LENGTH } from '../settings/data-kind.ts';
import { type DataMatrix, type FactoredStart, isFactored, type WholeMatrix } from '../targets/factored-matrix.ts';
import { flatFault } from '../targets/own-matrix.ts';
import { MAX_SIDE, type MatrixFault, shapeFault } from './limits.ts';
import { bytePlanes, checksum, encodeMatrix, joinPlanes, MOST_VALUES, oddEntry } from './matrix-data.ts';

/**
 * A matrix s·B·A as `data` of a link: one byte of kind; rows, columns and rank (16 bits each) and s (float64), high
 * byte first; the length of its name in bytes (one byte) and the name in UTF-8; then the deflated float32 values of B,
 * then of A, in planes of bytes, base64url. Its text begins with "J": see matrix-data.ts.
 *
 * With factors to start from, the text begins with "L": after the name come the rank of those, their s and name in the
 * same way, and after the values of A those of their B and A.
 *
 * With W₀, the text begins with "N", or "P" if it has factors to start from too: the last head has the name of its model,
 * rank 0 and s = 1, and the last values are those of W₀.
 *
 * Texts that begin with "T", "V" or "X" are like "L", "N" and "P", with ΔW itself, row by row, in the place of B and A,
 * and rank 0 and s = 1 in its head.
 *
 * With more numbers than a text may have it only names them: it begins with "p", "r", "t", "v", "z", "1" or "3" in the
 * place of the letters above, and ends with a checksum in the place of the values.
 */
const kindOf = (matrix: ModuleMatrix, named: boolean) =>
  (((isFactored(matrix) ? 4 : 8) + (matrix.start ? 1 : 0) + (matrix.base ? 2 : 0) + (named ? 16 : 0)) << 3) | 0b111;
/** Bytes of kind, rows and columns, and of a rank, s and length of a name. */
const [SIZES, HEAD] = [5, 11];
const LONGEST_NAME = 160;
/** The largest |s|·‖B‖·‖A‖, above every entry of the product, as for the entries of a matrix. */
const LARGEST = 1e30;

/** Why these sizes are impossible, without a full stop; null if possible. Any numbers. A rank of 0 is ΔW itself, or no start. */
function sizesFault(rows: number, cols: number, ...ranks: readonly number[]): string | null {
  const odd = shapeFault(rows, cols);
  if (odd) return odd;
  const wrong = ranks.find((of) => of !== 0 && (!Number.isInteger(of) || of < 1 || of > MAX_SIDE));
  return wrong === undefined ? null : `its rank is ${wrong}; expected a whole number from 1 to ${MAX_SIDE}`;
}

/** Why a text that says so cannot hold so many values. */
function textFault(values: number, rank: number, start: number, base: boolean): string | null {
  if (values <= MOST_VALUES) return null;
  const [own, other] = rank === 0 ? ['ΔW', 'the factors'] : ['its factors', 'those'];
  const what = base ? `${own} and W₀ have` : start > 0 ? `${own} and ${other} of the start have` : `${own} have`;
  return `${what} ${count(values)} numbers; the limit is ${count(MOST_VALUES)}`;
}

/** Why the values of factors are impossible; null if possible. What a run starts from may be 0. */
function valuesFault({ B, A, scaling }: FactoredStart, zero: boolean): string | null {
  if (!Number.isFinite(scaling) || scaling === 0) return 'its scaling s must be a number other than 0';
  for (const [name, factor] of [['B', B] as const, ['A', A] as const]) {
    const odd = oddEntry(factor);
    if (odd) return `${name}, ${odd}`;
    if (!zero && factor.data.every((value) => value === 0))
      return `every entry of ${name} is 0, so ΔW is 0 and there is nothing to learn`;
  }
  const bound = Math.abs(scaling) * frobenius(B) * frobenius(A);
  return bound <= LARGEST ? null : 'its product has entries above 10³⁰';
}

/** Why ΔW, and the factors to start from, are impossible; null if possible. */
function faultOf(matrix: ModuleMatrix): string | null {
  const { rows, cols, start, base } = matrix;
  const sized = sizesFault(rows, cols, rankOf(matrix), start?.B.cols ?? 0);
  if (sized !== null) return sized;
  const flat = isFactored(matrix) ? null : flatFault(matrix.data);
  const [wrong, odd] = [
    isFactored(matrix) ? valuesFault(matrix, false) : (oddEntry(matrix) ?? flat),
    start ? valuesFault(start, true) : null,
  ];
  if (wrong !== null || odd !== null) return wrong ?? `of the start: ${odd}`;
  const odder = base ? oddEntry(base.matrix) : null;
  return odder === null ? null : `of W₀: ${odder}`;
}

const rankOf = (matrix: ModuleMatrix) => (isFactored(matrix) ? matrix.B.cols : 0);

/** What a text is made of: entries in float64 are rounded once. */
export type ModuleMatrix = DataMatrix | (Omit<WholeMatrix, 'data'> & Matrix32);

/** The values of a text in its order. */
export function moduleValues(matrix: ModuleMatrix): Float32Array[] {
  const { start, base } = matrix;
  const own = isFactored(matrix)
    ? [matrix.B.data, matrix.A.data]
    : [matrix.data instanceof Float32Array ? matrix.data : new Float32Array(matrix.data)];
  return [...own, ...(start ? [start.B.data, start.A.data] : []), ...(base ? [base.matrix.data] : [])];
}

/** The text for a link, or why the lab cannot take this ΔW. A long name is cut. */
export async function encodeModule(matrix: ModuleMatrix): Promise<string | MatrixFault> {
  const { rows, cols, start, base } = matrix;
  if (!isFactored(matrix) && !start && !base) return encodeMatrix(toFloat32(matrix));
  const fault = faultOf(matrix);
  if (fault !== null) return { fault };
  const heads = [
    headOf(rankOf(matrix), isFactored(matrix) ? matrix.scaling : 1, matrix.name ?? ''),
    ...(start ? [headOf(start.B.cols, start.scaling, start.name)] : []),
    ...(base ? [headOf(0, 1, base.name)] : []),
  ];
  const values = moduleValues(matrix);
  const named = values.reduce((sum, { length }) => sum + length, 0) > MOST_VALUES;
  const packed = named ? checksum(values) : await deflate(bytePlanes(joined(values)));
  const begin = SIZES + heads.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(begin + packed.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kindOf(matrix, named));
  view.setUint16(1, rows);
  view.setUint16(3, cols);
  let at = SIZES;
  for (const head of heads) {
    bytes.set(head, at);
    at += head.length;
  }
  bytes.set(packed, at);
  return toBase64Url(bytes);
}

/** Rank, s and name. */
function headOf(rank: number, scaling: number, name: string): Uint8Array {
  const text = nameBytes(name);
  const bytes = new Uint8Array(HEAD + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, rank);
  view.setFloat64(2, scaling);
  view.setUint8(HEAD - 1, text.length);
  bytes.set(text, HEAD);
  return bytes;
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function nameBytes(name: string): Uint8Array {
  const bytes = new Uint8Array(LONGEST_NAME);
  return bytes.slice(0, new TextEncoder().encodeInto(name, bytes).written);
}

interface FactorsHead {
  readonly rank: number;
  readonly scaling: number;
  readonly name: string;
  readonly end: number;
}

/** null if the bytes end before it does. */
function readHead(bytes: Uint8Array<ArrayBuffer>, at: number): FactorsHead | null {
  if (bytes.length < at + HEAD) return null;
  const view = new DataView(bytes.buffer);
  const end = at + HEAD + view.getUint8(at + HEAD - 1);
  if (bytes.length < end) return null;
  const name = quote(new TextDecoder().decode(bytes.subarray(at + HEAD, end)), LONGEST_NAME);
  return { rank: view.getUint16(at), scaling: view.getFloat64(at + 2), name, end };
}

/** What to open in the place of a text that only names its module. */
function namedWords(rows: number, cols: number, of: FactorsHead, start: FactorsHead | null, base: FactorsHead | null) {
  const from = `${start ? `, from B and A of “${start.name}”` : ''}${base ? `, with W₀ of “${base.name}”` : ''}`;
  return `this one, ${rows} × ${cols}, is too large for a link or a run file: open it from its own files in Adapters (ΔW of “${of.name}”${from})`;
}

/** Reads `data`, which may come from anywhere. Inflates no more than its header announces; bit exact. */
export async function decodeModule(text: string): Promise<DataMatrix | MatrixFault> {
  const whole = /^[TVXz13]/.test(text);
  const allowed = `${whole ? 'a matrix' : 'the factors of a matrix'} of up to ${MAX_SIDE} × ${MAX_SIDE}`;
  const refused = (why: string): MatrixFault => ({ fault: `${allowed}; ${why}` });
  if (text.length > MAX_MATRIX_LENGTH) return refused(`it has ${count(text.length)} characters`);
  if (!isModuleData(text)) return refused('it is something else or damaged');
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = fromBase64Url(text);
  } catch {
    return refused('it is damaged');
  }
  const target = readHead(bytes, SIZES);
  const start = target && holdsStart(text) ? readHead(bytes, target.end) : null;
  if (target === null || (holdsStart(text) && start === null)) return refused('it is cut off');
  const base = holdsBase(text) ? readHead(bytes, (start ?? target).end) : null;
  if (holdsBase(text) && base === null) return refused('it is cut off');
  const view = new DataView(bytes.buffer);
  const [rows, cols] = [view.getUint16(1), view.getUint16(3)];
  if (start?.rank === 0) return refused('the rank of its start is 0');
  if ((target.rank === 0) !== whole)
    return refused(`its rank is ${target.rank}; expected ${whole ? '0' : 'a whole number from 1 to 4096'}`);
  const odd = sizesFault(rows, cols, target.rank, start?.rank ?? 0);
  if (odd) return refused(odd);
  if (isNamedMatrix(text)) return refused(namedWords(rows, cols, target, start, base));
  const own = target.rank === 0 ? rows * cols : target.rank * (rows + cols);
  const before = own + (start?.rank ?? 0) * (rows + cols);
  const n = before + (base ? rows * cols : 0);
  const long = textFault(n, target.rank, start?.rank ?? 0, base !== null);
  if (long) return refused(long);
  try {
    const planes = await inflate(bytes.slice((base ?? start ?? target).end), 4 * n);
    if (planes.length !== 4 * n) return refused(`it holds ${Math.floor(planes.length / 4)} of ${n} values`);
    const values = joinPlanes(planes);
    const pairAt = ({ rank, scaling, name }: FactorsHead, at: number): FactoredStart => ({
      scaling,
      B: { rows, cols: rank, data: values.slice(at, at + rows * rank) },
      A: { rows: rank, cols, data: values.slice(at + rows * rank, at + rank * (rows + cols)) },
      name,
    });
    const matrix: DataMatrix = {
      ...{ rows, cols },
      ...(whole ? { data: Float64Array.from(values.subarray(0, own)), name: target.name } : pairAt(target, 0)),
      ...(start && { start: pairAt(start, own) }),
      ...(base && { base: { matrix: { rows, cols, data: values.slice(before) }, name: base.name } }),
    };
    const wrong = faultOf(matrix);
    return wrong === null ? matrix : refused(wrong);
  } catch (error) {
    return refused(error instanceof TooLongError ? `it holds more than its ${n} values` : 'it is damaged or cut off');
  }
}
