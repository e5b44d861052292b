import { describe, expect, it } from 'vitest';
import { crossesBox } from './boxes.ts';

describe('crosses', () => {
  const box = { left: 10, right: 20, top: 10, bottom: 20 };
  it.each([
    [
      [
        [0, 0],
        [30, 30],
      ],
      true,
    ],
    [
      [
        [0, 15],
        [5, 15],
      ],
      false,
    ],
    [
      [
        [0, 22],
        [30, 8],
      ],
      true,
    ],
    [
      [
        [0, 9],
        [9, 30],
      ],
      false,
    ],
    [
      [
        [15, 0],
        [15, 40],
      ],
      true,
    ],
    [
      [
        [12, 12],
        [13, 13],
      ],
      true,
    ],
  ] as const)('%j: %s', (points, expected) => expect(crossesBox(points, box)).toBe(expected));
});
