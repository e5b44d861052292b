import { describe, expect, it } from 'vitest';
import { bytesOf, MAX_BYTES, MAX_PLAIN_BYTES, qrOf } from './qr-code.tsx';
import { decodedQr } from './testing/decoded-qr.ts';

const LINK = 'https://lora.example.org/#v=1&title=600+numbers&task=';

describe('the QR code of a link', () => {
  it.each([1, 60, MAX_PLAIN_BYTES, MAX_BYTES])('is read by another library: %i bytes', (bytes) => {
    const text = LINK.padEnd(bytes, 'abcdefg+').slice(0, bytes);
    expect(decodedQr(text)).toBe(text);
  });

  it('counts bytes, not characters, and there is none above the most', () => {
    expect(bytesOf('≤')).toBe(3);
    expect(qrOf('≤'.repeat(MAX_BYTES / 3))).not.toBeNull();
    expect(qrOf('x'.repeat(MAX_BYTES + 1))).toBeNull();
  });
});
