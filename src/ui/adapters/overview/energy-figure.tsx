import { type KeyboardEvent, type PointerEvent, useId, useMemo, useState } from 'react';
import { energyOf } from '../../../adapter/figures/energy.ts';
import type { Figures } from '../../../adapter/model.ts';
import { fileEnergy } from '../../../charts/adapters/energy/file-energy.ts';
import { usePlot } from '../../figures/use-plot.ts';

/** How much of a file's energy its directions hold; pointer and arrow keys read it. */
export function EnergyFigure({ figures }: { readonly figures: readonly (Figures | null)[] }) {
  const title = useId();
  const [pointed, setPointed] = useState<number | null>(null);
  const energy = useMemo(() => energyOf(figures), [figures]);
  const at = pointed !== null && pointed <= energy.directions ? pointed : null;
  const scene = useMemo(() => ({ ...energy, pointed: at }), [energy, at]);
  const { room, svg, size } = usePlot(fileEnergy.draw, scene);
  const point = (event: PointerEvent<HTMLDivElement>) => {
    if (size)
      setPointed(fileEnergy.locate(scene, size, event.clientX - event.currentTarget.getBoundingClientRect().left));
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const stride = event.shiftKey ? 10 : 1;
    const places: Readonly<Record<string, number | null>> = {
      ArrowLeft: Math.max(0, (at ?? energy.counts[1]) - stride),
      ArrowRight: Math.min(energy.directions, (at ?? energy.counts[1]) + stride),
      Home: 0,
      End: energy.directions,
      Escape: null,
    };
    if (!Object.hasOwn(places, event.key) || (event.key === 'Escape' && at === null)) return;
    setPointed(places[event.key]);
    event.preventDefault();
    event.stopPropagation();
  };
  const read = figures.filter((of) => of !== null).length;
  const part = read === figures.length ? '' : ` (of the ${read} modules read)`;
  return (
    <figure className="file-energy" data-chart={fileEnergy.name} aria-labelledby={title}>
      <figcaption className="title">
        <h2 id={title}>{fileEnergy.title}</h2>
        <p className={at === null ? 'help' : 'help said'} aria-live="polite">
          {at === null ? `${fileEnergy.help}${part}` : fileEnergy.readout(scene, at)}
        </p>
      </figcaption>
      {/* biome-ignore lint/a11y/useSemanticElements: a picture that arrow keys walk through; no element is that */}
      <div
        ref={room}
        className="plot"
        role="group"
        aria-label={`${fileEnergy.title}: arrow keys read its values`}
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
        <svg ref={svg} className="chart" data-chart={fileEnergy.name} aria-hidden="true" />
        <p id={`${title}d`} className="unseen">
          {fileEnergy.describe(scene)}
        </p>
      </div>
    </figure>
  );
}
