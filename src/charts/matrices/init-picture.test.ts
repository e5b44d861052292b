import { expect, it } from 'vitest';
import { stream } from '../../math/random.ts';
import { initPicture, NOISE } from './init-picture.ts';

it('shows noise, zero and order as they start, and the same noise every time', () => {
  const usual = initPicture({ filling: { A: 'noise', B: 'zero' } });
  expect(usual.tiles.every((tile) => tile.hue === 'a')).toBe(true);
  expect(usual.tiles).toHaveLength(36);
  expect(usual.zeros).toEqual([{ x: 3.75, y: 24.75, hue: 'b' }]);
  expect(initPicture({ filling: { A: 'noise', B: 'zero' } })).toEqual(usual);
  expect(initPicture({ filling: { A: 'ordered', B: 'ordered' } }).tiles).toHaveLength(6);
  expect(initPicture({ filling: { A: 'zero', B: 'zero' } })).toMatchObject({
    tiles: [],
    zeros: [{ hue: 'a' }, { hue: 'b' }],
  });
});

it('has enough normal numbers for A and B, cut off at 1.8', () => {
  const { tiles } = initPicture({ filling: { A: 'noise', B: 'noise' } });
  const noise = stream(5, 'corner picture');
  expect(tiles).toHaveLength(NOISE.length);
  for (const { strength } of tiles) expect(strength).toBeCloseTo(Math.max(-1, Math.min(1, noise.normal() / 1.8)), 3);
});

it('fills the place of the product where that is a part of W₀', () => {
  const { tiles, frames } = initPicture({ filling: { A: 'ordered', B: 'ordered' }, moves: true });
  expect(tiles.filter((tile) => tile.hue === 'w0')).toMatchObject([frames.DW]);
});

it('keeps inside the frames', () => {
  const { tiles, frames } = initPicture({ filling: { A: 'noise', B: 'noise' } });
  for (const { x, y, width, height, hue } of tiles) {
    const frame = hue === 'a' ? frames.A : frames.B;
    expect(x).toBeGreaterThanOrEqual(frame.x);
    expect(x + width).toBeLessThanOrEqual(frame.x + frame.width);
    expect(y + height).toBeLessThanOrEqual(frame.y + frame.height);
  }
});
