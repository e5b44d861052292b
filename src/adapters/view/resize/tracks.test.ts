import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampToTrack, positionOf, type Track, valueAt } from '../../../kit/slider.tsx';
import { bytesTrack, RATIO_TRACK, rankTrack, SHARE_TRACK, THRESHOLD_TRACK } from './tracks.ts';

const TRACKS: readonly (readonly [name: string, track: Track, from: number, to: number])[] = [
  ['shares', SHARE_TRACK, 0.5, 0.999],
  ['t', THRESHOLD_TRACK, 0.5, 0.999],
  ['σ₁ over the last', RATIO_TRACK, 2, 1000],
  ['ranks to 8', rankTrack(8), 1, 8],
  ['ranks to 64', rankTrack(64), 1, 64],
  ['ranks to 100', rankTrack(100), 1, 100],
  ['rank 1', rankTrack(1), 1, 1],
  ['bytes', bytesTrack(152_000, 1_203_000), 152_000, 1_203_000],
  ['many bytes', bytesTrack(3e6, 2.1e9), 3e6, 2.1e9],
  ['few bytes', bytesTrack(900, 40_000), 900, 40_000],
];

describe.each(TRACKS)('the track of %s', (_, track, from, to) => {
  it('leads from positions to values between its ends, and never down', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
        const [low, high] = [valueAt(Math.min(a, b), track), valueAt(Math.max(a, b), track)];
        return low >= from && high <= to && low <= high * (1 + 1e-12);
      }),
    );
  });

  it('has ticks in order, on itself, that attract', () => {
    const places = track.ticks.map((tick) => positionOf(tick, track));
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    for (const tick of track.ticks) expect(valueAt(positionOf(tick, track), track)).toBe(tick);
    expect(track.ticks.length).toBeGreaterThan(0);
    expect(track.ticks.length).toBeLessThan(17);
  });

  it('steps by a little, to both ends and no further', () => {
    for (const [start, direction, end] of [
      [from, 1, to],
      [to, -1, from],
    ] as const) {
      let value = start;
      for (let steps = 0; value !== end && steps < 400; steps++) {
        const next = track.smallStep(value, direction);
        expect(direction * (next - value)).toBeGreaterThan(0);
        value = next;
      }
      expect(value).toBe(end);
    }
  });
});

it('holds a typed value between its ends, with all its digits', () => {
  expect([0.2, 0.9731, 1].map((share) => clampToTrack(share, SHARE_TRACK))).toEqual([0.5, 0.9731, 0.999]);
});
