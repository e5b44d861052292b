import { type KeyboardEvent, memo, useId, useMemo, useState } from 'react';
import type { Table } from '../../../charts/chart.ts';
import { number } from '../../../experiment/numbers.ts';
import { valueAfter } from '../../../kit/arrows.ts';
import { DataTable } from '../../../kit/grids/data-table.tsx';
import { usePlot } from '../../../ui/figures/use-plot.ts';
import type { ModuleChart, ModuleScene } from '../../charts/module/module-scene.ts';
import { ReadRoom } from './read-room.tsx';

interface FigureProps {
  readonly chart: ModuleChart;
  readonly scene: ModuleScene;
  /** What is measured: "ΔW", or "s·B·A" where that is not ΔW. */
  readonly of: string;
}

/** A chart of the chosen module; pointer and arrow keys read its values. */
export function ModuleFigure({ chart, scene: given, of }: FigureProps) {
  const title = useId();
  const name = chart.title.replace('ΔW', of);
  const [before, update] = name.split(new RegExp(`(?=${of})`));
  const [pointed, setPointed] = useState<number | null>(null);
  const [first, last] = chart.ends(given);
  const at = pointed !== null && pointed >= first && pointed <= last ? pointed : null;
  const scene = useMemo(() => ({ ...given, pointed: at }), [given, at]);
  const table = useMemo(() => chart.table(given), [chart, given]);
  const { room, svg, size } = usePlot(chart.draw, scene);
  const walked = ({ key }: KeyboardEvent) =>
    last < first ? undefined : valueAfter(key, at, { first, last, start: first });
  return (
    <figure data-chart={chart.name} aria-labelledby={title}>
      <figcaption>
        <div className="title">
          <h3 id={title}>
            {before}
            {update && <i className="m">{update}</i>}
          </h3>
        </div>
        <p className={at === null ? 'help' : 'help said'} aria-live="polite">
          {at === null ? chart.help(scene) : chart.readout(scene, at)}
        </p>
      </figcaption>
      <ReadRoom
        room={room}
        svg={svg}
        size={size}
        chart={chart.name}
        name={name}
        words={chart.describe(scene)}
        id={`${title}d`}
        locate={(measured, x) => chart.locate(scene, measured, x)}
        onPoint={setPointed}
        walked={walked}
      />
      <SpokenTable name={name} table={table} />
    </figure>
  );
}

/** Longer tables are read in the CSV. */
const MOST_ROWS = 64;

/** What a chart shows, number by number, for screen readers. */
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
