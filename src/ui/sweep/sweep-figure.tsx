import { memo, type ReactNode, useId } from 'react';
import type { SweepChart, SweepScene } from '../../charts/sweep/cells.ts';
import { Lowered } from '../../kit/symbols.tsx';
import { SaveMenu } from '../figures/save-menu.tsx';
import { usePlot } from '../figures/use-plot.ts';

interface FigureProps {
  readonly chart: SweepChart;
  readonly scene: SweepScene;
  /** Stands in the place of the title. */
  readonly title?: ReactNode;
}

/** A chart of the sweep with its title and help line; what it shows is said to a screen reader. */
export const SweepFigure = memo(function SweepFigure({ chart, scene, ...given }: FigureProps) {
  const title = useId();
  const { room, svg } = usePlot(chart.draw, scene);
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
