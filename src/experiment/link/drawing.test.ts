import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { zeros } from '../../math/matrix.ts';
import { fromRows } from '../../math/testing/rows.ts';
import { decodeData } from '../matrix-file/decode-data.ts';
import { isFactored } from '../targets/factored-matrix.ts';
import { NO_PAINT } from '../targets/painting.ts';
import { decodeDrawing, decodePainting, encodeDrawing, encodePainting } from './drawing.ts';
import { parseLink, writeLink } from './link.ts';

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
    /** Counts the bytes handed to the browser to inflate. */
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

const packPainting = (rows: number, cols: number, cells: Uint8Array) =>
  Buffer.concat([Buffer.from([0x17, rows >> 8, rows & 255, cols >> 8, cols & 255]), deflateRawSync(cells)]).toString(
    'base64url',
  );

const anyPainting = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
  .chain(([rows, cols]) =>
    fc
      .array(fc.oneof(fc.constant(NO_PAINT), fc.double({ min: 0, max: 1, noNaN: true })), {
        minLength: rows * cols,
        maxLength: rows * cols,
      })
      .map((values) => ({ rows, cols, data: Float64Array.from(values) })),
  )
  .filter(({ data }) => data.some((v) => v !== NO_PAINT));

describe('a painting in a link', () => {
  it('comes back to the nearest of 255 greys, bare cells exactly, and again with the same text', async () => {
    await fc.assert(
      fc.asyncProperty(anyPainting, async (painting) => {
        const text = await encodePainting(painting);
        const back = await decodeData(text);
        if ('fault' in back || isFactored(back.drawing)) throw new Error('no painting');
        expect([back.drawing.rows, back.drawing.cols]).toEqual([painting.rows, painting.cols]);
        for (const [i, v] of back.drawing.data.entries()) {
          if (painting.data[i] === NO_PAINT) expect(v).toBe(NO_PAINT);
          else expect(Math.abs(v - painting.data[i])).toBeLessThan(1 / 507);
        }
        expect(await encodePainting(back.drawing)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it('is the data of target=edit and of no other, and travels through a link as it is', async () => {
    const bare = zeros(64, 64);
    bare.data.fill(NO_PAINT).fill(1, 300, 420);
    const data = await encodePainting(bare);
    const [opened] = ['edit'].map((target) => parseLink(`#v=1&target=${target}&data=${data}`));
    expect(opened.faults).toEqual([]);
    expect(opened.experiment.data).toBe(data);
    const link = writeLink(opened.experiment, opened.view, 0.02);
    expect(link).not.toContain('edit=');
    expect(parseLink(link).experiment).toEqual({ ...opened.experiment, lr: 0.02, auto: 'lr' });
    for (const target of ['picture', 'matrix'])
      expect(parseLink(`#v=1&target=${target}&data=${data}`).faults).toHaveLength(1);
    const drawing = await encodeDrawing({ ...bare, data: bare.data.map((v) => Math.max(0, v)) });
    expect(parseLink(`#v=1&target=edit&data=${drawing}`).faults).toHaveLength(1);
    expect(await decodeDrawing(data)).toHaveProperty('fault');
    expect(await decodePainting(drawing)).toHaveProperty('fault');
  });

  it('of 64 × 64 random greys still fits a link', async () => {
    const noise = zeros(64, 64);
    for (let i = 0; i < 4096; i++) noise.data[i] = ((i * 2654435761) % 256) / 255;
    expect((await encodePainting(noise)).length).toBeLessThan(7000);
  });

  const filled = (n: number) => new Uint8Array(n).fill(7);
  it.each([
    ['cut off in its header', 'FwBA', 'cut off'],
    ['cut off', packPainting(8, 8, filled(64)).slice(0, -4), 'damaged or cut off'],
    ['no base64url', 'Fw!!', 'damaged'],
    ['garbage', 'FwBAAEBAAAA____', 'damaged or cut off'],
    ['a bomb', packPainting(8, 8, new Uint8Array(50e6)), 'more cells than it says'],
    ['too large', packPainting(300, 8, filled(2400)), '300 × 8'],
    ['of no rows', packPainting(0, 8, filled(0)), '0 × 8'],
    ['short of cells', packPainting(8, 9, filled(64)), '64 of 72'],
    ['bare', packPainting(8, 8, new Uint8Array(64)), 'nothing is painted'],
    ['a drawing', 'Y2FkYGBgAAA', 'something else'],
  ])('that is %s is refused with a sentence', async (_, text, why) => {
    const decoded = await decodePainting(text);
    expect(decoded).toHaveProperty('fault');
    if ('fault' in decoded) expect(decoded.fault).toContain(why);
  });

  it('is refused or has cells within bounds, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 0, max: 300 }), async (bytes, n) => {
        const texts = [
          `Fw${Buffer.from(bytes).toString('base64url')}`,
          packPainting(bytes[0] ?? 1, bytes[1] ?? 1, bytes),
          packPainting(1, n, bytes),
        ];
        for (const text of texts) {
          const decoded = await decodePainting(text);
          if ('fault' in decoded) expect(decoded.fault.length).toBeGreaterThan(20);
          else {
            const { rows, cols, data } = decoded.drawing;
            expect(rows <= 128 && cols <= 128 && data.length === rows * cols).toBe(true);
            expect(data.every((v) => v === NO_PAINT || (v >= 0 && v <= 1))).toBe(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('that no reader would take is not written', async () => {
    for (const [rows, cols, n] of [
      [0, 4, 0],
      [129, 1, 129],
      [4, 4, 15],
    ])
      await expect(encodePainting({ rows, cols, data: new Float64Array(n) })).rejects.toThrow(RangeError);
  });
});
