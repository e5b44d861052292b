import './real-spectra.css';
import { type CSSProperties, useMemo } from 'react';
import { percent } from '../../experiment/numbers.ts';
import { Radios } from '../../kit/choice.tsx';
import { Figure, Plot } from '../../kit/figure.tsx';
import { ModuleGrid } from '../../kit/modules/module-grid.tsx';
import { median } from '../../math/median.ts';
import { curvesDrawing } from '../charts/curves/curves.ts';
import { lessonValue, useLessonValue } from '../pane/values.tsx';
import { ADAPTERS, adapterGrid, adapterSpectra, energyIn, moduleTitle, usedRank } from './adapters.ts';

/** The index of the adapter on show, and of its chosen module. */
export const ADAPTER = lessonValue('adapter', 0);
export const MODULE = lessonValue('module', 0);

/** Public adapters, module by module: effective rank ÷ r, and the singular values. */
export function RealSpectra() {
  const [at, setAdapter] = useLessonValue(ADAPTER);
  const [chosen, setModule] = useLessonValue(MODULE);
  const adapter = ADAPTERS[at];
  const grid = useMemo(() => adapterGrid(adapter), [adapter]);
  const spectra = useMemo(() => adapterSpectra(adapter, chosen), [adapter, chosen]);
  const { rank, alpha, source, modules } = adapter;
  const module = modules[chosen];
  const choose = (index: number) => {
    setAdapter(index);
    setModule(0);
  };
  return (
    <section className="real-spectra" aria-label="Singular values of public adapters">
      <Radios
        aria-label="Adapter"
        className="ways"
        options={ADAPTERS.map(({ what, rank }, i) => [i, `${what}, rank ${rank}`])}
        value={at}
        onChange={choose}
      />
      <div className="both">
        <Figure
          title="Effective rank ÷ r, by module"
          help={
            <>
              r = {rank}, α = {alpha}, {modules.length} modules; recorded from{' '}
              <a href={`https://github.com/${source}`}>github.com/{source}</a>
            </>
          }
        >
          <div className="grid" style={{ '--rows': grid.rows.length } as CSSProperties}>
            <ModuleGrid
              scene={grid}
              label="Modules, coloured by effective rank ÷ r"
              caption={['press one to see its singular values', { beside: 'bars: its σᵢ/σ₁' }]}
              chosen={chosen}
              onChoose={setModule}
            />
          </div>
        </Figure>
        <Figure title="Singular values of each module" help="σᵢ/σ₁ of ΔW = s·B·A, log scale">
          <Plot chart={curvesDrawing} scene={spectra} />
        </Figure>
      </div>
      <p role="status">
        Chosen: {moduleTitle(module)} ({module.d} × {module.k}), effective rank {usedRank(module).toFixed(2)} of {rank};{' '}
        {percent(energyIn(module, 1))} of the energy in one direction, {percent(energyIn(module, rank / 2))} in{' '}
        {rank / 2}. Median effective rank of all {modules.length}: {median(modules.map(usedRank)).toFixed(2)}.
      </p>
    </section>
  );
}
