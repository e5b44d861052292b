import './compare.css';
import { type ReactNode, useMemo } from 'react';
import { percentile99 } from '../../charts/matrices/heatmap.ts';
import { factorPlanes, halvesOf, type Plane } from '../../charts/matrices/plane.ts';
import { trainedParameters } from '../../experiment/network/costs.ts';
import { count, number, plural, trim } from '../../experiment/numbers.ts';
import { isBesideLora, isNetwork } from '../../experiment/settings/bounds.ts';
import { optionsOf, Select } from '../../kit/button.tsx';
import { useContainerWidth, useMedia, useWidth } from '../../kit/media.tsx';
import { Menu } from '../../kit/menu.tsx';
import type { Compare } from '../../state/compare/compare.ts';
import { Press, useDispatch, useLab, useLabObject } from '../page.tsx';
import Watch, { Headline } from '../tour/watch-notes.tsx';
import { settingsName } from '../words/run-names.ts';
import { rowsOf } from './figures.ts';
import { FindingText, findingsOf } from './findings.tsx';
import { HeatPicture, useTargetPicture } from './heat-picture.tsx';
import { PinActions, RunKey, RunName } from './names.tsx';
import Asks from './pin-question.tsx';
import { cellSize, liveColumn, pictureOf, pinnedColumns, type RunColumn } from './run-columns.ts';
import { useRunPointer } from './use-run-pointer.ts';

const LARGE_NAMES = 120;

/** Windows in which pictures and rows shrink in favour of the charts. */
const LOW = '(max-height: 800px)';
/** Windows with room for larger pictures. */
const ROOMY = '(min-width: 1700px) and (min-height: 1000px)';
/** Largest px of a cell. */
const CELL = { low: 1, usual: 1.75, roomy: 2.5, presented: 2 };

export default function Runs() {
  const live = useLabObject(liveColumn);
  const pins = useLab(pinnedColumns);
  const phone = useWidth() === 'phone';
  const low = useMedia(LOW);
  const presented = usePresented();
  const columns = useMemo(() => [live, ...pins], [live, pins]);
  if (pins.length === 0)
    return (
      <p className="claim">
        No run is pinned. Train, press <b>Pin run</b>, change a setting and train again.
      </p>
    );
  return (
    <>
      <Sentence columns={columns} />
      {!phone && !low && !presented && <Watch about="compare" />}
      {phone ? <PhoneRuns columns={columns} /> : <Table columns={columns} />}
      {phone && <FightButton columns={columns} />}
    </>
  );
}

const PICTURES = { dW: 'ΔW, learned', E: 'E, missing' } as const;

const usePresented = () => useLab((s) => s.view.view === 'present');

function Sentence({ columns }: { readonly columns: readonly RunColumn[] }) {
  const asks = useLab((s) => s.compare.asks !== null);
  if (asks) return <Asks />;
  if (columns.some(({ run }) => run === null)) return <PinProgress columns={columns} />;
  const { towards, closest, own } = findingsOf(columns);
  return (
    <p className="claim">
      <Headline
        found={<FindingText>{[`${towards}${closest === null ? '' : `; ${closest}`}.`, ...own].join(' ')}</FindingText>}
      />
    </p>
  );
}

function Table({ columns }: { readonly columns: readonly RunColumn[] }) {
  const [container, width] = useContainerWidth<HTMLDivElement>();
  const low = useMedia(LOW);
  const roomy = useMedia(ROOMY);
  const presented = usePresented();
  const shown = useLab((s) => s.compare.shown);
  const wanted = useTargetPicture();
  const pointing = useRunPointer();
  const dispatch = useDispatch();
  const [live] = columns;
  const free = presented ? width - LARGE_NAMES : width;
  const density = low ? 'low' : presented ? 'presented' : roomy ? 'roomy' : 'usual';
  const cell = width > 0 ? cellSize(columns, live, free, CELL[density]) : 0;
  const rows = rowsOf(columns, low);
  const scale = wanted?.scale ?? 0;
  return (
    <div ref={container} className="runs-room">
      <table className="runs" {...pointing}>
        <caption className="unseen">Runs side by side: the picture of each, and its figures</caption>
        <thead>
          <tr className="pics">
            <td>
              <Select
                className="pick"
                aria-label="Pictures"
                options={optionsOf(PICTURES)}
                value={shown}
                onChange={(to) => dispatch({ type: 'compare', does: 'show', shown: to })}
              />
              {wanted && (
                <span className="scale">
                  same colour scale
                  <br />−{trim(scale, 2)} to +{trim(scale, 2)}
                </span>
              )}
            </td>
            <td>
              {wanted && (
                <HeatPicture
                  plane={wanted.plane}
                  of="target"
                  scale={scale}
                  width={live.k * cell}
                  height={live.d * cell}
                  label="Heat map of the target ΔW*"
                />
              )}
            </td>
            {columns.map((column) => (
              <td key={column.at} data-run={column.at}>
                <Corner column={column} cell={cell} shown={shown} wanted={wanted} />
              </td>
            ))}
          </tr>
          <tr className="names">
            <td />
            <th scope="col" className="dwt">
              target ΔW*
            </th>
            {columns.map((column) => (
              <th key={column.at} scope="col" data-run={column.at}>
                <RunKey at={column.at} />
                {presented ? (
                  <b className={column.pin ? undefined : 'dw'}>{column.name}</b>
                ) : (
                  <RunName column={column} />
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, help, figures }) => (
            <tr key={label}>
              <th scope="row" title={help}>
                {label}
              </th>
              <td />
              {figures.map(({ value, note, best }, i) => (
                <td key={columns[i].at} data-run={columns[i].at}>
                  {best ? <b>{value}</b> : value}
                  {note && <span className="note"> {note}</span>}
                </td>
              ))}
            </tr>
          ))}
          {!presented && (
            <tr className="acts">
              <td>
                <FightButton columns={columns} />
              </td>
              <td />
              {columns.map((column) => (
                <td key={column.at} data-run={column.at}>
                  {column.pin ? (
                    <PinActions column={column} />
                  ) : (
                    <span className="note">{column.given ?? settingsName(column.experiment)}</span>
                  )}
                </td>
              ))}
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

/** Opens the runs side by side at several rates; the error of a network is not known. */
function FightButton({ columns }: { readonly columns: readonly RunColumn[] }) {
  if (columns.some(({ experiment }) => isNetwork(experiment))) return null;
  return (
    <Press className="link" event={{ type: 'panel', panel: { name: 'fight' } }}>
      Fair fight …
    </Press>
  );
}

interface RunCornerProps {
  readonly column: RunColumn;
  readonly cell: number;
  readonly shown: Compare['shown'];
  readonly wanted: { readonly plane: Plane; readonly goal: string; readonly scale: number } | null;
}

/** B left of ΔW, A above it, all with cells of one size, so that rank is visible as thickness. */
function Corner({ column, cell, shown, wanted }: RunCornerProps): ReactNode {
  const { name, d, k, rank, factors, error, experiment } = column;
  const square = useMemo(() => pictureOf(column, shown, wanted), [column, shown, wanted]);
  const planes = useMemo(
    () => factors && factorPlanes(halvesOf(factors.B, factors.A, d, k, rank)),
    [factors, d, k, rank],
  );
  const [thick, wide, high] = [Math.max(2, rank * cell), k * cell, d * cell];
  const scaleOf = (plane: Plane | undefined) => (plane ? percentile99(plane.values) : 0);
  const said = shown === 'dW' ? 'ΔW' : 'E = ΔW − ΔW*';
  return (
    <div className="corner">
      {/* A method beside LoRA is measured as ΔW beside an identity, which is no factor of it. */}
      {(isBesideLora(experiment) ? [] : (['A', 'B'] as const)).map((of) => (
        <HeatPicture
          key={of}
          plane={planes?.[of] ?? null}
          of={of}
          scale={scaleOf(planes?.[of])}
          width={of === 'A' ? wide : thick}
          height={of === 'A' ? thick : high}
          label={`Heat map of ${of} of ${name}`}
        />
      ))}
      <HeatPicture
        plane={square}
        of={shown}
        scale={wanted?.scale ?? scaleOf(square ?? undefined)}
        width={wide}
        height={high}
        label={`Heat map of ${said} of ${name}${error === null ? '' : `, relative error ${trim(error)}`}`}
      />
    </div>
  );
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four'];

/** Progress while pins of a link are trained, or wait for the user to start them. */
function PinProgress({ columns }: { readonly columns: readonly RunColumn[] }) {
  const pins = columns.filter(({ pin }) => pin !== null);
  const done = pins.filter(({ run }) => run !== null).length;
  const waiting = pins.flatMap(({ pin, run }) => (pin?.waits && run === null ? [pin.id] : []));
  const all = NUMBERS[pins.length] ?? String(pins.length);
  if (waiting.length > 0)
    return (
      <p className="claim">
        This link holds {pins.length === 1 ? 'one pinned run' : `${all} pinned runs`}: {done}{' '}
        {done === 1 ? 'is' : 'are'} ready, {waiting.length} {waiting.length === 1 ? 'waits' : 'wait'} to be trained.{' '}
        <Press className="link under" event={{ type: 'compare', does: 'wait', pins: waiting, waits: false }}>
          {waiting.length === 1 ? 'Train it' : 'Train them'}
        </Press>
      </p>
    );
  return (
    <>
      <p className="claim">
        This link holds {pins.length === 1 ? 'one pinned run. It is' : `${all} pinned runs. They are`} being trained
        again on this device: {done} of {pins.length} {done === 1 ? 'is' : 'are'} ready.
      </p>
      <progress
        className="thin"
        value={done}
        max={pins.length}
        aria-label={`Training ${plural(pins.length, 'pinned run')}`}
      />
    </>
  );
}

const SIDE = 48;

function PhoneRuns({ columns }: { readonly columns: readonly RunColumn[] }) {
  const pointing = useRunPointer();
  const [errors] = rowsOf(columns);
  return (
    <table className="phone-runs" {...pointing}>
      <caption className="unseen">Runs</caption>
      <tbody>
        {columns.map((column, i) => (
          <tr key={column.at} data-run={column.at}>
            <td className="picture">
              <Small column={column} />
            </td>
            <th scope="row">
              <RunKey at={column.at} />
              <b className={column.pin ? undefined : 'dw'}>{column.name}</b>
              <span className="note block">{below(column)}</span>
            </th>
            <td className="at-right">
              <b>{errors.figures[i].value}</b>
            </td>
            <td className="more">
              {column.pin && (
                <Menu label="…" name={`More for ${column.name}`}>
                  <PinActions column={column} />
                </Menu>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function below({ pin, experiment, floor, ownFloor }: RunColumn): string {
  if (!pin) return settingsName(experiment);
  const trained = `${count(trainedParameters(experiment))} parameters`;
  return floor === null ? trained : `floor ${number(floor)}${ownFloor === null ? '' : ', its own'} · ${trained}`;
}

function Small({ column }: { readonly column: RunColumn }) {
  const wanted = useTargetPicture();
  const shown = useLab((s) => s.compare.shown);
  const plane = useMemo(() => pictureOf(column, shown, wanted), [column, shown, wanted]);
  const { d, k, name } = column;
  const cell = SIDE / Math.max(d, k);
  return (
    <HeatPicture
      plane={plane}
      of={shown}
      scale={wanted?.scale ?? 0}
      width={k * cell}
      height={d * cell}
      label={`Heat map of ΔW of ${name}`}
    />
  );
}
