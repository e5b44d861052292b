import { memo, type ReactNode } from 'react';
import type { SweepChart, SweepScene } from '../../charts/sweep/cells.ts';
import { Figure, Plot } from '../../kit/figure.tsx';
import { Lowered } from '../../kit/symbols.tsx';
import { SaveMenu } from '../figures/save-menu.tsx';

interface SweepFigureProps {
  readonly chart: SweepChart;
  readonly scene: SweepScene;
  /** Stands in the place of the title. */
  readonly title?: ReactNode;
}

/** A chart of the sweep. */
export const SweepFigure = memo(function SweepFigure({ chart, scene, ...given }: SweepFigureProps) {
  const title = chart.title(scene);
  return (
    <Figure
      name={chart.name}
      title={given.title ?? <Lowered>{title}</Lowered>}
      label={given.title ? title : undefined}
      row={<SaveMenu name={chart.name} title={title} />}
      help={<Lowered>{chart.help(scene)}</Lowered>}
    >
      <Plot chart={chart} scene={scene} />
    </Figure>
  );
});
