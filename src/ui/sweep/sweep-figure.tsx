import { memo, type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import type { SweepChart, SweepScene } from '../../charts/sweep/cells.ts';
import { useSize } from '../figures/chart-picture.tsx';
import { SaveMenu } from '../figures/save-menu.tsx';
import { Lowered } from '../symbols.tsx';

interface FigureProps {
  readonly chart: SweepChart;
  readonly scene: SweepScene;
  /** Stands in the place of the title. */
  readonly title?: ReactNode;
}

/** A chart of the sweep with its title and help line; what it shows is said to a screen reader. */
export const SweepFigure = memo(function SweepFigure({ chart, scene, ...given }: FigureProps) {
  const room = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const title = useId();
  const size = useSize(room);
  const { width = 0, height = 0, font = 0, short = false } = size ?? {};
  useLayoutEffect(() => {
    if (svg.current && width > 0) chart.draw(svg.current, scene, { width, height, font, short });
  }, [chart, scene, width, height, font, short]);
  return (
    <figure
      data-chart={chart.name}
      aria-labelledby={given.title ? undefined : title}
      aria-label={given.title ? chart.title(scene) : undefined}
    >
      <figcaption>
        <div className="title">
          {given.title ?? (
            <h2 id={title}>
              <Lowered>{chart.title(scene)}</Lowered>
            </h2>
          )}
          <SaveMenu name={chart.name} title={chart.title(scene)} />
        </div>
        <p className="help">
          <Lowered>{chart.help(scene)}</Lowered>
        </p>
      </figcaption>
      <div ref={room} className="plot">
        <svg ref={svg} className="chart" data-chart={chart.name} aria-hidden="true" />
        <p className="unseen">{chart.describe(scene)}</p>
      </div>
    </figure>
  );
});
