import { memo, type PointerEvent } from 'react';
import type { Chart } from '../../../kit/chart/chart.ts';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { runUnder } from '../../../ui/figures/run-under.ts';
import type { WallScene } from '../../charts/wall-scene.ts';

interface WallFigureProps {
  readonly chart: Chart<WallScene>;
  readonly scene: WallScene;
  readonly onPoint: (run: number | null) => void;
}

/** A chart of the wall; pointing at a dot, a curve or a name raises that run. The table next to it has all its numbers. */
export const WallFigure = memo(function WallFigure({ chart, scene, onPoint }: WallFigureProps) {
  const point = (event: PointerEvent<HTMLElement>) => onPoint(runUnder(event));
  return (
    <Figure name={chart.name} title={chart.title} help={chart.help(scene)}>
      <Plot
        chart={chart}
        scene={scene}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={(event) => event.pointerType !== 'touch' && onPoint(null)}
      />
    </Figure>
  );
});
