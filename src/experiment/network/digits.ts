/**
 * Handwritten digits of 8 × 8 pixels, 0 to 16 each: Optical Recognition of Handwritten Digits, E. Alpaydin and C.
 * Kaynak, 1998, UCI Machine Learning Repository, doi 10.24432/C50P49, CC BY 4.0.
 */
const SIDE = 8;
export const PIXELS = SIDE * SIDE;
const COUNT = 1797;

/** Inputs, n × 64 row by row, and the digit of each row. */
export interface DigitSet {
  readonly inputs: Float32Array;
  readonly answers: Uint8Array;
}

export interface Digits {
  readonly training: DigitSet;
  readonly heldOut: DigitSet;
}

/**
 * The upright digits, 1,200 to train on and 597 held out: in each class every third row, and the last row that is left.
 * Pixels are x/8 − 1, from −1 to 1. `bytes`: the images row by row, then their digits.
 */
export function uprightDigits(bytes: Uint8Array): Digits {
  if (bytes.length !== COUNT * (PIXELS + 1)) throw new Error(`${bytes.length} bytes are not those of the digits`);
  const answers = bytes.subarray(COUNT * PIXELS);
  const seen = new Array<number>(10).fill(0);
  const held = Array.from(answers, (digit) => seen[digit]++ % 3 === 2);
  const last = held.lastIndexOf(false);
  held[last] = true;
  const set = (wanted: boolean): DigitSet => {
    const rows = [...held.keys()].filter((row) => held[row] === wanted);
    return {
      inputs: Float32Array.from({ length: rows.length * PIXELS }, (_, i) => {
        const pixel = bytes[rows[Math.floor(i / PIXELS)] * PIXELS + (i % PIXELS)];
        return pixel / 8 - 1;
      }),
      answers: Uint8Array.from(rows, (row) => answers[row]),
    };
  };
  return { training: set(false), heldOut: set(true) };
}

interface Adaptation {
  readonly label: string;
  /** Where the pixel at row i, column j of the new picture comes from. */
  readonly from?: (i: number, j: number) => readonly [row: number, column: number];
  readonly pixel?: (x: number) => number;
  readonly answer?: (digit: number) => number;
}

const END = SIDE - 1;

/** What the network is adapted to: a change of the pictures, or of their answers. */
export const ADAPTATIONS = {
  rotated: { label: 'Rotated by 90°', from: (i, j) => [j, END - i] },
  mirrored: { label: 'Mirrored', from: (i, j) => [i, END - j] },
  inverted: { label: 'Inverted contrast', pixel: (x) => -x },
  relabelled: { label: 'd → 9 − d', answer: (digit) => 9 - digit },
} satisfies Readonly<Record<string, Adaptation>>;

export type AdaptationName = keyof typeof ADAPTATIONS;

export function adapted(set: DigitSet, name: AdaptationName): DigitSet {
  const { from = (i, j) => [i, j], pixel = (x) => x, answer = (digit) => digit }: Adaptation = ADAPTATIONS[name];
  const inputs = set.inputs.map((_, at) => {
    const [row, rest] = [Math.floor(at / PIXELS), at % PIXELS];
    const [i, j] = from(Math.floor(rest / SIDE), rest % SIDE);
    return pixel(set.inputs[row * PIXELS + i * SIDE + j]);
  });
  return { inputs, answers: set.answers.map(answer) };
}
