import { ellipse, mix, picture, ramp } from './shown.ts';

/** An owl on a branch before the moon: large eyes that only come into view with more directions. */
export const owl = picture({
  name: 'owl',
  label: 'Owl',
  shade: (x, y) => {
    const side = Math.abs(x - 0.5);
    if (y > 0.86 && y < 0.93) return claw(side) && y < 0.9 ? 0.75 : 0.02;
    return body(side, y) ?? night(x, y);
  },
});

function night(x: number, y: number): number {
  const moon = ellipse(x, y, 0.5, 0.44, 0.42, 0.42);
  if (moon < 1) return mix(0.62, 0.5, ramp(0.1, 0.9, y));
  return mix(0.1, 0.25, ramp(0, 1, y)) + 0.1 / (moon * moon);
}

function claw(side: number): boolean {
  return Math.abs(side - 0.075) < 0.05;
}

/** `side` is the distance from the axis of symmetry. */
function body(side: number, y: number): number | null {
  const ear = side < 0.235 && side > 0.06 && y > 0.34 - 0.9 * (side - 0.06) && y < 0.35;
  const head = ellipse(side, y, 0, 0.36, 0.25, 0.2) < 1 || ear;
  const trunk = ellipse(side, y, 0, 0.6, 0.26, 0.3) < 1;
  if (!head && !trunk) return null;
  return face(side, y) ?? (y > 0.5 ? breast(side, y) : 0.1);
}

function face(side: number, y: number): number | null {
  const eye = ellipse(side, y, 0.112, 0.36, 0.1, 0.1);
  if (ellipse(side, y, 0, 0.445, 0.035, 0.065) < 1 && y > 0.4) return 0.85;
  if (eye < 0.38) return ellipse(side, y, 0.09, 0.335, 0.016, 0.016) < 1 ? 1 : 0;
  if (eye < 0.75) return 1;
  if (eye < 1.05) return 0.3;
  return null;
}

function breast(side: number, y: number): number {
  if (ellipse(side, y, 0, 0.66, 0.165, 0.2) > 1) return 0.06;
  const row = Math.floor((y - 0.5) * 16);
  const across = side * 18 + (row % 2) * 0.5;
  const u = across - Math.floor(across) - 0.5;
  const v = (y - 0.5) * 16 - row;
  return u * u * 4 + v * v < 0.7 ? 0.8 : 0.4;
}
