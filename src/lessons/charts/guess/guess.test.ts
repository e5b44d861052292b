import { describe, expect, it } from 'vitest';
import { doBoxesOverlap, textBox } from '../../../charts/testing/boxes.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import {
  blankGuess,
  drawnPoints,
  type GuessScene,
  guessAt,
  guessPicture,
  largestMiss,
  liftPen,
  moveGuess,
  penAt,
  placesAt,
  strokeGuess,
} from './guess.ts';

const PLACES = ['1', '2', '4', '8', '16', '32'];

const straight = (from: number, to: number) =>
  strokeGuess(blankGuess(PLACES.length), { place: 0, height: from }, { place: PLACES.length - 1, height: to });

describe('a guess', () => {
  it('is what the pen has passed, in either direction', () => {
    const line = straight(1, 0);
    expect(PLACES.map((_, i) => guessAt(line, i))).toEqual(
      [0, 1, 2, 3, 4, 5].map((i) => expect.closeTo(1 - i / 5, 12)),
    );
    const back = strokeGuess(blankGuess(6), { place: 5, height: 0 }, { place: 0, height: 1 });
    expect(back).toEqual(line.map((v) => expect.closeTo(v ?? Number.NaN, 12)));
  });

  it('holds nothing where nothing was drawn, and joins what lies between two strokes', () => {
    const one = strokeGuess(blankGuess(6), { place: 1, height: 0.8 }, { place: 2, height: 0.8 });
    expect([0, 1, 2, 3].map((i) => guessAt(one, i))).toEqual([null, 0.8, 0.8, null]);
    const two = strokeGuess(one, { place: 4, height: 0.2 }, { place: 4, height: 0.2 });
    expect(guessAt(two, 3)).toBeCloseTo(0.5, 12);
    expect(guessAt(two, 5)).toBeNull();
  });

  it('reaches the ends that it has nearly reached, and no others', () => {
    const near = liftPen(strokeGuess(blankGuess(6), { place: 0.3, height: 0.9 }, { place: 4.7, height: 0.1 }));
    expect([guessAt(near, 0), guessAt(near, 5)]).toEqual([expect.closeTo(0.9, 1), expect.closeTo(0.1, 1)]);
    const far = strokeGuess(blankGuess(6), { place: 1, height: 0.9 }, { place: 4, height: 0.1 });
    expect(liftPen(far)).toEqual(far);
    expect(liftPen(blankGuess(6))).toEqual(blankGuess(6));
  });

  it('moves at one place and leads there from its neighbours', () => {
    const line = moveGuess(straight(1, 0), 2, 0.9);
    expect([1, 2, 3].map((i) => guessAt(line, i))).toEqual([0.8, 0.9, 0.4].map((v) => expect.closeTo(v, 12)));
    const heights = drawnPoints(line).filter(([place]) => place > 2 && place < 3);
    for (const [place, height] of heights) expect(height).toBeCloseTo(0.9 - (place - 2) * 0.5, 12);
    expect(guessAt(moveGuess(blankGuess(6), 5, 0.3), 5)).toBe(0.3);
  });

  it('tells where it is furthest off, among the places that have both', () => {
    const truth = [0.675, 0.514, 0.307, null, 0.078, 0.019];
    const line = moveGuess(straight(0.6, 0), 2, 0.62);
    expect(largestMiss(line, truth)).toEqual({ place: 2, drawn: 0.62, truth: 0.307 });
    expect(largestMiss(blankGuess(6), truth)).toBeNull();
  });
});

describe('its picture', () => {
  const scene: GuessScene = {
    ...{ places: PLACES, axis: 'rank', top: 1, ticks: [0, 0.25, 0.5, 0.75, 1] },
    text: (value) => value.toFixed(3),
    guess: straight(0.9, 0.1),
    ...{ name: 'your guess', ask: 'Draw your guess here', at: null, hue: 'dw' },
    truth: [0.675, 0.514, 0.307, 0.172, 0.078, 0.019],
    floor: {
      points: [0.674, 0.514, 0.307, 0.172, 0.077, 0.017].map((v, i) => [i, v] as const),
      name: ['floor', 'no rank-i matrix', 'gets closer'],
    },
  };
  const sizes: readonly Size[] = [
    { width: 620, height: 440, font: 13, short: false },
    { width: 350, height: 240, font: 13, short: true },
    { width: 900, height: 500, font: 22, short: false },
  ];

  it('reads the pen where it draws the line', () => {
    for (const size of sizes) {
      const xs = placesAt(scene, size);
      expect(penAt(scene, size, xs[3], 1e6)).toEqual({ place: expect.closeTo(3, 9), height: 0 });
      const held = guessPicture({ ...scene, at: 2 }, size).find(({ key }) => key === 'held');
      const { place, height } = penAt(scene, size, Number(held?.attributes.cx), Number(held?.attributes.cy));
      expect([place, height]).toEqual([expect.closeTo(2, 2), expect.closeTo(0.58, 2)]);
    }
  });

  it('shows neither what came out nor the floor before it is revealed', () => {
    const hidden = guessPicture({ ...scene, truth: null }, sizes[0]).map(({ key }) => key);
    expect(hidden.filter((key) => /truth|floor|gap|unreachable/.test(key))).toEqual([]);
    const keys = guessPicture(scene, sizes[0]).map(({ key }) => key);
    expect(keys.filter((key) => /^truth \d/.test(key)).length).toBe(6);
    expect(keys).toEqual(expect.arrayContaining(['floor', 'unreachable', 'gap 0', 'guess']));
  });

  it('keeps its texts apart', () => {
    for (const size of sizes)
      for (const guess of [scene.guess, straight(0.7, 0.02), straight(0.2, 0.9), blankGuess(6)]) {
        const texts = guessPicture({ ...scene, guess }, size).filter(
          ({ tag, key }) => tag === 'text' && key !== 'x name',
        );
        for (const text of texts) expect(textBox(text, size.font).right, text.text).toBeLessThanOrEqual(size.width);
        for (const [i, a] of texts.entries())
          for (const b of texts.slice(i + 1))
            expect(doBoxesOverlap(textBox(a, size.font), textBox(b, size.font)), `${a.text} / ${b.text}`).toBe(false);
      }
  });
});
