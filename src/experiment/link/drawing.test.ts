import { deflateRawSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { zeros } from '../../math/matrix.ts';
import { fromRows } from '../../math/testing/rows.ts';
import { decodeDrawing, encodeDrawing } from './drawing.ts';

const pack = (bytes: Uint8Array) => deflateRawSync(bytes).toString('base64url');
const header = (version: number, rows: number, cols: number, length: number) => {
  const bytes = new Uint8Array(5 + length).fill(7);
  new DataView(bytes.buffer).setUint8(0, version);
  new DataView(bytes.buffer).setUint16(1, rows);
  new DataView(bytes.buffer).setUint16(3, cols);
  bytes[5] = 9;
  return bytes;
};

describe('a drawing in a link', () => {
  it('comes back to the nearest of 256 shades', async () => {
    const drawing = fromRows([
      [0, 0.25, 1],
      [1, 51 / 255, 0],
    ]);
    const back = await decodeDrawing(await encodeDrawing(drawing));
    expect(back).toHaveProperty('drawing');
    if ('drawing' in back)
      for (const [i, v] of back.drawing.data.entries()) expect(Math.abs(v - drawing.data[i])).toBeLessThan(1 / 509);
  });

  it('of 64 × 64 random shades still fits a link', async () => {
    const noise = zeros(64, 64);
    for (let i = 0; i < 4096; i++) noise.data[i] = ((i * 2654435761) % 256) / 255;
    expect((await encodeDrawing(noise)).length).toBeLessThan(7000);
  });

  it('stops a bomb after a few kilobytes of it, whatever they inflate to', async () => {
    const Real = DecompressionStream;
    let given = 0;
    /** Counts what is handed to the browser to inflate. */
    class Counting {
      readonly readable: ReadableStream;
      readonly writable: WritableStream;
      constructor(format: CompressionFormat) {
        const inner = new Real(format);
        const writer = inner.writable.getWriter();
        this.readable = inner.readable;
        this.writable = new WritableStream({
          write(chunk: Uint8Array<ArrayBuffer>) {
            given += chunk.length;
            return writer.write(chunk);
          },
          close: () => writer.close(),
          abort: (reason) => writer.abort(reason),
        });
      }
    }
    vi.stubGlobal('DecompressionStream', Counting);
    try {
      const bomb = pack(new Uint8Array(100e6));
      expect(await decodeDrawing(bomb)).toHaveProperty('fault');
      // Each of them may become a thousand.
      expect(given).toBeGreaterThan(0);
      expect(given).toBeLessThan(20_000);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it.each([
    ['cut off', pack(header(1, 8, 8, 64)).slice(0, 6), 'damaged or cut off'],
    ['garbage', 'AAAA____', 'damaged or cut off'],
    ['inflating to 100 MB', pack(new Uint8Array(100e6)), 'larger than 128 × 128'],
    ['of another format', pack(header(2, 8, 8, 64)), 'format 2'],
    ['too large', pack(header(1, 300, 8, 64)), '300 × 8'],
    ['of no rows', pack(header(1, 0, 8, 0)), '0 × 8'],
    ['short of values', pack(header(1, 8, 9, 64)), '64 of 72'],
    ['blank', pack(header(1, 1, 1, 1)), 'nothing to learn'],
  ])('that is %s is refused with a sentence', async (_, text, why) => {
    const decoded = await decodeDrawing(text);
    expect(decoded).toHaveProperty('fault');
    if ('fault' in decoded) expect(decoded.fault).toContain(why);
  });
});
