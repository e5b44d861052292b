import { type PointerEvent, useRef, useState } from 'react';
import type { StripLayout } from '../../charts/matrices/strip-layout.ts';
import { count, number } from '../../experiment/numbers.ts';
import { useCalm } from '../../kit/calm.ts';
import { Select } from '../../kit/choice.tsx';
import { useDispatch, useShown } from '../page.tsx';
import { type CaptionFacts, type Drawn, inBlocks } from './captions.ts';
import { type Hit, hit, restingCell } from './hit.ts';
import { Matrices } from './matrices.tsx';
import { MovedNote } from './moved-note.tsx';
import { useMoving } from './moving.ts';
import { nothingCovers, Outline, Ramp, Walker } from './overlay.tsx';
import type { Split } from './planes.ts';
import { portraitWords } from './portrait.ts';
import {
  blockReadOut,
  clippedOf,
  factorWords,
  isBlock,
  largestAt,
  placeOf,
  placeWords,
  readOut,
  termsAt,
  valuesAt,
  valueWords,
} from './read-out.ts';
import { roomBelow, StripText } from './strip-text.tsx';
import { useFacts } from './use-facts.ts';
import { useLayout } from './use-layout.ts';
import { type Painted, usePainted } from './use-painted.ts';

/** W = W₀ + s·B·A → ΔW*, leaves E: every matrix as a heat map, on scales that can be compared. */
export function Strip() {
  const room = useRef<HTMLDivElement>(null);
  const [wish, setWish] = useState<Drawn>('means');
  const [split, setSplit] = useState<Split>('update');
  const [aside, setAside] = useState<CaptionFacts['aside']>('target');
  const painted = usePainted(room, wish, split);
  const facts = useFacts(painted, aside);
  const layout = useMoving(useLayout(room, facts), facts.rank);
  return (
    <section className={layout?.pictured ? 'hero pictured' : 'hero'} aria-label="Matrices">
      <div ref={room} className="room">
        {layout && <Picture layout={layout} facts={facts} painted={painted} />}
        {layout?.pictured && <Aside layout={layout} aside={aside} choose={setAside} />}
        {inBlocks(facts) && <PixelChoice facts={facts} wish={wish} choose={setWish} painted={painted} />}
      </div>
      {facts.shown !== 'plain' && (
        <MovedNote shown={facts.shown} fixed={painted?.drawn === 'extremes'} choose={setSplit} />
      )}
    </section>
  );
}

interface StripProps {
  readonly layout: StripLayout;
  readonly facts: CaptionFacts;
  readonly painted: Painted | null;
}

function Picture({ layout, facts, painted }: StripProps) {
  const cell = useShown((s) => s.cell);
  const dispatch = useDispatch();
  const [factor, setFactor] = useState<Hit['factor']>(null);
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const found = hit(layout, facts, cell ?? restingCell(facts), event.clientX - left, event.clientY - top);
    setFactor(found?.factor ?? null);
    if (found || cell) dispatch({ type: 'cell', cell: found?.cell ?? null });
  };
  const leave = (event: PointerEvent) => {
    // A finger that is lifted leaves too; its cell stays until another place is touched.
    if (event.pointerType === 'touch') return;
    setFactor(null);
    if (cell) dispatch({ type: 'cell', cell: null });
  };
  return (
    <div
      className="strip"
      style={{ height: layout.height }}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={leave}
    >
      <Matrices layout={layout} facts={facts} painted={painted} />
      {painted && <Ramp layout={layout} scale={painted.scales.update} />}
      <Words layout={layout} facts={facts} painted={painted} factor={factor} />
      <Walker rect={layout.matrices.DW} facts={facts} />
    </div>
  );
}

/** Whether a cell is outlined that nobody points at: a layer has it, unless words stand there. */
function rests(layout: StripLayout, facts: CaptionFacts): boolean {
  return !layout.pictured && !(facts.blank && nothingCovers(layout, restingCell(facts).row, facts.d));
}

/** All text and lines over the matrices. */
function Words({ layout, facts, painted, factor }: StripProps & { readonly factor: Hit['factor'] }) {
  const cell = useShown((s) => s.cell);
  const short = layout.captions.DW.lines.length === 1;
  const place = cell && painted && placeOf(painted.means.dW, cell, facts.d, facts.k);
  const reading = cell && painted && place;
  const fits = roomBelow(layout);
  const values = reading && valuesAt(painted.means, cell);
  const largest = reading && largestAt(painted, cell);
  const below =
    reading && values
      ? isBlock(place)
        ? blockReadOut(values, largest, short)
        : readOut(
            place,
            values,
            painted.scaling,
            clippedOf(painted.planes, painted.scales, layout.pictured),
            short,
            facts.shown,
            fits,
            termsAt(painted.means, cell, facts.rank),
          )
      : null;
  const said = useCalm(reading && values ? `${placeWords(place)}: ${valueWords(values, largest, facts.shown)}` : '');
  const { portrait, error } = facts;
  return (
    <>
      {portrait && (
        <p className="unseen">{portraitWords({ ...facts, portrait }, error === null ? null : number(error))}</p>
      )}
      <StripText
        layout={layout}
        facts={facts}
        scales={painted?.scales ?? null}
        below={below}
        ofA={painted && factorWords(painted, facts, factor, 'A')}
        ofB={painted && factorWords(painted, facts, factor, 'B')}
      >
        {(cell || rests(layout, facts)) && (
          <Outline layout={layout} shape={facts} cell={cell ?? restingCell(facts)} everywhere={cell !== null} />
        )}
      </StripText>
      <p className="unseen" aria-live="polite">
        {said}
      </p>
    </>
  );
}

interface AsideProps {
  readonly layout: StripLayout;
  readonly aside: CaptionFacts['aside'];
  readonly choose: (aside: CaptionFacts['aside']) => void;
}

/** The heading beside a picture is a choice: ΔW*, or what is still missing of it. */
function Aside({ layout, aside, choose }: AsideProps) {
  const { x, y } = layout.headings.target;
  const { font, width } = layout;
  return (
    <Select
      className={`pick aside ${aside === 'target' ? 'dwt' : ''}`}
      aria-label="Beside W"
      style={{ left: x, top: y, maxWidth: width - x + font }}
      options={[
        ['target', 'Target for ΔW'],
        ['E', 'Remaining error'],
      ]}
      value={aside}
      onChange={choose}
    />
  );
}

interface PixelProps {
  readonly facts: CaptionFacts;
  readonly wish: Drawn;
  readonly choose: (wish: Drawn) => void;
  readonly painted: Painted | null;
}

/** What a cell of a large layer shows of its block, and which one is pointed at. */
function PixelChoice({ facts: { d, k, blocks }, wish, choose, painted }: PixelProps) {
  const cell = useShown((s) => s.cell);
  // Those of products are worked out now and then.
  const late = painted?.drawn === 'extremes' && painted.extremes?.late ? painted.extremes.step : null;
  return (
    <div className="drawn title">
      each pixel:{' '}
      <Select
        className="pick"
        aria-label="What each pixel shows of its block"
        options={[
          ['means', 'mean'],
          ['extremes', 'largest entry'],
        ]}
        value={wish}
        onChange={choose}
      />
      {`of ${count(blocks.rows)} × ${count(blocks.columns)} entries`}
      {late !== null && `, ΔW at step ${count(late)}`}
      {cell && painted && `: ${placeWords(placeOf(painted.means.dW, cell, d, k))}`}
    </div>
  );
}
