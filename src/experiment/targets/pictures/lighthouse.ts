import { heightAt, type Line, mix, picture, ramp } from './shown.ts';

const LAMP = { x: 0.36, y: 0.24 };
const CLIFF: Line = [0, 0.7, 0.1, 0.68, 0.2, 0.73, 0.48, 0.74, 0.56, 0.78, 0.62, 0.9, 0.66, 1];

/** A striped tower on a cliff at night, its beam over the sea, a boat on its way. */
export const lighthouse = picture({
  name: 'lighthouse',
  label: 'Lighthouse',
  shade: (x, y) => tower(x, y) ?? cliff(x, y) ?? boat(x, y) ?? sea(x, y) ?? night(x, y),
});

function tower(x: number, y: number): number | null {
  const side = Math.abs(x - LAMP.x);
  if (y < 0.17) return y > 0.17 - 0.9 * (0.09 - side) ? 0.85 : null;
  if (y < 0.3) return side < 0.035 ? 1 : side < 0.07 ? (side > 0.06 ? 0.1 : 0.9) : null;
  if (y < 0.335) return side < 0.115 ? 0.05 : null;
  if (y > 0.75 || side > mix(0.075, 0.12, (y - 0.335) / 0.415)) return null;
  const stripe = Math.floor((y - 0.335) / 0.083) % 2 === 0;
  const round = x > LAMP.x + 0.03 ? -0.15 : 0;
  return (stripe ? 0.95 : 0.3) + round;
}

function cliff(x: number, y: number): number | null {
  return y > heightAt(CLIFF, x) ? mix(0.12, 0, ramp(0.7, 1, y)) : null;
}

function boat(x: number, y: number): number | null {
  const mast = x - 0.8;
  if (y > 0.74 && y < 0.785) return Math.abs(mast) < 0.12 - (y - 0.74) ? 0 : null;
  if (y < 0.46 || y > 0.72) return null;
  if (mast > 0.01 && mast < 0.115 * ((y - 0.46) / 0.26)) return 0.95;
  return mast < -0.01 && mast > -0.1 * ((y - 0.46) / 0.26) ? 0.7 : null;
}

function sea(x: number, y: number): number | null {
  if (y < 0.76) return null;
  const wave = (y - 0.76) * 22;
  return wave - Math.floor(wave) < 0.45 ? mix(0.55, 0.42, x) : 0.25;
}

function night(x: number, y: number): number {
  const u = x - LAMP.x;
  const v = y - LAMP.y;
  const beam = Math.abs(v + 0.08 * u) < 0.02 + 0.22 * Math.abs(u);
  return beam ? mix(0.8, 0.45, ramp(0, 0.65, Math.abs(u))) : mix(0.12, 0.34, ramp(0, 0.76, y));
}
