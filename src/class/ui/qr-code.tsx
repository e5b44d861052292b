import { useMemo } from 'react';
import { pathOf, QUIET, qrOf } from './qr.ts';

interface QrCodeProps {
  readonly text: string;
  /** What it leads to. */
  readonly of?: string;
}

/** A QR code, dark on white whatever the theme; nothing where the text is too long for one. */
export function QrCode({ text, of = 'the class link' }: QrCodeProps) {
  const qr = useMemo(() => qrOf(text), [text]);
  const path = useMemo(() => qr && pathOf(qr), [qr]);
  if (!qr || !path) return null;
  const side = qr.size + 2 * QUIET;
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
