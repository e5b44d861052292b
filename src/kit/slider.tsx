import { type ComponentProps, type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import { fingerPull, nextTick, positionOf, type Track, valueAt } from './track.ts';

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
