import { memo, useMemo, useState } from 'react';
import { type HandDrawing, handCounts } from '../../experiment/network/hand.ts';
import {
  DIGITS,
  digitOf,
  drawingNow,
  isHeldOut,
  ROUNDS,
  type Rounds,
  roundOf,
  type Slot,
} from '../../experiment/network/rounds.ts';
import { type CellPlace, GridPicture } from '../../kit/grids/grid-picture.tsx';
import { useWidth } from '../../kit/media.tsx';

const SIDE = 8;

/** A drawing as the network gets it: 8 × 8 shades of ink. */
export const SeenDigit = memo(function SeenDigit({ drawing }: { readonly drawing: HandDrawing | null }) {
  const counts = useMemo(() => (drawing ? [...handCounts(drawing)] : []), [drawing]);
  return (
    <svg className="seen-digit" viewBox={`0 0 ${SIDE} ${SIDE}`} shapeRendering="crispEdges" aria-hidden="true">
      {counts.map((count, at) =>
        count === 0 ? null : (
          <rect key={at} x={at % SIDE} y={Math.floor(at / SIDE)} width="1" height="1" opacity={count / 16} />
        ),
      )}
    </svg>
  );
});

interface DrawingsProps {
  readonly rounds: Rounds;
  readonly onRedraw: (slot: Slot) => void;
}

/** The fifty drawings, a row each of the digits; on a wide screen two digits share one. One tab stop. */
export function Drawings({ rounds, onRedraw }: DrawingsProps) {
  const across = useWidth() === 'phone' ? 1 : 2;
  const [at, setAt] = useState<CellPlace | null>(null);
  const rows = Array.from({ length: DIGITS / across }, (_, row) =>
    Array.from({ length: across }, (_, i) => across * row + i),
  );
  const slotAt = ([row, column]: CellPlace): Slot =>
    (column % ROUNDS) * DIGITS + rows[row][Math.floor(column / ROUNDS)];
  const spoken = useMemo(
    () => ({
      corner: 'Digit',
      rows: rows.map((digits) => digits.join(' and ')),
      columns: rows[0].flatMap(() => Array.from({ length: ROUNDS }, (_, round) => `round ${round + 1}`)),
      words: (place: CellPlace) => wordsOf(rounds, slotAt(place)),
    }),
    [rounds, across],
  );
  const { current } = rounds;
  const onPad = useMemo(() => drawingNow(rounds), [rounds.strokes]);
  const chosen = current === null ? null : placeOf(current, across);
  return (
    <GridPicture
      className="drawings"
      aria-label="Fifty drawings"
      {...{ spoken, at, chosen, page: rows.length, onWalk: setAt }}
      onAct={(key) => {
        if (key === 'Escape' || !at) return false;
        onRedraw(slotAt(at));
        return true;
      }}
      onFocus={() => setAt(at ?? chosen ?? [0, 0])}
    >
      {rows.flat().map((digit) => (
        <div key={digit} className="row digit" aria-hidden="true">
          <b>{digit}</b>
          {Array.from({ length: ROUNDS }, (_, round) => round * DIGITS + digit).map((slot) => (
            <Small
              key={slot}
              {...{ slot, onRedraw }}
              drawing={(slot === current && onPad) || rounds.drawings[slot]}
              skipped={rounds.skipped.has(slot)}
              current={slot === current}
              walked={at !== null && slot === slotAt(at)}
            />
          ))}
        </div>
      ))}
    </GridPicture>
  );
}

/** The cell of a slot if `across` digits share a row. */
function placeOf(slot: Slot, across: number): CellPlace {
  const digit = digitOf(slot);
  return [Math.floor(digit / across), (digit % across) * ROUNDS + roundOf(slot)];
}

function wordsOf({ drawings, skipped, current }: Rounds, slot: Slot): string {
  const state = drawings[slot] ? 'drawn' : skipped.has(slot) ? 'skipped' : 'not drawn yet';
  const test = isHeldOut(slot) ? ', held out as a test' : '';
  return `${digitOf(slot)}, round ${roundOf(slot) + 1}: ${state}${test}${slot === current ? ', on the pad' : ''}`;
}

interface SmallProps extends Pick<DrawingsProps, 'onRedraw'> {
  readonly slot: Slot;
  readonly drawing: HandDrawing | null;
  readonly skipped: boolean;
  readonly current: boolean;
  readonly walked: boolean;
}

const Small = memo(function Small({ slot, drawing, skipped, current, walked, onRedraw }: SmallProps) {
  const states = { 'held-out': isHeldOut(slot), current, walked };
  const names = Object.entries(states).flatMap(([name, on]) => (on ? [name] : []));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the grid around has the keys
    <span className={['small', ...names].join(' ')} onClick={() => onRedraw(slot)}>
      {skipped ? '–' : <SeenDigit drawing={drawing} />}
    </span>
  );
});
