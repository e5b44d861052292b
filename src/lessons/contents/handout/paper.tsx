import { createContext, type ReactNode, use, useMemo } from 'react';
import { editShade } from '../../../experiment/targets/edit.ts';
import { owl, paint } from '../../../experiment/targets/pictures.ts';
import { DataTable } from '../../../kit/grids/data-table.tsx';
import { Heatmap, type Pixels } from '../../../kit/grids/heatmap.tsx';
import { type Svd, svd } from '../../../math/factor/svd.ts';
import { leadingColumns, type Matrix64, multiply, transpose } from '../../../math/matrix.ts';

/** The paper tasks of a lesson. The same text makes the handout and, with its blanks filled in, the answer key. */
export interface PaperTasks {
  readonly tasks: readonly { readonly title: string; readonly Task: ReactNode }[];
  /** Answers to the questions that are answered on the page, in their order. */
  readonly onThePage: readonly string[];
}

/** Whether the sheet is the answer key. */
export const IsKey = createContext(false);

/** A gap to write in; in the key, what belongs there. Its width says nothing of the answer. */
function Blank({ answer }: { readonly answer: string }) {
  return use(IsKey) ? <b className="filled">{answer}</b> : <span className="gap" />;
}
export const blank = (answer: string | number) => <Blank answer={String(answer)} />;

/** In the key alone. */
export function KeyOnly({ children }: { readonly children: ReactNode }) {
  return use(IsKey) && children;
}

const SIDE = 64;
const BLACK_TO_WHITE = 255;

/** Changes of the owl in greys 0 … 1, each as its best approximation of a rank, times a weight. */
export type OwlChange = readonly [edit: 'sunglasses' | 'hat', rank: number, weight: number];

const picture = paint(owl, SIDE, SIDE);
const decompositions = new Map<OwlChange[0], Svd>();

function changeOf(edit: OwlChange[0]): Svd {
  const shade = editShade(edit);
  const whole = paint({ ...owl, shade: (x, y) => shade(x, y) ?? owl.shade(x, y) }, SIDE, SIDE);
  const found =
    decompositions.get(edit) ?? svd({ ...whole, data: whole.data.map((grey, i) => grey - picture.data[i]) });
  decompositions.set(edit, found);
  return found;
}

/** The owl with changes, computed here, so that it is the same on every device. */
function changedOwl(changes: readonly OwlChange[]): Matrix64 {
  const data = picture.data.slice();
  for (const [edit, rank, weight] of changes) {
    const { U, S, V } = changeOf(edit);
    const scaled = leadingColumns(U, rank);
    for (let i = 0; i < scaled.data.length; i++) scaled.data[i] *= S[i % rank] * weight;
    const { data: change } = multiply(scaled, transpose(leadingColumns(V, rank)));
    for (let i = 0; i < data.length; i++) data[i] += change[i];
  }
  return { ...picture, data };
}

function greyPixels({ rows, cols, data }: Matrix64): Pixels {
  return {
    rows,
    cols,
    paint: (into) => {
      for (let i = 0; i < data.length; i++) {
        // 1 is ink.
        const grey = Math.round(BLACK_TO_WHITE * Math.min(1, Math.max(0, 1 - data[i])));
        into.set([grey, grey, grey, 255], 4 * i);
      }
    },
  };
}

interface OwlsProps {
  readonly owls: readonly {
    readonly letter: string;
    readonly changes: readonly OwlChange[];
    readonly below: ReactNode;
  }[];
}

/** Owls side by side, each with a letter and something to write below it. */
export function Owls({ owls }: OwlsProps) {
  const pixels = useMemo(() => owls.map(({ changes }) => greyPixels(changedOwl(changes))), [owls]);
  return (
    <div className="owls">
      {owls.map(({ letter, below }, i) => (
        <div key={letter}>
          <Heatmap pixels={pixels[i]} role="img" aria-label={`Owl ${letter}`} />
          <p>
            <b>{letter}</b> {below}
          </p>
        </div>
      ))}
    </div>
  );
}

interface GridProps {
  readonly name: ReactNode;
  /** A vector is one column. */
  readonly rows: readonly (readonly (number | string)[])[];
  /** Entries to fill in. */
  readonly blank?: boolean;
}

const shown = (entry: number | string) =>
  typeof entry === 'string' ? entry : String(Number(entry.toFixed(4))).replace('-', '−');

/** A small matrix in brackets, given or to be filled in. */
export function Grid({ name, rows, blank: gaps = false }: GridProps) {
  return (
    <div className="row matrix-grid">
      <span>{name} =</span>
      <table aria-label="Matrix">
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((entry, j) => (
                <td key={j}>{gaps ? <Blank answer={shown(entry)} /> : shown(entry)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Row {
  readonly head: ReactNode;
  readonly cells: readonly ReactNode[];
}

/** Rows below heads; an empty head is a corner. */
export const table = (heads: readonly ReactNode[], rows: readonly Row[]) => (
  <DataTable
    className="numbers"
    rows={rows}
    columns={heads.map((head, at) => ({
      key: String(at),
      head: head === '' ? undefined : head,
      cell: ({ head: first, cells }: Row) => (at === 0 ? first : cells[at - 1]),
    }))}
  />
);

interface BarsProps {
  readonly spectra: readonly { readonly letter: string; readonly values: readonly number[] }[];
}

/** Singular values as bars with their numbers, a group a letter. */
export function Bars({ spectra }: BarsProps) {
  const [bar, gap, height] = [16, 26, 58];
  const width = spectra.reduce((sum, { values }) => sum + values.length * bar + gap, 0);
  let left = 0;
  return (
    <svg className="bars" viewBox={`0 0 ${width} ${height + 32}`} role="img" aria-label="Singular values as bars">
      {spectra.map(({ letter, values }) => {
        const most = Math.max(...values);
        const at = left;
        left += values.length * bar + gap;
        return (
          <g key={letter} transform={`translate(${at} 0)`}>
            {values.map((value, i) => {
              const tall = (value / most) * (height - 12);
              return (
                <g key={i}>
                  <rect x={i * bar + 1} y={height - tall} width={bar - 3} height={tall} />
                  <text x={i * bar + bar / 2 - 1} y={height - tall - 2}>
                    {shown(value)}
                  </text>
                </g>
              );
            })}
            <text className="letter" x={(values.length * bar) / 2} y={height + 15}>
              {letter}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

interface AxesProps {
  readonly places: readonly (number | string)[];
  readonly ticks: readonly number[];
  readonly axes: readonly [x: string, y: string];
  /** In the handout too; `right` in the key alone. */
  readonly lines?: readonly { readonly letter: string; readonly values: readonly number[] }[];
  readonly right?: readonly number[];
}

/** Axes to draw into, or curves to name. */
export function Axes({ places, ticks, axes: [x, y], lines = [], right }: AxesProps) {
  const isKey = use(IsKey);
  const [width, height, left, foot] = [460, 190, 44, 32];
  const top = Math.max(...ticks);
  const px = (i: number) => left + 14 + (i * (width - left - 60)) / (places.length - 1);
  const py = (value: number) => 18 + (1 - value / top) * (height - foot - 18);
  const all = [...lines, ...(isKey && right ? [{ letter: '', values: right }] : [])];
  return (
    <svg className="axes" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`Chart: ${y} against ${x}`}>
      {ticks.map((tick) => (
        <g key={tick}>
          <path className="line" d={`M${left} ${py(tick)}H${width - 40}`} />
          <text x={left - 6} y={py(tick) + 4} className="end">
            {tick}
          </text>
        </g>
      ))}
      {places.map((place, i) => (
        <text key={place} x={px(i)} y={height - foot + 15}>
          {place}
        </text>
      ))}
      <text x={width - 40} y={height - 3} className="end">
        {x}
      </text>
      <text x={left - 24} y={9} className="begin">
        {y}
      </text>
      {all.map(({ letter, values }) => (
        <g key={letter}>
          <path className="curve" d={values.map((v, i) => `${i ? 'L' : 'M'}${px(i)} ${py(v)}`).join('')} />
          {values.map((v, i) => (
            <circle key={i} cx={px(i)} cy={py(v)} r="3" />
          ))}
          <text x={px(values.length - 1) + 10} y={py(values[values.length - 1]) + 4} className="begin letter">
            {letter}
          </text>
        </g>
      ))}
    </svg>
  );
}
