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

export interface TrackScale {
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
