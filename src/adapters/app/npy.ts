/** A float32 matrix as NumPy writes it (format 1.0): magic, version, the length of a header of text, numbers row by row. */
export function npyFile(rows: number, cols: number, data: Float32Array): Blob {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${cols}), }`;
  // Everything before the numbers is a multiple of 64 bytes long and ends with a line feed.
  const head = 10 + text.length + 1;
  const header = `${text}${' '.repeat((64 - (head % 64)) % 64)}\n`;
  const start = new Uint8Array(10);
  start.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(start.buffer).setUint16(8, header.length, true);
  const bytes = new DataView(new ArrayBuffer(4 * data.length));
  for (let i = 0; i < data.length; i++) bytes.setFloat32(4 * i, data[i] ?? 0, true);
  return new Blob([start, header, bytes]);
}
