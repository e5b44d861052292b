import { memo, type PointerEvent, useId } from 'react';
import { runUnder } from '../../../ui/figures/run-under.ts';
import { usePlot } from '../../../ui/figures/use-plot.ts';
import type { WallChart, WallScene } from '../../charts/wall-scene.ts';

interface FigureProps {
  readonly chart: WallChart;
  readonly scene: WallScene;
  readonly onPoint: (run: number | null) => void;
}

/** A chart of the wall; pointing at a dot, a curve or a name raises that run. The table next to it has all its numbers. */
export const WallFigure = memo(function WallFigure({ chart, scene, onPoint }: FigureProps) {
  const title = useId();
  const { room, svg } = usePlot(chart.draw, scene);
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const run = runUnder(svg.current, event.target, event.clientX - left, event.clientY - top);
    onPoint(typeof run === 'number' ? run : null);
  };
  return (
    <figure data-chart={chart.name} aria-labelledby={title}>
      <figcaption>
        <div className="title">
          <h2 id={title}>{chart.title}</h2>
        </div>
        <p className="help">{chart.help(scene)}</p>
      </figcaption>
      <div
        ref={room}
        className="plot"
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={(event) => event.pointerType !== 'touch' && onPoint(null)}
      >
        <svg ref={svg} className="chart" data-chart={chart.name} aria-hidden="true" />
        <p className="unseen">{chart.describe(scene)}</p>
      </div>
    </figure>
  );
});
