import { useMemo, useState } from 'react';
import { plural } from '../../../experiment/numbers.ts';
import { LinkButton } from '../../../kit/button.tsx';
import { type Column, DataTable, type Sort, sortRows } from '../../../kit/grids/data-table.tsx';
import { Symbols } from '../../../kit/symbols.tsx';
import { goTo } from '../../../state/places.ts';
import { useDispatch } from '../../../ui/page.tsx';
import { visibleText } from '../../file/faults.ts';
import { figuresBeside } from '../../state/base-state.ts';
import { EventButton, useAdapters, useAdaptersDispatch } from '../context.tsx';
import { type ModuleColumn, type ModuleRow, moduleColumns } from './module-columns.ts';

const FIRST: Sort = { key: 'frobenius', down: true };

export default function AllModules() {
  const file = useAdapters((s) => s.files[0]);
  const base = useAdapters((s) => (s.base?.matched ? s.base : null));
  const [sort, setSort] = useState(FIRST);
  const lab = useDispatch();
  const dispatch = useAdaptersDispatch();
  const { adapter, figures } = file ?? {};
  const rows = useMemo(
    () =>
      (adapter?.modules ?? []).map(
        (module, i): ModuleRow => ({
          ...{ module, figures: figures?.[i] ?? null },
          beside: figuresBeside(base, i),
        }),
      ),
    [adapter, figures, base],
  );
  const shown = moduleColumns(base !== null);
  const order = useMemo(() => sortRows(rows, shown, sort), [rows, shown, sort]);
  const largest = rows.reduce((max, { figures }) => Math.max(max, figures?.sigma[0] ?? 0), 0);
  const columns = useMemo(
    () =>
      columnsOf(shown, largest, (module) => {
        dispatch({ type: 'choose', module });
        lab(goTo('adapters'));
      }),
    [shown, largest, dispatch, lab],
  );
  if (!file) return null;
  const first = sort.key === FIRST.key && sort.down ? ', the largest first' : '';
  return (
    <div className="stack all-modules">
      <div className="ends">
        <p className="claim">{rows.length === 1 ? 'One module.' : `All ${plural(rows.length, 'module')}${first}.`}</p>
        <EventButton event={{ type: 'save', what: 'modules-csv' }}>CSV</EventButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area needs keyboard access */}
      <section className="scrolls" tabIndex={0} aria-label="Table of all modules">
        <DataTable
          className="numbers whole ruled heads-stay"
          columns={columns}
          rows={order}
          keyOf={({ module }) => module.index}
          sort={sort}
          // The largest first, but names from A to Z.
          onSort={({ key, down }) => setSort({ key, down: key === sort.key ? down : key !== 'module' })}
        />
      </section>
    </div>
  );
}

function columnsOf(
  shown: readonly ModuleColumn[],
  largest: number,
  onOpen: (module: number) => void,
): readonly Column<ModuleRow>[] {
  return [
    ...shown.map(
      ({ name, key, value, text }): Column<ModuleRow> => ({
        key,
        value,
        head: (
          <span title={key}>
            <Symbols>{name}</Symbols>
          </span>
        ),
        cell: (row) => {
          const found = value(row);
          if (key !== 'module') return typeof found === 'number' ? text(found) : (found ?? '–');
          const { index, name } = row.module;
          return (
            <LinkButton onClick={() => onOpen(index)} title={visibleText(name)}>
              {found}
            </LinkButton>
          );
        },
      }),
    ),
    {
      key: 'spectrum',
      head: 'spectrum',
      className: 'bars',
      cell: ({ figures }) => <Bars sigma={figures?.sigma ?? null} largest={largest} />,
    },
  ];
}

/** Bars at most, and the px of all. */
const MOST = 24;
const [WIDTH, HEIGHT] = [60, 16];

/** The spectrum as bars on the scale of the file; if there are too many, every n-th is drawn. */
function Bars({ sigma, largest }: { readonly sigma: Float64Array | null; readonly largest: number }) {
  if (!sigma || sigma.length === 0 || largest <= 0) return null;
  const every = Math.ceil(sigma.length / MOST);
  const shown = Array.from(sigma).filter((_, i) => i % every === 0);
  const wide = Math.min(6, WIDTH / shown.length);
  const d = shown
    .map((value, i) => {
      const height = Math.max(0.5, (HEIGHT * value) / largest);
      return `M${(i * wide).toFixed(1)},${HEIGHT}v${(-height).toFixed(1)}h${(0.75 * wide).toFixed(1)}v${height.toFixed(1)}z`;
    })
    .join('');
  return (
    <svg className="last" width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path d={d} />
    </svg>
  );
}
