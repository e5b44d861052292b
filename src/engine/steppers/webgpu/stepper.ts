import { optimisers } from '../../../experiment/optimisers/index.ts';
import { STEP_STRIDE, writeStep } from '../../kernels/bindings.ts';
import { type Entries, emptyEntries, type Pack, type Start, type Stepper } from '../stepper.ts';
import { allocate, type Saved, slotsOf } from './memory.ts';
import { layoutOf, unpackFactors } from './packing.ts';
import type { FusedPrograms } from './programs.ts';
import { stepSettings } from './schedule.ts';
import { bindGroups, copyBack, copyOut } from './state.ts';
import { type Measured, type Reader, readSums } from './sums.ts';

/** What a snapshot keeps beside the buffers. */
interface Present {
  /** Which of the two buffers holds the factors that stand. */
  readonly side: 0 | 1;
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
  const layout = layoutOf(start, tiling);
  const { groupsA, groupsB } = layout;
  const algebraic = tiling.form === 'algebraic';
  const frozen = start.frozen ?? null;
  const reader: Reader = { layout, algebraic, targetSquare: squareOf(start.target) };
  const memory = allocate(device, layout, start);
  const bindings = bindGroups(device, programs, memory);
  const most = slotsOf(layout) - 1;
  const told = new DataView(new ArrayBuffer((most + 1) * STEP_STRIDE));
  const free: Saved[] = [memory.save()];
  const undo = algebraic ? memory.save() : null;
  /** Copies that wait for the next submit. */
  let waiting: ((encoder: GPUCommandEncoder) => void)[] = [];
  let settings = start.settings;
  let present: Present = { side: 0, t: start.state?.t ?? 0, updateNorms: [0, 0] };
  /** Losses may soon be too small for traces. */
  let low = false;

  function encoded(): GPUCommandEncoder {
    const encoder = device.createCommandEncoder();
    for (const command of waiting) command(encoder);
    waiting = [];
    return encoder;
  }

  /** Groups of a dispatch: in the algebraic form those that measure the loss directly come on top. */
  const groups = (measured: boolean) => groupsA + groupsB + (algebraic && measured ? groupsB : 0);

  /** n updates, and the measurements of the n + 1 states: in submission order, nothing waits. */
  function submit(n: number, measured: boolean): { readonly sums: number; readonly side: 0 | 1 } {
    const count = groups(measured);
    for (let i = 0; i <= n; i++) {
      const t = i < n ? present.t + i + 1 : null;
      writeStep(told, i * STEP_STRIDE, stepSettings(layout, settings, frozen, i * count, t));
    }
    device.queue.writeBuffer(memory.steps, 0, told.buffer, 0, (n + 1) * STEP_STRIDE);
    const encoder = encoded();
    if (undo && !measured) copyOut(encoder, memory, present.side, undo);
    const pass = encoder.beginComputePass();
    pass.setPipeline(programs.step);
    let side = present.side;
    for (let i = 0; i <= n; i++) {
      pass.setBindGroup(0, bindings[side], [i * STEP_STRIDE]);
      pass.dispatchWorkgroups(count);
      if (i < n) side = other(side);
    }
    pass.end();
    const sums = (n + 1) * count * 4;
    encoder.copyBufferToBuffer(memory.sums, 0, memory.staging, 0, 4 * sums);
    encoder.copyBufferToBuffer(memory.factors[side], 0, memory.staging, 4 * sums, 4 * layout.factors);
    device.queue.submit([encoder.finish()]);
    return { sums, side };
  }

  async function read(floats: number): Promise<Float32Array> {
    await memory.staging.mapAsync(GPUMapMode.READ, 0, 4 * floats);
    const data = new Float32Array(memory.staging.getMappedRange(0, 4 * floats)).slice();
    memory.staging.unmap();
    return data;
  }

  /** n ≤ most updates. A pack whose losses turn out too small for traces is repeated with losses measured. */
  async function round(n: number): Promise<{ readonly states: readonly Measured[]; readonly data: Float32Array }> {
    const measured = low || n === 0;
    const { sums, side } = submit(n, measured);
    const all = await read(sums + layout.factors);
    const states = Array.from({ length: n + 1 }, (_, i) =>
      readSums(reader, all.subarray(i * groups(measured) * 4), settings.scaling, measured),
    );
    low = states.some((state) => state.low);
    if (states.some((state) => state.unsure) && undo) {
      waiting.push((encoder) => copyBack(encoder, memory, present.side, undo));
      return round(n);
    }
    const last = states[n - 1];
    present = {
      side,
      t: present.t + n,
      updateNorms: last ? [last.updateNormA, last.updateNormB] : present.updateNorms,
    };
    return { states, data: all.subarray(sums) };
  }

  return {
    async measure(): Promise<Pack> {
      const { states, data } = await round(0);
      const entries = emptyEntries(1);
      note(entries, 0, states[0], present.updateNorms);
      return { entries, ...unpackFactors(layout, data) };
    },
    async steps(n) {
      const entries = emptyEntries(n);
      let data: Float32Array = new Float32Array();
      for (let made = 0; made < n; made += most) {
        const part = await round(Math.min(most, n - made));
        // Entry i is of the state that update i led to: its loss is found by the dispatch after.
        for (let i = 1; i < part.states.length; i++) {
          const { updateNormA, updateNormB } = part.states[i - 1];
          note(entries, made + i - 1, part.states[i], [updateNormA, updateNormB]);
        }
        data = part.data;
      }
      return { entries, ...unpackFactors(layout, data) };
    },
    tune(next) {
      if (next.opt !== settings.opt) {
        waiting.push((encoder) => encoder.clearBuffer(memory.moments));
        present = { ...present, t: 0 };
      }
      settings = next;
    },
    snapshot() {
      let kept: Saved | null = free.pop() ?? memory.save();
      const then = present;
      const to = kept;
      waiting.push((encoder) => copyOut(encoder, memory, then.side, to));
      return {
        restore() {
          if (!kept) return;
          const from = kept;
          waiting.push((encoder) => copyBack(encoder, memory, then.side, from));
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
      if (count === 0) return { t, A: [], B: [] };
      const encoder = encoded();
      encoder.copyBufferToBuffer(memory.moments, 0, memory.staging, 0, 4 * count * layout.factors);
      device.queue.submit([encoder.finish()]);
      const all = await read(count * layout.factors);
      const parts = Array.from({ length: count }, (_, i) =>
        unpackFactors(layout, all.subarray(i * layout.factors, (i + 1) * layout.factors)),
      );
      return { t, A: parts.map(({ A }) => A), B: parts.map(({ B }) => B) };
    },
    dispose: () => memory.destroy(),
  };
}

const other = (side: 0 | 1): 0 | 1 => (side === 0 ? 1 : 0);

function note(entries: Entries, at: number, state: Measured, [A, B]: readonly [A: number, B: number]): void {
  entries.loss[at] = state.loss;
  entries.gradNormA[at] = state.gradNormA;
  entries.gradNormB[at] = state.gradNormB;
  entries.updateNormA[at] = A;
  entries.updateNormB[at] = B;
}

function squareOf(x: Float32Array): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return sum;
}
