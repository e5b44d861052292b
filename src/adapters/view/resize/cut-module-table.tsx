import { type CSSProperties, memo, type UIEvent, useMemo, useState } from 'react';
import { trim } from '../../../experiment/numbers.ts';
import { Cells, type Column, Heads, type Sort, sortRows } from '../../../kit/grids/data-table.tsx';
import { errorText } from '../../charts/resize/cut-spectrum.ts';
import { visibleText } from '../../file/faults.ts';
import { type CutRow, cutRows } from '../../state/cut-rows.ts';
import type { CutPlan } from '../../state/predictions.ts';
import { EventButton } from '../context.tsx';
import { copiedModulesWords, rowNames, shareText } from './cut-words.ts';

const COLUMNS: readonly Column<CutRow>[] = [
  {
    key: 'kept',
    head: 'rank',
    value: ({ kept }) => kept,
    cell: ({ rank, kept }) => (
      <>
        {rank} → <b>{kept}</b>
      </>
    ),
  },
  { key: 'energy', head: 'energy', value: ({ energy }) => energy, cell: ({ energy }) => shareText(energy) },
  { key: 'sum', head: 'sum(S)', value: ({ sum }) => sum, cell: ({ sum }) => shareText(sum) },
  { key: 'fro', head: 'fro', value: ({ fro }) => fro, cell: ({ fro }) => shareText(fro) },
  { key: 'ratio', head: 'max(S) ratio', value: ({ ratio }) => ratio, cell: ({ ratio }) => optional(ratio) },
  { key: 'alpha', head: 'α', value: ({ alpha }) => alpha, cell: ({ alpha }) => optional(alpha) },
  { key: 'error', head: 'error', value: ({ error }) => error, cell: ({ error }) => errorText(error) },
];

const optional = (value: number | null) => (value === null ? '–' : trim(value));

/** A row's height in px; if there are more rows than FEW, only visible ones are drawn. */
const ROW = 20;
const FEW = 40;

export const CutModuleTable = memo(function CutModuleTable({ cut }: { readonly cut: CutPlan }) {
  const [sort, setSort] = useState<Sort>({ key: 'module', down: false });
  const [top, setTop] = useState(0);
  const names = useMemo(() => rowNames(cut.file.adapter.modules), [cut.file.adapter.modules]);
  const columns = useMemo(
    (): readonly Column<CutRow>[] => [
      {
        key: 'module',
        head: 'module',
        value: ({ index }) => index,
        cell: ({ index, name }) => <span title={visibleText(name)}>{names[index]}</span>,
      },
      ...COLUMNS,
    ],
    [names],
  );
  const rows = useMemo(() => sortRows(cutRows(cut), columns, sort), [cut, columns, sort]);
  const some = rows.length > FEW;
  const from = some ? Math.max(0, Math.min(rows.length - FEW, Math.floor(top / ROW) - 8)) : 0;
  const seen = some ? rows.slice(from, from + FEW) : rows;
  const scroll = (event: UIEvent<HTMLDivElement>) => {
    if (some) setTop(event.currentTarget.scrollTop);
  };
  const space = {
    '--above': `${from * ROW}px`,
    '--under': `${(rows.length - from - seen.length) * ROW}px`,
  } as CSSProperties;
  return (
    <section className="every-module" aria-label="Every module">
      <div className="cut-head">
        <h2>Every module</h2>
        <span className="help">{copiedModulesWords(cut)}</span>
        <EventButton event={{ type: 'save', what: 'resize-csv' }}>CSV</EventButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area needs keyboard access */}
      <section className="every-scroll" onScroll={scroll} tabIndex={0} aria-label="Table of every module">
        <table aria-rowcount={rows.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              <Heads columns={columns} sort={sort} onSort={setSort} />
            </tr>
          </thead>
          <tbody style={space}>
            {seen.map((row, i) => (
              <tr key={row.index} aria-rowindex={from + i + 2}>
                <Cells columns={columns} row={row} />
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
});
