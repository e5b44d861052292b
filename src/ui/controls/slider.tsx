import { type ChangeEvent, type KeyboardEvent, useRef } from 'react';
import { tickText } from '../../experiment/numbers.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { useDispatch, useShown } from '../page.tsx';
import { settingText } from './field.tsx';
import { fingerPull, nextTick, positionOf, smallStep, type Track, trackOf, valueAt } from './track.ts';

/** Width of a thumb in px: its middle runs along the track. */
const THUMB = 12;

interface SliderProps {
  readonly of: ParamKey;
  /** The value in force; null where it is not known yet. */
  readonly value: number | null;
  readonly label: string;
  readonly describedBy?: string;
  /** A value worth seeing on the track, e.g. the edge of stability. */
  readonly mark?: number | null;
  /** Puts the parameter back to its default. */
  readonly onDefault?: () => void;
}

/** A native range on the track of a parameter, with ticks that a drag is drawn to. */
export function Slider({ of, value, label, describedBy, mark, onDefault }: SliderProps) {
  const e = useShown((s) => s.experiment);
  const dispatch = useDispatch();
  const track = trackOf(
    of,
    e,
    [value, mark].filter((v) => typeof v === 'number'),
  );
  const set = (next: number) => {
    if (next !== value) dispatch({ type: 'changed', changes: { [of]: next }, group: of });
  };
  const finger = useRef(false);
  const dragged = ({ currentTarget: input }: ChangeEvent<HTMLInputElement>) => {
    const pull = finger.current ? fingerPull(input.clientWidth - THUMB) : undefined;
    set(valueAt(input.valueAsNumber, track, pull));
  };
  const settle = () => dispatch({ type: 'settled' });
  const onKeyDown = (event: KeyboardEvent) => {
    const next = value === null ? null : stepped(event, value, track);
    if (next === null) return;
    event.preventDefault();
    set(next);
  };
  return (
    <>
      <input
        type="range"
        min={0}
        max={1}
        step="any"
        value={value === null ? 0 : positionOf(value, track)}
        disabled={value === null || track.from === track.to}
        aria-label={label}
        aria-describedby={describedBy}
        aria-valuetext={value === null ? 'not known yet' : settingText(of, value)}
        onChange={dragged}
        onPointerDown={(event) => {
          finger.current = event.pointerType === 'touch';
        }}
        onKeyDown={onKeyDown}
        onKeyUp={settle}
        onPointerUp={settle}
        onBlur={settle}
        onDoubleClick={onDefault}
      />
      <Ticks track={track} value={value} mark={mark ?? null} />
    </>
  );
}

interface TicksProps {
  readonly track: Track;
  readonly value: number | null;
  readonly mark: number | null;
}

function Ticks({ track, value, mark }: TicksProps) {
  return (
    <div className="ticks" aria-hidden="true">
      {track.ticks.map((tick) => (
        <span
          key={tick}
          className={[tick === value && 'on', tick === track.to && 'end'].filter(Boolean).join(' ') || undefined}
          style={{ left: `${100 * positionOf(tick, track)}%` }}
        >
          {track.labelled.includes(tick) ? tickText(tick) : ''}
        </span>
      ))}
      {mark !== null && <span key="mark" className="mark" style={{ left: `${100 * positionOf(mark, track)}%` }} />}
    </div>
  );
}

/** Where a key leads: ranks from tick to tick (Shift: by one), everything else a little (Shift: to the next tick). */
function stepped(event: KeyboardEvent, value: number, track: Track): number | null {
  const { key, shiftKey } = event;
  const up = key === 'ArrowUp' || key === 'ArrowRight';
  const down = key === 'ArrowDown' || key === 'ArrowLeft';
  if (up || down) {
    const direction = up ? 1 : -1;
    const byTick = (track.whole && track.scale === 'log') !== shiftKey;
    return byTick ? nextTick(value, direction, track) : smallStep(value, direction, track);
  }
  if (key === 'PageUp') return nextTick(value, 1, track);
  if (key === 'PageDown') return nextTick(value, -1, track);
  if (key === 'Home') return track.from;
  if (key === 'End') return track.to;
  return null;
}
