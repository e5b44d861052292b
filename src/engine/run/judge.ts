import type { LayerModule } from '../../experiment/layer/module.ts';
import type { ModuleSeries } from '../../experiment/settings/metric.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import type { Factors, StepEntries } from '../steppers/stepper.ts';

/** Consecutive steps with a small gradient, and the first steps of a run, which never count as converged. */
const QUIET_STEPS = 50;
const SHARE_OF_LARGEST = 1e-5;
const SHARE_OF_SCALE = 1e-6;
const DIVERGED = 1e6;

export interface JudgedModule {
  /** ‖ΔW*‖_F; null if ΔW* is unknown. */
  readonly norm: number | null;
  readonly frozen: 'A' | 'B' | null;
  /** Small gradients are those that are small beside its largest: σ₁ of its factors says nothing about them. */
  readonly relative?: boolean;
}

/**
 * Decides when a run has diverged or converged, without taking entries in, so that a pack can be repeated. `mayConverge`
 * false: the loss differs in each step. A run with zero gradients at entry 0 never converges.
 */
export function runJudge(
  first: StepEntries,
  modules: readonly JudgedModule[],
  initialScalings: readonly number[],
  mayConverge = true,
) {
  const square = modules.reduce((sum, { norm }) => sum + (norm ?? 0) * (norm ?? 0), 0);
  const unknown = modules.some(({ norm }) => norm === null);
  const limit = DIVERGED * Math.max(first.series.loss[0], unknown ? 1 : square / 2);
  const tracks = modules.flatMap(({ norm, frozen, relative = false }, module) => {
    const size = relative ? 0 : (norm ?? 0);
    return [
      ...(frozen === 'A' ? [] : [new Track(module, 'gradNormA', size)]),
      ...(frozen === 'B' ? [] : [new Track(module, 'gradNormB', size)]),
    ];
  });
  const never = !mayConverge || tracks.every((track) => track.normsIn(first)[0] === 0);
  let scalings = initialScalings;
  for (const track of tracks) track.take(first, 1);

  const quiet = (reach: readonly number[], entries: StepEntries | null, ahead: number) => {
    for (const track of tracks) {
      const floor = SHARE_OF_SCALE * scalings[track.module] * track.norm * reach[track.module];
      if (!track.isQuiet(floor, entries, ahead)) return false;
    }
    return true;
  };

  return {
    /** Index of the first entry that has diverged; the number of entries if none has. */
    diverged({ series: { loss } }: StepEntries) {
      // If the start itself is not finite there is no limit, and the first update is the end.
      const bad = loss.findIndex((value) => !(Number.isFinite(value) && value <= limit));
      return bad < 0 ? loss.length : bad;
    },
    /** Index of the first entry that could be the end with the factors' σ₁ in `reach`; −1: none. */
    mayEnd(entries: StepEntries, count: number, reach: readonly number[]) {
      if (never) return -1;
      for (const track of tracks) track.lookAhead();
      for (let ahead = 1; ahead <= count; ahead++) if (quiet(reach, entries, ahead)) return ahead - 1;
      return -1;
    },
    accept(entries: StepEntries, count: number) {
      for (const track of tracks) track.take(entries, count);
    },
    /** Whether the run has converged at the last entry taken in; `reach` is exact for the factors there. */
    converged(reach: readonly number[]) {
      if (never) return false;
      for (const track of tracks) track.lookAhead();
      return quiet(reach, null, 0);
    },
    /** The settings changed, or the user continues: counting starts again. */
    restart(next: readonly number[]) {
      scalings = next;
      for (const track of tracks) track.restart();
    },
  };
}

class Track {
  private largest = Number.NEGATIVE_INFINITY;
  private taken = 0;
  /** The last of them, in a ring: number n lies at n mod its length. */
  private readonly recent = new Float64Array(QUIET_STEPS);
  /** The largest including entries looked at beyond those taken in, and the number of these. */
  private beyond = { largest: 0, count: 0 };

  constructor(
    readonly module: number,
    private readonly key: ModuleSeries,
    readonly norm: number,
  ) {}

  normsIn(entries: StepEntries): Float64Array {
    return entries.modules[this.module][this.key];
  }

  take(entries: StepEntries, count: number): void {
    const norms = this.normsIn(entries);
    for (let i = 0; i < count; i++) {
      this.largest = Math.max(this.largest, norms[i]);
      this.recent[this.taken % QUIET_STEPS] = norms[i];
      this.taken += 1;
    }
  }

  restart(): void {
    this.recent[0] = this.recent[(this.taken - 1) % QUIET_STEPS];
    this.taken = 1;
  }

  lookAhead(): void {
    this.beyond = { largest: this.largest, count: 0 };
  }

  /** Whether the last norms are small, if the first `ahead` entries follow those that were taken in. */
  isQuiet(floor: number, entries: StepEntries | null, ahead: number): boolean {
    const norms = entries ? this.normsIn(entries) : NONE;
    const { beyond, recent, taken } = this;
    for (; beyond.count < ahead; beyond.count++) beyond.largest = Math.max(beyond.largest, norms[beyond.count]);
    if (taken + ahead <= QUIET_STEPS) return false;
    const small = Math.max(SHARE_OF_LARGEST * beyond.largest, floor);
    // The newest first: in nearly every step it is not small.
    for (let i = ahead - 1; i >= ahead - QUIET_STEPS; i--) {
      const norm = i >= 0 ? norms[i] : recent[(taken + i) % QUIET_STEPS];
      if (!(norm <= small)) return false;
    }
    return true;
  }
}

const NONE = new Float64Array(0);

/** Largest singular values of A and B of a module, or upper bounds of them. */
export interface FactorBounds {
  readonly a: number;
  readonly b: number;
}

export function exactBounds(factors: readonly Factors[], modules: readonly LayerModule[]): readonly FactorBounds[] {
  return modules.map(({ d, k, rank, method }, i) =>
    method
      ? NO_BOUNDS
      : {
          a: largestSingularValue({ rows: rank, cols: k, data: factors[i].A }),
          b: largestSingularValue({ rows: d, cols: rank, data: factors[i].B }),
        },
  );
}

/** Nobody asks for those of a method beside LoRA. */
const NO_BOUNDS: FactorBounds = { a: 0, b: 0 };

/** Bounds after the first `count` steps, or before them: an update moves σ₁ by no more than its Frobenius norm. */
export function boundsAfter(
  reach: readonly FactorBounds[],
  { modules }: StepEntries,
  count: number,
): readonly FactorBounds[] {
  return reach.map(({ a, b }, i) => ({
    a: a + sumOf(modules[i].updateNormA, count),
    b: b + sumOf(modules[i].updateNormB, count),
  }));
}

function sumOf(norms: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += norms[i];
  return sum;
}

export const largestBounds = (reach: readonly FactorBounds[]): readonly number[] =>
  reach.map(({ a, b }) => Math.max(a, b));
