import { type ComponentProps, type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import { tickText } from '../experiment/numbers.ts';

/** The range of a slider, with its ticks; positions run from 0 to 1. */
export interface Track {
  readonly from: number;
  readonly to: number;
  /** Ascending: magnets for a drag, stops for keys. */
  readonly ticks: readonly number[];
  /** Empty for a tick without space for its number. */
  readonly textOf: (tick: number) => string;
  readonly scale: TrackScale;
  /** A value between two ticks, as the slider sets it. */
  readonly rounded: (value: number) => number;
  /** The value a small step up or down. */
  readonly smallStep: (value: number, direction: 1 | -1) => number;
  /** Whether an arrow key goes to the next tick, and by a small step with Shift; otherwise the other way round. */
  readonly byTick?: boolean;
  /** Set if every value is from + n·step: then the slider uses the browser's own values and keys. */
  readonly step?: number;
}

interface TrackScale {
  readonly positionOf: (value: number) => number;
  readonly valueAt: (position: number) => number;
}

export function linear(from: number, to: number): TrackScale {
  return { positionOf: (value) => (value - from) / (to - from), valueAt: (t) => from + t * (to - from) };
}

export function logarithmic(from: number, to: number): TrackScale {
  return {
    positionOf: (value) => Math.log(value / from) / Math.log(to / from),
    valueAt: (t) => from * (to / from) ** t,
  };
}

const clamp = (value: number, from: number, to: number) => Math.min(to, Math.max(from, value));

export const clampToTrack = (value: number, { from, to }: Pick<Track, 'from' | 'to'>) => clamp(value, from, to);

/** Equal steps between two values, with ticks at some of them or none. */
export function evenTrack(from: number, to: number, step: number, ticks: readonly number[] = []): Track {
  const rounded = (value: number) => Number(value.toPrecision(6));
  return {
    ...{ from, to, step, ticks, rounded, textOf: tickText, scale: linear(from, to) },
    smallStep: (value, direction) => clamp(rounded(value + direction * step), from, to),
  };
}

/** The position of a value, 0 … 1; values outside are clamped. */
export function positionOf(value: number, track: Pick<Track, 'from' | 'to' | 'scale'>): number {
  return track.from === track.to ? 0 : clamp(track.scale.positionOf(value), 0, 1);
}

/** Half the width of a tick's pull: of a mouse as a fraction of the track, of a finger in px. */
const PULL = 0.014;
const FINGER = 10;

/** The pull of a tick for a finger, as a fraction of a track of `px`. */
export function fingerPull(px: number): number {
  return px > 0 ? Math.max(PULL, FINGER / px) : PULL;
}

/** The value at a position: the nearest tick if it is near, otherwise a rounded value. */
export function valueAt(t: number, track: Track, pull = PULL): number {
  const away = (value: number) => Math.abs(positionOf(value, track) - t);
  // Rounding errors do not count as beyond the edge.
  const near = track.ticks.filter((tick) => away(tick) <= pull + 1e-9).sort((a, b) => away(a) - away(b));
  return near[0] ?? clampToTrack(track.rounded(track.scale.valueAt(t)), track);
}

/** The next tick up (1) or down (−1); the ends stay. */
export function nextTick(value: number, direction: 1 | -1, { ticks }: Track): number {
  return (direction > 0 ? ticks.find((tick) => tick > value) : ticks.findLast((tick) => tick < value)) ?? value;
}

/** Width of a thumb in px: its middle runs along the track. */
const THUMB = 12;

/** A bar across the track, and hatching from a value to its end. */
export interface TrackMarks {
  readonly at: number | null;
  readonly beyond: number | null;
}

const NO_MARKS: TrackMarks = { at: null, beyond: null };

interface SliderProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'children'> {
  readonly track: Track;
  readonly value: number | null;
  readonly text?: string;
  readonly marks?: TrackMarks;
  readonly onValue: (value: number) => void;
}

export function Slider({ track, value, text, marks = NO_MARKS, onValue, ...input }: SliderProps) {
  const { from, to, step } = track;
  const finger = useRef(false);
  const set = (next: number) => {
    if (next !== value) onValue(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = value === null ? null : valueOfKey(event, value, track);
    if (next === null) return;
    event.preventDefault();
    set(next);
  };
  const position = value === null ? 0 : positionOf(value, track);
  const own = step === undefined ? { min: 0, max: 1, step: 'any', value: position, onKeyDown } : null;
  return (
    <>
      <input
        {...input}
        type="range"
        {...(own ?? { min: from, max: to, step, value: value ?? from })}
        disabled={value === null || from === to}
        aria-valuetext={text}
        onPointerDown={(event) => {
          finger.current = event.pointerType === 'touch';
        }}
        onChange={({ currentTarget: { valueAsNumber, clientWidth } }) => {
          const pull = finger.current ? fingerPull(clientWidth - THUMB) : undefined;
          set(own ? valueAt(valueAsNumber, track, pull) : track.rounded(valueAsNumber));
        }}
      />
      {track.ticks.length > 0 && <Ticks track={track} value={value} marks={marks} onValue={set} />}
    </>
  );
}

/** The numbers below the track may be pressed too; keys reach them on the track itself. */
function Ticks({ track, value, marks, onValue }: Required<Pick<SliderProps, 'track' | 'value' | 'marks' | 'onValue'>>) {
  const left = (at: number) => ({ left: `${100 * positionOf(at, track)}%` });
  return (
    <div className="ticks" aria-hidden="true">
      {track.ticks.map((tick) => (
        <span
          key={tick}
          className={[tick === value && 'on', tick === track.to && 'end'].filter(Boolean).join(' ') || undefined}
          style={left(tick)}
          onPointerUp={value === null ? undefined : () => onValue(tick)}
        >
          {track.textOf(tick)}
        </span>
      ))}
      {marks.beyond !== null && <span key="beyond" className="beyond" style={left(marks.beyond)} />}
      {marks.at !== null && <span key="mark" className="mark" style={left(marks.at)} />}
    </div>
  );
}

function valueOfKey({ key, shiftKey }: KeyboardEvent, value: number, track: Track): number | null {
  const up = key === 'ArrowUp' || key === 'ArrowRight';
  if (up || key === 'ArrowDown' || key === 'ArrowLeft') {
    const direction = up ? 1 : -1;
    const byTick = (track.byTick ?? false) !== shiftKey;
    return byTick ? nextTick(value, direction, track) : track.smallStep(value, direction);
  }
  if (key === 'PageUp') return nextTick(value, 1, track);
  if (key === 'PageDown') return nextTick(value, -1, track);
  if (key === 'Home') return track.from;
  if (key === 'End') return track.to;
  return null;
}

interface ControlProps extends SliderProps {
  readonly label: ReactNode;
  readonly text: string;
}

export function SliderControl({
  label,
  text,
  className,
  children,
  ...slider
}: ControlProps & { children?: ReactNode }) {
  const id = useId();
  return (
    <div className={className ? `ctl ${className}` : 'ctl'}>
      <div className="hd">
        <label htmlFor={id}>{label}</label>
        <output className="val" htmlFor={id}>
          {text}
        </output>
      </div>
      <Slider id={id} text={text} {...slider} />
      {children}
    </div>
  );
}
