import { type CSSProperties, useMemo } from 'react';
import { ADAPTER_WORDS, ADAPTERS, type AdapterName } from '../../../experiment/methods/which/adapters.ts';
import { KINDS, type KindName } from '../../../experiment/methods/which/kinds.ts';
import {
  bestOf,
  type MapRow,
  type MapScale,
  type MapView,
  parametersOf,
  rowOf,
} from '../../../experiment/methods/which/map.ts';
import { count } from '../../../experiment/numbers.ts';
import { type CellPlace, GridPicture } from '../../../kit/grids/grid-picture.tsx';
import { Heatmap } from '../../../kit/grids/heatmap.tsx';
import { Subscripts } from '../../../kit/symbols.tsx';
import { useTheme } from '../../looks/theme.tsx';
import { entryPixels } from '../../rail/colours.ts';
import { cellText, errorText, isOffBudget, spokenCell } from './map-words.ts';
import type { UpdatePictures } from './updates.ts';

export interface MapProps {
  readonly view: MapView;
  readonly pictures: UpdatePictures;
  readonly onShow: (changes: Partial<MapView>) => void;
  readonly onOpen: () => void;
}

/** Kinds of update against adapters: one tab stop, arrows move, Enter opens the cell. */
export function UpdateMap({ view, pictures, onShow, onOpen }: MapProps) {
  const { rank, places } = view;
  const spoken = useMemo(() => spokenMap({ rank, places }), [rank, places]);
  const at: CellPlace = [KINDS.findIndex(({ name }) => name === view.kind), ADAPTERS.indexOf(view.adapter)];
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
      page={KINDS.length}
      onWalk={([row, column]) => onShow({ kind: KINDS[row].name, adapter: ADAPTERS[column] })}
      onAct={act}
    >
      <div className="cells" aria-hidden="true">
        <span className="corner">trained parameters</span>
        {ADAPTERS.map((adapter) => (
          <Head key={adapter} adapter={adapter} scale={view} />
        ))}
        {KINDS.map(({ name }) => (
          <KindRow key={name} kind={name} view={view} pictures={pictures} onShow={onShow} />
        ))}
      </div>
    </GridPicture>
  );
}

const spokenMap = (scale: MapScale) => ({
  corner: 'Update',
  rows: KINDS.map(({ label }) => label),
  columns: ADAPTERS.map((adapter) => ADAPTER_WORDS[adapter].label),
  words: ([row, column]: CellPlace) => spokenCell(KINDS[row].name, ADAPTERS[column], scale),
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

function KindRow({ kind, view, pictures, onShow }: Omit<MapProps, 'onOpen'> & { readonly kind: KindName }) {
  const { label, brief, madeFor } = KINDS.find(({ name }) => name === kind) ?? KINDS[0];
  const row = rowOf(kind, view);
  const best = bestOf(row);
  return (
    <>
      <KindPicture kind={kind} pictures={pictures} />
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
          data-here={(kind === view.kind && adapter === view.adapter) || undefined}
          {...look(row, adapter, best, madeFor)}
          onClick={() => onShow({ kind, adapter })}
        >
          {cellText(adapter, row[adapter])}
        </button>
      ))}
    </>
  );
}

/** Hue by 1 − error; its letters turn at `full` on light paper, at `half` on dark. */
export function look(row: MapRow, adapter: AdapterName, best: readonly AdapterName[], madeFor: readonly AdapterName[]) {
  const strength = 1 - row[adapter];
  const style = { '--strength': `${Math.round(100 * strength)}%` } as CSSProperties;
  return {
    style,
    'data-deep': strength > 0.93 ? 'full' : strength > 0.54 ? 'half' : undefined,
    'data-made': madeFor.includes(adapter) || undefined,
    'data-best': best.includes(adapter) || undefined,
    title: errorText(row[adapter]) === '0' ? undefined : row[adapter].toFixed(4),
  };
}

export function KindPicture({ kind, pictures }: { readonly kind: KindName; readonly pictures: UpdatePictures }) {
  const theme = useTheme();
  const entries = pictures.get(kind);
  const pixels = useMemo(() => (entries ? entryPixels(entries) : null), [entries, theme]);
  return <Heatmap className="update" pixels={pixels} />;
}
