import './table.css';
import { memo, useMemo, useState } from 'react';
import { counted } from '../../../experiment/numbers.ts';
import { Typeset } from '../../../kit/symbols.tsx';
import { titleOf } from '../../charts/grid/arrange.ts';
import { visible } from '../../file/faults.ts';
import type { Figures, Module } from '../../file/model.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { TopSentence } from '../top-sentence.tsx';
import { MODULE_COLUMNS, type Sorting, sortedModules } from './module-columns.ts';

/** Where the table begins: ‖ΔW‖, the largest first. */
const FIRST: Sorting = { column: MODULE_COLUMNS.findIndex(({ key }) => key === 'frobenius'), down: true };

/** Every module with every figure, in a table that sorts by any of them. */
export default function AllModules() {
  const file = useAdapters((s) => s.files[0]);
  const [sorting, setSorting] = useState(FIRST);
  const dispatch = useAdaptersDispatch();
  const { adapter, figures } = file ?? {};
  const order = useMemo(
    () => (adapter && figures ? sortedModules(adapter.modules, figures, sorting) : []),
    [adapter, figures, sorting],
  );
  const largest = useMemo(
    () => (figures ?? []).reduce((most, one) => Math.max(most, one?.sigma[0] ?? 0), 0),
    [figures],
  );
  if (!file) return null;
  const { modules } = file.adapter;
  const first = sorting.column === FIRST.column && sorting.down ? ', the largest first' : '';
  const open = (module: number) => {
    dispatch({ type: 'choose', module });
    dispatch({ type: 'tab', tab: 'overview' });
  };
  return (
    <div className="all-modules">
      <div className="table-head">
        <TopSentence>
          {modules.length === 1 ? 'One module.' : `All ${counted(modules.length, 'module')}${first}.`}
        </TopSentence>
        <button type="button" className="link" onClick={() => dispatch({ type: 'save', what: 'modules-csv' })}>
          CSV
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <section className="table-room" tabIndex={0} aria-label="Table of all modules">
        <table>
          <thead>
            <tr>
              {MODULE_COLUMNS.map(({ name, key }, column) => {
                const on = sorting.column === column;
                return (
                  <th key={key} scope="col" aria-sort={on ? (sorting.down ? 'descending' : 'ascending') : undefined}>
                    <button
                      type="button"
                      title={key}
                      onClick={() => setSorting({ column, down: on ? !sorting.down : column > 0 })}
                    >
                      <Typeset>{name}</Typeset>
                      <span aria-hidden="true">{on ? (sorting.down ? ' ▼' : ' ▲') : ''}</span>
                    </button>
                  </th>
                );
              })}
              <th scope="col">spectrum</th>
            </tr>
          </thead>
          <tbody>
            {order.map((i) => {
              const module = modules[i];
              return module ? (
                <Row
                  key={module.index}
                  module={module}
                  figures={file.figures[i] ?? null}
                  largest={largest}
                  onOpen={open}
                />
              ) : null;
            })}
          </tbody>
        </table>
      </section>
    </div>
  );
}

interface RowProps {
  readonly module: Module;
  readonly figures: Figures | null;
  readonly largest: number;
  readonly onOpen: (module: number) => void;
}

const Row = memo(
  function Row({ module, figures, largest, onOpen }: RowProps) {
    return (
      <tr>
        {MODULE_COLUMNS.map(({ key, value, text }, column) => {
          const found = value(module, figures);
          if (column === 0)
            return (
              <th key={key} scope="row">
                <button
                  type="button"
                  className="link"
                  onClick={() => onOpen(module.index)}
                  title={visible(module.name)}
                >
                  {titleOf(module)}
                </button>
              </th>
            );
          return <td key={key}>{typeof found === 'number' ? text(found) : (found ?? '–')}</td>;
        })}
        <td className="bars">
          <Bars sigma={figures?.sigma ?? null} largest={largest} />
        </td>
      </tr>
    );
  },
  (a, b) => a.module === b.module && a.figures === b.figures && a.largest === b.largest,
);

/** So many bars have room. */
const MOST = 24;
const [WIDTH, HEIGHT] = [60, 16];

/** The spectrum as bars on the scale of the file; beyond what has room every n-th is drawn. */
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
    <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path d={d} />
    </svg>
  );
}
