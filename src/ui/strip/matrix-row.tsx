import { type CSSProperties, type PointerEvent, type ReactNode, useEffect, useMemo, useState } from 'react';
import { type StripSizes, widthOf } from '../../charts/matrices/strip-sizes.ts';
import { count, number } from '../../experiment/numbers.ts';
import { useThrottled } from '../../kit/announced.tsx';
import type { Rect } from '../../kit/chart/marks.ts';
import { useDispatch, useLab } from '../page.tsx';
import { areTooLong, type CaptionFacts, captions, portraitWords } from './captions.ts';
import { labelOf, type MatrixName, stripMatrices } from './matrices.ts';
import { Caption, CellWalker, ColourKey, Lock, Matrix, type MatrixPlace, Outline, Sign } from './parts.tsx';
import { factorWords, type Hit, hitOf, readingAt, restingCell } from './read-out.ts';
import type { PaintedStrip } from './use-painted-matrices.ts';

interface MatrixRowProps {
  readonly sizes: StripSizes;
  readonly facts: CaptionFacts;
  readonly painted: PaintedStrip | null;
  /** Replaces a heading if W₀ is a picture: the choice of the matrix next to it. */
  readonly aside: ReactNode;
}

/** Below matrices narrower than this, in em, captions are brief. */
const BRIEF = 12.8;
/** Narrower matrices, in em, have no room for ΔW = s·B·A − s₀·B₀·A₀ before the next one. */
const SUM = 9.5;
/** A narrower A, in em, has no room for its size next to "Trained", or in one row between it and the colour key. */
const BESIDE_TRAINED = 10;
const BESIDE_KEY = 4.6;
/** Average width of a letter of a read-out, in em; of a caption, which may extend into the gap by MARGIN em. */
const LETTER = 0.5;
const CAPTION = { letter: 0.46, margin: 2.5 };
/** In em: a blank ΔW lower than LEAST has no room for words, one lower than ROOMY none for a dotted line as well. */
const LEAST = 3;
const ROOMY = { oneLine: 13.8, twoLines: 22.7, narrow: 12 };

/** The matrices of a module in a row that reads as a sum, each with name above and figures below. */
export function MatrixRow({ sizes, facts, painted, aside }: MatrixRowProps) {
  const cell = useLab((s) => s.cell);
  const training = useLab((s) => s.run.status === 'training');
  const network = useLab((s) => !!s.run.ready?.network);
  // Full fine-tuning has not run yet.
  const waits = useLab((s) => !!s.run.ready?.network && s.run.full === null);
  const dispatch = useDispatch();
  const [factor, setFactor] = useState<Hit['factor']>(null);
  const { pictured, rows, leading, slot, font, square, tracks } = sizes;
  const { d, k, rank, shown, portrait, error, frozenFactor, first, method = null } = facts;
  const resting = restingCell(facts);
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const found = hitOf(matricesIn(event.currentTarget), facts, cell ?? resting, event.clientX, event.clientY);
    setFactor(found?.factor ?? null);
    if (found || cell) dispatch({ type: 'cell', cell: found?.cell ?? null });
  };
  const leave = (event: PointerEvent) => {
    // pointerleave also follows a lifted finger; its cell stays until the next touch.
    if (event.pointerType === 'touch') return;
    setFactor(null);
    if (cell) dispatch({ type: 'cell', cell: null });
  };

  const fits = (text: string) => text.length * LETTER * font <= slot + 2 * font;
  const reading = cell && painted && readingAt(painted, facts, cell, { pictured, short: rows === 2, fits });
  const said = useThrottled(reading ? reading.words : '');
  const narrow = rows === 2 || slot < BRIEF * font;
  const most = (slot / font + CAPTION.margin) / CAPTION.letter;
  const brief = useMemo(() => narrow || areTooLong(facts, most), [facts, narrow, most]);
  const texts = useMemo(() => captions(facts, brief), [facts, brief]);
  const empty = facts.blank && square.down >= LEAST * font;
  const covered = empty && square.down < font * (square.across < ROOMY.narrow * font ? ROOMY.twoLines : ROOMY.oneLine);
  const outlined = cell ?? (pictured || covered ? null : resting);

  const matrices = new Map(
    stripMatrices(sizes, facts.aside, painted, !network, method?.places ?? null).map((one) => [one.name, one]),
  );
  const matrix = (name: MatrixName, head: ReactNode, over?: ReactNode) => {
    const drawn = matrices.get(name);
    if (!drawn) return null;
    const shape = [name === 'A' ? rank : d, name === 'B' ? rank : k] as const;
    const factor = name === 'A' || name === 'B';
    return (
      <Matrix
        matrix={drawn}
        place={name === 'A' ? undefined : placeOf(name, sizes)}
        label={labelOf(name, ...shape, drawn.plane, training, facts)}
        head={head}
        caption={
          !factor && (
            <Caption
              {...{ name, facts }}
              brief={name === 'dW' ? rows === 2 || slot < SUM * font : brief}
              text={(reading?.captions ?? texts)[name]}
              reading={!!reading}
            />
          )
        }
      >
        {over}
        {outlined && !(method && factor) && (cell || factor || name === 'dW') && (
          <Outline {...{ sizes, shape }} matrix={drawn} cell={outlined} />
        )}
      </Matrix>
    );
  };
  const size = (height: number, width: number) => `${count(height)} × ${count(width)}`;
  const tight = rows === 2 ? slot < BESIDE_TRAINED * font : square.across < BESIDE_KEY * font;
  const ofA = first || tight ? '' : (method?.places.A?.size ?? size(rank, k));
  // The places of a method may hold matrices of any shape.
  const read = (of: 'A' | 'B') => (painted && !method ? factorWords(painted, facts, factor, of) : null);
  const readA = read('A');
  const ofB = first || (rows === 2 && !pictured) ? '' : (method?.places.B?.size ?? size(d, rank));
  const beside = first ? <p className="head dwt">Target for ΔW</p> : aside;
  return (
    <div
      className={useSettling(rank) ? 'strip settling' : 'strip'}
      data-rows={rows}
      style={stripStyle(sizes)}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={leave}
    >
      {portrait && (
        <p className="unseen">{portraitWords({ ...facts, portrait }, error === null ? null : number(error))}</p>
      )}
      {matrix('W', !leading && <p className="head">What the layer uses</p>)}
      {matrix('W0', <p className="head w0">{shown === 'update' ? 'Original' : <Lock>Frozen</Lock>}</p>)}
      {matrix(
        'B',
        <p className="head factor">
          <i className="b">{method?.places.B?.name ?? 'B'}</i>
          <span>{read('B') ?? ofB}</span>
          {frozenFactor === 'B' && <Lock>frozen</Lock>}
        </p>,
      )}
      {matrix(
        'dW',
        matrix(
          'A',
          <p className="head factor">
            <i className="a">{method?.places.A?.name ?? 'A'}</i>
            <span>{readA ?? ofA}</span>
            {frozenFactor === 'A' ? <Lock>frozen</Lock> : (rows === 1 || !readA) && !leading && <b>Trained</b>}
          </p>,
        ),
        <>
          {/* An empty square would look like a picture that failed to load. */}
          {empty && !reading && <p className="nothing">nothing learned yet</p>}
          <CellWalker facts={facts} />
        </>,
      )}
      {!waits &&
        matrix('target', pictured ? beside : <p className="head dwt">{network ? 'Full fine-tuning' : 'Target'}</p>)}
      {matrix('E', pictured ? aside : <p className="head">Remaining error</p>)}
      {tracks.map(([name]) =>
        waits && name === 'match' ? null : (
          <Sign key={name} name={name} less={shown === 'frozen'} against={network} sizes={sizes} />
        ),
      )}
      {painted && rows === 1 && !first && !network && (
        <ColourKey scale={painted.scales.update} {...{ shown, pictured }} />
      )}
      <p className="unseen" aria-live="polite">
        {said}
      </p>
    </div>
  );
}

function placeOf(name: MatrixName, { pictured, rows, leading, tracks, W }: StripSizes): MatrixPlace {
  if (leading && name === 'W')
    return { className: 'leading', style: { gridArea: '1 / 1 / span 2 / -1', width: W.across } };
  // In two rows W (for a layer: E) is below W₀, and ΔW* below ΔW.
  const second = leading || name === 'target' || name === 'E' || (pictured && name === 'W');
  const row = rows === 2 && second ? 3 : 1;
  const aside = pictured && name === 'E' ? 'target' : name;
  const column = row === 1 || leading ? aside : aside === 'target' ? 'dW' : 'W0';
  const gridArea = `${row} / ${column} / span 2`;
  if (name === 'B') return { style: { gridArea, justifyItems: 'end', '--across': 0 } as CSSProperties };
  return { className: column === tracks.at(-1)?.[0] ? 'at-end' : '', style: { gridArea } };
}

function stripStyle(sizes: StripSizes) {
  const { tracks, rows, leading, top, between, square, W } = sizes;
  const twoRows = leading
    ? `${W.down}px minmax(${between}px, auto) ${top}px auto`
    : `${top}px minmax(${between}px, auto) auto auto`;
  return {
    gridTemplateColumns: tracks.map(([name, width]) => `[${name}] ${width}px`).join(' '),
    gridTemplateRows: rows === 1 ? `${top}px auto` : twoRows,
    '--words': rows === 1 ? '3.1em' : '1.9em',
    // Overhang of text into the margin.
    '--over': rows === 1 ? '1em' : '0px',
    '--inner': `${widthOf(sizes, 'inner')}px`,
    '--row': leading ? 3 : 1,
    justifyContent: leading ? 'center' : undefined,
    '--across': `${square.across}px`,
    '--down': `${square.down}px`,
    // Signs go between the matrices, not between their texts.
    '--nearer': `${square.across - widthOf(sizes, 'W0')}px`,
  };
}

/** --settle: duration in ms of a change of sizes. */
export const SETTLE = 240;

/** True for a moment after a change that sizes animate; they follow others (a resize) at once. */
function useSettling(cause: unknown): boolean {
  const [settled, settle] = useState(cause);
  useEffect(() => {
    if (settled === cause) return;
    const over = setTimeout(() => settle(cause), SETTLE);
    return () => clearTimeout(over);
  }, [settled, cause]);
  return settled !== cause;
}

const matricesIn = (strip: Element) =>
  [...strip.querySelectorAll<HTMLElement>('[data-matrix]')].map((matrix): readonly [MatrixName, Rect] => [
    matrix.dataset.matrix as MatrixName,
    matrix.getBoundingClientRect(),
  ]);
