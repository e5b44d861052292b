import { type KeyboardEvent, memo, type PointerEvent, useCallback, useLayoutEffect, useMemo, useRef } from 'react';
import { arrowKeys } from '../../../kit/arrows.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import { InTurn } from '../../../kit/chart/use-in-turn.ts';
import { useSize } from '../../../kit/chart/use-plot.ts';
import { useWidth } from '../../../kit/media.tsx';
import type { GridScene } from '../../../kit/modules/grid-scene.ts';
import { ModuleGrid } from '../../../kit/modules/module-grid.tsx';
import { arrange } from '../../charts/grid/arrange.ts';
import { type CutScene, cutHeights, cutSpectrum, errorText } from '../../charts/resize/cut-spectrum.ts';
import type { CutPlan } from '../../state/predictions.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { sceneOf } from '../overview/file-grid.ts';
import { namesOf, typesOf } from './cut-words.ts';

export function CutGrid({ cut }: { readonly cut: CutPlan }) {
  const dispatch = useAdaptersDispatch();
  const picked = useAdapters((s) => s.chosen);
  const { modules } = cut.file.adapter;
  const arranged = useMemo(() => arrange(modules), [modules]);
  const names = useMemo(() => namesOf(modules), [modules]);
  const { rows, columns, cells } = arranged;
  const at = Math.max(0, cells.indexOf(cut.spectra[picked] ? picked : cut.spectra.findIndex((one) => one !== null)));
  const row = Math.floor(at / columns.length);
  const inRow = useMemo(
    () =>
      cells
        .slice(row * columns.length, (row + 1) * columns.length)
        .filter((index): index is number => index !== null && cut.spectra[index] !== null),
    [cells, columns, row, cut.spectra],
  );
  const scene = useMemo((): GridScene => {
    const { spectra, foretold } = cut;
    const largest = Math.max(...spectra.map((one) => one?.sigma[0] ?? 0));
    const highest = Math.max(...modules.map(({ rank }) => rank));
    const cell = (index: number) => {
      const of = spectra[index];
      const kept = foretold.ranks[index];
      return {
        text: of ? String(kept) : '–',
        tint: of ? 0.08 + (0.92 * kept) / highest : null,
        beside: of ? { bars: of.sigma, kept } : null,
        words: of
          ? `${names[index]}: ${kept} of ${modules[index].rank} directions kept, error ${errorText(foretold.errors[index] ?? 0)}`
          : `${names[index]}: copied unchanged`,
      };
    };
    return sceneOf(arranged, { cell, most: largest, widest: String(highest) });
  }, [cut, modules, names, arranged]);
  const spectra = useRef<HTMLDivElement>(null);
  const narrow = useWidth() !== 'desk';
  const choose = (module: number) => {
    dispatch({ type: 'choose', module });
    if (narrow) spectra.current?.scrollIntoView({ block: 'start' });
  };
  const shown = inRow.flatMap((index) => modules[index] ?? []);
  return (
    <div className="cut-grid">
      <ModuleGrid
        scene={scene}
        label="Grid of modules with their cuts"
        caption={['number and tint: directions kept', { beside: 'bars: σᵢ on one scale, pale where dropped' }]}
        chosen={cells[at] ?? null}
        onChoose={choose}
      />
      <div ref={spectra} className="cut-row">
        <h3>{rows[row]}</h3>
        <InTurn>
          <CutPanels cut={cut} modules={inRow} titles={typesOf(shown)} maxCount={3} />
        </InTurn>
      </div>
    </div>
  );
}

interface CutPanelsProps {
  readonly cut: CutPlan;
  readonly modules: readonly number[];
  readonly titles: readonly string[];
  readonly maxCount: number;
}

/** px of a panel and between two. */
const PANEL = { width: 140, least: 126, high: 205, gap: 20, gapBelow: 6, numbers: 14 };

export function CutPanels({ cut, modules, titles, maxCount: max }: CutPanelsProps) {
  const { file, spectra, foretold } = cut;
  const container = useRef<HTMLDivElement>(null);
  const size = useSize(container);
  const dispatch = useAdaptersDispatch();
  const onCut = useCallback((module: number, rank: number) => dispatch({ type: 'cut', module, rank }), [dispatch]);
  const heights = useMemo(() => cutHeights(spectra.map((one) => one?.sigma ?? null)), [spectra]);
  const width = size?.width ?? 0;
  const columns = Math.max(
    1,
    Math.min(max, modules.length, Math.floor((width + PANEL.gap) / (PANEL.width + PANEL.gap))),
  );
  const rows = Math.ceil(modules.length / columns);
  const wide = Math.floor((width - (columns - 1) * PANEL.gap) / columns);
  const free = ((size?.height ?? 0) - (rows - 1) * PANEL.gapBelow) / Math.max(1, rows);
  const high = Math.floor(Math.max(PANEL.least, Math.min(PANEL.high, free)));
  const font = size?.font ?? 12;
  // Panels with numbers below them keep the same plot height as the others.
  const lower = rows > 1 ? PANEL.numbers : 0;
  // Above a gap in the last row the numbers are one row higher.
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
    <div ref={container} className="cut-panels" style={{ minHeight: rows * PANEL.least + (rows - 1) * PANEL.gapBelow }}>
      {/* Absolutely positioned, so that the container can shrink again. */}
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

interface CutPanelProps extends CutScene {
  readonly module: number;
  readonly size: Size;
  readonly onCut: (module: number, kept: number) => void;
}

const STEPS: { readonly [key: string]: number } = {
  ...{ ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 },
  ...{ PageUp: 8, PageDown: -8, Home: -Infinity, End: Infinity },
};

/** In px; a finger that moves less has pressed, not dragged. */
const DRAGGED = 4;

/** The spectrum of a module whose cut is dragged, or moved by arrow keys. Drawn again only if its own cut moves. */
const CutPanel = memo(function CutPanel({ module, size, onCut, ...scene }: CutPanelProps) {
  const svg = useRef<SVGSVGElement>(null);
  const finger = useRef<number | null>(null);
  const { title, rank, kept, error } = scene;
  useLayoutEffect(() => {
    if (svg.current) cutSpectrum.draw(svg.current, scene, size);
  });
  const cutAt = ({ currentTarget, clientX }: PointerEvent<HTMLDivElement>) => {
    const to = cutSpectrum.keptAt(scene, size, clientX - currentTarget.getBoundingClientRect().left);
    if (to !== kept) onCut(module, to);
  };
  const down = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    if (event.pointerType === 'touch') {
      finger.current = event.clientX;
      return;
    }
    event.currentTarget.setPointerCapture(event.pointerId);
    cutAt(event);
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const from = finger.current;
    if (event.pointerType === 'touch') {
      if (from === null || (!Number.isNaN(from) && Math.abs(event.clientX - from) < DRAGGED)) return;
      finger.current = Number.NaN;
      cutAt(event);
    } else if (event.currentTarget.hasPointerCapture(event.pointerId)) cutAt(event);
  };
  const up = (event: PointerEvent<HTMLDivElement>) => {
    if (event.pointerType === 'touch' && finger.current !== null) cutAt(event);
    finger.current = null;
  };
  const press = (event: KeyboardEvent) => {
    const by: number | undefined = STEPS[event.key];
    if (by === undefined) return false;
    onCut(module, Math.max(1, Math.min(rank, kept + by)));
  };
  return (
    <div
      className="cut-panel"
      role="slider"
      aria-label={`${title}: directions kept`}
      aria-valuemin={1}
      aria-valuemax={rank}
      aria-valuenow={kept}
      aria-valuetext={`${kept} of ${rank}, error ${errorText(error)}`}
      style={{ width: size.width, height: size.height }}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => {
        finger.current = null;
      }}
      tabIndex={0}
      onKeyDown={arrowKeys(press)}
    >
      <svg ref={svg} className="chart" data-chart={cutSpectrum.name} aria-hidden="true" />
    </div>
  );
});
