import { optimisers } from '../../../experiment/optimisers.ts';
import { type Entries, emptyEntries, onlyModule, type Pack, type Start, type Stepper } from '../stepper.ts';
import { copyBack, copyOut, lineTo, type Side } from './line.ts';
import { allocate, type Saved } from './memory.ts';
import { layoutOf, unpackFactors } from './packing.ts';
import type { FusedPrograms } from './programs.ts';
import { leastShareOf, type Measured, type Reader, readSums } from './sums.ts';

/** What a snapshot keeps beside the buffers. */
interface Present {
  readonly side: Side;
  /** Updates since the optimiser's state was fresh. */
  readonly t: number;
  /** Of the update that led here. */
  readonly updateNorms: readonly [A: number, B: number];
}

/**
 * Trains on the device with one dispatch a step, one submit and one read a call, and makes no buffer after it is made but
 * for more than two snapshots at a time. Owns all of its buffers, so that others may use the device beside it.
 * Throws nothing by itself: errors of the device are for backends/guard.ts to find.
 */
export function fusedStepper(device: GPUDevice, programs: FusedPrograms, start: Start): Stepper {
  const { tiling } = programs;
  const module = onlyModule(start);
  const layout = layoutOf(module, tiling);
  const { groupsA, groupsB } = layout;
  const algebraic = tiling.form === 'algebraic';
  const frozen = module.frozen ?? null;
  const leastShare = leastShareOf(layout, tiling);
  const reader: Reader = { layout, algebraic, targetSquare: squareOf(module.target), leastShare };
  const memory = allocate(device, layout, start);
  const line = lineTo(device, programs, layout, memory);
  const free: Saved[] = [memory.save()];
  const undo = algebraic ? memory.save() : null;
  let settings = start.settings;
  let present: Present = { side: 0, t: start.state?.t ?? 0, updateNorms: [0, 0] };
  /** Losses may soon be too small for traces. */
  let low = false;

  /** Groups of a dispatch: in the algebraic form those that measure the loss directly come on top. */
  const groupsOf = (measured: boolean) => groupsA + groupsB + (algebraic && measured ? groupsB : 0);

  /** Up to line.most updates. A pack whose losses turn out too small for traces is repeated with losses measured. */
  async function round(n: number): Promise<{ readonly states: readonly Measured[]; readonly factors: Float32Array }> {
    const measured = low || n === 0;
    const groups = groupsOf(measured);
    const { side, t } = present;
    if (undo && !measured) line.first((encoder) => copyOut(encoder, memory, side, undo));
    const answer = await line.order({ updates: n, settings, frozen, side, t, groups });
    const states = Array.from({ length: n + 1 }, (_, i) =>
      readSums(reader, answer.sums.subarray(i * groups * 4), settings.scaling, measured),
    );
    low = states.some((state) => state.low);
    if (undo && states.some((state) => state.unsure)) {
      line.first((encoder) => copyBack(encoder, memory, side, undo));
      return round(n);
    }
    const last = states[n - 1];
    const updateNorms = last ? ([last.updateNormA, last.updateNormB] as const) : present.updateNorms;
    present = { side: answer.side, t: t + n, updateNorms };
    return { states, factors: answer.factors };
  }

  return {
    async measure(): Promise<Pack> {
      const { states, factors } = await round(0);
      const entries = emptyEntries(1);
      note(entries, 0, states[0], present.updateNorms);
      return { entries, modules: [unpackFactors(layout, factors)] };
    },
    async steps(n) {
      const entries = emptyEntries(n);
      let factors: Float32Array = new Float32Array();
      for (let made = 0; made < n; made += line.most) {
        const part = await round(Math.min(line.most, n - made));
        // Entry i is of the state that update i led to: its loss is found by the dispatch after.
        for (let i = 1; i < part.states.length; i++) {
          const { updateNormA, updateNormB } = part.states[i - 1];
          note(entries, made + i - 1, part.states[i], [updateNormA, updateNormB]);
        }
        factors = part.factors;
      }
      return { entries, modules: [unpackFactors(layout, factors)] };
    },
    tune(next) {
      if (next.opt !== settings.opt) {
        line.first((encoder) => encoder.clearBuffer(memory.moments));
        present = { ...present, t: 0 };
      }
      settings = next;
    },
    snapshot() {
      let kept: Saved | null = free.pop() ?? memory.save();
      const then = present;
      const to = kept;
      line.first((encoder) => copyOut(encoder, memory, then.side, to));
      return {
        restore() {
          if (!kept) return;
          const from = kept;
          line.first((encoder) => copyBack(encoder, memory, then.side, from));
          present = then;
        },
        dispose() {
          if (kept) free.push(kept);
          kept = null;
        },
      };
    },
    async optimiserState() {
      const count = optimisers.byName(settings.opt).moments;
      const { t } = present;
      if (count === 0) return { t, modules: [{ A: [], B: [] }] };
      const all = await line.read(memory.moments, count * layout.factors);
      const parts = Array.from({ length: count }, (_, i) =>
        unpackFactors(layout, all.subarray(i * layout.factors, (i + 1) * layout.factors)),
      );
      return { t, modules: [{ A: parts.map(({ A }) => A), B: parts.map(({ B }) => B) }] };
    },
    dispose: () => memory.destroy(),
  };
}

function note(
  { series, modules: [own] }: Entries,
  at: number,
  state: Measured,
  [A, B]: readonly [A: number, B: number],
): void {
  series.loss[at] = state.loss;
  own.gradNormA[at] = state.gradNormA;
  own.gradNormB[at] = state.gradNormB;
  own.updateNormA[at] = A;
  own.updateNormB[at] = B;
}

function squareOf(x: Float32Array): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return sum;
}
