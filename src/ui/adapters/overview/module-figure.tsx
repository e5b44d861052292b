import { type KeyboardEvent, type PointerEvent, useId, useMemo, useState } from 'react';
import type { ModuleChart, ModuleScene } from '../../../charts/adapters/module/module-scene.ts';
import { usePlot } from '../../figures/use-plot.ts';
import { SpokenTable } from './spoken-table.tsx';

interface FigureProps {
  readonly chart: ModuleChart;
  readonly scene: ModuleScene;
  /** What is measured: "ΔW", or "s·B·A" where that is not ΔW. */
  readonly of: string;
}

/** A chart of the chosen module; pointer and arrow keys read its values. */
export function ModuleFigure({ chart, scene: given, of }: FigureProps) {
  const title = useId();
  const name = chart.title.replace('ΔW', of);
  const [before, update] = name.split(new RegExp(`(?=${of})`));
  const [pointed, setPointed] = useState<number | null>(null);
  const [first, last] = chart.ends(given);
  const at = pointed !== null && pointed >= first && pointed <= last ? pointed : null;
  const scene = useMemo(() => ({ ...given, pointed: at }), [given, at]);
  const table = useMemo(() => chart.table(given), [chart, given]);
  const { room, svg, size } = usePlot(chart.draw, scene);
  const point = (event: PointerEvent<HTMLDivElement>) => {
    if (size) setPointed(chart.locate(scene, size, event.clientX - event.currentTarget.getBoundingClientRect().left));
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || last < first) return;
    const places: Readonly<Record<string, number | null>> = {
      ArrowLeft: Math.max(first, (at ?? first + 1) - 1),
      ArrowRight: Math.min(last, (at ?? first - 1) + 1),
      Home: first,
      End: last,
      Escape: null,
    };
    if (!Object.hasOwn(places, event.key) || (event.key === 'Escape' && at === null)) return;
    setPointed(places[event.key]);
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <figure data-chart={chart.name} aria-labelledby={title}>
      <figcaption>
        <div className="title">
          <h3 id={title}>
            {before}
            {update && <i className="m">{update}</i>}
          </h3>
        </div>
        <p className={at === null ? 'help' : 'help said'} aria-live="polite">
          {at === null ? chart.help(scene) : chart.readout(scene, at)}
        </p>
      </figcaption>
      {/* biome-ignore lint/a11y/useSemanticElements: a picture that arrow keys walk through; no element is that */}
      <div
        ref={room}
        className="plot"
        role="group"
        aria-label={`${name}: arrow keys read its values`}
        aria-describedby={`${title}d`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        tabIndex={0}
        data-arrows=""
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={(event) => event.pointerType !== 'touch' && setPointed(null)}
        onKeyDown={press}
        onBlur={() => setPointed(null)}
      >
        <svg ref={svg} className="chart" data-chart={chart.name} aria-hidden="true" />
        <p id={`${title}d`} className="unseen">
          {chart.describe(scene)}
        </p>
      </div>
      <SpokenTable name={name} table={table} />
    </figure>
  );
}
