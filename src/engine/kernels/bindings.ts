import type { OptimiserName } from '../../experiment/optimisers.ts';

/** Number of an optimiser in the kernel's switch, null if it has none; 0 measures and updates nothing. */
export const OPTIMISER_CODES = {
  ...{ sgd: 1, momentum: 2, adam: 3, adamw: 4, signsgd: 5 },
  ...{ muon: null, polar: null, scaled: null, 'lora-pro': null },
} satisfies Record<OptimiserName, number | null>;

/** Stride of the 80 bytes of a Step: dynamic offsets are multiples of 256. */
export const STEP_STRIDE = 256;

export interface StepSettings {
  /** Rows in memory of Aᵀ and of B, and the true ones. */
  readonly paddedA: number;
  readonly paddedB: number;
  readonly k: number;
  readonly d: number;
  /** Offset of this step's sums, in groups. */
  readonly slot: number;
  /** Of OPTIMISER_CODES, or 0. */
  readonly optimiser: number;
  readonly scaling: number;
  /** 1/√(1 − β₂ᵗ). */
  readonly correction: number;
  readonly rateA: RateValues;
  readonly rateB: RateValues;
  /** Adam's ε. */
  readonly epsilon: number;
}

/** lr, lr/(1 − β₁ᵗ), lr·decay, and 1 if the factor trains. */
export type RateValues = readonly [lr: number, adam: number, shrink: number, trains: number];

export function writeStep(into: DataView, byte: number, step: StepSettings): void {
  const whole = [step.paddedA, step.paddedB, step.k, step.d, step.slot, step.optimiser];
  for (const [i, x] of whole.entries()) into.setUint32(byte + 4 * i, x, true);
  const floats = [step.scaling, step.correction, ...step.rateA, ...step.rateB, step.epsilon];
  for (const [i, x] of floats.entries()) into.setFloat32(byte + 4 * (whole.length + i), x, true);
}

/** The bindings in order: the first is the step, the others are storage. */
export const BINDINGS = ['step', 'goal', 'old', 'next', 'moments', 'sums', 'gram', 'nextGram'] as const;
export const READ_ONLY: readonly string[] = ['goal', 'old', 'gram'];

export const bindingsText = `
struct Step {
  paddedA: u32, paddedB: u32, k: u32, d: u32,
  slot: u32, optimiser: u32, scaling: f32, correction: f32,
  rateA: vec4f, rateB: vec4f,
  epsilon: f32,
}
@group(0) @binding(0) var<uniform> step: Step;
// ΔW* row by row, then its transpose: the rows that a workgroup owns lie side by side in both.
@group(0) @binding(1) var<storage, read> goal: array<vec4f>;
// [Aᵀ; B] before and after.
@group(0) @binding(2) var<storage, read> old: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> next: array<vec4f>;
// First moments of [Aᵀ; B], then second ones.
@group(0) @binding(4) var<storage, read_write> moments: array<vec4f>;
// A workgroup's sums of one step: ‖E‖², ‖g‖², ‖Δθ‖²; in the algebraic form ⟨B, s·B·AAᵀ − ΔW*·Aᵀ⟩ for ‖E‖², and
// ⟨B, ΔW*·Aᵀ⟩.
@group(0) @binding(5) var<storage, read_write> sums: array<vec4f>;
// XᵀX over the rows X of each workgroup, before and after.
@group(0) @binding(6) var<storage, read> gram: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> nextGram: array<vec4f>;
`;

export function unroll(n: number, line: (i: number) => string, between = '\n'): string {
  return Array.from({ length: n }, (_, i) => line(i)).join(between);
}
