import type { Page } from '@playwright/test';
import jsQR from 'jsqr';

/** The QR code on screen, read by another library from a screenshot. */
export async function decodedQr(page: Page): Promise<string | undefined> {
  const picture = (await page.screenshot()).toString('base64');
  const blank = await page.context().newPage();
  const { width, height, pixels } = await blank.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const paint = new OffscreenCanvas(image.width, image.height).getContext('2d');
    if (!paint) throw new Error('no canvas');
    paint.drawImage(image, 0, 0);
    const { data } = paint.getImageData(0, 0, image.width, image.height);
    let pixels = '';
    for (let i = 0; i < data.length; i += 4) pixels += data[i] > 127 ? 'w' : 'b';
    return { width: image.width, height: image.height, pixels };
  }, picture);
  await blank.close();
  const rgba = new Uint8ClampedArray(4 * pixels.length).fill(255);
  for (let i = 0; i < pixels.length; i++) if (pixels[i] === 'b') rgba.fill(0, 4 * i, 4 * i + 3);
  return jsQR(rgba, width, height)?.data;
}
