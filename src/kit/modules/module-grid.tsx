import './module-grid.css';
import { type PointerEvent, useDeferredValue, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { count, plural } from '../../experiment/numbers.ts';
import type { Size } from '../chart/chart.ts';
import type { Mark } from '../chart/marks.ts';
import { render } from '../chart/picture.ts';
import { useInTurn } from '../chart/use-in-turn.ts';
import { useSize } from '../chart/use-plot.ts';
import { type CellPlace, GridPicture } from '../grids/grid-picture.tsx';
import { useWidth } from '../media.tsx';
import { cellOutlines, gridCells, gridFoot, gridHeads, gridNames, gridShapes, hasSideRoom } from './grid-marks.ts';
import {
  BEYOND,
  type CaptionParts,
  captionText,
  cellAt,
  cellAtPoint,
  type GridLayout,
  type GridScene,
  gridLayout,
  placeHeight,
  placeOf,
  tallest,
} from './grid-scene.ts';

interface ModuleGridProps {
  readonly scene: GridScene;
  /** Its label for screen readers: "Grid of modules, coloured by rank for 95%". */
  readonly label: string;
  /** The meaning of numbers, tints and bars; replaced by the words of the cell under the pointer. */
  readonly caption: CaptionParts;
  /** The index of the cell shown next to the grid; if none, null. */
  readonly chosen: number | null;
  readonly onChoose: (index: number) => void;
  /** Escape, if no cell is pointed at. */
  readonly onFree?: () => void;
}

/**
 * The grid of modules with its caption, for any numbers: of one file (bars in the cells) or of two (squares). It takes
 * the height of its container, which must have one on a desk (`flex: 1; min-height: 0`), and scrolls its rows inside,
 * with heads and foot fixed; on a phone rows are 44 px and the page scrolls. One tab stop: arrows move, Home and End go
 * along the row, Enter or a press chooses, Escape returns to the chosen cell.
 */
export function ModuleGrid(props: ModuleGridProps) {
  const { length } = props.scene.cells;
  if (length <= MOST_CELLS) return <DrawnGrid {...props} />;
  return (
    <p className="help grid-caption">{`${count(length)} modules are too many for a grid; All modules lists them.`}</p>
  );
}

/** More would take seconds to draw; no model has so many layers. */
const MOST_CELLS = 20_000;

function DrawnGrid({ scene, label, caption, chosen, onChoose, onFree }: ModuleGridProps) {
  const id = useId();
  const room = useRef<HTMLDivElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const screen = useWidth();
  const touch = screen === 'phone';
  const measured = useSize(room);
  const { width = 0, height = 0, font = 13 } = measured ?? {};
  const [top, setTop] = useState(0);
  const layout = useMemo(
    () => gridLayout(scene, { width, height: touch ? null : height, font, touch, top }),
    [scene, width, height, font, touch, top],
  );
  // The picture follows a slider at once, its text when there is time.
  const told = useDeferredValue(scene, UNTOLD);
  const [pointed, setPointed] = useState<CellPlace | null>(null);
  const at = useMemo(() => placeOf(scene, chosen), [scene, chosen]);
  const parts = useMemo(
    () => (width > 0 ? { heads: gridHeads(scene, layout), foot: gridFoot(scene, layout) } : UNDRAWN),
    [scene, layout, width],
  );
  const row = at?.[0] ?? null;
  const names = useMemo(() => gridNames(scene, layout, row), [scene, layout, row]);
  const outlines = useMemo(() => cellOutlines(layout, at, pointed), [layout, at, pointed]);
  // A new scene alone moves nothing: reading where it is would lay out the page, which the next frame does anyway.
  useLayoutEffect(() => {
    const frame = requestAnimationFrame(() => reveal(scroll.current, row, layout.cell.height));
    return () => cancelAnimationFrame(frame);
  }, [row, layout.cell.height]);

  const move = (event: PointerEvent<HTMLDivElement>) => {
    if (event.pointerType === 'touch') return;
    const place = underPointer(event, scene, layout);
    if (place?.[0] !== pointed?.[0] || place?.[1] !== pointed?.[1]) setPointed(place);
  };
  const choose = (place: CellPlace | null) => {
    const cell = place && cellAt(scene, place);
    if (cell) onChoose(cell.index);
  };
  const walk = (to: CellPlace) => {
    setPointed(to);
    reveal(scroll.current, to[0], layout.cell.height);
  };
  const act = (key: string) => {
    if (key !== 'Escape') choose(pointed ?? at ?? [0, 0]);
    else if (!pointed && !onFree) return false;
    else {
      setPointed(null);
      onFree?.();
    }
    return true;
  };
  const words = pointed ? (cellAt(scene, pointed)?.words ?? missing(scene, pointed)) : null;
  const spoken = useMemo(
    () => ({
      corner: 'Layer',
      rows: told.rows.map(({ text }) => text),
      columns: told.columns.map(({ text }) => text),
      words: (place: CellPlace) => cellAt(told, place)?.words ?? missing(told, place),
    }),
    [told],
  );
  const across = layout.width - layout.left;
  const legend = captionText(caption, hasSideRoom(layout));
  return (
    <div
      className="module-grid"
      style={screen === 'desk' ? { maxHeight: CAPTION + tallest(scene, layout) } : undefined}
    >
      <p className={words ? 'help grid-caption said' : 'help grid-caption'} style={{ marginBottom: 2 }}>
        {words ?? legend}
      </p>
      <div
        ref={room}
        className="grid-room"
        style={screen === 'desk' ? undefined : { height: placeHeight(scene, layout, touch) }}
      >
        <div
          ref={scroll}
          className="grid-scroll"
          onScroll={({ currentTarget: { scrollTop } }) =>
            setTop(scrollTop - (scrollTop % (BEYOND * layout.cell.height)))
          }
          style={touch ? undefined : { maxHeight: layout.head + layout.seen + layout.foot }}
        >
          <div
            className="grid-parts"
            style={{ display: 'grid', gridTemplateColumns: `${layout.left}px auto`, width: layout.width }}
          >
            <div className="grid-corner" />
            <div className="grid-heads">
              <Part marks={parts.heads} width={across} height={layout.head} font={font} />
            </div>
            <div className="grid-names">
              <Part marks={names} width={layout.left} height={layout.body} font={font} />
            </div>
            <GridPicture
              spoken={spoken}
              at={pointed ?? at}
              chosen={at}
              page={10}
              onWalk={walk}
              onAct={act}
              className="grid-cells"
              aria-label={label}
              aria-describedby={`${id}d`}
              onPointerMove={move}
              onPointerLeave={() => setPointed(null)}
              onClick={(event) => choose(underPointer(event, scene, layout))}
              onBlur={() => setPointed(null)}
            >
              {width > 0 && (
                <>
                  <Cells marksOf={gridCells} {...{ scene, layout }} />
                  <Cells className="grid-over" marksOf={gridShapes} {...{ scene, layout }} />
                </>
              )}
              <Part className="grid-over" marks={outlines} width={across} height={layout.body} font={font} />
            </GridPicture>
            <div className="grid-foot">
              <Part marks={parts.foot} width={layout.width} height={layout.foot} font={font} />
            </div>
          </div>
        </div>
      </div>
      <p id={`${id}d`} className="unseen">
        {countsOf(scene)} {legend}
      </p>
    </div>
  );
}

/** Before the text is written. */
const UNTOLD: GridScene = {
  ...{ rows: [], columns: [], groups: [], cells: [] },
  ...{ hue: 'dw', most: 0, widest: '', lit: null },
};

const UNDRAWN = { heads: [], foot: [] };

const CAPTION = 19;

interface GridCellsProps extends Pick<PartProps, 'className'> {
  readonly marksOf: typeof gridCells;
  readonly scene: GridScene;
  readonly layout: GridLayout;
}

/** Half of the grid's marks: in a task of their own. */
function Cells({ marksOf, scene, layout, className }: GridCellsProps) {
  const shown = useInTurn(
    useMemo(() => ({ scene, layout }), [scene, layout]),
    null,
  );
  const marks = useMemo(() => (shown ? marksOf(shown.scene, shown.layout) : []), [shown, marksOf]);
  const { width, left, body, font } = shown?.layout ?? layout;
  return <Part className={className} marks={marks} width={width - left} height={body} font={font} />;
}

interface PartProps extends Omit<Size, 'short'> {
  readonly marks: readonly Mark[];
  readonly className?: string;
}

function Part({ marks, className = '', width, height, font }: PartProps) {
  const ref = useRef<SVGSVGElement>(null);
  useLayoutEffect(() => {
    if (ref.current && width > 0) render(ref.current, { width, height, font, short: false }, marks);
  }, [marks, width, height, font]);
  return <svg ref={ref} className={`chart ${className}`} aria-hidden="true" />;
}

function countsOf({ rows, columns, cells }: GridScene): string {
  const modules = cells.filter((cell) => cell !== null).length;
  return `${plural(rows.length, 'row')} by ${plural(columns.length, 'column')}, ${plural(modules, 'module')}.`;
}

function underPointer(
  event: { readonly currentTarget: Element; readonly clientX: number; readonly clientY: number },
  scene: GridScene,
  layout: ReturnType<typeof gridLayout>,
): CellPlace | null {
  const { left, top } = event.currentTarget.getBoundingClientRect();
  return cellAtPoint(scene, layout, event.clientX - left, event.clientY - top);
}

/** Scrolls a row into view, between heads and foot. */
function reveal(scroll: HTMLElement | null, row: number | null, height: number): void {
  if (!scroll || row === null || scroll.scrollHeight <= scroll.clientHeight) return;
  const [heads, foot] = ['.grid-heads', '.grid-foot'].map((name) => scroll.querySelector(name)?.clientHeight ?? 0);
  const seen = scroll.clientHeight - heads - foot;
  const top = row * height;
  if (top < scroll.scrollTop) scroll.scrollTop = top - OUTLINE;
  else if (top + height > scroll.scrollTop + seen) scroll.scrollTop = top + height - seen + OUTLINE;
}

/** Width of the outline around a cell, in px. */
const OUTLINE = 2;

const missing = ({ rows, columns }: GridScene, [row, column]: CellPlace) =>
  `${rows[row]?.text}, ${columns[column]?.text}: not in this file`;
