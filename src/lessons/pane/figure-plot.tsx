import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import type { Size } from '../../charts/chart.ts';
import { useSize } from '../../ui/figures/chart-picture.tsx';

interface Props {
  readonly title: ReactNode;
  readonly help: ReactNode;
  /** For a screen reader: what the picture shows now. */
  readonly says: string;
  readonly draw: (svg: SVGSVGElement, size: Size) => void;
  readonly className?: string;
}

/** A picture of a lesson that is no chart of the lab: title, help line, drawing. `draw` stays the same while nothing changes. */
export function FigurePlot({ title, help, says, draw, className = '' }: Props) {
  const room = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const id = useId();
  const size = useSize(room);
  const { width = 0, height = 0, font = 0, short = false } = size ?? {};
  useLayoutEffect(() => {
    if (svg.current && width > 0) draw(svg.current, { width, height, font, short });
  }, [draw, width, height, font, short]);
  return (
    <figure className={className} aria-labelledby={id}>
      <figcaption>
        <div className="title">
          <h2 id={id}>{title}</h2>
        </div>
        <p className="help">{help}</p>
      </figcaption>
      <div ref={room} className="plot">
        <svg ref={svg} className="chart" aria-hidden="true" />
        <p className="unseen">{says}</p>
      </div>
    </figure>
  );
}
