import { stream } from '../../../math/random.ts';
import type { DigitSet } from '../digits.ts';
import { PIXELS } from '../digits.ts';
import { type HandDrawing, type HandStroke, handInputs } from '../hand.ts';
import { type Steadiness, sampleDrawing, type Writer } from '../sample-hands.ts';

/** Ten writers: slant −0.2 to 0.45, width 0.5 to 1, pen 3 to 6, shapes, all drawn at random. */
export const WRITERS: readonly Writer[] = Array.from({ length: 10 }, (_, i) => {
  const source = stream(i + 1, 'writer');
  const between = (least: number, most: number) => least + (most - least) * source.uniform();
  const slant = between(-0.2, 0.45);
  const width = between(0.5, 1);
  const pen = between(3, 6);
  const second = [1, 4, 7].filter(() => source.uniform() < 0.5);
  return { seed: i + 1, slant, width, pen, second, own: 0.06 };
});

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

function setOf(drawings: readonly (readonly [digit: number, drawing: HandDrawing])[]): DigitSet {
  const inputs = new Float32Array(drawings.length * PIXELS);
  for (const [i, [, drawing]] of drawings.entries()) inputs.set(handInputs(drawing), i * PIXELS);
  return { inputs, answers: Uint8Array.from(drawings, ([digit]) => digit) };
}

/** `count` drawings of each of the digits, from sample number `first`. */
export function drawingsOf(
  writer: Writer,
  by: Steadiness,
  { first = 0, count = 5, digits = DIGITS }: { first?: number; count?: number; digits?: readonly number[] } = {},
): DigitSet {
  return setOf(
    Array.from({ length: count }, (_, i) => i + first).flatMap((sample) =>
      digits.map((digit) => [digit, sampleDrawing(writer, digit, sample, by)] as const),
    ),
  );
}

/** Strokes without any digit in them, each with the digit that was asked for. */
export function scribbles(seed: number, count = 5): DigitSet {
  const source = stream(seed, 'scribbles');
  const stroke = (): HandStroke =>
    Array.from({ length: 2 + source.integer(10) }, () => ({ x: source.uniform(), y: source.uniform() }));
  return setOf(
    Array.from({ length: count }, () => DIGITS)
      .flat()
      .map((digit) => [digit, { strokes: Array.from({ length: 1 + source.integer(3) }, stroke), pen: 3.7 }] as const),
  );
}
