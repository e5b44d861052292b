import { type Stream, stream } from '../../math/random.ts';
import type { HandDrawing, HandPoint, HandStroke } from './hand.ts';

/** Control points in the unit square, y down: "x,y x,y …" with spaces, strokes separated by "|", in hundredths. */
type Skeleton = string;

/** The shapes of the digits, some in two variants. */
const SHAPES: readonly (readonly [first: Skeleton, second?: Skeleton])[] = [
  ['55,2 25,15 15,50 25,85 50,98 75,85 85,50 75,15 50,2'],
  ['50,2 50,35 50,65 50,98', '25,30 40,18 55,2 55,35 55,65 55,98'],
  ['18,25 30,6 55,2 78,15 78,35 60,58 35,80 15,97 45,95 85,97'],
  ['20,12 45,2 72,10 75,28 62,42 42,47 65,52 82,68 75,88 50,98 18,88'],
  [
    '60,2 45,25 30,45 15,65 50,65 88,65 | 65,40 64,60 62,80 60,98',
    '20,5 18,25 20,45 45,50 78,45 | 80,2 78,35 77,65 75,98',
  ],
  ['80,4 55,4 28,5 25,25 22,43 50,38 75,48 82,68 72,90 45,98 18,88'],
  ['70,3 45,18 25,45 18,70 28,92 50,98 75,90 82,72 70,57 48,54 25,68'],
  ['15,5 45,5 85,5 70,30 55,55 42,80 38,98', '15,5 45,5 85,5 70,30 55,55 42,80 38,98 | 28,50 50,50 75,50'],
  ['72,14 50,2 28,12 28,30 50,46 75,65 78,85 50,98 22,85 25,65 50,46 70,32 72,14'],
  ['78,22 60,4 35,6 20,25 30,45 55,48 75,35 78,22 77,45 72,70 65,98'],
];

/** A person who writes: what stays the same in all of their digits. */
export interface Writer {
  readonly seed: number;
  /** How far the top is moved to the right, in heights. */
  readonly slant: number;
  /** Width of a digit ÷ its height. */
  readonly width: number;
  /** In rows of the bitmap. */
  readonly pen: number;
  /** The digits written in their second shape. */
  readonly second: readonly number[];
  /** Standard deviation of the writer's own shapes from those above, in heights: the same in each drawing. */
  readonly own: number;
}

/** How far a writer's drawings of a digit are from each other: standard deviations of points, in heights. */
export const UNSTEADINESS = { steady: 0.02, unsteady: 0.05, 'very unsteady': 0.085 } as const;
export type Steadiness = keyof typeof UNSTEADINESS;

const PARTS = 6;

/** A smooth line through the points: Catmull and Rom's cubic from each to the next. */
function smooth(points: readonly HandPoint[]): HandStroke {
  const at = (i: number) => points[Math.min(points.length - 1, Math.max(0, i))];
  const between = (t: number, a: number, b: number, c: number, d: number) =>
    b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
  const line = points.slice(1).flatMap((_, i) => {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    return Array.from({ length: PARTS }, (_, part) => {
      const t = part / PARTS;
      return { x: between(t, a.x, b.x, c.x, d.x), y: between(t, a.y, b.y, c.y, d.y) };
    });
  });
  return [...line, at(points.length - 1)];
}

const moved = (points: readonly HandPoint[], by: number, source: Stream): HandPoint[] =>
  points.map(({ x, y }) => ({ x: x + by * source.normal(), y: y + by * source.normal() }));

function skeletonOf({ seed, second, own }: Writer, digit: number): HandPoint[][] {
  const [first, other = first] = SHAPES[digit];
  const source = stream(seed, `hand ${digit}`);
  return (second.includes(digit) ? other : first).split(' | ').map((stroke) => {
    const points = stroke.split(' ').map((pair) => pair.split(',').map((text) => Number(text) / 100));
    return moved(
      points.map(([x, y]) => ({ x, y })),
      own,
      source,
    );
  });
}

/** One drawing of a digit; each `sample` of a writer is another. */
export function sampleDrawing(writer: Writer, digit: number, sample: number, by: Steadiness = 'steady'): HandDrawing {
  const { seed, slant, width, pen } = writer;
  const source = stream(seed, `hand ${digit} drawing ${sample} ${by}`);
  const tremble = UNSTEADINESS[by];
  const lean = slant + 2 * tremble * source.normal();
  // The digit takes four fifths of the pad.
  const place = ({ x, y }: HandPoint): HandPoint => ({
    x: 0.5 + 0.8 * (width * (x - 0.5) + lean * (0.5 - y)),
    y: 0.5 + 0.8 * (y - 0.5),
  });
  const strokes = skeletonOf(writer, digit).map((points) => smooth(moved(points, tremble, source).map(place)));
  return { strokes, pen };
}

/** Two writers in the place of somebody who cannot draw now. */
export const SAMPLE_HANDS = {
  slanted: { seed: 102, slant: 0.32, width: 0.8, pen: 3.2, second: [1], own: 0.03 },
  upright: { seed: 101, slant: -0.12, width: 0.85, pen: 3.7, second: [4, 7], own: 0.03 },
} as const satisfies Readonly<Record<string, Writer>>;
