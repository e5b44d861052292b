import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { arrowKeys, arrowOf } from '../../kit/arrows.ts';
import { type Pixels, paintCanvas } from '../../kit/grids/heatmap.tsx';
import { useThrottled } from '../../kit/throttled-text.ts';
import { SIDE } from '../../state/draft.ts';
import type { Ground, Paint } from '../../state/view.ts';
import { useTheme } from '../looks/theme.tsx';
import { entryPixels, greyPixels } from '../rail/colours.ts';
import { roundedSheet } from './grounds.ts';
import { type Coverage, cover, emptyCoverage, greysOf, layStroke, type Shade, type StrokePoint } from './stroke.ts';

interface PadProps {
  readonly on: Ground;
  readonly paint: Paint;
  readonly ground: Float64Array;
  readonly shade: Shade;
  /** Pen width in cells. */
  readonly size: number;
  readonly onStroke: (paint: Paint) => void;
  readonly describedBy: string;
}

interface Stroke {
  readonly pointer: number | null;
  readonly coverage: Coverage;
  readonly shade: Shade;
  last: StrokePoint;
}

/** The middle of the cell of a place, kept inside the sheet. */
const centre = (v: number) => Math.min(SIDE - 1, Math.max(0, Math.floor(v))) + 0.5;

const MIDDLE: StrokePoint = { x: SIDE / 2, y: SIDE / 2 };
/** Bit of `buttons` for the eraser end of a pen. */
const ERASER = 32;
/** Cells per arrow key, without and with shift. */
const [NEAR, FAR] = [1, 4];

/** The sheet, drawn on by mouse, finger, pen or keys: arrows move the pen, space holds it down. */
export function Pad({ on, paint, ground, shade, size, onStroke, describedBy }: PadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const stroke = useRef<Stroke | null>(null);
  const [pen, setPen] = useState(MIDDLE);
  const [hovered, setHovered] = useState(false);
  const theme = useTheme();
  // Announced only to those who move the pen with keys.
  const [walked, setWalked] = useState('');
  const said = useThrottled(walked);

  const now = () => {
    const live = stroke.current;
    return live ? layStroke(paint, live.coverage, live.shade, ground) : paint;
  };
  useEffect(() => {
    if (canvas.current) paintCanvas(canvas.current, pixelsOf(on, greysOf(now(), ground), ground));
  }, [paint, ground, theme, on]);

  const draw = (to: StrokePoint) => {
    const live = stroke.current;
    if (!live || !canvas.current) return;
    cover(live.coverage, live.last, to, size);
    live.last = to;
    paintCanvas(canvas.current, pixelsOf(on, greysOf(now(), ground), ground));
  };
  const begin = (pointer: number | null, at: StrokePoint, with_: Shade) => {
    stroke.current = { pointer, coverage: emptyCoverage(), shade: with_, last: at };
    draw(at);
  };
  const end = () => {
    const after = roundedSheet(now(), on);
    stroke.current = null;
    if (after.some((grey, i) => grey !== paint[i])) onStroke(after);
  };

  const pointOf = ({ clientX, clientY }: { clientX: number; clientY: number }, pad: Element): StrokePoint => {
    const { left, top, width, height } = pad.getBoundingClientRect();
    return { x: ((clientX - left) / width) * SIDE, y: ((clientY - top) / height) * SIDE };
  };
  const down = (event: PointerEvent<HTMLElement>) => {
    const eraser = (event.buttons & ERASER) !== 0;
    if (stroke.current || (event.button !== 0 && !eraser)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = pointOf(event, event.currentTarget);
    setPen(at);
    begin(event.pointerId, at, eraser ? null : shade);
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const live = stroke.current;
    const pad = event.currentTarget;
    if (live?.pointer === event.pointerId) {
      // The events that the browser has coalesced into one, if it keeps them.
      const all = event.nativeEvent.getCoalescedEvents?.() ?? [];
      for (const one of all.length > 0 ? all : [event]) draw(pointOf(one, pad));
    }
    if (!live || live.pointer === event.pointerId) setPen(pointOf(event, pad));
  };
  const up = (event: PointerEvent) => {
    if (stroke.current?.pointer === event.pointerId) end();
  };

  const press = (event: KeyboardEvent) => {
    if (event.key === ' ') {
      if (!event.repeat && !stroke.current) begin(null, pen, shade);
      return;
    }
    const arrow = arrowOf(event.key);
    if (!arrow) return false;
    const by = event.shiftKey ? FAR : NEAR;
    // From cell centre to cell centre.
    const to = { x: centre(pen.x + by * arrow[0]), y: centre(pen.y + by * arrow[1]) };
    setPen(to);
    setWalked(`row ${Math.ceil(to.y)}, column ${Math.ceil(to.x)}`);
    if (stroke.current?.pointer === null) draw(to);
  };
  const lift = () => {
    if (stroke.current?.pointer === null) end();
  };
  const share = (cells: number) => `${(100 * cells) / SIDE}%`;
  return (
    <div
      className={hovered ? 'pad drawn-on hovered' : 'pad drawn-on'}
      role="application"
      aria-label="Drawing"
      aria-roledescription="drawing"
      aria-describedby={describedBy}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onLostPointerCapture={up}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is drawn on with the keyboard
      tabIndex={0}
      onKeyDown={arrowKeys(press)}
      onKeyUp={(event) => event.key === ' ' && lift()}
      onBlur={lift}
    >
      <canvas ref={canvas} width={SIDE} height={SIDE} />
      <span className="tip" style={{ left: share(pen.x), top: share(pen.y), width: share(Math.max(size, 1.5)) }} />
      <span className="unseen" aria-live="polite">
        {said}
      </span>
    </div>
  );
}

/** The owl in the colours of W₀ and W, smallest grey white and largest black; a drawing in the colour of ΔW*. */
function pixelsOf(on: Ground, greys: Float64Array, ground: Float64Array): Pixels {
  const shape = { rows: SIDE, cols: SIDE };
  if (on === 'paper') return entryPixels({ ...shape, values: greys, scale: 1 });
  const [low, high] = [Math.min(...ground), Math.max(...ground)];
  return greyPixels({ ...shape, values: greys.map((grey) => Math.min(1, Math.max(0, (grey - low) / (high - low)))) });
}
