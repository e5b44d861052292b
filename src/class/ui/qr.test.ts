import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { bytesOf, MAX_BYTES, MAX_PLAIN_BYTES, pathOf, QUIET_ZONE, qrOf } from './qr-code.tsx';

/** A path of unit-high rectangles, decoded by another library at three pixels per module. */
function decoded(path: string, side: number): string | undefined {
  const scale = 3;
  const width = side * scale;
  const pixels = new Uint8ClampedArray(4 * width * width).fill(255);
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g))
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++)
      for (let column = Number(x) * scale; column < (Number(x) + Number(length)) * scale; column++)
        pixels.fill(0, 4 * (row * width + column), 4 * (row * width + column) + 3);
  return jsQR(pixels, width, width)?.data;
}

const LINK = 'https://lora.example.org/#v=1&title=600+numbers&task=';

describe('the QR code of a link', () => {
  it.each([1, 60, MAX_PLAIN_BYTES, MAX_BYTES])('is read by another library: %i bytes', (bytes) => {
    const text = LINK.padEnd(bytes, 'abcdefg+').slice(0, bytes);
    const qr = qrOf(text);
    if (!qr) throw new Error('no code');
    expect(decoded(pathOf(qr), qr.size + 2 * QUIET_ZONE)).toBe(text);
  });

  it('counts bytes, not characters, and there is none above the most', () => {
    expect(bytesOf('≤')).toBe(3);
    expect(qrOf('≤'.repeat(MAX_BYTES / 3))).not.toBeNull();
    expect(qrOf('x'.repeat(MAX_BYTES + 1))).toBeNull();
  });
});
