import { type Matrix64, zeros } from '../../math/matrix.ts';
import { isPaintingData } from '../settings/data-kind.ts';
import { NO_PAINT } from '../targets/painting.ts';
import { deflate, fromBase64Url, inflate, TooLongError, toBase64Url } from './deflate.ts';

const LARGEST_DRAWING = 128;
const VERSION = 1;
const HEADER = 5;
const CAP = HEADER + LARGEST_DRAWING * LARGEST_DRAWING;

type Decoded = { readonly drawing: Matrix64 } | { readonly fault: string };

/** A drawing (0 … 1, at most 128 × 128) as `data`: version, rows, columns, a byte per pixel, deflated, base64url. */
export async function encodeDrawing(drawing: Matrix64): Promise<string> {
  const { rows, cols, data } = drawing;
  const bytes = new Uint8Array(HEADER + rows * cols);
  new DataView(bytes.buffer).setUint8(0, VERSION);
  new DataView(bytes.buffer).setUint16(1, rows);
  new DataView(bytes.buffer).setUint16(3, cols);
  for (let i = 0; i < data.length; i++) bytes[HEADER + i] = Math.round(255 * Math.min(1, Math.max(0, data[i])));
  return toBase64Url(await deflate(bytes));
}

/** Reads `data` from anywhere: cut off, garbage, or a bomb. Never inflates more than a drawing needs. */
export async function decodeDrawing(text: string): Promise<Decoded> {
  let bytes: Uint8Array;
  try {
    bytes = await inflate(fromBase64Url(text), CAP);
  } catch (error) {
    const why = error instanceof TooLongError ? 'it is larger than 128 × 128' : 'it is damaged or cut off';
    return { fault: `a drawing of up to 128 × 128; ${why}` };
  }
  return checkDrawing(bytes);
}

function checkDrawing(bytes: Uint8Array): Decoded {
  const allowed = `a drawing of up to ${LARGEST_DRAWING} × ${LARGEST_DRAWING}`;
  if (bytes.length < HEADER) return { fault: `${allowed}; it is cut off` };
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint8(0) !== VERSION) return { fault: `${allowed} in format 1; it is of format ${view.getUint8(0)}` };
  const [rows, cols] = [view.getUint16(1), view.getUint16(3)];
  if (!isSide(rows) || !isSide(cols)) return { fault: `${allowed}; it says ${rows} × ${cols}` };
  if (bytes.length !== HEADER + rows * cols)
    return { fault: `${allowed}; it holds ${bytes.length - HEADER} of ${rows * cols} values` };
  const drawing = zeros(rows, cols);
  for (let i = 0; i < rows * cols; i++) drawing.data[i] = bytes[HEADER + i] / 255;
  if (drawing.data.every((v) => v === drawing.data[0]))
    return { fault: `${allowed} with more than one shade; it is blank, so there is nothing to learn` };
  return { drawing };
}

/**
 * A painting as `data` of a link: one byte of kind, rows and columns (16 bits each, high byte first), then, deflated, a
 * byte per cell: 0 if unpainted, else 1 + 254·grey. base64url. Its text begins with "Fw", unlike a drawing's
 * (matrix-file/matrix-data.ts).
 */
const KIND = (2 << 3) | 0b111;

const GREYS = 254;

/** The text for a link. Values are greys 0 … 1, or NO_PAINT. Throws RangeError for an unreadable shape. */
export async function encodePainting({ rows, cols, data }: Matrix64): Promise<string> {
  if (!isSide(rows) || !isSide(cols) || data.length !== rows * cols)
    throw new RangeError(`a painting of ${rows} × ${cols}`);
  const cells = Uint8Array.from(data, (v) =>
    v === NO_PAINT ? 0 : 1 + Math.round(GREYS * Math.min(1, Math.max(0, v))),
  );
  const packed = await deflate(cells);
  const bytes = new Uint8Array(HEADER + packed.length);
  bytes.set([KIND, rows >> 8, rows & 255, cols >> 8, cols & 255]);
  bytes.set(packed, HEADER);
  return toBase64Url(bytes);
}

/** Reads `data` from anywhere: cut off, garbage, or a bomb. Inflates no more than its header announces. */
export async function decodePainting(text: string): Promise<Decoded> {
  const allowed = `a painting of up to ${LARGEST_DRAWING} × ${LARGEST_DRAWING}`;
  if (!isPaintingData(text)) return { fault: `${allowed}; it is something else` };
  try {
    const bytes = fromBase64Url(text);
    if (bytes.length < HEADER) return { fault: `${allowed}; it is cut off` };
    const [rows, cols] = [(bytes[1] << 8) | bytes[2], (bytes[3] << 8) | bytes[4]];
    if (!isSide(rows) || !isSide(cols)) return { fault: `${allowed}; it says ${rows} × ${cols}` };
    const cells = await inflate(bytes.slice(HEADER), rows * cols);
    if (cells.length !== rows * cols) return { fault: `${allowed}; it holds ${cells.length} of ${rows * cols} cells` };
    if (cells.every((cell) => cell === 0))
      return { fault: `${allowed}; nothing is painted, so there is nothing to learn` };
    const drawing = zeros(rows, cols);
    for (let i = 0; i < cells.length; i++) drawing.data[i] = cells[i] === 0 ? NO_PAINT : (cells[i] - 1) / GREYS;
    return { drawing };
  } catch (error) {
    const why = error instanceof TooLongError ? 'it holds more cells than it says' : 'it is damaged or cut off';
    return { fault: `${allowed}; ${why}` };
  }
}

const isSide = (n: number) => n >= 1 && n <= LARGEST_DRAWING;
