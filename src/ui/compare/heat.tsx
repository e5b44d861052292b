import { useEffect, useLayoutEffect, useRef } from 'react';
import type { Plane } from '../../charts/matrices/plane.ts';
import { useTheme } from '../looks/theme.tsx';
import { paintCells } from '../strip/matrices.tsx';

interface PictureProps {
  readonly plane: Plane | null;
  readonly of: 'A' | 'B' | 'dW' | 'E' | 'target';
  /** The value at full strength. */
  readonly scale: number;
  /** px; left out: what the style sheet says. */
  readonly width?: number;
  readonly height?: number;
  readonly label: string;
}

/** A matrix as a heat map; blank paper until there is one. */
export function Picture({ plane, of, scale, width, height, label }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const size = { rows: plane?.rows ?? 1, cols: plane?.cols ?? 1 };
  useLayoutEffect(() => {
    if (!canvas.current) return;
    Object.assign(canvas.current, { width: size.cols, height: size.rows });
  }, [size.rows, size.cols]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !plane) return;
    const image = context.createImageData(plane.cols, plane.rows);
    paintCells({ name: of, scale, range: null }, plane, theme, image.data);
    context.putImageData(image, 0, 0);
  }, [plane, of, scale, theme]);
  return <canvas ref={canvas} className="plane" role="img" aria-label={label} style={{ width, height }} />;
}
