import { type CSSProperties, type PointerEvent, type ReactNode, useMemo, useState } from 'react';
import { decoderAttention } from '../../experiment/network/decoder/decoder-attention.ts';
import type { SequenceData } from '../../experiment/network/network-data.ts';
import { SEPARATOR } from '../../experiment/network/sequences.ts';
import { type CellPlace, GridPicture } from '../../kit/grids/grid-picture.tsx';
import { Heatmap, type Pixels } from '../../kit/grids/heatmap.tsx';
import { useTheme } from '../looks/theme.tsx';
import { colour, mix } from '../rail/colours.ts';
import { cellUnder, PointedCell, useMergedLayers } from './digit-grid.tsx';

/** Weights of the answers of one sequence, a row each. */
interface AttentionMap {
  readonly rows: number;
  readonly cols: number;
  readonly values: Float64Array;
}

type Heads = readonly (readonly AttentionMap[])[];

export const symbolText = (value: number) => (value === SEPARATOR ? '|' : value.toString(16));

interface AttentionProps {
  readonly network: Pick<SequenceData, 'length' | 'asked' | 'rest' | 'heldOut'>;
  /** The sequence, of those held out. */
  readonly s: number;
}

/** Which symbols the network looks at for each answer of a sequence: all heads, and one of them before and now. */
export function Attention({ network, s }: AttentionProps) {
  const { length, asked, rest, heldOut } = network;
  const matrices = useMergedLayers();
  const [chosen, setChosen] = useState<CellPlace>([0, 1]);
  const symbols = useMemo(() => heldOut.inputs.slice(s * length, (s + 1) * length), [heldOut, s, length]);
  const right = heldOut.answers.subarray(s * asked, (s + 1) * asked);
  const of = (layers: Parameters<typeof decoderAttention>[0] | undefined): Heads | null =>
    layers
      ? decoderAttention(layers, rest, symbols).map((heads) =>
          heads.map((weights) => ({ rows: asked, cols: length, values: weights.subarray(-asked * length) })),
        )
      : null;
  const before = useMemo(() => of(matrices?.before), [matrices?.before, rest, symbols]);
  const now = useMemo(() => of(matrices?.now), [matrices?.now, rest, symbols]);
  if (!before || !now) return null;
  const [block, head] = chosen;
  return (
    <>
      <HeadPicker heads={now} chosen={chosen} onChoose={setChosen} />
      <p className="note">
        Layer {block}, head {head}. Each answer is a row; ink shows where it looks.
      </p>
      <HeadMaps before={before[block][head]} now={now[block][head]} symbols={symbols} right={right} />
    </>
  );
}

/** The position, from 1, that each answer looks at most. */
const strongest = ({ rows, cols, values }: AttentionMap) =>
  Array.from({ length: rows }, (_, i) => {
    const row = values.subarray(i * cols, (i + 1) * cols);
    return row.indexOf(Math.max(...row)) + 1;
  });

/** Cells between two maps, and the share of ink where nothing is looked at. */
const GAP = 2;
const GROUND = 0.06;

interface HeadPickerProps {
  readonly heads: Heads;
  readonly chosen: CellPlace;
  readonly onChoose: (head: CellPlace) => void;
}

/** A small picture of each head: blocks are rows. */
function HeadPicker({ heads, chosen, onChoose }: HeadPickerProps) {
  const theme = useTheme();
  const [blocks, across] = [heads.length, heads[0].length];
  const [{ rows, cols }] = heads[0];
  const pixels = useMemo(() => tiled(heads), [heads, theme]);
  const spoken = useMemo(
    () => ({
      corner: 'Layer',
      rows: heads.map((_, block) => `layer ${block}`),
      columns: heads[0].map((_, head) => `head ${head}`),
      words: ([block, head]: CellPlace) =>
        `layer ${block}, head ${head}: the answers look most at positions ${strongest(heads[block][head]).join(', ')}`,
    }),
    [heads],
  );
  const [width, height] = [across * (cols + GAP) - GAP, blocks * (rows + GAP) - GAP];
  return (
    <div className="attention-picker">
      <span />
      <span className="muted attention-names" aria-hidden="true">
        {heads[0].map((_, head) => (
          <span key={head}>head {head}</span>
        ))}
      </span>
      <span className="stack muted digit-heads" aria-hidden="true">
        {heads.map((_, block) => (
          <span key={block}>layer {block}</span>
        ))}
      </span>
      <GridPicture
        className="attention-heads"
        aria-label="Heads"
        spoken={spoken}
        at={chosen}
        chosen={chosen}
        page={blocks}
        onWalk={onChoose}
        onPointerDown={(event) => onChoose(cellUnder(event, blocks, across))}
        style={{ aspectRatio: `${width} / ${height}` }}
      >
        <Heatmap pixels={pixels} aria-hidden="true" />
        <PointedCell
          left={(chosen[1] * (cols + GAP)) / width}
          top={(chosen[0] * (rows + GAP)) / height}
          width={cols / width}
          height={rows / height}
        />
      </GridPicture>
    </div>
  );
}

interface HeadMapsProps {
  readonly before: AttentionMap;
  readonly now: AttentionMap;
  readonly symbols: Uint8Array;
  readonly right: Uint8Array;
}

function HeadMaps({ before, now, symbols, right }: HeadMapsProps) {
  const [at, setAt] = useState<CellPlace | null>(null);
  const { rows, cols } = now;
  const seen = ([row, column]: CellPlace) => column <= cols - rows + row;
  const spoken = useMemo(() => {
    const share = ({ values }: AttentionMap, [row, column]: CellPlace) => values[row * cols + column].toFixed(2);
    return {
      corner: 'Answer',
      rows: Array.from(right, (value, i) => `answer ${i + 1}, ${symbolText(value)}`),
      columns: Array.from(symbols, (value, i) => `position ${i + 1}, ${symbolText(value)}`),
      words: (place: CellPlace) => {
        if (!seen(place)) return null;
        const [row, column] = place;
        const [answer, symbol] = [symbolText(right[row]), symbolText(symbols[column])];
        return `answer ${row + 1}, ${answer}, on ${symbol} at position ${column + 1}: ${share(now, place)}, before ${share(before, place)}`;
      },
    };
  }, [before, now, symbols, right]);
  const walk = (to: CellPlace) => setAt(seen(to) ? to : [to[0], cols - rows + to[0]]);
  const point = (event: PointerEvent<HTMLElement>) => {
    const to = cellUnder(event, rows, cols);
    setAt(seen(to) ? to : null);
  };
  const pointing = { onPointerMove: point, onPointerLeave: () => setAt(null) };
  const mark = at && <PointedCell left={at[1] / cols} top={at[0] / rows} width={1 / cols} height={1 / rows} />;
  return (
    <>
      <div className="row wrap attention-maps" style={{ '--rows': rows, '--across': cols } as CSSProperties}>
        <Labelled name="before" hue="w0" symbols={symbols} right={right}>
          <div className="attention-cells" aria-hidden="true" {...pointing}>
            <MapPicture map={before} />
            {mark}
          </div>
        </Labelled>
        <Labelled name="now" hue="dw" symbols={symbols} right={right}>
          <GridPicture
            className="attention-cells"
            aria-label="Attention now and before"
            spoken={spoken}
            at={at}
            chosen={null}
            page={rows}
            onWalk={walk}
            onBlur={() => setAt(null)}
            {...pointing}
          >
            <MapPicture map={now} />
            {mark}
          </GridPicture>
        </Labelled>
      </div>
      <p className="help" aria-hidden="true">
        {(at && spoken.words(at)) ?? '\u00a0'}
      </p>
    </>
  );
}

interface LabelledProps {
  readonly name: string;
  readonly hue: 'w0' | 'dw';
  readonly symbols: Uint8Array;
  readonly right: Uint8Array;
  readonly children: ReactNode;
}

/** A map between the symbols that are read, above, and the answers, on the left. */
function Labelled({ name, hue, symbols, right, children }: LabelledProps) {
  const signs = (values: Uint8Array, before = '') =>
    Array.from(values, (value, i) => <span key={i}>{before + symbolText(value)}</span>);
  return (
    <div className="attention-map">
      <span className={hue}>{name}</span>
      <span className="attention-symbols" aria-hidden="true">
        {signs(symbols)}
      </span>
      <span className="attention-answers" aria-hidden="true">
        {signs(right, '→ ')}
      </span>
      {children}
    </div>
  );
}

function MapPicture({ map }: { readonly map: AttentionMap }) {
  const theme = useTheme();
  const pixels = useMemo(() => tiled([[map]]), [map, theme]);
  return <Heatmap pixels={pixels} aria-hidden="true" />;
}

/** Maps in rows, with gaps between them; weights are ink on a pale ground, so that a map has an edge. */
function tiled(maps: Heads): Pixels {
  const [{ rows, cols }] = maps[0];
  const width = maps[0].length * (cols + GAP) - GAP;
  const paint = (into: Uint8ClampedArray) => {
    into.fill(0);
    const [paper, ink] = [colour('--paper'), colour('--ink')];
    for (const [down, row] of maps.entries())
      for (const [across, { values }] of row.entries())
        for (const [i, value] of values.entries()) {
          const y = down * (rows + GAP) + Math.floor(i / cols);
          const at = y * width + across * (cols + GAP) + (i % cols);
          mix(into, at, paper, ink, GROUND + (1 - GROUND) * value);
        }
  };
  return { rows: maps.length * (rows + GAP) - GAP, cols: width, paint };
}
