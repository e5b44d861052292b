import { describe, expect, it } from 'vitest';
import { fittedSize, greyscale, imageSize } from './image.ts';
import { ascii, bytesOf, PICTURES } from './testing/files.ts';

const big = (n: number) => String.fromCharCode(n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
const png = (width: number, height: number) => ascii(`\x89PNG\r\n\x1a\n\0\0\0\rIHDR${big(width)}${big(height)}`);

describe('the size of a picture', () => {
  it.each(PICTURES)('in a %s of %i × %i', (format, width, height, base64) => {
    expect(imageSize(bytesOf(base64))).toEqual({ format, width, height });
  });

  it('is found in a JPEG behind many segments, fill bytes and a turned preview', () => {
    const segment = (marker: number, body: string) =>
      `\xff${String.fromCharCode(marker, (body.length + 2) >> 8, (body.length + 2) & 255)}${body}`;
    const preview = '\xff\xd8\xff\xc0\0\x11\x08\0\x02\0\x03';
    const file = `\xff\xd8${segment(0xe1, preview).repeat(200)}${segment(0xc4, 'tables')}\xff\xff${segment(0xc2, '\x08\x01\x02\x03\x04\x03')}`;
    expect(imageSize(ascii(file))).toEqual({ format: 'JPEG', width: 0x304, height: 0x102 });
  });

  it('may be 40 million pixels and no more', () => {
    expect(imageSize(png(8000, 5000))).toEqual({ format: 'PNG', width: 8000, height: 5000 });
    expect(imageSize(png(10_000, 10_000))).toEqual({
      fault: 'the picture has 10000 × 10000 pixels; the limit is 40 million.',
    });
    expect(imageSize(png(0xffffffff, 0xffffffff))).toHaveProperty('fault');
  });

  it.each([
    ['of no width', png(0, 5), 'the header of the PNG picture is damaged or cut off.'],
    [
      'without its first chunk',
      ascii(`\x89PNG\r\n\x1a\n${'x'.repeat(30)}`),
      'the header of the PNG picture is damaged or cut off.',
    ],
    [
      'without a frame',
      ascii(`\xff\xd8${'\xff\xe0\0\x02'.repeat(6000)}`),
      'the header of the JPEG picture is damaged or cut off.',
    ],
    ['of another kind', ascii('<svg/>'), 'not a readable image; use PNG, JPEG, GIF, WebP or BMP.'],
    ['with an empty name', new Uint8Array(0), 'not a readable image; use PNG, JPEG, GIF, WebP or BMP.'],
  ])('%s is refused', (_, bytes, fault) => {
    expect(imageSize(bytes)).toEqual({ fault });
  });

  it('cut off anywhere is the right size or refused', () => {
    for (const [format, width, height, base64] of PICTURES) {
      const whole = bytesOf(base64);
      for (let length = 0; length < whole.length; length++) {
        const size = imageSize(whole.subarray(0, length));
        if (!('fault' in size)) expect(size).toEqual({ format, width, height });
      }
    }
  });
});

describe('a picture in grey', () => {
  const of = (...rgba: number[]) => greyscale(Uint8ClampedArray.from(rgba), rgba.length / 4, 1).data;

  it('weighs the colours as BT.709 does, white being 1', () => {
    expect(of(255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255)).toEqual(Float32Array.of(0.2126, 0.7152, 0.0722));
    for (let v = 0; v < 256; v++) expect(of(v, v, v, 255)).toEqual(Float32Array.of(v / 255));
  });

  it('lies over white', () => {
    expect(of(0, 0, 0, 0, 0, 0, 0, 51, 255, 255, 255, 17)).toEqual(Float32Array.of(1, 0.8, 1));
  });

  it('has a row for each line of pixels', () => {
    const grey = greyscale(new Uint8ClampedArray(4 * 6).fill(255), 3, 2);
    expect(grey).toMatchObject({ rows: 2, cols: 3 });
    expect(() => greyscale(new Uint8ClampedArray(5), 1, 1)).toThrow(RangeError);
  });

  it.each([
    [640, 480, 640, 480],
    [1024, 1024, 1024, 1024],
    [4000, 3000, 1024, 768],
    [3000, 4000, 768, 1024],
    [40_000_000, 1, 1024, 1],
  ])('%i × %i is drawn at %i × %i', (width, height, w, h) => {
    expect(fittedSize(width, height)).toEqual({ width: w, height: h });
  });
});
