import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { valueAfter } from '../../../kit/arrows.ts';
import { usePlot } from '../../../ui/figures/use-plot.ts';
import { fileEnergy } from '../../charts/energy/file-energy.ts';
import { energyOf } from '../../file/figures.ts';
import type { Figures } from '../../file/model.ts';
import { ReadRoom } from './read-room.tsx';

/** How much of a file's energy its directions hold; pointer and arrow keys read it. */
export function EnergyFigure({ figures }: { readonly figures: readonly (Figures | null)[] }) {
  const title = useId();
  const [pointed, setPointed] = useState<number | null>(null);
  const energy = useMemo(() => energyOf(figures), [figures]);
  const at = pointed !== null && pointed <= energy.directions ? pointed : null;
  const scene = useMemo(() => ({ ...energy, pointed: at }), [energy, at]);
  const { room, svg, size } = usePlot(fileEnergy.draw, scene);
  const walked = ({ key, shiftKey }: KeyboardEvent) => {
    const [, start] = energy.counts;
    const from = key === 'Escape' ? at : (at ?? start);
    return valueAfter(key, from, { first: 0, last: energy.directions, start, by: shiftKey ? 10 : 1 });
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
      <ReadRoom
        room={room}
        svg={svg}
        size={size}
        chart={fileEnergy.name}
        name={fileEnergy.title}
        words={fileEnergy.describe(scene)}
        id={`${title}d`}
        locate={(measured, x) => fileEnergy.locate(scene, measured, x)}
        onPoint={setPointed}
        walked={walked}
      />
    </figure>
  );
}
