import './resize.css';
import { type CSSProperties, memo, type UIEvent, useDeferredValue, useMemo, useState } from 'react';
import { trim } from '../../../experiment/numbers.ts';
import { InTurn } from '../../../kit/chart/use-in-turn.ts';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { Cells, type Column, Heads, type Sort, sortRows } from '../../../kit/grids/data-table.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { Sym } from '../../../kit/symbols.tsx';
import { errorText } from '../../charts/resize/cut-spectrum.ts';
import { errorSize } from '../../charts/resize/error-size.ts';
import { visibleText } from '../../file/faults.ts';
import { type CutRow, cutRows } from '../../state/cut-rows.ts';
import { type CutPlan, cutPlan, floorOf, oneRankOf } from '../../state/predictions.ts';
import { EventButton, useAdapters } from '../context.tsx';
import { megabytes } from '../size-words.ts';
import { CutGrid, CutPanels } from './cut-panels.tsx';
import { copiedModulesWords, cutClaim, namesOf, rowNames, shareText } from './cut-words.ts';
import { CutDock, CutObstacle } from './way-control.tsx';

/** More modules than this are cut in the cells of the grid. */
const PANELS = 24;

export default function Resize() {
  const cut = useAdapters(cutPlan);
  return cut ? <Shown cut={cut} /> : <CutObstacle />;
}

function Shown({ cut }: { readonly cut: CutPlan }) {
  const narrow = useWidth() !== 'desk';
  // While a slider moves, pictures come first.
  const later = useDeferredValue(cut);
  const [before, after] = cutClaim(cut);
  const { modules } = cut.file.adapter;
  const shown = modules.filter((_, i) => cut.spectra[i]);
  const many = shown.length > PANELS;
  return (
    <div className="grow stack resize">
      <p className="claim">
        {before}
        <Sym of="ΔW" />
        {after}
      </p>
      <div className="resize-top">
        <InTurn instead={<div className="size-figure" />}>
          <SizeFigure cut={cut} />
        </InTurn>
        {!narrow && (
          <InTurn instead={<section className="every-module" />}>
            <CutModuleTable cut={later} />
          </InTurn>
        )}
      </div>
      <section className="stack where" aria-label="Where the cut falls">
        <div className="ends">
          <h2>Where the cut falls</h2>
          <p className="help grow">
            {narrow
              ? 'σᵢ of ΔW, log scale; drag a cut'
              : 'σᵢ of ΔW, log scale, one axis for all; drag a cut, or use ↑ ↓'}
          </p>
        </div>
        {many ? (
          <InTurn instead={<div className="cut-grid" />}>
            <CutGrid cut={cut} />
          </InTurn>
        ) : (
          <CutPanels cut={cut} modules={shown.map(({ index }) => index)} titles={namesOf(shown)} maxCount={6} />
        )}
      </section>
      {narrow && <CutModuleTable cut={later} />}
      {narrow && <CutDock cut={cut} />}
    </div>
  );
}

function SizeFigure({ cut }: { readonly cut: CutPlan }) {
  const [floor, oneRank] = [floorOf(cut), oneRankOf(cut)];
  const { bytes, error } = cut.foretold;
  const before = cut.file.adapter.bytes;
  const scene = useMemo(
    () => ({ floor, oneRank, now: { bytes, error, size: megabytes(bytes) }, before }),
    [floor, oneRank, bytes, error, before],
  );
  return (
    <Figure className="size-figure" title={errorSize.title} help={errorSize.help(scene)}>
      <Plot chart={errorSize} scene={scene} />
    </Figure>
  );
}

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

const CutModuleTable = memo(function CutModuleTable({ cut }: { readonly cut: CutPlan }) {
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
      <div className="ends">
        <h2>Every module</h2>
        <span className="help grow">{copiedModulesWords(cut)}</span>
        <EventButton event={{ type: 'save', what: 'resize-csv' }}>CSV</EventButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area needs keyboard access */}
      <section className="every-scroll" onScroll={scroll} tabIndex={0} aria-label="Table of every module">
        <table className="numbers whole heads-stay" aria-rowcount={rows.length + 1}>
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
