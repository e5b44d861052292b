import './hand.css';
import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useId, useRef, useState } from 'react';
import { type HandDrawing, type HandPoint, type HandStroke, PEN } from '../../experiment/network/hand.ts';
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
import { Announced, useThrottled } from '../../kit/announced.tsx';
import { arrowKeys, arrowOf } from '../../kit/arrows.ts';
import { Button, Check, LinkButton } from '../../kit/button.tsx';
import { useWidth } from '../../kit/media.tsx';
import { Drawings, SeenDigit } from './drawings.tsx';

interface InkPadProps {
  readonly strokes: readonly HandStroke[];
  /** The stroke while the pen is down. */
  readonly live: HandStroke | null;
  readonly onLive: (stroke: HandStroke | null) => void;
  /** The pen was lifted: a pointer, or the space bar. */
  readonly onStroke: (stroke: HandStroke, by: 'pointer' | 'key') => void;
  readonly onEnter: () => void;
  readonly onBackspace: () => void;
  readonly label: string;
  readonly describedBy: string;
}

/** Units of the picture: rows of the bitmap. */
const SIDE = 32;
/** A point nearer to the last one is left out, in sides of the pad. */
const NEAR = 1 / 256;
/** Sides of the pad for each arrow key, without and with shift. */
const [STEP, STRIDE] = [1 / 32, 1 / 8];

const inside = (v: number) => Math.min(1, Math.max(0, v));

/** A square to draw a digit on, with a mouse, finger or pen; or arrows move the pen while the space bar holds it down. */
function InkPad({ strokes, live, onLive, onStroke, onEnter, onBackspace, ...names }: InkPadProps) {
  // Several events can come before the next render.
  const stroke = useRef<{ readonly pointer: number | null; points: HandStroke } | null>(null);
  const [pen, setPen] = useState<HandPoint>({ x: 0.5, y: 0.25 });

  const begin = (pointer: number | null, at: HandPoint) => {
    stroke.current = { pointer, points: [at] };
    onLive([at]);
  };
  const draw = (to: HandPoint) => {
    const now = stroke.current;
    const last = now?.points[now.points.length - 1];
    if (!now || !last || (to.x - last.x) ** 2 + (to.y - last.y) ** 2 < NEAR * NEAR) return;
    now.points = [...now.points, to];
    onLive(now.points);
  };
  const end = (pointer: number | null) => {
    const now = stroke.current;
    if (!now || now.pointer !== pointer) return;
    stroke.current = null;
    onLive(null);
    onStroke(now.points, pointer === null ? 'key' : 'pointer');
  };

  const pointOf = ({ clientX, clientY }: { clientX: number; clientY: number }, pad: Element): HandPoint => {
    const { left, top, width, height } = pad.getBoundingClientRect();
    return { x: inside((clientX - left) / width), y: inside((clientY - top) / height) };
  };
  const down = (event: PointerEvent<HTMLElement>) => {
    if (stroke.current || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = pointOf(event, event.currentTarget);
    setPen(at);
    begin(event.pointerId, at);
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    if (stroke.current?.pointer !== event.pointerId) return;
    const pad = event.currentTarget;
    // The events that the browser has coalesced into one, if it keeps them.
    const all = event.nativeEvent.getCoalescedEvents?.() ?? [];
    for (const one of all.length > 0 ? all : [event]) draw(pointOf(one, pad));
    setPen(pointOf(event, pad));
  };
  const up = (event: PointerEvent) => end(event.pointerId);

  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onEnter();
    else if (event.key === 'Backspace') onBackspace();
    else if (event.key === ' ') {
      if (!event.repeat && !stroke.current) begin(null, pen);
    } else {
      const arrow = arrowOf(event.key);
      if (!arrow) return false;
      const by = event.shiftKey ? STRIDE : STEP;
      const to = { x: inside(pen.x + by * arrow[0]), y: inside(pen.y + by * arrow[1]) };
      setPen(to);
      if (stroke.current?.pointer === null) draw(to);
    }
  };
  return (
    <div
      className="ink-pad drawn-on"
      role="application"
      aria-roledescription="drawing pad"
      aria-label={names.label}
      aria-describedby={names.describedBy}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onLostPointerCapture={up}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is drawn on with the keyboard
      tabIndex={0}
      onKeyDown={arrowKeys(press)}
      onKeyUp={(event) => event.key === ' ' && end(null)}
      onBlur={() => end(null)}
    >
      <svg viewBox={`0 0 ${SIDE} ${SIDE}`} aria-hidden="true">
        {[...strokes, ...(live ? [live] : [])].map((points, i) => (
          <path key={i} d={pathOf(points)} strokeWidth={PEN} />
        ))}
        <circle className="tip" cx={SIDE * pen.x} cy={SIDE * pen.y} r={PEN / 2} />
      </svg>
    </div>
  );
}

/** A stroke of one point is a line of no length: its round ends make a dot. */
function pathOf(points: HandStroke): string {
  const text = points.map(({ x, y }) => `${(SIDE * x).toFixed(2)} ${(SIDE * y).toFixed(2)}`);
  return `M${text.join('L')}${points.length === 1 ? 'h0' : ''}`;
}

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
      <Announced>{said}</Announced>
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
