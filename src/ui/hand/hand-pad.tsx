import './hand.css';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { type HandDrawing, type HandStroke, PEN } from '../../experiment/network/hand.ts';
import {
  DIGITS,
  digitOf,
  isHeldOut,
  ROUNDS,
  type Rounds,
  type RoundsEvent,
  roundOf,
  type Slot,
} from '../../experiment/network/rounds.ts';
import { SAMPLE_HANDS, sampleDrawing } from '../../experiment/network/sample-hands.ts';
import { Button, LinkButton } from '../../kit/button.tsx';
import { Check } from '../../kit/choice.tsx';
import { useWidth } from '../../kit/media.tsx';
import { useThrottled } from '../../kit/throttled-text.ts';
import { Drawings, SeenDigit } from './drawings.tsx';
import { InkPad } from './ink-pad.tsx';

/** The ten outputs of a network, each the probability of its digit. */
type Outputs = ArrayLike<number>;

interface HandPadProps {
  readonly rounds: Rounds;
  readonly dispatch: (event: RoundsEvent) => void;
  /** For the drawing on the pad: of the network as it was, and adapted; null if the pad is empty or nothing is adapted. */
  readonly before: Outputs | null;
  readonly now: Outputs | null;
}

/** A lifted pen leads to the next digit after this time. */
const PAUSE = 900;

/** Five rounds of 0 to 9, drawn by the visitor. */
export function HandPad({ rounds, dispatch, before, now }: HandPadProps) {
  const { current, strokes, advances } = rounds;
  const [live, setLive] = useState<HandStroke | null>(null);
  const phone = useWidth() === 'phone';
  const [title, hint] = [useId(), useId()];
  const waits = useWaiting(advances && live === null, () => dispatch({ type: 'next' }));
  const act = (event: RoundsEvent) => {
    waits(false);
    dispatch(event);
  };
  const redraw = useCallback((slot: Slot) => dispatch({ type: 'redraw', slot }), [dispatch]);
  const all = live ? [...strokes, live] : strokes;
  const drawing: HandDrawing | null = all.length > 0 ? { strokes: all, pen: PEN } : null;
  const asked = current === null ? 'All fifty are drawn' : `Draw ${article(digitOf(current))} ${digitOf(current)}`;
  const round = current === null ? '' : `round ${roundOf(current) + 1} of ${ROUNDS}`;
  const test = current !== null && isHeldOut(current) ? ', kept for the test' : '';
  const said = useThrottled(`${asked}${round && `, ${round}${test}`}. ${readings(before, now).join(', ')}`);
  const clear = <Button onClick={() => act({ type: 'clear' })}>Clear all</Button>;
  return (
    <section className="hand" aria-labelledby={title}>
      <h2 id={title}>
        {asked}{' '}
        <span>
          {round}
          {test || (round && !phone && '; mouse, pen or finger')}
        </span>
      </h2>
      <div className="desk">
        <InkPad
          {...{ strokes, live }}
          onLive={setLive}
          onStroke={(stroke, by) => {
            dispatch({ type: 'stroke', stroke });
            waits(by === 'pointer');
          }}
          onEnter={() => act({ type: 'next' })}
          onBackspace={() => act({ type: 'undo' })}
          label={asked}
          describedBy={hint}
        />
        <div className="beside">
          <span>the network sees</span>
          <div className="sees" role="img" aria-label="Your drawing in 8 × 8 shades, as the network sees it">
            <SeenDigit drawing={drawing} />
          </div>
          <Button onClick={() => act({ type: 'undo' })}>Undo</Button>
          <Button disabled={current === null} onClick={() => act({ type: 'skip' })}>
            {phone ? 'Skip' : 'Skip this digit'}
          </Button>
          {!phone && clear}
        </div>
      </div>
      <Bars {...{ before, now }} digit={current === null ? null : digitOf(current)} />
      <Check checked={advances} onChange={(on) => act({ type: 'advances', on })}>
        Continue when the pen is lifted for 0.9 s
      </Check>
      <p id={hint} className="note space-below">
        Enter continues, Backspace undoes. Arrow keys move the pen, Space draws.
      </p>
      <h3>
        Fifty drawings <span>press one to draw it again; dashed: kept for the test</span>
      </h3>
      <Drawings rounds={rounds} onRedraw={redraw} />
      <div className="row space-above">
        {phone && clear}
        <SampleHand onDrawings={(drawings) => act({ type: 'fill', drawings })} />
      </div>
      <p className="unseen" role="status">
        {said}
      </p>
    </section>
  );
}

const article = (digit: number) => (digit === 8 ? 'an' : 'a');

/** Calls `done` once the pen has been up for a while: begins with a call of true, and false ends it. */
function useWaiting(on: boolean, done: () => void): (waits: boolean) => void {
  const [waiting, setWaiting] = useState(0);
  const latest = useRef(done);
  latest.current = done;
  useEffect(() => {
    if (!on || waiting === 0) return;
    const timer = setTimeout(() => {
      setWaiting(0);
      latest.current();
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [on, waiting]);
  return useCallback((waits: boolean) => setWaiting((before) => (waits ? before + 1 : 0)), []);
}

function readings(before: Outputs | null, now: Outputs | null): string[] {
  const pairs = [['before', before] as const, ['now', now] as const];
  return pairs.flatMap(([when, outputs]) => (outputs ? [`${when}: ${reading(outputs)}`] : []));
}

/** "reads 7, 98%". */
function reading(outputs: Outputs): string {
  const shares = Array.from(outputs);
  const most = Math.max(...shares);
  return `reads ${shares.indexOf(most)}, ${Math.round(100 * most)}%`;
}

interface OutputBarsProps extends Pick<HandPadProps, 'before' | 'now'> {
  /** The digit that was asked for. */
  readonly digit: number | null;
}

function Bars({ before, now, digit }: OutputBarsProps) {
  const said = readings(before, now).join('; ');
  return (
    <div className="bars far-above space-below">
      <p className="ends">
        <b className="w0">{before && `before: ${reading(before)}`}</b>
        <b className="dw">{now && `now: ${reading(now)}`}</b>
      </p>
      <div role="img" aria-label={`Outputs for the ten digits. ${said || 'The pad is empty'}.`}>
        {Array.from({ length: DIGITS }, (_, i) => (
          <span key={i} className={i === digit ? 'asked' : undefined}>
            <i className="w0" style={{ height: `${100 * (before?.[i] ?? 0)}%` }} />
            <i className="dw" style={{ height: `${100 * (now?.[i] ?? 0)}%` }} />
            <span>{i}</span>
          </span>
        ))}
      </div>
    </div>
  );
}

/** For those who cannot draw now; pressed again, it is another hand. */
function SampleHand({ onDrawings }: { readonly onDrawings: (drawings: readonly HandDrawing[]) => void }) {
  const [times, setTimes] = useState(0);
  const fill = () => {
    const hands = Object.values(SAMPLE_HANDS);
    const hand = hands[times % hands.length];
    setTimes(times + 1);
    onDrawings(Array.from({ length: DIGITS * ROUNDS }, (_, slot) => sampleDrawing(hand, digitOf(slot), roundOf(slot))));
  };
  return <LinkButton onClick={fill}>{times === 0 ? 'Use a sample hand' : 'Use another sample hand'}</LinkButton>;
}
