import { memo, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { paint } from '../../charts/matrices/heatmap.ts';
import type { Plane } from '../../charts/matrices/plane.ts';
import type { Rect } from '../../charts/matrices/strip-layout.ts';
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

const fits = (image: ImageData | null, { rows, cols }: Plane) => image?.width === cols && image.height === rows;

/** One matrix at one pixel a cell, enlarged by the browser without smoothing. */
export const MatrixCanvas = memo(function MatrixCanvas({ name, rect, plane, scale, theme, label }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = useRef<ImageData | null>(null);
  const draw = useCallback(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    if (!plane) return context.clearRect(0, 0, canvas.current.width, canvas.current.height);
    const { rows, cols, values } = plane;
    if (!fits(image.current, plane)) {
      Object.assign(canvas.current, { width: cols, height: rows });
      image.current = context.createImageData(cols, rows);
    }
    if (!image.current) return;
    paint(values, rows, cols, scale, coloursOf(name, theme), image.current.data);
    context.putImageData(image.current, 0, 0);
  }, [name, plane, scale, theme]);
  // Another shape at once, so that nothing is stretched; the next entries of the same shape in a task of their own, so
  // that a frame of a large matrix is not one long task.
  useLayoutEffect(() => {
    if (!plane || !fits(image.current, plane)) draw();
  }, [draw, plane]);
  useEffect(() => {
    const soon = setTimeout(draw);
    return () => clearTimeout(soon);
  }, [draw]);
  const { x, y, width, height } = rect;
  return (
    <canvas ref={canvas} className="plane" role="img" aria-label={label} style={{ left: x, top: y, width, height }} />
  );
});
