import './heatmap.css';
import { type ComponentProps, type ReactNode, useLayoutEffect, useRef } from 'react';

export interface Pixels {
  readonly rows: number;
  readonly cols: number;
  /** Writes red, green, blue and opacity of every entry, row by row. */
  readonly paint: (into: Uint8ClampedArray) => void;
}

const images = new WeakMap<HTMLCanvasElement, ImageData>();

/** Paints a matrix onto a canvas, which is resized to its shape. */
export function paintCanvas(canvas: HTMLCanvasElement, { rows, cols, paint }: Pixels): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  let image = images.get(canvas);
  if (image?.width !== cols || image.height !== rows) {
    Object.assign(canvas, { width: cols, height: rows });
    image = context.createImageData(cols, rows);
    images.set(canvas, image);
  }
  paint(image.data);
  context.putImageData(image, 0, 0);
}

interface HeatmapProps extends ComponentProps<'canvas'> {
  /** Null: blank, until the matrix exists. Painted again if this is another object. */
  readonly pixels: Pixels | null;
}

/** One pixel per entry; the style sheet enlarges it without smoothing. */
export function Heatmap({ pixels, ...props }: HeatmapProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const image = images.get(canvas);
    if (!pixels) {
      images.delete(canvas);
      Object.assign(canvas, { width: 1, height: 1 });
    } else if (image?.width !== pixels.cols || image.height !== pixels.rows) {
      // Synchronously, so that nothing is stretched.
      paintCanvas(canvas, pixels);
    } else {
      // In a separate task, so that a frame of a large matrix is not one long task.
      const soon = setTimeout(() => paintCanvas(canvas, pixels));
      return () => clearTimeout(soon);
    }
  }, [pixels]);
  return <canvas ref={ref} {...props} />;
}

interface MatrixFigureProps extends HeatmapProps {
  readonly across: number;
  readonly down: number;
  readonly head: ReactNode;
  readonly caption?: ReactNode;
  readonly children?: ReactNode;
  readonly place?: Pick<ComponentProps<'figure'>, 'className' | 'style'>;
}

export function MatrixFigure({ across, down, head, caption, children, place, ...picture }: MatrixFigureProps) {
  return (
    <figure {...place} className={`matrix ${place?.className ?? ''}`}>
      <div>
        {head}
        <div className="frame" style={{ width: across, height: down }}>
          <Heatmap {...picture} />
          {children}
        </div>
      </div>
      {caption && <figcaption>{caption}</figcaption>}
    </figure>
  );
}
