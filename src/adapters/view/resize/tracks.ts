import { trim } from '../../../experiment/numbers.ts';
import { clampToTrack, linear, logarithmic, type Track } from '../../../kit/slider.tsx';

/** Common shares and their positions: the nearer to 1, the more space. */
const SHARES: readonly (readonly [share: number, at: number])[] = [
  [0.5, 0],
  [0.8, 0.3],
  [0.9, 0.47],
  [0.95, 0.62],
  [0.99, 0.82],
  [0.999, 1],
];

type SteppedTrack = Omit<Track, 'smallStep'> & { readonly stepOf: (value: number, direction: 1 | -1) => number };

function track({ stepOf, ...whole }: SteppedTrack): Track {
  return {
    ...whole,
    smallStep: (value, direction) => clampToTrack(whole.rounded(value + direction * stepOf(value, direction)), whole),
  };
}

export const SHARE_TRACK = track({
  from: 0.5,
  to: 0.999,
  scale: {
    positionOf: (share) => between(SHARES, share),
    valueAt: (at) =>
      between(
        SHARES.map(([share, place]) => [place, share] as const),
        at,
      ),
  },
  rounded: (share) => Number(share.toFixed(share < 0.9 ? 2 : share < 0.99 ? 3 : 4)),
  stepOf: (share, direction) => {
    const near = share + direction * 1e-9;
    return near < 0.9 ? 0.01 : near < 0.95 ? 0.005 : near < 0.99 ? 0.002 : 0.001;
  },
  ticks: SHARES.map(([share]) => share),
  textOf: (share) => (share === 0.5 ? '50%' : trim(100 * share)),
});
/** The same for kohya's t, as its script takes it. */
export const THRESHOLD_TRACK: Track = { ...SHARE_TRACK, textOf: String };

function between(points: readonly (readonly [x: number, y: number])[], x: number): number {
  const found = points.findIndex(([at]) => at >= x);
  const i = clampToTrack(found, { from: 1, to: points.length - 1 });
  const [[x0, y0], [x1, y1]] = [points[i - 1] ?? [0, 0], points[i] ?? [1, 1]];
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

/** A rank from 1 up: a tick each if they fit, else powers of two. */
export function rankTrack(max: number): Track {
  const few = max <= 16;
  const ranks = Array.from({ length: max }, (_, i) => i + 1);
  const stops = few ? ranks : ranks.filter((rank) => Number.isInteger(Math.log2(rank)) || rank === max);
  // Of more than eight powers every second one has its number, from 1 on.
  const [apart, every] = max > 128 ? [2.5, 2] : [1.5, 1];
  const named = (rank: number) => rank === max || (apart * rank <= max && Math.log2(rank) % every === 0);
  const roomy = (rank: number) => (few ? max <= 10 || rank % 2 === 0 : named(rank));
  return track({
    from: 1,
    to: max,
    scale: (few ? linear : logarithmic)(1, max),
    rounded: Math.round,
    stepOf: () => 1,
    ticks: stops,
    textOf: (rank) => (roomy(rank) ? String(rank) : ''),
  });
}

/** Bytes of the unit in which a size of this order is shown: GB, MB or kB. */
export const byteUnit = (bytes: number): number => (bytes >= 1e9 ? 1e9 : bytes >= 1e5 ? 1e6 : 1e3);

export function bytesTrack(from: number, to: number): Track {
  const unit = byteUnit(to);
  const name = unit === 1e9 ? 'GB' : unit === 1e6 ? 'MB' : 'kB';
  const round = niceStep((to - from) / unit / 6);
  const first = Math.ceil(from / unit / round);
  const last = Math.floor(to / unit / round);
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Math.round((first + i) * round * unit));
  return track({
    from,
    to,
    scale: linear(from, to),
    rounded: (bytes) => Math.round(Number((bytes / unit).toPrecision(3)) * unit),
    stepOf: () => (to - from) / 100,
    ticks,
    textOf: (bytes) => `${trim(bytes / unit)}${bytes === ticks.at(-1) ? ` ${name}` : ''}`,
  });
}

function niceStep(min: number): number {
  const power = 10 ** Math.floor(Math.log10(min));
  return Number(([1, 2, 5, 10].find((m) => m * power >= min) ?? 10).toPrecision(1)) * power;
}

/** sv_ratio: σ₁ over the smallest that is kept, 2 to 1,000. */
export const RATIO_TRACK: Track = track({
  from: 2,
  to: 1000,
  scale: logarithmic(2, 1000),
  rounded: (ratio) => Number(ratio.toPrecision(2)),
  stepOf: (ratio) => ratio * 0.06,
  ticks: [2, 5, 10, 30, 100, 1000],
  textOf: trim,
});
