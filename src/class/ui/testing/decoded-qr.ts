import jsQR from 'jsqr';
import { pathOf, QUIET_ZONE, qrOf } from '../qr-code.tsx';

/** The code of a text as the page draws it, decoded by another library at three pixels per module. */
export function decodedQr(text: string): string | undefined {
  const qr = qrOf(text);
  if (!qr) return undefined;
  const scale = 3;
  const width = (qr.size + 2 * QUIET_ZONE) * scale;
  const pixels = new Uint8ClampedArray(4 * width * width).fill(255);
  for (const [, x, y, length] of pathOf(qr).matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g))
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++)
      for (let column = Number(x) * scale; column < (Number(x) + Number(length)) * scale; column++)
        pixels.fill(0, 4 * (row * width + column), 4 * (row * width + column) + 3);
  return jsQR(pixels, width, width)?.data;
}
