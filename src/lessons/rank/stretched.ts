import { lessonValue } from '../pane/values.tsx';

/** A 2 × 2 matrix, row by row: small enough to see all that it does. */
export const M = [1.1, 0.5, 0.1, 0.7] as const;

/** The direction of the input, in degrees from the right. */
export const ANGLE = lessonValue('angle', 90);
/** How many of the two layers of M are kept. */
export const LAYERS = lessonValue<1 | 2>('layers of M', 2);

type Vector2 = readonly [number, number];

export const applied2 = ([a, b, c, d]: readonly number[], [x, y]: Vector2): Vector2 => [a * x + b * y, c * x + d * y];

export const length2 = ([x, y]: Vector2) => Math.sqrt(x * x + y * y);

export const unitAt = (degrees: number): Vector2 => [
  Math.cos((degrees * Math.PI) / 180),
  Math.sin((degrees * Math.PI) / 180),
];

/** The directions stretched most and least, in degrees, and by how much: from the angle of MᵀM. */
export function stretchOf([a, b, c, d]: readonly number[]) {
  const [p, q, r] = [a * a + c * c, a * b + c * d, b * b + d * d];
  const angle = ((Math.atan2(2 * q, p - r) / 2) * 180) / Math.PI;
  const root = Math.sqrt((p - r) ** 2 + 4 * q * q);
  return {
    most: angle,
    least: angle + 90,
    values: [Math.sqrt((p + r + root) / 2), Math.sqrt((p + r - root) / 2)],
  } as const;
}

/** The first layer of M alone: σ₁u₁v₁ᵀ, which is M·v₁·v₁ᵀ. */
export function firstLayer(m: readonly number[]): readonly [number, number, number, number] {
  const v = unitAt(stretchOf(m).most);
  const [x, y] = applied2(m, v);
  return [x * v[0], x * v[1], y * v[0], y * v[1]];
}

/** Degrees between two directions that may point either way. */
export function between(a: number, b: number): number {
  const apart = (((a - b) % 180) + 180) % 180;
  return Math.min(apart, 180 - apart);
}
