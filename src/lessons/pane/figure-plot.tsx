import { type ReactNode, useId } from 'react';
import type { Size } from '../../charts/chart.ts';
import { usePlot } from '../../ui/figures/use-plot.ts';

interface Props {
  readonly title: ReactNode;
  readonly help: ReactNode;
  /** For a screen reader: what the picture shows now. */
  readonly says: string;
  readonly draw: (svg: SVGSVGElement, size: Size) => void;
  readonly className?: string;
  /** Below the picture. */
  readonly children?: ReactNode;
}

type Draw = Props['draw'];
const drawn = (svg: SVGSVGElement, draw: Draw, size: Size) => draw(svg, size);

/** A picture of a lesson that is no chart of the lab: title, help line, drawing. `draw` stays the same while nothing changes. */
export function FigurePlot({ title, help, says, draw, className, children }: Props) {
  const id = useId();
  const { room, svg } = usePlot(drawn, draw);
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
      {children}
    </figure>
  );
}
