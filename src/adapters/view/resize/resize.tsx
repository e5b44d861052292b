import './resize.css';
import { useDeferredValue, useMemo } from 'react';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { Sym } from '../../../kit/symbols.tsx';
import { errorSize } from '../../charts/resize/error-size.ts';
import { type CutPlan, cutPlan, errorCurves } from '../../state/predictions.ts';
import { useAdapters } from '../context.tsx';
import { megabytes } from '../size-words.ts';
import { CutModuleTable } from './cut-module-table.tsx';
import { CutGrid, CutPanels } from './cut-panels.tsx';
import { cutClaim, namesOf } from './cut-words.ts';
import { CutDock, CutObstacle } from './way-control.tsx';

/** More modules than this are cut in the cells of the grid. */
const PANELS = 24;

export default function Resize() {
  const cut = useAdapters(cutPlan);
  return cut ? <Shown cut={cut} /> : <CutObstacle />;
}

function Shown({ cut }: { readonly cut: CutPlan }) {
  const narrow = useWidth() !== 'desk';
  // While a slider moves, pictures come first.
  const later = useDeferredValue(cut);
  const [before, after] = cutClaim(cut);
  const { modules } = cut.file.adapter;
  const shown = modules.filter((_, i) => cut.spectra[i]);
  const many = shown.length > PANELS;
  return (
    <div className="resize">
      <p className="claim">
        {before}
        <Sym of="ΔW" />
        {after}
      </p>
      <div className="resize-top">
        <SizeFigure cut={cut} />
        {!narrow && <CutModuleTable cut={later} />}
      </div>
      <section className="where" aria-label="Where the cut falls">
        <div className="cut-head">
          <h2>Where the cut falls</h2>
          <p className="help">
            {narrow
              ? 'σᵢ of ΔW, log scale; drag a cut'
              : 'σᵢ of ΔW, log scale, one axis for all; drag a cut, or use ↑ ↓'}
          </p>
        </div>
        {many ? (
          <CutGrid cut={cut} />
        ) : (
          <CutPanels cut={cut} modules={shown.map(({ index }) => index)} titles={namesOf(shown)} maxCount={6} />
        )}
      </section>
      {narrow && <CutModuleTable cut={later} />}
      {narrow && <CutDock cut={cut} />}
    </div>
  );
}

function SizeFigure({ cut }: { readonly cut: CutPlan }) {
  const { floor, oneRank } = errorCurves(cut);
  const { bytes, error } = cut.foretold;
  const before = cut.file.adapter.bytes;
  const scene = useMemo(
    () => ({ floor, oneRank, now: { bytes, error, size: megabytes(bytes) }, before }),
    [floor, oneRank, bytes, error, before],
  );
  return (
    <Figure className="size-figure" title={errorSize.title} help={errorSize.help(scene)}>
      <Plot chart={errorSize} scene={scene} />
    </Figure>
  );
}
