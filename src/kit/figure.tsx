import {
  type ComponentProps,
  type KeyboardEvent,
  memo,
  type PointerEvent,
  type ReactNode,
  type SyntheticEvent,
  useId,
  useMemo,
  useState,
} from 'react';
import { number } from '../experiment/numbers.ts';
import { arrowKeys, valueAfter } from './arrows.ts';
import { Group } from './button.tsx';
import type { Drawing, ReadableChart, Table } from './chart/chart.ts';
import { type PlotFrame, usePlot } from './chart/use-plot.ts';
import { DataTable } from './grids/data-table.tsx';

interface FigureProps {
  /** By default that of its chart. */
  readonly name?: string;
  readonly title: ReactNode;
  /** Of its heading. */
  readonly level?: 2 | 3;
  /** Names the figure if its title is not a heading but a control. */
  readonly label?: string;
  readonly row?: ReactNode;
  readonly help: ReactNode;
  readonly className?: string;
  /** The picture, and the elements below it. */
  readonly children?: ReactNode;
}

export function Figure({ help, ...props }: FigureProps) {
  return <Frame {...props} help={<p className="help">{help}</p>} />;
}

function Frame({ name, title, level = 2, label, row, help, className, children }: FigureProps) {
  const id = useId();
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <figure
      className={className}
      data-chart={name}
      aria-label={label}
      aria-labelledby={label === undefined ? id : undefined}
    >
      <figcaption>
        <div className="title">
          {label === undefined ? <Heading id={id}>{title}</Heading> : title}
          {row}
        </div>
        {help}
      </figcaption>
      {children}
    </figure>
  );
}

interface PlotProps<S> extends Omit<ComponentProps<'div'>, 'children' | 'ref'> {
  readonly chart: Drawing<S> & { readonly name?: string };
  /** Null: there is none yet. */
  readonly scene: S | null;
}

/** The container of a picture that draws itself. Its `draw` and the scene keep their identity while nothing changes. */
export function Plot<S>({ chart: { name, draw, describe }, scene, ...props }: PlotProps<S>) {
  return <PlotContainer {...props} {...usePlot(draw, scene)} name={name} words={scene && describe(scene)} />;
}

interface PlotContainerProps extends Omit<PlotFrame, 'size'>, Omit<ComponentProps<'div'>, 'children' | 'ref'> {
  readonly name?: string;
  readonly words: string | null;
  readonly wordsId?: string;
}

function PlotContainer({ container, svg, name, words, wordsId, className = 'plot', ...props }: PlotContainerProps) {
  const Named = props['aria-label'] === undefined ? 'div' : Group;
  return (
    <Named ref={container} className={className} {...props}>
      <svg ref={svg} className="chart" data-chart={name} aria-hidden="true" />
      <p id={wordsId} className="unseen">
        {words}
      </p>
    </Named>
  );
}

interface ReadPlotProps<S> {
  readonly chart: ReadableChart<S>;
  readonly scene: S;
  readonly name?: string;
  /** Null: the pointer has left. */
  readonly onRead: (at: number | null, event: SyntheticEvent<HTMLElement>) => void;
}

/** The container of a chart whose values can be read by pointer and arrow keys. */
export function ReadPlot<S>({ chart, scene, name = chart.title, onRead }: ReadPlotProps<S>) {
  const words = useId();
  const { size, ...plotted } = usePlot(chart.draw, scene);
  const point = (event: PointerEvent<HTMLElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    onRead(size && chart.locate(scene, size, event.clientX - left, event.clientY - top), event);
  };
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const { at, ...places } = chart.places(scene);
    if (places.last < places.first) return false;
    const next = valueAfter(event.key, at, { ...places, by: event.shiftKey ? 10 : 1 });
    if (next === undefined) return false;
    onRead(next, event);
  };
  return (
    <PlotContainer
      {...plotted}
      name={chart.name}
      words={chart.describe(scene)}
      wordsId={words}
      aria-label={`${name}: arrow keys read its values`}
      aria-describedby={words}
      tabIndex={0}
      onPointerMove={point}
      onPointerDown={point}
      // Lifting a finger leaves too: its reading stays until another place is touched.
      onPointerLeave={(event) => event.pointerType !== 'touch' && onRead(null, event)}
      onKeyDown={arrowKeys(press)}
      onBlur={(event) => onRead(null, event)}
    />
  );
}

interface ReadFigureProps<S> extends Omit<FigureProps, 'name' | 'children'> {
  readonly chart: ReadableChart<S>;
  readonly scene: S;
  /** Its title without symbols. */
  readonly spoken?: string;
}

/** A chart whose help line is replaced by the values while they are read. */
export function ReadFigure<S extends { readonly pointed: number | null }>(props: ReadFigureProps<S>) {
  const { chart, scene: given, spoken = chart.title, help, ...frame } = props;
  const [pointed, setPointed] = useState<number | null>(null);
  const { first, last } = chart.places(given);
  const at = pointed !== null && pointed >= first && pointed <= last ? pointed : null;
  const scene = useMemo(() => ({ ...given, pointed: at }), [given, at]);
  const table = useMemo(() => chart.table?.(given), [chart, given]);
  const line = (
    <p className={at === null ? 'help' : 'help said'} aria-live="polite">
      {at === null ? help : chart.readout(scene, at)}
    </p>
  );
  return (
    <Frame {...frame} name={chart.name} help={line}>
      <ReadPlot chart={chart} scene={scene} name={spoken} onRead={setPointed} />
      {table && <SpokenTable name={spoken} table={table} />}
    </Frame>
  );
}

/** Longer tables are in the CSV only. */
const MOST_ROWS = 64;

const SpokenTable = memo(function SpokenTable({ name, table }: { readonly name: string; readonly table: Table }) {
  if (table.rows.length > MOST_ROWS) return null;
  const said = (value: number | string | null) =>
    value === null ? '–' : typeof value === 'number' && !Number.isInteger(value) ? number(value) : String(value);
  return (
    <div className="unseen">
      <DataTable
        caption={name}
        rows={table.rows}
        columns={table.columns.map((key, i) => ({
          key,
          head: key,
          cell: (row: Table['rows'][number]) => said(row[i]),
        }))}
      />
    </div>
  );
});
