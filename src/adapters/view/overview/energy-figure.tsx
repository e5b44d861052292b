import { useMemo } from 'react';
import { ReadFigure } from '../../../kit/figure.tsx';
import { fileEnergy } from '../../charts/energy/file-energy.ts';
import { energyOf } from '../../file/figures.ts';
import type { Figures } from '../../file/model.ts';

/** How much of a file's energy its directions hold. */
export function EnergyFigure({ figures }: { readonly figures: readonly (Figures | null)[] }) {
  const scene = useMemo(() => ({ ...energyOf(figures), pointed: null }), [figures]);
  const read = figures.filter((of) => of !== null).length;
  const part = read === figures.length ? '' : ` (of the ${read} modules read)`;
  const help = `${fileEnergy.help(scene)}${part}`;
  return <ReadFigure className="file-energy" chart={fileEnergy} scene={scene} title={fileEnergy.title} help={help} />;
}
