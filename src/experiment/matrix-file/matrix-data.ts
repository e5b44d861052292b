import type { AnyMatrix, Matrix32 } from '../../math/matrix.ts';
import { deflate, fromBase64Url, inflate, TooLongError, toBase64Url } from '../link/deflate.ts';
import { allDigits, count } from '../numbers.ts';
import { isMatrixData, MAX_MATRIX_LENGTH } from '../settings/data-kind.ts';
import { entryFault, isZero, MAX_SIDE, type MatrixFault, shapeFault } from './limits.ts';

/**
 * A matrix as `data` of a link: one byte of kind, rows and columns (16 bits each, high byte first), then the deflated
 * float32 values in planes of bytes, base64url.
 *
 * A drawing's data is a deflate stream from its first byte on: the three low bits of such a stream are never 111, a
 * block type that RFC 1951 (3.2.3) reserves as an error. Here they are, below the format's number. So a matrix's text
 * begins with "Dw", a drawing's never does, and either reader refuses the other's.
 */
const KIND = (1 << 3) | 0b111;
const HEADER = 5;
/** Most values of a text: more would make it longer than pages and run files can bear. */
export const MOST_VALUES = 2_500_000;

/** A larger matrix has a name instead: kind, rows, columns, and a checksum of its values. Its text begins with "H". */
const NAMED = (3 << 3) | 0b111;
const CHECKSUM = 8;

/**
 * The text for a link. Browsers deflate differently: that of an opened link must be kept as it came, so that the link
 * stays the same when shared again. Throws RangeError for an unreadable shape.
 */
export async function encodeMatrix({ rows, cols, data }: Matrix32): Promise<string> {
  const unfit = data.length === rows * cols ? shapeFault(rows, cols) : `${data.length} values for ${rows} × ${cols}`;
  if (unfit) throw new RangeError(unfit);
  const n = data.length;
  if (n > MOST_VALUES) return named({ rows, cols, data });
  const packed = await deflate(bytePlanes(data));
  const bytes = new Uint8Array(HEADER + packed.length);
  bytes.set([KIND, rows >> 8, rows & 255, cols >> 8, cols & 255]);
  bytes.set(packed, HEADER);
  return toBase64Url(bytes);
}

function named({ rows, cols, data }: Matrix32): string {
  const head = [NAMED, rows >> 8, rows & 255, cols >> 8, cols & 255];
  return toBase64Url(Uint8Array.of(...head, ...checksum([data])));
}

/** 8 bytes of the bits of all values, in this order. */
export function checksum(pieces: readonly Float32Array[]): Uint8Array {
  let [low, high] = [0x811c9dc5, 0x9747b28c];
  for (const { buffer, byteOffset, length } of pieces) {
    const bits = new Uint32Array(buffer, byteOffset, length);
    for (let i = 0; i < length; i++) {
      low = Math.imul(low ^ bits[i], 0x01000193);
      low ^= low >>> 15;
      high = Math.imul(high ^ bits[i], 0x5bd1e995);
      high ^= high >>> 13;
    }
  }
  const view = new DataView(new ArrayBuffer(CHECKSUM));
  view.setUint32(0, low);
  view.setUint32(4, high);
  return new Uint8Array(view.buffer);
}

/** Reads `data`, which may come from anywhere. Inflates no more than its header announces; bit exact. */
export async function decodeMatrix(text: string): Promise<Matrix32 | MatrixFault> {
  const allowed = `a matrix of up to ${MAX_SIDE} × ${MAX_SIDE}`;
  if (text.length > MAX_MATRIX_LENGTH) return { fault: `${allowed}; it has ${count(text.length)} characters` };
  if (!isMatrixData(text)) return { fault: `${allowed}; it is a drawing or damaged` };
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = fromBase64Url(text);
  } catch {
    return { fault: `${allowed}; it is damaged` };
  }
  if (bytes.length < HEADER) return { fault: `${allowed}; it is cut off` };
  const [rows, cols] = [(bytes[1] << 8) | bytes[2], (bytes[3] << 8) | bytes[4]];
  if (shapeFault(rows, cols)) return { fault: `${allowed}; it says ${rows} × ${cols}` };
  if (bytes[0] === NAMED)
    return {
      fault: `${allowed}; this one, ${rows} × ${cols}, is too large for a link or a run file: open its own file`,
    };
  if (rows * cols > MOST_VALUES)
    return { fault: `${allowed}; it says ${rows} × ${cols}, more than the ${count(MOST_VALUES)} values of a link` };
  try {
    const planes = await inflate(bytes.slice(HEADER), 4 * rows * cols);
    const fault = `${allowed}; it holds ${Math.floor(planes.length / 4)} of ${rows * cols} values`;
    return planes.length === 4 * rows * cols ? checked({ rows, cols, data: joinPlanes(planes) }, allowed) : { fault };
  } catch (error) {
    const why =
      error instanceof TooLongError ? `it holds more than its ${rows} × ${cols} values` : 'it is damaged or cut off';
    return { fault: `${allowed}; ${why}` };
  }
}

function checked(matrix: Matrix32, allowed: string): Matrix32 | MatrixFault {
  const odd = oddEntry(matrix);
  if (odd) return { fault: `${allowed}; ${odd}` };
  return isZero(matrix.data) ? { fault: `${allowed}; every entry is 0, so there is nothing to learn` } : matrix;
}

/** float32 values as deflate packs them best, low bytes first: adjacent signs and exponents repeat. */
export function bytePlanes(data: Float32Array): Uint8Array<ArrayBuffer> {
  const n = data.length;
  const bits = new Uint32Array(data.slice().buffer);
  const planes = new Uint8Array(4 * n);
  for (let p = 0; p < 4; p++) for (let i = 0; i < n; i++) planes[p * n + i] = bits[i] >>> (8 * p);
  return planes;
}

export function joinPlanes(planes: Uint8Array): Float32Array<ArrayBuffer> {
  const n = planes.length / 4;
  const bits = new Uint32Array(n);
  for (let p = 0; p < 4; p++) for (let i = 0; i < n; i++) bits[i] |= planes[p * n + i] << (8 * p);
  return new Float32Array(bits.buffer);
}

/** The first entry that is not finite or too large, with its position, in words; null if there is none. */
export function oddEntry({ cols, data }: AnyMatrix): string | null {
  for (let i = 0; i < data.length; i++) {
    const why = entryFault(data[i]);
    const place = `row ${Math.floor(i / cols) + 1}, column ${(i % cols) + 1}`;
    if (why) return `${place}: expected ${why}, found ${allDigits(data[i])}`;
  }
  return null;
}
