import { type CSSProperties, memo, type ReactNode, type UIEvent, useMemo, useState } from 'react';
import { trimmed } from '../../../experiment/numbers.ts';
import { errorText } from '../../charts/resize/error-text.ts';
import { visible } from '../../file/faults.ts';
import { type CutRow, cutRows } from '../../state/cut-rows.ts';
import type { Cut } from '../../state/foretold.ts';
import { useAdaptersDispatch } from '../context.tsx';
import { carriedWords, shareText } from './cut-words.ts';
import { rowNames } from './module-names.ts';

type Key = 'index' | 'kept' | 'energy' | 'sum' | 'fro' | 'ratio' | 'alpha' | 'error';

const COLUMNS: readonly (readonly [key: Key, head: string, cell: (row: CutRow) => ReactNode])[] = [
  [
    'kept',
    'rank',
    ({ rank, kept }) => (
      <>
        {rank} → <b>{kept}</b>
      </>
    ),
  ],
  ['energy', 'energy', ({ energy }) => shareText(energy)],
  ['sum', 'sum(S)', ({ sum }) => shareText(sum)],
  ['fro', 'fro', ({ fro }) => shareText(fro)],
  ['ratio', 'max(S) ratio', ({ ratio }) => (ratio === null ? '–' : trimmed(ratio))],
  ['alpha', 'α', ({ alpha }) => (alpha === null ? '–' : trimmed(alpha))],
  ['error', 'error', ({ error }) => errorText(error)],
];

/** A row's height in px; more rows than this are drawn only where they are in sight. */
const ROW = 20;
const FEW = 40;

/** Every module before and after the cut, with kohya's names of columns. */
export const EveryModule = memo(function EveryModule({ cut }: { readonly cut: Cut }) {
  const dispatch = useAdaptersDispatch();
  const [by, setBy] = useState<{ readonly key: Key; readonly down: boolean }>({ key: 'index', down: false });
  const [top, setTop] = useState(0);
  const names = useMemo(() => rowNames(cut.file.adapter.modules), [cut.file.adapter.modules]);
  const rows = useMemo(() => sorted(cutRows(cut), by), [cut, by]);
  const some = rows.length > FEW;
  const from = some ? Math.max(0, Math.min(rows.length - FEW, Math.floor(top / ROW) - 8)) : 0;
  const seen = some ? rows.slice(from, from + FEW) : rows;
  const scroll = (event: UIEvent<HTMLDivElement>) => {
    if (some) setTop(event.currentTarget.scrollTop);
  };
  const carried = carriedWords(cut);
  const space = {
    '--above': `${from * ROW}px`,
    '--under': `${(rows.length - from - seen.length) * ROW}px`,
  } as CSSProperties;
  return (
    <section className="every-module" aria-label="Every module">
      <div className="cut-head">
        <h2>Every module</h2>
        <span className="help">{carried}</span>
        <button type="button" className="link" onClick={() => dispatch({ type: 'save', what: 'resize-csv' })}>
          CSV
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <section className="every-scroll" onScroll={scroll} tabIndex={0} aria-label="Table of every module">
        <table aria-rowcount={rows.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              <Head of="index" text="module" by={by} onSort={setBy} />
              {COLUMNS.map(([key, text]) => (
                <Head key={key} of={key} text={text} by={by} onSort={setBy} />
              ))}
            </tr>
          </thead>
          <tbody style={space}>
            {seen.map((row, i) => (
              <tr key={row.index} aria-rowindex={from + i + 2}>
                <th scope="row" title={visible(row.name)}>
                  {names[row.index]}
                </th>
                {COLUMNS.map(([key, , cell]) => (
                  <td key={key}>{cell(row)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
});

interface HeadProps {
  readonly of: Key;
  readonly text: string;
  readonly by: { readonly key: Key; readonly down: boolean };
  readonly onSort: (by: { readonly key: Key; readonly down: boolean }) => void;
}

function Head({ of, text, by, onSort }: HeadProps) {
  const on = by.key === of;
  return (
    <th scope="col" aria-sort={on ? (by.down ? 'descending' : 'ascending') : undefined}>
      <button type="button" onClick={() => onSort({ key: of, down: on ? !by.down : false })}>
        {text}
        {on && <span aria-hidden="true"> {by.down ? '▼' : '▲'}</span>}
      </button>
    </th>
  );
}

function sorted(
  rows: readonly CutRow[],
  { key, down }: { readonly key: Key; readonly down: boolean },
): readonly CutRow[] {
  if (key === 'index' && !down) return rows;
  const value = (row: CutRow) => row[key] ?? Number.POSITIVE_INFINITY;
  const sign = down ? -1 : 1;
  return [...rows].sort((a, b) => sign * (value(a) - value(b)) || a.index - b.index);
}
