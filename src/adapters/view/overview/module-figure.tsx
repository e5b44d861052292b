import { ReadFigure } from '../../../kit/figure.tsx';
import type { ModuleChart, ModuleScene } from '../../charts/module/module-scene.ts';

interface ModuleFigureProps {
  readonly chart: ModuleChart;
  readonly scene: ModuleScene;
  /** What is measured: "ΔW", or "s·B·A" where that is not ΔW. */
  readonly of: string;
}

/** A chart of the chosen module. */
export function ModuleFigure({ chart, scene, of }: ModuleFigureProps) {
  const name = chart.title.replace('ΔW', of);
  const [before, update] = name.split(new RegExp(`(?=${of})`));
  const title = (
    <>
      {before}
      {update && <i className="m">{update}</i>}
    </>
  );
  return <ReadFigure chart={chart} scene={scene} spoken={name} title={title} level={3} help={chart.help(scene)} />;
}
