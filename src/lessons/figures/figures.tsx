import './figures.css';
import { memo, type ReactNode, useMemo } from 'react';
import { cellName, type SweepAxis, type SweepCell, type SweepScene } from '../../charts/sweep/cells.ts';
import { cellFigures } from '../../charts/sweep/sentence.ts';
import { type InitName, inits } from '../../experiment/inits/index.ts';
import { exactText } from '../../experiment/numbers.ts';
import type { CellRun } from '../../experiment/run-file/run-record.ts';
import { Button, Choice, LinkButton, optionsOf, Select } from '../../kit/button.tsx';
import { Figure, Plot } from '../../kit/figure.tsx';
import { Subscripts, Symbols } from '../../kit/symbols.tsx';
import { choosePreset } from '../../ui/bar/experiments.tsx';
import { useDispatch, useLab } from '../../ui/page.tsx';
import { ColourKey, HeatMap } from '../../ui/sweep/heat-map.tsx';
import { usePalette } from '../../ui/sweep/use-sweep.ts';
import { type CurvesScene, curvesDrawing } from '../charts/curves/curves.ts';
import { type LessonValue, useLessonValue } from '../pane/values.tsx';
import { trainEvent } from '../step.tsx';

interface CurvesFigureProps {
  readonly title: ReactNode;
  readonly help: ReactNode;
  readonly scene: CurvesScene;
  readonly children?: ReactNode;
}

export const CurvesFigure = memo(function CurvesFigure({ scene, children, ...words }: CurvesFigureProps) {
  return (
    <Figure {...words}>
      <Plot chart={curvesDrawing} scene={scene} />
      {children}
    </Figure>
  );
});

/** Error over floor in cells, from recorded runs: columns, rows, and optional panels. */
export interface RecordedMap {
  readonly axes: readonly SweepAxis[];
  /** By panel, row and column; null if the run diverged. */
  readonly panels: readonly (readonly (readonly (number | null)[])[])[];
  readonly floors: readonly number[];
}

interface MapFigureProps {
  readonly title: ReactNode;
  readonly help: ReactNode;
  readonly map: RecordedMap;
  /** The cell under the pointer as [column, row, panel]; null: none. */
  readonly at: readonly number[] | null;
  readonly onPoint: (at: readonly number[]) => void;
  readonly children?: ReactNode;
}

/** A heat map of recorded runs with a readout of the cell under the pointer. */
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
              <Subscripts>{cellName(scene, pointed.at)}</Subscripts>: {cellFigures(scene, pointed)}
            </>
          )}
        </span>
      </div>
      <HeatMap scene={scene} onPoint={onPoint} />
      {children}
    </Figure>
  );
}

export const numbersAxis = (key: string, name: string, before: string, numbers: readonly number[]) =>
  ({ key, name, before, texts: numbers.map(exactText), numbers, scale: 'log' }) as const;
export const namesAxis = (key: string, name: string, before: string, texts: readonly string[]) =>
  ({ key, name, before, texts, numbers: null, scale: 'linear' }) as const;

export function OpenSweep({ preset }: { readonly preset: string }) {
  const dispatch = useDispatch();
  return (
    <p className="row space-above">
      <Button onClick={() => choosePreset(preset, dispatch)}>Run this sweep yourself</Button>
      <span className="help">It leaves the lesson; your place in it is kept.</span>
    </p>
  );
}

/** Leaves the lesson for an experiment. */
export function PresetLink({ preset, children }: { readonly preset: string; readonly children: string }) {
  const dispatch = useDispatch();
  return <LinkButton onClick={() => choosePreset(preset, dispatch)}>{children}</LinkButton>;
}

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
    noise: null,
    perRank: 0,
    weights: 0,
  };
}

/** A run of which only the end is kept. */
function figuresOf(ratio: number | null, floor: number): CellRun {
  return {
    status: ratio === null ? 'diverged' : 'finished',
    error: ratio === null ? null : ratio * floor,
    floor,
    ...{ steps: 0, loss: 0, heldOut: null, training: null, effectiveRank: 0, rate: 0, reached: null },
    curve: { steps: [], values: [] },
  };
}

interface PickProps<T extends string> {
  readonly label: string;
  readonly of: LessonValue<T>;
  readonly options: Readonly<Record<T, string>>;
}

export function Pick<T extends string>({ label, of, options }: PickProps<T>) {
  const [value, choose] = useLessonValue(of);
  return (
    <Choice
      className="seg one-of"
      aria-label={label}
      options={optionsOf(options).map(([option, text]) => [option, <Symbols key={option}>{text}</Symbols>])}
      value={value}
      onChange={choose}
    />
  );
}

interface LengthsProps {
  /** Numbers by the class of their hue, from left to right. */
  readonly parts: Readonly<Record<string, number>>;
  /** The number of the whole width. */
  readonly whole: number;
  /** A number at which a line stands. */
  readonly mark?: number;
}

/** Numbers as lengths to scale; the text beside them names them. */
export function Lengths({ parts, whole, mark }: LengthsProps) {
  const share = (n: number) => `${(100 * n) / whole}%`;
  return (
    <div className="lengths" aria-hidden="true">
      {Object.entries(parts).map(([name, n]) => (
        <span key={name} className={name} style={{ width: share(n) }} />
      ))}
      {mark !== undefined && <b style={{ left: share(mark) }} />}
    </div>
  );
}

/** Starts the lab's run again from another initialisation, and trains it. */
export function InitChoice({ options }: { readonly options: readonly InitName[] }) {
  const dispatch = useDispatch();
  const init = useLab((s) => s.experiment.init);
  const known = options.includes(init) ? options : [init, ...options];
  return (
    <p>
      <Select
        className="pick"
        aria-label="Initialisation of A and B"
        options={known.map((name) => [name, inits.byName(name).label])}
        value={init}
        onChange={(name) => {
          dispatch({ type: 'changed', changes: { init: name } });
          dispatch(trainEvent());
        }}
      />
    </p>
  );
}
