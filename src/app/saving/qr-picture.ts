import { QUIET, qrOf } from '../../class/ui/qr.ts';
import { save } from '../files.ts';

/** Device pixels of a module: the code prints sharply at the size of a hand. */
const MODULE = 16;

/** Saves a QR code as a picture, dark on white with its quiet zone. */
export async function saveQr(text: string): Promise<void> {
  const qr = qrOf(text);
  if (!qr) throw new Error('The text is too long for a QR code.');
  const side = (qr.size + 2 * QUIET) * MODULE;
  const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
  const paint = canvas.getContext('2d');
  if (!paint) throw new Error('The browser gives no canvas.');
  paint.fillStyle = '#fff';
  paint.fillRect(0, 0, side, side);
  paint.fillStyle = '#000';
  for (const [y, row] of qr.rows.entries())
    for (const [x, dark] of row.entries())
      if (dark) paint.fillRect((x + QUIET) * MODULE, (y + QUIET) * MODULE, MODULE, MODULE);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('The picture could not be made.');
  save('lora-explorer-class-link.png', blob);
}
