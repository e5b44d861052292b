import './heat-map.css';
import { type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { cellAt, isShare, lengthOf, onePanel, type SweepScene } from '../../charts/sweep/cells.ts';
import { cellAtPoint, type MapLayout, mapKeyRange, mapLayout, sweepMap } from '../../charts/sweep/map.ts';
import { cellFigures, cellWords, measureText } from '../../charts/sweep/sentence.ts';
import { number } from '../../experiment/numbers.ts';
import { Choice } from '../../kit/button.tsx';
import type { Size } from '../../kit/chart/chart.ts';
import { useSize } from '../../kit/chart/use-plot.ts';
import { type CellPlace, GridPicture } from '../../kit/grids/grid-picture.tsx';
import { useMedia, useWidth } from '../../kit/media.tsx';
import { Subscripts } from '../../kit/symbols.tsx';

interface HeatMapProps {
  readonly scene: SweepScene;
  readonly onPoint: (at: readonly number[]) => void;
  readonly onOpen?: (at: readonly number[]) => void;
}

/** Map of a sweep: all panels side by side; on a phone one at a time. */
export function HeatMap({ scene, onPoint, onOpen }: HeatMapProps) {
  const phone = useWidth() === 'phone';
  const [chosen, choose] = useState(0);
  const third = scene.axes[2];
  if (!phone || !third) return <Panels scene={scene} onPoint={onPoint} onOpen={onOpen} />;
  const shown = Math.min(chosen, third.texts.length - 1);
  return (
    <>
      <Choice
        className="panels"
        aria-label={third.name}
        options={third.texts.map((text, i) => [i, <Subscripts key={text}>{`${third.before}${text}`}</Subscripts>])}
        value={shown}
        onChange={choose}
      />
      <Panels
        scene={onePanel(scene, shown)}
        onPoint={(at) => onPoint([...at, shown])}
        onOpen={onOpen && ((at) => onOpen([...at, shown]))}
      />
    </>
  );
}

/** px left and right of a map inside its scroll container. */
const PADDING = 6;

/** One picture, and a grid over each of its panels for the keyboard. */
function Panels({ scene, onPoint: pointAt, onOpen: open = () => {} }: HeatMapProps) {
  // The scroll container: a map wider than the column must not widen it.
  const container = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const measured = useSize(container);
  const low = useMedia('(max-height: 800px) and (min-width: 561px)');
  const { font = 13, short = false } = measured ?? {};
  const width = Math.max(0, (measured?.width ?? 0) - PADDING);
  const rows = lengthOf(scene, 1);
  const size = useMemo((): Size => {
    const cell = low ? 24 : short ? 30 : 34;
    return { width, height: rows * cell + font * 4.9, font, short };
  }, [width, font, short, low, rows]);
  const layout = useMemo(() => mapLayout(scene, size), [scene, size]);
  useLayoutEffect(() => {
    if (svg.current && size.width > 0) sweepMap.draw(svg.current, scene, size);
  }, [scene, size]);

  const point = (event: PointerEvent<HTMLDivElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const at = cellAtPoint(layout, event.clientX - left, event.clientY - top);
    const same = scene.pointed?.at.every((v, i) => v === at[i]);
    if (!same) pointAt(at);
    return at;
  };
  const press = (event: PointerEvent<HTMLDivElement>) => {
    const at = point(event);
    // A finger only reads; the button above the map opens the cell.
    if (event.pointerType === 'mouse' && event.button === 0 && inside(layout, event)) open(at);
  };
  return (
    <div ref={container} className="map-scroll">
      <div
        className={layout.width > width + 1 ? 'map wide' : 'map'}
        style={{ height: layout.height, minWidth: width > 0 ? layout.width : undefined }}
      >
        <svg ref={svg} className="chart" data-chart={sweepMap.name} aria-hidden="true" />
        <div className="over" onPointerMove={point} onPointerDown={point} onPointerUp={press}>
          {layout.panels.map(({ index }) => (
            <PanelGrid key={index} scene={scene} layout={layout} panel={index} onOpen={open} onPoint={pointAt} />
          ))}
        </div>
      </div>
    </div>
  );
}

function inside({ panels, columns, rows, cell }: MapLayout, event: PointerEvent<HTMLDivElement>): boolean {
  const box = event.currentTarget.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  return panels.some(
    ({ left, top }) => x >= left && y >= top && x < left + columns * cell.width && y < top + rows * cell.height,
  );
}

interface SweepGridProps {
  readonly scene: SweepScene;
  readonly layout: MapLayout;
  readonly panel: number;
  readonly onOpen: (at: readonly number[]) => void;
  readonly onPoint: (at: readonly number[]) => void;
}

/** The cells of a panel as an accessible grid with headers; arrows move, Enter opens. */
function PanelGrid({ scene, layout, panel, onOpen, onPoint }: SweepGridProps) {
  const { panels, columns, rows, cell } = layout;
  const place = panels[panel];
  const [across, down, third] = scene.axes;
  const { pointed } = scene;
  const here = pointed && (pointed.at[2] ?? 0) === panel ? pointed : null;
  const full = ([row, column]: CellPlace) => [column, row, ...(third ? [panel] : [])];
  if (!place) return null;
  const at = here && ([here.at[1] ?? 0, here.at[0] ?? 0] as const);
  const name = third ? `${third.name} ${third.texts[panel]}` : '';
  return (
    <GridPicture
      spoken={{
        corner: down?.name ?? '',
        rows: Array.from({ length: rows }, (_, row) => (down ? `${down.before}${down.texts[row]}` : '')),
        columns: Array.from({ length: columns }, (_, i) => (across ? `${across.before}${across.texts[i]}` : '')),
        words: (of) => {
          const shown = cellAt(scene, full(of));
          return shown ? (shown === here ? cellWords : cellFigures)(scene, shown) : null;
        },
      }}
      at={at}
      chosen={at}
      page={rows}
      onWalk={(to) => onPoint(full(here ? to : FIRST))}
      onAct={(key) => {
        if (key !== 'Enter' || !here) return false;
        onOpen(here.at);
        return true;
      }}
      aria-label={[sweepMap.title(scene), name].filter((part) => part !== '').join(', ')}
      className="panel"
      style={{ left: place.left, top: place.top, width: columns * cell.width, height: rows * cell.height }}
      onFocus={() => here ?? onPoint(full(FIRST))}
    />
  );
}

const FIRST: CellPlace = [0, 0];

export function ColourKey({ scene }: { readonly scene: SweepScene }) {
  const stretch = mapKeyRange(scene);
  const some = (status: string) => scene.cells.some(({ runs }) => runs.some((run) => run?.status === status));
  const { measure } = scene;
  const write = (figure: number) =>
    measure === 'steps' || isShare(measure) ? measureText(figure, measure, 2) : number(figure, 2);
  return (
    <span className="muted">
      {stretch && (
        <>
          {write(stretch.best)} <span className="ramp" /> {write(stretch.worst)}
        </>
      )}
      {some('diverged') && (
        <>
          {' '}
          <span className="bad-word">▲</span> diverged
        </>
      )}
      {scene.cells.some(({ why }) => why !== null) && (
        <>
          {' '}
          <span className="hatched" /> impossible
        </>
      )}
      {stretch && (
        <>
          {' '}
          <span className="framed" /> best of its row
        </>
      )}
    </span>
  );
}
