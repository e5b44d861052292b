export type Vec = readonly [x: number, y: number, z: number];

/** Direction of view in radians: yaw about the vertical axis, pitch up or down. */
export interface ViewAngles {
  readonly yaw: number;
  readonly pitch: number;
}

export const dot3 = ([a, b, c]: Vec, [x, y, z]: Vec) => a * x + b * y + c * z;
export const cross = ([a, b, c]: Vec, [x, y, z]: Vec): Vec => [b * z - c * y, c * x - a * z, a * y - b * x];
export const scaleVec = ([x, y, z]: Vec, by: number): Vec => [x * by, y * by, z * by];
export const addVec = ([a, b, c]: Vec, [x, y, z]: Vec): Vec => [a + x, b + y, c + z];
export const unitVec = (v: Vec): Vec => scaleVec(v, 1 / (Math.sqrt(dot3(v, v)) || 1));

/** Orthographic projection of a point: right and up. */
export function projectPoint([x, y, z]: Vec, { yaw, pitch }: ViewAngles): readonly [right: number, up: number] {
  const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
  return [y * cos - x * sin, z * Math.cos(pitch) - (x * cos + y * sin) * Math.sin(pitch)];
}

/** Less than π/2: seen from above, right and left would change places. */
const STEEPEST = 1.4;

export function turnView({ yaw, pitch }: ViewAngles, side: number, up: number): ViewAngles {
  const round = 2 * Math.PI;
  return { yaw: (((yaw + side) % round) + round) % round, pitch: Math.max(-STEEPEST, Math.min(STEEPEST, pitch + up)) };
}

/** The level view in which a plane with this normal is a line; of the two, the nearer to `from`. */
export function edgeOnView([x, y]: Vec, from: ViewAngles): ViewAngles {
  const along = Math.atan2(x, -y);
  const near = Math.cos(along - from.yaw) >= 0 ? along : along + Math.PI;
  return turnView({ yaw: near, pitch: 0 }, 0, 0);
}
