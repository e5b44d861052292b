import { type CSSProperties, type PointerEvent, useMemo, useState } from 'react';
import type { DigitSet } from '../../experiment/network/digits.ts';
import { type DigitLayer, mergedLayers } from '../../experiment/network/forward.ts';
import { settingsAt } from '../../experiment/run-file/run-record.ts';
import { type CellPlace, GridPicture } from '../../kit/grids/grid-picture.tsx';
import { Heatmap, type Pixels } from '../../kit/grids/heatmap.tsx';
import { frameAt } from '../../state/run/history.ts';
import { shownStep } from '../../state/select.ts';
import { adaptersOf, pretrainedOf } from '../hand/adapters.ts';
import { useTheme } from '../looks/theme.tsx';
import { useLab } from '../page.tsx';
import { colour } from '../rail/colours.ts';

const SIDE = 8;
const PIXELS = SIDE * SIDE;
/** Pixels of the picture between two digits. */
const GUTTER = 1;
const PITCH = SIDE + GUTTER;
/** Digits of a class in a grid. */
const ACROSS = 10;

/** Rows of a grid: a class and the indices of its first digits in the set. */
export interface DigitRow {
  readonly answer: number;
  readonly indices: readonly number[];
}

export function rowsOf({ answers }: Pick<DigitSet, 'answers'>): readonly DigitRow[] {
  const classes = [...new Set(answers)].sort((a, b) => a - b);
  return classes.map((answer) => ({
    answer,
    indices: [...answers.keys()].filter((i) => answers[i] === answer).slice(0, ACROSS),
  }));
}

const acrossOf = (rows: readonly DigitRow[]) => Math.max(1, ...rows.map(({ indices }) => indices.length));

/** Pixels of n digits in a line. */
const lengthOf = (digits: number) => digits * PITCH - GUTTER;

type CellBox = Readonly<Record<'left' | 'top' | 'width' | 'height', number>>;

/** The box of a digit, in shares of the picture's sides. */
function boxOf([row, column]: CellPlace, rows: number, across: number): CellBox {
  const [width, height] = [lengthOf(across), lengthOf(rows)];
  return {
    left: (column * PITCH) / width,
    top: (row * PITCH) / height,
    width: SIDE / width,
    height: SIDE / height,
  };
}

const percentages = (box: CellBox): CSSProperties =>
  Object.fromEntries(Object.entries(box).map(([side, share]) => [side, `${100 * share}%`]));

export interface DigitGridProps {
  readonly label: string;
  readonly set: DigitSet;
  readonly rows: readonly DigitRow[];
  /** The network's answers, by index of the set: now, and before training. */
  readonly now: Uint8Array;
  readonly before: Uint8Array;
  /** Marks digits that are newly right. */
  readonly learns: boolean;
}

/** Held-out digits, a row each class: wrong ones pale, with the answer that the network gives. */
export function DigitGrid({ label, set, rows, now, before, learns }: DigitGridProps) {
  const theme = useTheme();
  const [at, setAt] = useState<CellPlace | null>(null);
  const across = acrossOf(rows);
  const pixels = useMemo(
    () => gridPixels(set, rows, now, learns ? before : null),
    [set, rows, now, before, learns, theme],
  );
  const indexAt = ([row, column]: CellPlace) => rows[row]?.indices[column];
  const spoken = useMemo(
    () => ({
      corner: 'Digit',
      rows: rows.map(({ answer }) => String(answer)),
      columns: Array.from({ length: across }, (_, i) => String(i + 1)),
      words: ([row, column]: CellPlace) => {
        const index = rows[row]?.indices[column];
        return index === undefined ? null : readingOf(set.answers[index], now[index], before[index]);
      },
    }),
    [set, rows, now, before],
  );
  const point = (event: PointerEvent<HTMLElement>) => {
    const to = cellUnder(event, rows.length, across);
    setAt(indexAt(to) === undefined ? null : to);
  };
  const index = at ? indexAt(at) : undefined;
  const reading = index === undefined ? null : readingOf(set.answers[index], now[index], before[index]);
  return (
    <div className="digits">
      <div className="stack muted digit-heads" aria-hidden="true">
        {rows.map(({ answer }) => (
          <span key={answer}>{answer}</span>
        ))}
      </div>
      <GridPicture
        className="digit-cells"
        aria-label={label}
        spoken={spoken}
        at={at}
        chosen={null}
        page={rows.length}
        onWalk={setAt}
        onPointerMove={point}
        onPointerLeave={() => setAt(null)}
        onBlur={() => setAt(null)}
        style={{ '--rows': rows.length, '--across': across } as CSSProperties}
      >
        <Heatmap pixels={pixels} aria-hidden="true" />
        {rows.flatMap(({ answer, indices }, row) =>
          indices.map(
            (i, column) =>
              now[i] !== answer && (
                <span
                  key={`${row}-${column}`}
                  className="misread"
                  aria-hidden="true"
                  style={percentages(boxOf([row, column], rows.length, across))}
                >
                  {now[i]}
                </span>
              ),
          ),
        )}
        {at && <PointedCell {...boxOf(at, rows.length, across)} />}
      </GridPicture>
      <p className="muted digit-key">
        <span className={reading ? 'unseen' : undefined}>
          {learns ? 'green: newly right · grey: wrong · red: its answer' : 'grey: wrong now · red: its answer'}
        </span>
        {reading && <span aria-hidden="true">{reading}</span>}
      </p>
    </div>
  );
}

/** The cell under the pointer, of a picture whose cells are equal. */
export function cellUnder(event: PointerEvent<HTMLElement>, rows: number, columns: number): CellPlace {
  const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
  const cell = (from: number, size: number, count: number) =>
    Math.max(0, Math.min(count - 1, Math.floor((from / size) * count)));
  return [cell(event.clientY - top, height, rows), cell(event.clientX - left, width, columns)];
}

/** Frames a cell of a picture; `box` in shares of its sides. */
export const PointedCell = (box: CellBox) => <span className="pointed" aria-hidden="true" style={percentages(box)} />;

function readingOf(answer: number, now: number, before: number): string {
  const read = now === answer ? 'read right' : `read as ${now}`;
  const was = before === answer ? 'right before' : `before as ${before}`;
  return now === before ? `a ${answer}, ${read}, as before` : `a ${answer}, ${read}, ${was}`;
}

const NEW_TINT = 0.24;
const WRONG_INK = 0.3;

/** Ink on paper; wrong ones pale; digits right that were wrong `before` on ΔW's hue. */
function gridPixels(
  { inputs, answers }: DigitSet,
  rows: readonly DigitRow[],
  now: Uint8Array,
  before: Uint8Array | null,
): Pixels {
  const cols = lengthOf(acrossOf(rows));
  const paint = (into: Uint8ClampedArray) => {
    const [paper, ink, hue] = [colour('--paper'), colour('--ink'), colour('--dw')];
    into.fill(0);
    for (const [row, { indices }] of rows.entries())
      for (const [column, index] of indices.entries()) {
        const right = now[index] === answers[index];
        const tint = right && before && before[index] !== answers[index] ? NEW_TINT : 0;
        for (let p = 0; p < PIXELS; p++) {
          const strength = ((inputs[index * PIXELS + p] + 1) / 2) * (right ? 1 : WRONG_INK);
          const at = 4 * ((row * PITCH + Math.floor(p / SIDE)) * cols + column * PITCH + (p % SIDE));
          for (let c = 0; c < 3; c++) {
            const ground = paper[c] + tint * (hue[c] - paper[c]);
            into[at + c] = ground + strength * (ink[c] - ground);
          }
          into[at + 3] = 255;
        }
      }
  };
  return { rows: lengthOf(rows.length), cols, paint };
}

interface DigitMapProps {
  readonly name: string;
  readonly hue: 'w0' | 'dwt';
  readonly set: DigitSet;
  readonly rows: readonly DigitRow[];
  readonly given: Uint8Array;
}

const MAP_CELL = 4;

/** A square for each digit of a grid, filled if it was read right, else hollow. */
export function DigitMap({ name, hue, set, rows, given }: DigitMapProps) {
  const squares = (filled: boolean) =>
    rows
      .flatMap(({ indices }, row) =>
        indices.map((index, column) =>
          (given[index] === set.answers[index]) === filled
            ? `M${column * MAP_CELL + 0.25} ${row * MAP_CELL + 0.25}h2.9v2.9h-2.9z`
            : '',
        ),
      )
      .join('');
  const [right, all] = rightOf(set, rows, given);
  const [width, height] = [ACROSS * MAP_CELL, rows.length * MAP_CELL];
  return (
    <div className="row">
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} className={hue} aria-hidden="true">
        <path d={squares(true)} fill="currentColor" stroke="currentColor" strokeWidth="0.5" />
        <path d={squares(false)} fill="none" stroke="currentColor" strokeWidth="0.5" opacity="0.6" />
      </svg>
      <span>
        <span className={hue}>{name}</span>
        <br />
        {right} of {all}
      </span>
    </div>
  );
}

export function rightOf(
  set: DigitSet,
  rows: readonly DigitRow[],
  given: Uint8Array,
): readonly [right: number, all: number] {
  const indices = rows.flatMap((row) => row.indices);
  return [indices.filter((i) => given[i] === set.answers[i]).length, indices.length];
}

interface NetworkMatrices {
  readonly before: readonly DigitLayer[];
  readonly now: readonly DigitLayer[];
}

/** The matrices of the network before training, and with the adapters of the step on show. */
export function useMergedLayers(): NetworkMatrices | null {
  const ready = useLab((s) => s.run.ready);
  const experiment = useLab((s) => s.run.experiment);
  const changes = useLab((s) => s.run.changes);
  const frame = useLab((s) => frameAt(s.run.frames, shownStep(s)));
  const before = useMemo(() => ready && pretrainedOf(ready), [ready]);
  const now = useMemo(() => {
    if (!ready?.network || !frame) return null;
    const settings = settingsAt({ experiment, changes }, frame.step);
    return mergedLayers(ready.network.layers, adaptersOf(ready, frame.modules, settings));
  }, [ready, frame, experiment, changes]);
  return before && now && { before, now };
}
