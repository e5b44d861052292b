import { type CSSProperties, useMemo } from 'react';
import { ADAPTER_WORDS, ADAPTERS, type AdapterName } from '../../../experiment/methods/which/adapters.ts';
import {
  bestOf,
  type MapScale,
  type MapView,
  parametersOf,
  type RowName,
} from '../../../experiment/methods/which/map.ts';
import { count } from '../../../experiment/numbers.ts';
import { Button, Group, Select } from '../../../kit/button.tsx';
import { type CellPlace, GridPicture } from '../../../kit/grids/grid-picture.tsx';
import { Heatmap } from '../../../kit/grids/heatmap.tsx';
import { Subscripts } from '../../../kit/symbols.tsx';
import { useTheme } from '../../looks/theme.tsx';
import { entryPixels } from '../../rail/colours.ts';
import { cellText, isOffBudget, spokenCell } from './map-words.ts';
import type { UpdatePictures, UpdateRow } from './updates.ts';

export interface MapProps {
  readonly view: MapView;
  readonly rows: readonly UpdateRow[];
  readonly pictures: UpdatePictures;
  readonly onShow: (changes: Partial<MapView>) => void;
  readonly onOpen: () => void;
}

/** Kinds of update against adapters: one tab stop, arrows move, Enter opens the cell. */
export function UpdateMap({ view, rows, pictures, onShow, onOpen }: MapProps) {
  const spoken = useMemo(() => spokenMap(rows), [rows]);
  const at: CellPlace = [rows.findIndex(({ name }) => name === view.kind), ADAPTERS.indexOf(view.adapter)];
  const act = (key: string) => {
    if (key === 'Escape') return false;
    onOpen();
    return true;
  };
  return (
    <GridPicture
      className="update-map"
      aria-label="The least error of each adapter on each kind of update"
      spoken={spoken}
      at={at}
      chosen={at}
      page={rows.length}
      onWalk={([row, column]) => onShow({ kind: rows[row].name, adapter: ADAPTERS[column] })}
      onAct={act}
    >
      <div className="cells" aria-hidden="true">
        <span className="corner">trained parameters</span>
        {ADAPTERS.map((adapter) => (
          <Head key={adapter} adapter={adapter} scale={view} />
        ))}
        {rows.map((row) => (
          <KindRow key={row.name} row={row} view={view} pictures={pictures} onShow={onShow} />
        ))}
      </div>
    </GridPicture>
  );
}

const spokenMap = (rows: readonly UpdateRow[]) => ({
  corner: 'Update',
  rows: rows.map(({ label }) => label),
  columns: ADAPTERS.map((adapter) => ADAPTER_WORDS[adapter].label),
  words: ([row, column]: CellPlace) => {
    const { name, errors, without } = rows[row];
    return spokenCell(name, ADAPTERS[column], errors, without.includes(ADAPTERS[column]));
  },
});

function Head({ adapter, scale }: { readonly adapter: AdapterName; readonly scale: MapScale }) {
  const { label, formula } = ADAPTER_WORDS[adapter];
  const parameters = parametersOf(adapter, scale);
  return (
    <span className="head" data-adapter={adapter}>
      <b>{label}</b>
      <span>
        <Subscripts>{formula}</Subscripts>
      </span>
      {isOffBudget(parameters, scale) ? <b>{count(parameters)}</b> : <span>{count(parameters)}</span>}
    </span>
  );
}

interface KindRowProps extends Pick<MapProps, 'view' | 'pictures' | 'onShow'> {
  readonly row: UpdateRow;
}

function KindRow({ row, view, pictures, onShow }: KindRowProps) {
  const { name, label, brief, errors } = row;
  return (
    <>
      <KindPicture kind={name} pictures={pictures} />
      <span className="kind">
        <b>
          <Subscripts>{label}</Subscripts>
        </b>
        <span>{brief}</span>
      </span>
      {ADAPTERS.map((adapter) => (
        <button
          key={adapter}
          type="button"
          tabIndex={-1}
          className="map-cell"
          data-adapter={adapter}
          data-here={(name === view.kind && adapter === view.adapter) || undefined}
          {...look(row, adapter)}
          onClick={() => onShow({ kind: name, adapter })}
        >
          {cellText(adapter, errors[adapter], row.without.includes(adapter))}
        </button>
      ))}
    </>
  );
}

/** Hue by 1 − error; its letters turn at `full` on light paper, at `half` on dark. */
function look({ errors, madeFor }: UpdateRow, adapter: AdapterName) {
  const error = errors[adapter];
  const strength = error === undefined ? 0 : 1 - error;
  const style = { '--strength': `${Math.round(100 * strength)}%` } as CSSProperties;
  return {
    style,
    'data-open': error === undefined || undefined,
    'data-deep': strength > 0.895 ? 'full' : strength > 0.54 ? 'half' : undefined,
    'data-made': madeFor.includes(adapter) || undefined,
    'data-best': bestOf(errors).includes(adapter) || undefined,
  };
}

export function KindPicture({ kind, pictures }: { readonly kind: RowName; readonly pictures: UpdatePictures }) {
  const theme = useTheme();
  const entries = pictures.get(kind);
  const pixels = useMemo(() => (entries ? entryPixels(entries) : null), [entries, theme]);
  return <Heatmap className="update" pixels={pixels} />;
}

/** One kind of update on a phone: a bar for each adapter, the least error first. */
export function KindBars({ view, rows, pictures, onShow }: MapProps) {
  const row = rows.find(({ name }) => name === view.kind) ?? rows[0];
  const { name, brief, errors, without } = row;
  const best = bestOf(errors);
  const error = (adapter: (typeof ADAPTERS)[number]) => errors[adapter] ?? 1;
  return (
    <div className="kind-bars">
      <div className="row">
        <KindPicture kind={name} pictures={pictures} />
        <div className="grow">
          <Select
            className="pick"
            aria-label="Kind of update"
            options={rows.map((one) => [one.name, one.label] as const)}
            value={name}
            onChange={(kind) => onShow({ kind })}
          />
          <span className="kind-brief note">{brief}</span>
        </div>
      </div>
      <p className="bars-head note" aria-hidden="true">
        lowest error
      </p>
      <Group aria-label="Adapters, the least error first">
        {ADAPTERS.toSorted((a, b) => error(a) - error(b)).map((adapter) => (
          <Button
            key={adapter}
            className="bar-row"
            data-best={best.includes(adapter) || undefined}
            aria-pressed={adapter === view.adapter}
            aria-label={`${ADAPTER_WORDS[adapter].label}: ${spokenCell(name, adapter, errors, without.includes(adapter))}`}
            onClick={() => onShow({ adapter })}
          >
            <span>{ADAPTER_WORDS[adapter].label}</span>
            <span className="track">
              <span className="map-cell" {...look(row, adapter)} />
            </span>
            <span className="value">{cellText(adapter, errors[adapter], without.includes(adapter))}</span>
          </Button>
        ))}
      </Group>
    </div>
  );
}
