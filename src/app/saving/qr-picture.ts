import { QUIET_ZONE, qrOf } from '../../class/ui/qr-code.tsx';
import { paintCanvas } from '../../kit/grids/heatmap.tsx';
import { save } from '../files.ts';

/** Pixels per module: the code prints sharply at the size of a hand. */
const MODULE = 16;

export async function saveQr(text: string, name: string): Promise<void> {
  const qr = qrOf(text);
  if (!qr) throw new Error('The text is too long for a QR code.');
  const side = (qr.size + 2 * QUIET_ZONE) * MODULE;
  const canvas = document.createElement('canvas');
  const module = (px: number) => Math.floor(px / MODULE) - QUIET_ZONE;
  paintCanvas(canvas, {
    rows: side,
    cols: side,
    paint: (into) => {
      into.fill(255);
      for (let i = 0; i < side * side; i++)
        if (qr.rows[module(i / side)]?.[module(i % side)]) into.fill(0, 4 * i, 4 * i + 3);
    },
  });
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('The picture could not be made.');
  save(`${name}.png`, blob);
}
