import { memo, useLayoutEffect, useRef } from 'react';
import { paint } from '../../charts/heatmap.ts';
import type { Plane } from '../../charts/plane.ts';
import type { Rect } from '../../charts/strip.ts';
import type { Dressed } from '../dress.tsx';
import { coloursOf } from './palette.ts';
import type { Planes } from './planes.ts';

interface Props {
  readonly name: keyof Planes;
  readonly rect: Rect;
  /** Null: blank paper, until the matrix exists. */
  readonly plane: Plane | null;
  readonly scale: number;
  readonly theme: Dressed;
  readonly label: string;
}

/** One matrix at one pixel a cell, enlarged by the browser without smoothing. */
export const MatrixCanvas = memo(function MatrixCanvas({ name, rect, plane, scale, theme, label }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = useRef<ImageData | null>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    if (!plane) return context.clearRect(0, 0, canvas.current.width, canvas.current.height);
    const { rows, cols, values } = plane;
    if (image.current?.width !== cols || image.current.height !== rows) {
      Object.assign(canvas.current, { width: cols, height: rows });
      image.current = context.createImageData(cols, rows);
    }
    paint(values, rows, cols, scale, coloursOf(name, theme), image.current.data);
    context.putImageData(image.current, 0, 0);
  }, [name, plane, scale, theme]);
  const { x, y, width, height } = rect;
  return (
    <canvas ref={canvas} className="plane" role="img" aria-label={label} style={{ left: x, top: y, width, height }} />
  );
});
