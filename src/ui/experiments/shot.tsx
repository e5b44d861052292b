import { useLayoutEffect, useRef } from 'react';
import { paint, paintPicture, tonesOf } from '../../charts/matrices/heatmap.ts';
import { type DrawnPicture, drawSmall } from '../../charts/small/small.ts';
import { type SmallMatrix, type SmallPicture, shadesOf } from '../../experiment/recorded/small-picture.ts';
import { useTheme } from '../looks/theme.tsx';
import { rgb } from '../rail/colours.ts';

/** A recorded picture, 204 × 104 px; its title and claim say what it shows. */
export function Picture({ picture }: { readonly picture: SmallPicture }) {
  if (picture.kind !== 'matrices') return <Drawn picture={picture} />;
  return (
    <span className={`shot matrices of-${picture.items.length}`} aria-hidden="true">
      {picture.items.map(({ label, ...matrix }) => (
        <span key={label}>
          <PaintedMatrix matrix={matrix} />
          {label}
        </span>
      ))}
    </span>
  );
}

function Drawn({ picture }: { readonly picture: DrawnPicture }) {
  const svg = useRef<SVGSVGElement>(null);
  useLayoutEffect(() => {
    if (svg.current) drawSmall(svg.current, picture);
  }, [picture]);
  return <svg ref={svg} className="chart shot" aria-hidden="true" />;
}

/** A small matrix at one pixel a cell, enlarged by the browser without smoothing. */
export function PaintedMatrix({ matrix }: { readonly matrix: SmallMatrix }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    // The theme decides what the tokens are.
    if (!canvas.current || !context || !theme) return;
    const { rows, cols, look } = matrix;
    Object.assign(canvas.current, { width: cols, height: rows });
    const style = getComputedStyle(canvas.current);
    const [paper, ink, hue, negative] = ['--paper', '--ink', '--dw', '--neg-cool'].map((token) =>
      rgb(style.getPropertyValue(token)),
    );
    const image = context.createImageData(cols, rows);
    const shades = shadesOf(matrix);
    if (look === 'w') paintPicture(shades, rows, cols, [-1, 1], tonesOf(paper, ink), image.data);
    else paint(shades, rows, cols, 1, { paper, positive: hue, negative }, image.data);
    context.putImageData(image, 0, 0);
  }, [matrix, theme]);
  return <canvas ref={canvas} className="small-matrix" />;
}
