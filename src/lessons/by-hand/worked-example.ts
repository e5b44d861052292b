import { stream } from '../../math/random.ts';
import { descend, differences, forward, type LayerFactors, type Rows, type Vector } from '../one-step/one-step.ts';
import { type LessonValues, lastingValue, lessonValue, valueIn } from '../pane/values.tsx';
import { fourDecimals } from '../slow-motion/product-line.tsx';
import { productsOf } from '../slow-motion/products.ts';
import {
  type AskedCell,
  BLOCKS,
  type BlockName,
  type Stage,
  type StepValues,
  stepFromDelta,
} from '../slow-motion/stages.ts';

/** The editable numbers: all others follow. */
export interface ExampleInputs extends LayerFactors {
  /** 3 × 4. */
  readonly W0: Rows;
  readonly x: Vector;
  /** ∂L/∂h, given in this example. */
  readonly delta: Vector;
}

export const EXAMPLE: ExampleInputs = {
  W0: [
    [1, 0.5, -1, 2],
    [0, 1, 1, -0.5],
    [2, -1, 0.5, 1],
  ],
  A: [
    [0.5, -0.5, 1, 0],
    [1, 0, -0.5, 0.5],
  ],
  B: [
    [0, 0],
    [0, 0],
    [0, 0],
  ],
  x: [1, 2, -1, 0.5],
  delta: [1, -2, 0.5],
};

export const SETTINGS = { d: 3, k: 4, rank: 2, alpha: 4, scaling: 2, rate: 0.1 } as const;

export type StepNumber = 1 | 2;

/** L = δ·h: the loss whose gradient at h is δ for every h. */
function lossOf({ W0, x, delta }: ExampleInputs, factors: LayerFactors): number {
  const { h } = forward({ W0, x, scaling: SETTINGS.scaling, ...factors });
  return h.reduce((sum, v, i) => sum + delta[i] * v, 0);
}

export interface WorkedExample {
  /** The second begins with the factors that the first leaves. */
  readonly steps: readonly [StepValues, StepValues];
  /** Before, after the 1st step, after the 2nd. */
  readonly losses: readonly [number, number, number];
}

export function workedExample(typed: ExampleInputs): WorkedExample {
  const { W0, x, delta } = typed;
  const at = (factors: LayerFactors) => stepFromDelta({ W0, x, scaling: SETTINGS.scaling, ...factors }, delta);
  const first = at(typed);
  const second = at(descend(first, first, SETTINGS.rate));
  const after = descend(second, second, SETTINGS.rate);
  return {
    steps: [first, second],
    losses: [lossOf(typed, first), lossOf(typed, second), lossOf(typed, after)],
  };
}

/** Both gradients by central differences of the loss. */
export const differenceGradients = (typed: ExampleInputs, step: StepValues): LayerFactors =>
  differences((factors) => lossOf(typed, factors), step);

export interface ProductPlace {
  readonly step: StepNumber;
  readonly stage: Stage;
  readonly product: number;
}

export const STAGES_BY_HAND: readonly Stage[] = ['z', 'u', 'h', 'gradB', 'gradA', 'update'];

/** Numbers of the reader's own in the whole lesson; null: those of the example. */
export const OWN = lastingValue<ExampleInputs | null>('own numbers', null);
/** Numbers typed in one step; null: those of the lesson. */
export const NUMBERS = lessonValue<ExampleInputs | null>('numbers', null);

/** What a step begins with. */
export const givenIn = (values: LessonValues): ExampleInputs => valueIn(values, OWN) ?? EXAMPLE;
export const numbersIn = (values: LessonValues): ExampleInputs => valueIn(values, NUMBERS) ?? givenIn(values);

export const MOST_READERS = 99;

/** ±1/2 … ±2: as easy by hand as the example. */
const CHOICES = [-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2];

/** Characters of a number that a cell of the picture has room for. */
const ROOM = 7;

/**
 * The numbers of one reader of a class, from 1 to MOST_READERS: always the same, none that is asked for is zero, and
 * all that follow have room.
 */
export function numbersOf(reader: number): ExampleInputs {
  const random = stream(reader, 'numbers of a reader');
  const list = (n: number) => Array.from({ length: n }, () => CHOICES[Math.floor(random.uniform() * CHOICES.length)]);
  const rows = (d: number, k: number) => Array.from({ length: d }, () => list(k));
  const { d, k, rank } = SETTINGS;
  for (;;) {
    const drawn = { W0: rows(d, k), A: rows(rank, k), B: EXAMPLE.B, x: list(k), delta: list(d) };
    const { steps } = workedExample(drawn);
    const asked = Object.keys(ASKED).map((step) => askedNumber(Number(step), drawn));
    const follow = steps.flatMap((step) => Object.values(BLOCKS).flatMap(({ of }) => of(step).flat()));
    const fits = follow.every((value) => fourDecimals(value).length <= ROOM);
    if (fits && [...steps[0].z, ...asked].every((value) => Math.abs(value) > 0.01)) return drawn;
  }
}

/** The selected number; null: where the step of the lesson begins. */
export const PLACE = lessonValue<ProductPlace | null>('place', null);

/** A number that a question asks for, hidden until it is answered. */
export interface AskedNumber extends AskedCell, Omit<ProductPlace, 'product'> {
  /** The question's key in the lesson's progress: step from 0, and number there. */
  readonly question: string;
  /** Blocks that have it as well, or as a factor. */
  readonly hides: readonly BlockName[];
}

/** By step of the lesson, from 1. */
export const ASKED: Readonly<Record<number, AskedNumber>> = {
  2: { step: 1, stage: 'z', block: 'zA', row: 1, col: 0, question: '1.0', hides: ['zB', 'zG', 'gradB'] },
  5: { step: 1, stage: 'gradB', block: 'gradB', row: 0, col: 1, question: '4.0', hides: [] },
  8: { step: 2, stage: 'gradA', block: 'gradA', row: 1, col: 2, question: '7.0', hides: [] },
};

/** The number in a block that is asked for in a step of the lesson. */
export function askedNumber(lessonStep: number, typed: ExampleInputs): number {
  const { step, block, row, col } = ASKED[lessonStep];
  return BLOCKS[block].of(workedExample(typed).steps[step - 1])[row][col];
}

export const SIZES = { d: SETTINGS.d, k: SETTINGS.k, rank: SETTINGS.rank, towards: false };
export const STEPS: readonly StepNumber[] = [1, 2];

export const STAGE_ORDER = STEPS.flatMap((step) =>
  STAGES_BY_HAND.map((stage): Omit<ProductPlace, 'product'> => ({ step, stage })),
);
export const stageKey = ({ step, stage }: Omit<ProductPlace, 'product'>) => `${step}${stage}`;
export const productsAt = (place: Pick<ProductPlace, 'stage'>) => productsOf(place.stage, SIZES);

/** The next or the previous number, across stages; null at either end. */
export function neighbourPlace(place: ProductPlace, by: 1 | -1): ProductPlace | null {
  const product = place.product + by;
  if (product >= 0 && product < productsAt(place).length) return { ...place, product };
  const stage = STAGE_ORDER[STAGE_ORDER.findIndex((one) => stageKey(one) === stageKey(place)) + by];
  return stage ? { ...stage, product: by > 0 ? 0 : productsAt(stage).length - 1 } : null;
}
