import type { ByteSource, FloatType, OutputType, TensorEntry } from '../model.ts';

/** Bits by type, the smallest alignment first, as Dtype in safetensors/src/tensor.rs; files have the reverse. */
const BITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    BOOL: 8,
    F4: 4,
    F6_E2M3: 6,
    F6_E3M2: 6,
    U8: 8,
    I8: 8,
    F8_E5M2: 8,
    F8_E4M3: 8,
    F8_E8M0: 8,
    F8_E4M3FNUZ: 8,
    F8_E5M2FNUZ: 8,
    I16: 16,
    U16: 16,
    F16: 16,
    BF16: 16,
    I32: 32,
    U32: 32,
    F32: 32,
    C64: 64,
    F64: 64,
    I64: 64,
    U64: 64,
  }),
);
const ORDER = [...BITS.keys()];

/** Bits of a number; undefined if the type is unknown. */
export const bitsOf = (dtype: string): number | undefined => BITS.get(dtype);

/** The place of tensors of this type in a file, the first at 0. */
export const placeOf = (dtype: string): number => ORDER.length - 1 - ORDER.indexOf(dtype);

const FLOATS: ReadonlySet<string> = new Set<FloatType>(['F32', 'F16', 'BF16', 'F64', 'F8_E4M3', 'F8_E5M2']);

export const isFloatType = (dtype: string): dtype is FloatType => FLOATS.has(dtype);

/** Numbers of a tensor: 1 for a scalar, whose shape is []. */
export const countOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Bytes of a tensor; throws if the type is unknown or its bits do not fill bytes. */
export function bytesOf(dtype: string, shape: readonly number[]): number {
  const bytes = (countOf(shape) * (bitsOf(dtype) ?? Number.NaN)) / 8;
  if (!Number.isSafeInteger(bytes)) throw new Error(`${dtype} of ${shape.join(' × ')} has no whole number of bytes`);
  return bytes;
}

/** float64 keeps every F64 and every integer up to 2⁵³, float32 every smaller float. */
export type Numbers = Float32Array | Float64Array;

/**
 * The numbers of a tensor, row by row, each exactly; integers above 2⁵³ are rounded. F64 and integers come as
 * Float64Array. Throws for types that are copied only: 4 and 6 bits, complex.
 */
export async function readNumbers(source: ByteSource, tensor: TensorEntry): Promise<Numbers> {
  return fromBytes(await source.read(tensor.from, tensor.to), tensor.dtype);
}

/** Decodes little-endian bytes; throws for types that are copied only. */
export function fromBytes(bytes: Uint8Array<ArrayBuffer>, dtype: string): Numbers {
  const read = READERS.get(dtype);
  if (!read) throw new Error(`numbers of type ${dtype} are not read`);
  return read(bytes);
}

/** Whether all numbers are 0 or -0, whose sign is in the last byte. */
export const isZeroBytes = (bytes: Uint8Array, type: OutputType): boolean =>
  bytes.every((byte, i) => byte === 0 || (byte === 0x80 && (i + 1) % bytesOf(type, []) === 0));

const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The bytes in a separate buffer, copied only if they are a part of a larger one. */
function aligned(bytes: Uint8Array<ArrayBuffer>, size: number): ArrayBuffer {
  if (bytes.length % size !== 0) throw new Error(`${bytes.length} bytes are no numbers of ${size} bytes`);
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
}

function words16(bytes: Uint8Array<ArrayBuffer>): Uint16Array {
  if (LITTLE) return new Uint16Array(aligned(bytes, 2));
  return Uint16Array.from({ length: bytes.length / 2 }, (_, i) => bytes[2 * i] | (bytes[2 * i + 1] << 8));
}

function looked(patterns: Uint8Array | Uint16Array, table: Float32Array): Float32Array {
  const values = new Float32Array(patterns.length);
  for (let i = 0; i < values.length; i++) values[i] = table[patterns[i]];
  return values;
}

type Getter =
  | 'getInt16'
  | 'getUint16'
  | 'getInt32'
  | 'getUint32'
  | 'getBigInt64'
  | 'getBigUint64'
  | 'getFloat32'
  | 'getFloat64';
type Reader = (bytes: Uint8Array<ArrayBuffer>) => Numbers;

const each =
  (size: number, getter: Getter, Type: new (length: number) => Numbers = Float64Array): Reader =>
  (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const values = new Type(bytes.length / size);
    for (let i = 0; i < values.length; i++) values[i] = Number(view[getter](size * i, true));
    return values;
  };

const once = (make: () => Float32Array) => {
  let made: Float32Array | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

/**
 * All values of a float of `exponent` and `mantissa` bits. Its largest exponent is for infinities and NaN; without
 * infinities, only all ones are NaN (F8_E4M3, called E4M3FN elsewhere).
 */
const valuesOf = (exponent: number, mantissa: number, infinities = true) =>
  once(() => {
    const bias = 2 ** (exponent - 1) - 1;
    const top = 2 ** exponent - 1;
    const steps = 2 ** mantissa;
    const values = new Float32Array(2 ** (1 + exponent + mantissa));
    for (let pattern = 0; pattern < values.length; pattern += steps) {
      const sign = pattern >>> (exponent + mantissa) ? -1 : 1;
      const e = (pattern >>> mantissa) & top;
      const unit = sign * 2 ** (Math.max(1, e) - bias);
      for (let m = 0; m < steps; m++) values[pattern + m] = unit * ((e === 0 ? 0 : 1) + m / steps);
      if (e === top && infinities) values.fill(Number.NaN, pattern + 1, pattern + steps)[pattern] = sign / 0;
      else if (e === top) values[pattern + steps - 1] = Number.NaN;
    }
    return values;
  });
const halves = valuesOf(5, 10);
const bfloats = valuesOf(8, 7);
const eights4 = valuesOf(4, 3, false);
const eights5 = valuesOf(5, 2);

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['F32', LITTLE ? (bytes) => new Float32Array(aligned(bytes, 4)) : each(4, 'getFloat32', Float32Array)],
  ['F64', LITTLE ? (bytes) => new Float64Array(aligned(bytes, 8)) : each(8, 'getFloat64')],
  ['F16', (bytes) => looked(words16(bytes), halves())],
  ['BF16', (bytes) => looked(words16(bytes), bfloats())],
  ['F8_E4M3', (bytes) => looked(bytes, eights4())],
  ['F8_E5M2', (bytes) => looked(bytes, eights5())],
  ['BOOL', (bytes) => Float64Array.from(bytes)],
  ['U8', (bytes) => Float64Array.from(bytes)],
  ['I8', (bytes) => Float64Array.from(bytes, (byte) => (byte << 24) >> 24)],
  ['I16', each(2, 'getInt16')],
  ['U16', each(2, 'getUint16')],
  ['I32', each(4, 'getInt32')],
  ['U32', each(4, 'getUint32')],
  ['I64', each(8, 'getBigInt64')],
  ['U64', each(8, 'getBigUint64')],
]);

/** Numbers as little-endian bytes of a type, each rounded once to nearest, ties to even; overflow becomes infinite. */
export function toBytes(values: ArrayLike<number>, type: OutputType): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(bytesOf(type, [values.length]));
  const view = new DataView(bytes.buffer);
  if (type === 'F32') {
    if (LITTLE) new Float32Array(bytes.buffer).set(values);
    else for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i], true);
  } else {
    const round = type === 'F16' ? toHalf : toBfloat;
    for (let i = 0; i < values.length; i++) view.setUint16(2 * i, round(values[i]), true);
  }
  return bytes;
}

/** Numbers after being written with a type and read again. */
export const roundToType = (values: ArrayLike<number>, type: OutputType): Float32Array =>
  Float32Array.from(fromBytes(toBytes(values, type), type));

const float64 = new Float64Array(1);
const words = new Uint32Array(float64.buffer);
const HIGH = LITTLE ? 1 : 0;

/** The 16 bits of the nearest float with this `exponent` width, straight from float64: rounded only once. */
const nearest = (exponent: number) => {
  const mantissa = 15 - exponent;
  const bias = 2 ** (exponent - 1) - 1;
  const infinite = (2 ** exponent - 1) << mantissa;
  const cut = 20 - mantissa;
  const half = 1 << (cut - 1);
  return (value: number): number => {
    float64[0] = value;
    const high = words[HIGH];
    const low = words[1 - HIGH];
    const sign = (high >>> 16) & 0x8000;
    const e = ((high >>> 20) & 0x7ff) - 1023 + bias;
    if (e === 1024 + bias)
      return sign | (low === 0 && (high & 0xfffff) === 0 ? infinite : infinite | (1 << (mantissa - 1)));
    // Subnormal numbers lie on a grid of constant step.
    if (e <= 0) return sign | evenly(Math.abs(value) * 2 ** (bias - 1 + mantissa));
    const kept = (high & 0xfffff) >>> cut;
    const rest = high & ((1 << cut) - 1);
    const up = rest > half || (rest === half && (low !== 0 || (kept & 1) === 1));
    return sign | Math.min(infinite, ((e << mantissa) | kept) + (up ? 1 : 0));
  };
};
const toHalf = nearest(5);
const toBfloat = nearest(8);

function evenly(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return below + (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? 1 : 0);
}

/** Pieces one after another. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
