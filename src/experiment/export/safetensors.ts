export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row by row. */
  readonly data: Float32Array | Int32Array;
}

/** Data begins at a multiple of this many bytes, so that a reader may map it into memory. */
const ALIGNED = 8;

/**
 * Tensors as a .safetensors file: eight bytes with the length of the header, little endian; the header, JSON with each
 * tensor's type, shape and offsets, padded with spaces; then the numbers, little endian. Source: the format's own
 * description, github.com/huggingface/safetensors. Throws if a shape and its data disagree.
 */
export function writeSafetensors(
  tensors: readonly Tensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt', ...metadata } };
  let end = 0;
  for (const { name, shape, data } of tensors) {
    if (shape.reduce((product, n) => product * n, 1) !== data.length)
      throw new Error(`${name}: ${data.length} numbers are no tensor of ${shape.join(' × ')}`);
    const from = end;
    end += 4 * data.length;
    header[name] = { dtype: data instanceof Float32Array ? 'F32' : 'I32', shape, data_offsets: [from, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(text.length / ALIGNED) * ALIGNED;
  const file = new Uint8Array(8 + length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.fill(0x20, 8, 8 + length);
  file.set(text, 8);
  let at = 8 + length;
  for (const { data } of tensors) {
    file.set(littleEndian(data), at);
    at += 4 * data.length;
  }
  return file;
}

/** The bytes of these numbers, little endian on any machine. */
export function littleEndian(data: Float32Array | Int32Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4 * data.length));
  if (data instanceof Float32Array) for (const [i, value] of data.entries()) view.setFloat32(4 * i, value, true);
  else for (const [i, value] of data.entries()) view.setInt32(4 * i, value, true);
  return new Uint8Array(view.buffer);
}
