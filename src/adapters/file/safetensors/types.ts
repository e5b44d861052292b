import type { FloatType } from '../model.ts';

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
