import './qr-code.css';
import { useMemo } from 'react';
import { encode } from 'uqr';

/** A QR code, dark on white in any theme; nothing if the text is too long. */
export function QrCode({ text, of = 'the class link' }: { readonly text: string; readonly of?: string }) {
  const qr = useMemo(() => qrOf(text), [text]);
  const path = useMemo(() => qr && pathOf(qr), [qr]);
  if (!qr || !path) return null;
  const side = qr.size + 2 * QUIET_ZONE;
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={`QR code of ${of}`}
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** Up to MAX_PLAIN_BYTES a phone scans the code from the last row; up to MAX_BYTES it scans it at all. */
export const MAX_PLAIN_BYTES = 600;
export const MAX_BYTES = 1200;
/** Empty modules around the code, as its standard requires. */
export const QUIET_ZONE = 4;

export const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** Dark modules of a QR code, size × size, row by row. */
export interface Qr {
  readonly size: number;
  readonly rows: readonly (readonly boolean[])[];
}

/** Cache of the last code, which several places show. */
let last: { readonly text: string; readonly qr: Qr } | null = null;

/** The code of a text at level M; null if too long to scan from a screen. */
export function qrOf(text: string): Qr | null {
  if (bytesOf(text) > MAX_BYTES) return null;
  if (last?.text !== text) {
    const { data, size } = encode(text, { ecc: 'M', border: 0 });
    last = { text, qr: { size, rows: data } };
  }
  return last.qr;
}

/** Dark modules as one path in a square of side size + 2·QUIET_ZONE: a rectangle per run in a row. */
export function pathOf({ rows }: Qr): string {
  let path = '';
  for (const [y, row] of rows.entries())
    for (let x = 0; x < row.length; ) {
      let end = x;
      while (row[end]) end++;
      if (end > x) path += `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h${end - x}v1h-${end - x}z`;
      x = end + 1;
    }
  return path;
}
