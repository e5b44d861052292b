import type { Rows, Vector } from '../one-step/one-step.ts';
import type { StepValues } from './step-values.ts';

/** A block of cells in the picture. x, z and δ stand in it more than once, each time beside what they meet there. */
export type BlockName =
  | 'xW'
  | 'W0'
  | 'base'
  | 'delta'
  | 'zG'
  | 'gradB'
  | 'zB'
  | 'B'
  | 'u'
  | 'back'
  | 'gradA'
  | 'xA'
  | 'A'
  | 'zA'
  | 'baseH'
  | 'scaledH'
  | 'h'
  | 'y'
  | 'deltaH';

export type Hue = 'w0' | 'a' | 'b' | 'ink';

export interface BlockKind {
  /** As its label says it. */
  readonly label: string;
  readonly hue: Hue;
  readonly of: (step: StepValues) => Rows;
}

const row = (v: Vector): Rows => [v];
const column = (v: Vector): Rows => v.map((entry) => [entry]);

export const BLOCKS: Readonly<Record<BlockName, BlockKind>> = {
  xW: { label: 'x', hue: 'ink', of: ({ x }) => row(x) },
  W0: { label: 'W₀', hue: 'w0', of: ({ W0 }) => W0 },
  base: { label: 'W₀x', hue: 'ink', of: ({ base }) => column(base) },
  delta: { label: 'δ', hue: 'ink', of: ({ delta }) => column(delta) },
  zG: { label: 'z', hue: 'ink', of: ({ z }) => row(z) },
  gradB: { label: '∂L/∂B', hue: 'b', of: ({ gradB }) => gradB },
  zB: { label: 'z', hue: 'ink', of: ({ z }) => row(z) },
  B: { label: 'B', hue: 'b', of: ({ B }) => B },
  u: { label: 'u', hue: 'ink', of: ({ u }) => column(u) },
  back: { label: 'Bᵀδ', hue: 'ink', of: ({ back }) => column(back) },
  gradA: { label: '∂L/∂A', hue: 'a', of: ({ gradA }) => gradA },
  xA: { label: 'x', hue: 'ink', of: ({ x }) => row(x) },
  A: { label: 'A', hue: 'a', of: ({ A }) => A },
  zA: { label: 'z', hue: 'ink', of: ({ z }) => column(z) },
  baseH: { label: 'W₀x', hue: 'ink', of: ({ base }) => column(base) },
  scaledH: { label: 's·u', hue: 'ink', of: ({ scaled }) => column(scaled) },
  h: { label: 'h', hue: 'ink', of: ({ h }) => column(h) },
  y: { label: 'y', hue: 'ink', of: ({ y, d }) => column(y ?? new Array(d).fill(0)) },
  deltaH: { label: 'δ', hue: 'ink', of: ({ delta }) => column(delta) },
};

/** Blocks that are matrices, not lists of numbers. */
export const isMatrix = (name: BlockName) => BLOCKS[name].hue !== 'ink';
