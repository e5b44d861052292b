import './figures.css';
import { type ReactNode, useMemo } from 'react';
import { cellName, type SweepAxis, type SweepCell, type SweepScene } from '../../charts/sweep/cells.ts';
import { cellFigures } from '../../charts/sweep/sentence.ts';
import type { RunFigures } from '../../experiment/plan/cell-run.ts';
import { Figure } from '../../kit/figure.tsx';
import { Lowered } from '../../kit/symbols.tsx';
import { ColourKey } from '../../ui/sweep/colour-key.tsx';
import { HeatMap } from '../../ui/sweep/heat-map.tsx';
import { usePalette } from '../../ui/sweep/use-sweep.ts';

/** Error over floor in cells, from runs that were recorded: columns, rows, and panels where there are several. */
export interface RecordedMap {
  readonly axes: readonly SweepAxis[];
  /** By panel, row and column; null where the run diverged. */
  readonly panels: readonly (readonly (readonly (number | null)[])[])[];
  /** Of the best error, by row. */
  readonly floors: readonly number[];
}

interface MapFigureProps {
  readonly title: ReactNode;
  readonly help: ReactNode;
  readonly map: RecordedMap;
  /** Columns, rows, panels: the cell that is pointed at; null: none. */
  readonly at: readonly number[] | null;
  readonly onPoint: (at: readonly number[]) => void;
  readonly children?: ReactNode;
}

/** A heat map of recorded runs; a cell that is pointed at says its figures. */
export function MapFigure({ title, help, map, at, onPoint, children }: MapFigureProps) {
  const palette = usePalette();
  const scene = useMemo(() => sceneOf(map, palette, at), [map, palette, at]);
  const { pointed } = scene;
  return (
    <Figure title={title} help={help}>
      <div className="hh">
        <ColourKey scene={scene} />
        <span className="readout" role="status">
          {pointed && (
            <>
              <Lowered>{cellName(scene, pointed.at)}</Lowered>: {cellFigures(scene, pointed)}
            </>
          )}
        </span>
      </div>
      <HeatMap scene={scene} onPoint={onPoint} />
      {children}
    </Figure>
  );
}

/** What the map of a sweep draws, of one seed. */
function sceneOf(
  { axes, panels, floors }: RecordedMap,
  palette: SweepScene['palette'],
  at: readonly number[] | null,
): SweepScene {
  const place = (column: number, row: number, panel: number) => [column, row, panel].slice(0, axes.length);
  const cells = panels.flatMap((rows, panel) =>
    rows.flatMap((row, r) =>
      row.map(
        (ratio, column): SweepCell => ({ at: place(column, r, panel), runs: [figuresOf(ratio, floors[r])], why: null }),
      ),
    ),
  );
  return {
    axes,
    cells,
    seeds: 1,
    measure: 'ratio',
    samples: false,
    pointed: cells.find((cell) => at !== null && cell.at.every((v, i) => v === at[i])) ?? null,
    palette,
    floors: null,
    perRank: 0,
  };
}

/** A run of which only its end is kept. */
function figuresOf(ratio: number | null, floor: number): RunFigures {
  return {
    status: ratio === null ? 'diverged' : 'finished',
    error: ratio === null ? null : ratio * floor,
    floor,
    ...{ steps: 0, loss: 0, heldOut: null, training: null, effectiveRank: 0, rate: 0, reached: null },
    curve: { steps: [], values: [] },
  };
}
