import { useCallback, useMemo, useRef } from 'react';
import { useSize } from '../../../kit/chart/use-plot.ts';
import { type CutHeights, cutHeights } from '../../charts/resize/cut-scene.ts';
import type { Cut } from '../../state/foretold.ts';
import { useAdaptersDispatch } from '../context.tsx';
import { CutPanel } from './cut-panel.tsx';

interface CutPanelsProps {
  readonly cut: Cut;
  /** The modules that are shown, with their titles. */
  readonly modules: readonly number[];
  readonly titles: readonly string[];
  readonly most: number;
}

/** px of a panel and between two. */
const PANEL = { width: 140, least: 126, high: 205, gap: 20, gapBelow: 6, numbers: 14 };

/** One axis for all spectra of a file. */
const useHeights = (spectra: Cut['spectra']): CutHeights =>
  useMemo(() => cutHeights(spectra.map((one) => one?.sigma ?? null)), [spectra]);

/** Spectra with their cuts side by side, as large as their place lets them be. */
export function CutPanels({ cut, modules, titles, most }: CutPanelsProps) {
  const { file, spectra, foretold } = cut;
  const room = useRef<HTMLDivElement>(null);
  const size = useSize(room);
  const dispatch = useAdaptersDispatch();
  const onCut = useCallback((module: number, rank: number) => dispatch({ type: 'cut', module, rank }), [dispatch]);
  const heights = useHeights(spectra);
  const width = size?.width ?? 0;
  const columns = Math.max(
    1,
    Math.min(most, modules.length, Math.floor((width + PANEL.gap) / (PANEL.width + PANEL.gap))),
  );
  const rows = Math.ceil(modules.length / columns);
  const wide = Math.floor((width - (columns - 1) * PANEL.gap) / columns);
  const free = ((size?.height ?? 0) - (rows - 1) * PANEL.gapBelow) / Math.max(1, rows);
  const high = Math.floor(Math.max(PANEL.least, Math.min(PANEL.high, free)));
  const font = size?.font ?? 12;
  // Those with numbers below them have as much room for their spectra as the others.
  const lower = rows > 1 ? PANEL.numbers : 0;
  // Above a gap in the last row they are one row higher up.
  const lines = modules.length % columns === 0 ? 1 : Math.min(2, rows);
  const [upper, last] = useMemo(
    () =>
      [0, lower].map((more) => ({
        width: wide,
        height: Math.floor(high + more - (lower * lines) / rows),
        font,
        short: false,
      })),
    [wide, high, font, lower, lines, rows],
  );
  return (
    <div ref={room} className="cut-panels" style={{ minHeight: rows * PANEL.least + (rows - 1) * PANEL.gapBelow }}>
      {/* Laid over the room, so that it can shrink again. */}
      <div className="cut-panels-in" style={{ gap: `${PANEL.gapBelow}px ${PANEL.gap}px` }}>
        {width > 0 &&
          modules.map((module, i) => (
            <CutPanel
              key={module}
              module={module}
              title={titles[i] ?? ''}
              sigma={spectra[module]?.sigma ?? NOTHING}
              rank={file.adapter.modules[module]?.rank ?? 1}
              kept={foretold.ranks[module] ?? 1}
              error={foretold.errors[module] ?? 0}
              heights={heights}
              left={i % columns === 0}
              below={i + columns >= modules.length}
              size={(i + columns >= modules.length ? last : upper) ?? upper}
              onCut={onCut}
            />
          ))}
      </div>
    </div>
  );
}

const NOTHING = new Float64Array(0);
