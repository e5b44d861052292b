import { useLayoutEffect, useMemo, useRef } from 'react';
import { paint, paintPicture, tonesOf } from '../../charts/matrices/heatmap.ts';
import { type DrawnPicture, drawSmall } from '../../charts/sheet/small.ts';
import { type SmallMatrix, type SmallPicture, shadesOf } from '../../experiment/recorded/small-picture.ts';
import { Heatmap, type Pixels } from '../../kit/grids/heatmap.tsx';
import { useTheme } from '../looks/theme.tsx';
import { colour } from '../rail/colours.ts';

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

/** A small matrix. */
export function PaintedMatrix({ matrix }: { readonly matrix: SmallMatrix }) {
  const theme = useTheme();
  const pixels = useMemo((): Pixels => {
    const { rows, cols, look } = matrix;
    const shades = shadesOf(matrix);
    const paintShades = (into: Uint8ClampedArray) => {
      const [paper, ink, positive, negative] = ['--paper', '--ink', '--dw', '--neg-cool'].map(colour);
      if (look === 'w') paintPicture(shades, rows, cols, [-1, 1], tonesOf(paper, ink), into);
      else paint(shades, rows, cols, 1, { paper, positive, negative }, into);
    };
    return { rows, cols, paint: paintShades };
  }, [matrix, theme]);
  return <Heatmap pixels={pixels} className="small-matrix" />;
}
