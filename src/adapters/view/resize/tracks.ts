import { trimmed } from '../../../experiment/numbers.ts';

/** The stretch of a setting that a slider shows: positions run from 0 to 1. */
export interface CutTrack {
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
  readonly positionOf: (value: number) => number;
  /** The value under a position; ticks that are near attract. */
  readonly valueAt: (position: number) => number;
  /** A typed value, brought between the ends. */
  readonly held: (value: number) => number;
  /** A small step up or down. */
  readonly step: (value: number, direction: 1 | -1) => number;
}

/** Half the width of a tick's pull, in shares of the track. */
const PULL = 0.012;
const within = (value: number, from: number, to: number) => Math.min(to, Math.max(from, value));

interface Curve {
  readonly from: number;
  readonly to: number;
  readonly positionOf: (value: number) => number;
  readonly valueAt: (position: number) => number;
  readonly rounded: (value: number) => number;
  readonly stepOf: (value: number, direction: 1 | -1) => number;
  readonly ticks: CutTrack['ticks'];
}

function track({ from, to, positionOf, valueAt, rounded, stepOf, ticks }: Curve): CutTrack {
  const place = (value: number) => (from === to ? 0 : within(positionOf(within(value, from, to)), 0, 1));
  return {
    ticks,
    positionOf: place,
    valueAt: (position) => {
      const near = ticks.find(({ value }) => Math.abs(place(value) - position) <= PULL);
      return near ? near.value : within(rounded(valueAt(within(position, 0, 1))), from, to);
    },
    held: (value) => within(value, from, to),
    step: (value, direction) => within(rounded(value + direction * stepOf(value, direction)), from, to),
  };
}

/** Shares that people name, and where they stand: the nearer to 1, the more room. */
const SHARES: readonly (readonly [share: number, at: number])[] = [
  [0.5, 0],
  [0.8, 0.3],
  [0.9, 0.47],
  [0.95, 0.62],
  [0.99, 0.82],
  [0.999, 1],
];

/** A share of the energy, 50% to 99.9%. */
const SHARE: Curve = {
  from: 0.5,
  to: 0.999,
  positionOf: (share) => between(SHARES, share),
  valueAt: (at) =>
    between(
      SHARES.map(([share, place]) => [place, share] as const),
      at,
    ),
  rounded: (share) => Number(share.toFixed(share < 0.9 ? 2 : share < 0.99 ? 3 : 4)),
  stepOf: (share, direction) => {
    const near = share + direction * 1e-9;
    return near < 0.9 ? 0.01 : near < 0.95 ? 0.005 : near < 0.99 ? 0.002 : 0.001;
  },
  ticks: SHARES.map(([value], i) => ({ value, text: i === 0 ? '50%' : trimmed(100 * value) })),
};
export const SHARE_TRACK: CutTrack = track(SHARE);
/** The same for kohya's t, as its script takes it. */
export const T_TRACK: CutTrack = track({
  ...SHARE,
  ticks: SHARES.map(([value]) => ({ value, text: String(value) })),
});

function between(points: readonly (readonly [x: number, y: number])[], x: number): number {
  const i = within(
    points.findIndex(([at]) => at >= x),
    1,
    points.length - 1,
  );
  const [[x0, y0], [x1, y1]] = [points[i - 1] ?? [0, 0], points[i] ?? [1, 1]];
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

/** A rank from 1 up: every one has a tick as long as there is room, then the powers of two. */
export function rankTrack(most: number): CutTrack {
  const few = most <= 16;
  const ranks = Array.from({ length: most }, (_, i) => i + 1);
  const stops = few ? ranks : ranks.filter((rank) => Number.isInteger(Math.log2(rank)) || rank === most);
  const roomy = (rank: number) => (few ? most <= 10 || rank % 2 === 0 : rank === most || 1.5 * rank <= most);
  return track({
    from: 1,
    to: most,
    positionOf: (rank) => (few ? (rank - 1) / (most - 1) : Math.log(rank) / Math.log(most)),
    valueAt: (at) => (few ? 1 + at * (most - 1) : most ** at),
    rounded: Math.round,
    stepOf: () => 1,
    ticks: stops.map((value) => ({ value, text: roomy(value) ? String(value) : '' })),
  });
}

/** A size in bytes between two others. */
export function bytesTrack(from: number, to: number): CutTrack {
  const unit = to >= 1e9 ? 1e9 : to >= 1e5 ? 1e6 : 1e3;
  const name = unit === 1e9 ? 'GB' : unit === 1e6 ? 'MB' : 'kB';
  const round = niceStep((to - from) / unit / 6);
  const first = Math.ceil(from / unit / round);
  const last = Math.floor(to / unit / round);
  const stops = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * round);
  return track({
    from,
    to,
    positionOf: (bytes) => (bytes - from) / (to - from),
    valueAt: (at) => from + at * (to - from),
    rounded: (bytes) => Math.round(Number((bytes / unit).toPrecision(3)) * unit),
    stepOf: () => (to - from) / 100,
    ticks: stops.map((value, i) => ({
      value: Math.round(value * unit),
      text: i === stops.length - 1 ? `${trimmed(value)} ${name}` : trimmed(value),
    })),
  });
}

function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return Number(([1, 2, 5, 10].find((m) => m * power >= least) ?? 10).toPrecision(1)) * power;
}

const RATIOS = [2, 5, 10, 30, 100, 1000] as const;

/** sv_ratio: σ₁ over the smallest that is kept, 2 to 1,000. */
export const RATIO_TRACK: CutTrack = track({
  from: 2,
  to: 1000,
  positionOf: (ratio) => Math.log(ratio / 2) / Math.log(500),
  valueAt: (at) => 2 * 500 ** at,
  rounded: (ratio) => Number(ratio.toPrecision(2)),
  stepOf: (ratio) => ratio * 0.06,
  ticks: RATIOS.map((value) => ({ value, text: trimmed(value) })),
});
