import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { type HandPoint, type HandStroke, PEN } from '../../experiment/network/hand.ts';
import { arrowKeys, arrowOf } from '../../kit/arrows.ts';

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
export function InkPad({ strokes, live, onLive, onStroke, onEnter, onBackspace, ...names }: InkPadProps) {
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
