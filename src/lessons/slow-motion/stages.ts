import {
  backward,
  type Forward,
  forward,
  type Gradients,
  type Layer,
  type Rows,
  type Vector,
} from '../one-step/one-step.ts';

/** All numbers of one training step on one input. */
export interface StepValues extends Layer, Forward, Gradients {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** Target output; null if δ is given. */
  readonly y: Vector | null;
  /** ∂L/∂h. */
  readonly delta: Vector;
}

/** From the target output: δ = h − y, of L = ½‖h − y‖². */
export function stepToTarget(layer: Layer, y: Vector): StepValues {
  const ahead = forward(layer);
  return withDelta(
    layer,
    ahead,
    y,
    ahead.h.map((v, i) => v - y[i]),
  );
}

/** With δ given, of L = δ·h. */
export function stepFromDelta(layer: Layer, delta: Vector): StepValues {
  return withDelta(layer, forward(layer), null, delta);
}

function withDelta(layer: Layer, ahead: Forward, y: Vector | null, delta: Vector): StepValues {
  const { W0, A, x } = layer;
  return {
    ...layer,
    ...ahead,
    ...backward(layer, ahead.z, delta),
    d: W0.length,
    k: x.length,
    rank: A.length,
    y,
    delta,
  };
}

export type BlockHue = 'w0' | 'a' | 'b' | 'ink';

export interface BlockKind {
  readonly label: string;
  readonly hue: BlockHue;
  readonly of: (step: StepValues) => Rows;
}

const row = (v: Vector): Rows => [v];
const column = (v: Vector): Rows => v.map((entry) => [entry]);

/** The blocks of cells in the picture. x, z and δ appear more than once, each time next to their other factor. */
const KINDS = {
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
} satisfies Readonly<Record<string, BlockKind>>;

export type BlockName = keyof typeof KINDS;
export const BLOCKS: Readonly<Record<BlockName, BlockKind>> = KINDS;

/** Blocks that are matrices, not vectors. */
export const isMatrix = (name: BlockName) => BLOCKS[name].hue !== 'ink';

/** Stages of one training step, in order of computation. */
export type Stage = 'z' | 'u' | 'h' | 'delta' | 'gradB' | 'gradA' | 'update';

/** Tab labels: in full, and for little space. */
export const STAGES: Readonly<Record<Stage, { readonly name: string; readonly short: string }>> = {
  z: { name: 'z = Ax', short: 'z' },
  u: { name: 'u = Bz', short: 'u' },
  h: { name: 'h = W₀x + s·u', short: 'h' },
  delta: { name: 'δ = ∂L/∂h', short: 'δ' },
  gradB: { name: '∂L/∂B', short: '∂L/∂B' },
  gradA: { name: '∂L/∂A', short: '∂L/∂A' },
  update: { name: 'update', short: 'update' },
};

const PARTS: Readonly<Record<Stage, readonly BlockName[]>> = {
  z: ['xA', 'A', 'zA'],
  u: ['zB', 'B', 'u'],
  h: ['xW', 'W0', 'base', 'u', 'baseH', 'scaledH', 'h'],
  delta: ['h', 'y', 'deltaH', 'delta'],
  gradB: ['delta', 'zG', 'gradB'],
  gradA: ['B', 'delta', 'back', 'xA', 'gradA'],
  update: ['A', 'B', 'gradA', 'gradB'],
};

export const takesPart = (stage: Stage, block: BlockName) => PARTS[stage].includes(block);

export interface AskedCell {
  readonly block: BlockName;
  readonly row: number;
  readonly col: number;
}

/** Each quantity once, with the other blocks that hold it. */
const ONCE: readonly (readonly [BlockName, ...BlockName[]])[] = [
  ['xA', 'xW'],
  ['W0'],
  ['A'],
  ['B'],
  ['zA', 'zB', 'zG'],
  ['u'],
  ['base', 'baseH'],
  ['h'],
  ['y'],
  ['delta', 'deltaH'],
  ['gradB'],
  ['back'],
  ['gradA'],
];
/** Entries above which a screen reader gets only the size of a matrix. */
const MOST_READ = 24;

/** The picture for a screen reader: the blocks of the stage, row by row. */
export function describeStep(
  step: StepValues,
  stage: Stage,
  write: (value: number) => string,
  asked: AskedCell | null = null,
  hidden: readonly BlockName[] = [],
): string {
  const read = ONCE.filter(
    (same) => same.some((name) => takesPart(stage, name)) && (same[0] !== 'y' || step.y !== null),
  );
  const parts = read.map(([name]) => {
    const rows = BLOCKS[name].of(step);
    const size = `${rows.length} × ${rows[0].length}`;
    if (rows.length * rows[0].length > MOST_READ) return `${BLOCKS[name].label}, ${size}.`;
    const kept = (i: number, j: number) =>
      hidden.includes(name) || (asked?.block === name && asked.row === i && asked.col === j);
    const lines = rows.map((row, i) => row.map((v, j) => (kept(i, j) ? 'asked for' : write(v))).join(', '));
    return `${BLOCKS[name].label}, ${size}: ${lines.join('; ')}.`;
  });
  return [`Stage ${STAGES[stage].name}.`, ...parts].join(' ');
}
