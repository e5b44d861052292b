import { cos, sin } from '../../math/elementary.ts';
import type { Stream } from '../../math/random.ts';

/** Inputs of a point: x, y and 1, whose weights take the place of biases. */
export const POINT_INPUTS = 3;
const TRAINING = 512;
const HELD_OUT = 1024;

/** Points of the classes 0 and 1, in turn. */
export interface PointSet {
  /** n × 3, row by row. */
  readonly inputs: Float32Array;
  readonly answers: Uint8Array;
}

type PlanePoint = readonly [x: number, y: number];
type Shape = (answer: number, source: Stream) => PlanePoint;

const onCircle = (radius: number, angle: number): PlanePoint => [radius * cos(angle), radius * sin(angle)];

/** Moves the points of a shape by normal numbers of this standard deviation. */
const noisy =
  (deviation: number, shape: Shape): Shape =>
  (answer, source) => {
    const [x, y] = shape(answer, source);
    return [x + deviation * source.normal(), y + deviation * source.normal()];
  };

const circles = noisy(0.13, (answer, source) => onCircle(answer === 0 ? 0.6 : 1.5, 2 * Math.PI * source.uniform()));

/** Two arms of 1.25 turns, half a turn apart. */
const spirals = noisy(0.05, (answer, source) => {
  const way = source.uniform();
  return onCircle(0.15 + 1.45 * way, Math.PI * (2.5 * way + answer));
});

/** Two half circles, each with an end in the other; the middle of both is at (0, 0). */
const moons = noisy(0.1, (answer, source) => {
  const [x, y] = onCircle(1, Math.PI * source.uniform());
  return answer === 0 ? [x - 0.5, y - 0.25] : [0.5 - x, 0.25 - y];
});

const rotated =
  (shape: Shape): Shape =>
  (answer, source) => {
    const [x, y] = shape(answer, source);
    return [-y, x];
  };

const SHAPES = {
  circles,
  spirals,
  moons,
  'moons-rotated': rotated(moons),
  'spirals-rotated': rotated(spirals),
  'spirals-relabelled': (answer, source) => spirals(1 - answer, source),
} satisfies Readonly<Record<string, Shape>>;

export type PointTaskName = keyof typeof SHAPES;

/** 512 points to train on and 1,024 held out. */
export function pointsOf(
  name: PointTaskName,
  streams: (purpose: string) => Stream,
): { readonly training: PointSet; readonly heldOut: PointSet } {
  const draw = (count: number, source: Stream): PointSet => {
    const answers = Uint8Array.from({ length: count }, (_, i) => i % 2);
    const inputs = Float32Array.from([...answers].flatMap((answer) => [...SHAPES[name](answer, source), 1]));
    return { inputs, answers };
  };
  return { training: draw(TRAINING, streams('samples')), heldOut: draw(HELD_OUT, streams('held-out set')) };
}
