import './editor.css';
import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { paint as painted, pictures } from '../../experiment/targets/pictures.ts';
import { useThrottled } from '../../kit/announced.tsx';
import { arrowKeys, arrowOf, useWindowKeys } from '../../kit/arrows.ts';
import { Button, Choice } from '../../kit/button.tsx';
import { type Pixels, paintCanvas } from '../../kit/grids/heatmap.tsx';
import { useSideBySide, useWidth } from '../../kit/media.tsx';
import { evenTrack, Slider } from '../../kit/slider.tsx';
import { blankSheet, SIDE } from '../../state/draft.ts';
import { isFirst } from '../../state/places.ts';
import type { Draft, Ground, Paint } from '../../state/view.ts';
import { Fault, RankSlider } from '../controls/numeric.tsx';
import { useTheme } from '../looks/theme.tsx';
import { Press, useDispatch, useGetLab, useLab } from '../page.tsx';
import { entryPixels, greyPixels } from '../rail/colours.ts';
import { Findings } from './findings.tsx';
import { GROUNDS, roundedSheet } from './grounds.ts';
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
function Pad({ on, paint, ground, shade, size, onStroke, describedBy }: PadProps) {
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

/** Pen widths in cells. */
const [THINNEST, STEP, FIRST] = [1, 0.5, 2];

export default function Editor() {
  const on = useLab((s) => s.editor);
  const draft = useLab((s) => (s.editor ? s.drafts[s.editor] : undefined));
  return on && draft ? <Open key={on} on={on} draft={draft} /> : null;
}

function Open({ on, draft }: { readonly on: Ground; readonly draft: Draft }) {
  const kind = GROUNDS[on];
  const ground = useMemo(kind.greys, [kind]);
  const [pen, setPen] = useState(0);
  const [size, setSize] = useState(FIRST);
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const dispatch = useDispatch();
  const low = useSideBySide();
  // A drawing of a first visit begins at rank 8.
  const first = useLab((s) => isFirst(s.view));
  const docked = useWidth() === 'phone' || low;
  const [title, hint] = [useId(), useId()];
  const { paint, past } = draft;
  const empty = isEmpty(paint, ground);
  const changed = past.length > 0;
  const use = useUse(on, paint, setFault);
  const root = useFocusWhileOpen();
  useAskedBeforeLeaving(changed);

  const close = () => (changed ? setAsking(true) : dispatch({ type: 'discarded', on }));
  const undo = () => dispatch({ type: 'unpainted' });
  const replace = (next: Paint) => dispatch({ type: 'painted', paint: next });
  const resize = (by: number) => setSize(Math.min(kind.widest, Math.max(THINNEST, size + by)));
  const does: Readonly<Record<string, () => void>> = {
    Escape: () => (asking ? setAsking(false) : close()),
    '[': () => resize(-STEP),
    ']': () => resize(STEP),
    x: () => setPen((pen + 1) % kind.pens.length),
  };
  useEscapeElsewhere(does.Escape);
  const press = (event: KeyboardEvent) => {
    const undoing = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z';
    const act = undoing ? undo : plain(event) && Object.hasOwn(does, event.key) ? does[event.key] : null;
    // Keys used for drawing are not shortcuts of the page.
    if (act || (plain(event) && event.key.length === 1 && event.key !== '?')) event.stopPropagation();
    if (!act) return;
    event.preventDefault();
    act();
  };
  const buttons = asking ? (
    <Ask on={on} onKeep={() => setAsking(false)} />
  ) : (
    <div className={docked ? 'acts' : 'row'}>
      <Button className="btn main" disabled={empty} onClick={() => void use()}>
        Use it
      </Button>
      <Button onClick={close}>Cancel</Button>
    </div>
  );
  return (
    <section ref={root} className={`editor ${on} ${low ? 'low' : ''}`} aria-labelledby={title} onKeyDown={press}>
      <h2 id={title} className="page-title">
        {kind.title}
      </h2>
      <p className="soft far-below sub">{kind.hint}</p>
      <div className="row wrap space-below tools">
        <Choice aria-label="Pen" options={kind.pens.map(({ name }, i) => [i, name])} value={pen} onChange={setPen} />
        <label className="row soft size">
          Size
          <Slider
            track={evenTrack(THINNEST, kind.widest, STEP)}
            value={size}
            text={`${size} ${size === 1 ? 'cell' : 'cells'}`}
            onValue={setSize}
          />
          <output>{size}</output>
        </label>
        <span className="row">
          {on === 'paper' && <FromPicture onPicture={replace} />}
          <Button disabled={!changed} onClick={undo}>
            Undo
          </Button>
          <Button disabled={empty} onClick={() => replace(blankSheet())}>
            Clear
          </Button>
        </span>
      </div>
      <Pad
        on={on}
        paint={paint}
        ground={ground}
        shade={kind.pens[pen].shade}
        size={size}
        onStroke={replace}
        describedBy={hint}
      />
      <div className="space-above space-below foot">
        {!docked && buttons}
        <p id={hint} className="note">
          Arrow keys move the pen, Space draws, [ and ] change its size, X switches to the next pen.
        </p>
        <Fault>{fault}</Fault>
      </div>
      <Findings on={on} draft={draft} empty={empty} />
      {docked && (
        <section className={first ? 'dock first-dock' : 'dock'} aria-label="Controls">
          {buttons}
          {!asking && !first && <RankSlider />}
        </section>
      )}
    </section>
  );
}

const plain = (event: KeyboardEvent) => !(event.ctrlKey || event.metaKey || event.altKey);

function isEmpty(paint: Paint, ground: Float64Array): boolean {
  return greysOf(paint, ground).every((grey, i) => grey === ground[i]);
}

function Ask({ on, onKeep }: { readonly on: Ground; readonly onKeep: () => void }) {
  const keep = useRef<HTMLButtonElement>(null);
  const text = useId();
  useEffect(() => keep.current?.focus(), []);
  return (
    <div className="row strong ask" role="alertdialog" aria-labelledby={text}>
      <span id={text}>Discard what you drew?</span>
      <Press event={{ type: 'discarded', on }}>Discard</Press>
      <Button ref={keep} onClick={onKeep}>
        Keep drawing
      </Button>
    </div>
  );
}

function FromPicture({ onPicture }: { readonly onPicture: (paint: Paint) => void }) {
  const now = useGetLab();
  const start = () => onPicture(painted(pictures.byName(now().experiment.picture), SIDE, SIDE).data);
  return <Button onClick={start}>Start from the picture</Button>;
}

/** Makes the drawing the target and trains. The sheet is decoded from its link, so that both have the same greys. */
function useUse(on: Ground, paint: Paint, onFault: (fault: string) => void): () => Promise<void> {
  const dispatch = useDispatch();
  const now = useGetLab();
  return async () => {
    const { encode, decode, target } = GROUNDS[on];
    const data = await encode({ rows: SIDE, cols: SIDE, data: paint });
    const decoded = await decode(data);
    if ('fault' in decoded) return onFault(`This drawing cannot be used. It must be ${decoded.fault}.`);
    dispatch({ type: 'drawn', data, drawing: decoded.drawing, changes: { target, data } });
    dispatch({ type: 'discarded', on });
    const { next, run } = now();
    // The same drawing may have been trained to the end already.
    if (next || run.status === 'idle' || run.status === 'paused') dispatch({ type: 'train' });
  };
}

/** The pad is focused first; closing returns focus to the element that opened the editor. */
function useFocusWhileOpen() {
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const pad = root.current?.querySelector<HTMLElement>('.pad');
    pad?.focus({ preventScroll: true });
    if (pad && pad.getBoundingClientRect().bottom > window.innerHeight) root.current?.scrollIntoView();
    return () => {
      const back = before instanceof HTMLElement && before.isConnected ? before : document.getElementById('main');
      back?.focus({ preventScroll: true });
    };
  }, []);
  return root;
}

/** Esc closes the editor also while nothing is focused, as after a click outside it. */
function useEscapeElsewhere(close: () => void): void {
  useWindowKeys((event) => {
    const idle = event.target === document.body || event.target === document.getElementById('main');
    if (event.key !== 'Escape' || event.defaultPrevented || !idle || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    close();
  });
}

/** The browser asks before it leaves a page with an unused drawing. */
function useAskedBeforeLeaving(changed: boolean): void {
  useEffect(() => {
    if (!changed) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [changed]);
}
