import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { readings } from '../../../ui/controls/typed-number.ts';
import type { CutTrack } from './tracks.ts';

interface CutSliderProps {
  readonly label: string;
  readonly value: number;
  readonly track: CutTrack;
  readonly text: string;
  /** The typed number in the slider's unit: 95 for 95%. */
  readonly unit: number;
  readonly onChange: (value: number) => void;
  readonly children?: ReactNode;
}

/** A setting of the cut: label, typed value, slider with ticks. */
export function CutSlider({ label, value, track, text, unit, onChange, children }: CutSliderProps) {
  const id = useId();
  const set = (next: number) => {
    if (next !== value) onChange(next);
  };
  const press = (event: KeyboardEvent) => {
    const { key } = event;
    const up = key === 'ArrowUp' || key === 'ArrowRight';
    const down = key === 'ArrowDown' || key === 'ArrowLeft';
    const stops = track.ticks.map((tick) => tick.value);
    const next =
      up || down
        ? track.step(value, up ? 1 : -1)
        : key === 'PageUp'
          ? stops.find((stop) => stop > value)
          : key === 'PageDown'
            ? stops.findLast((stop) => stop < value)
            : key === 'Home'
              ? track.valueAt(0)
              : key === 'End'
                ? track.valueAt(1)
                : undefined;
    if (next === undefined) return;
    event.preventDefault();
    set(next);
  };
  return (
    <div className="ctl cut-slider">
      <div className="hd">
        <label htmlFor={id}>{label}</label>
        <Typed label={`${label}, typed`} text={text} onCommit={(typed) => set(track.held(typed * unit))} />
      </div>
      <input
        id={id}
        type="range"
        min={0}
        max={1}
        step="any"
        value={track.positionOf(value)}
        aria-valuetext={text}
        onChange={(event) => set(track.valueAt(event.currentTarget.valueAsNumber))}
        onKeyDown={press}
      />
      <div className="ticks" aria-hidden="true">
        {track.ticks.map((tick) => (
          <span
            key={tick.value}
            className={tick.value === value ? 'on' : undefined}
            style={{ left: `${100 * track.positionOf(tick.value)}%` }}
          >
            {tick.text}
          </span>
        ))}
      </div>
      {children}
    </div>
  );
}

interface TypedProps {
  readonly label: string;
  readonly text: string;
  readonly placeholder?: string;
  /** An empty field; where it is not given, the field goes back to what it was. */
  readonly onEmpty?: () => void;
  readonly onCommit: (value: number) => void;
}

/** A number in words that can be typed over: Enter or leaving the field takes it, Escape does not. */
export function Typed({ label, text, placeholder, onEmpty, onCommit }: TypedProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    if (draft === null) return;
    const [value] = readings(draft.replace(/\s*(?:%|[kMG]?B)\s*$/i, ''));
    if (draft.trim() === '') onEmpty?.();
    else if (value !== undefined && value > 0) onCommit(value);
    setDraft(null);
  };
  const shown = draft ?? text;
  return (
    <input
      className="num"
      type="text"
      inputMode="decimal"
      autoComplete="off"
      spellCheck={false}
      aria-label={label}
      placeholder={placeholder}
      value={shown}
      style={{ width: `${Math.max(3, (shown || (placeholder ?? '')).length) + 1}ch` }}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key === 'Escape' && draft !== null) {
          event.stopPropagation();
          setDraft(null);
        }
      }}
    />
  );
}
