import { STEP_STRIDE, writeStep } from '../../kernels/bindings.ts';
import type { Settings } from '../stepper.ts';
import { type Memory, slotsOf } from './memory.ts';
import type { Layout } from './packing.ts';
import type { FusedPrograms } from './programs.ts';
import { stepSettings } from './schedule.ts';
import { bindGroups } from './state.ts';

/** Which of the two buffers holds the factors. */
export type Side = 0 | 1;
export type Command = (encoder: GPUCommandEncoder) => void;

/** A pack as the device is asked for it. */
export interface Order {
  /** Updates; the last state is measured after them. */
  readonly updates: number;
  readonly settings: Settings;
  readonly frozen: 'A' | 'B' | null;
  /** Where it begins, and the updates that were made before. */
  readonly side: Side;
  readonly t: number;
  /** Workgroups a dispatch. */
  readonly groups: number;
}

/** Sums of updates + 1 states in a row, and the packed factors as they stand after. */
export interface Answer {
  readonly sums: Float32Array;
  readonly factors: Float32Array;
  readonly side: Side;
}

/** The way to the device and back: one submit and one read for each call. */
export interface Line {
  /** Updates that one order may ask for. */
  readonly most: number;
  /** Goes with the next submit, before all else. */
  readonly first: (command: Command) => void;
  readonly order: (order: Order) => Promise<Answer>;
  /** Floats from the beginning of a buffer. */
  readonly read: (from: GPUBuffer, floats: number) => Promise<Float32Array>;
}

export function lineTo(device: GPUDevice, programs: FusedPrograms, layout: Layout, memory: Memory): Line {
  const bindings = bindGroups(device, programs, memory);
  const most = slotsOf(layout) - 1;
  const told = new DataView(new ArrayBuffer((most + 1) * STEP_STRIDE));
  let waiting: Command[] = [];

  async function submit(command: Command, floats: number): Promise<Float32Array> {
    const encoder = device.createCommandEncoder();
    for (const earlier of waiting) earlier(encoder);
    waiting = [];
    command(encoder);
    device.queue.submit([encoder.finish()]);
    await memory.staging.mapAsync(GPUMapMode.READ, 0, 4 * floats);
    const data = new Float32Array(memory.staging.getMappedRange(0, 4 * floats)).slice();
    memory.staging.unmap();
    return data;
  }

  return {
    most,
    first: (command) => waiting.push(command),
    read: (from, floats) =>
      submit((encoder) => encoder.copyBufferToBuffer(from, 0, memory.staging, 0, 4 * floats), floats),
    async order({ updates, settings, frozen, side, t, groups }) {
      for (let i = 0; i <= updates; i++) {
        const step = stepSettings(layout, settings, frozen, i * groups, i < updates ? t + i + 1 : null);
        writeStep(told, i * STEP_STRIDE, step);
      }
      device.queue.writeBuffer(memory.steps, 0, told.buffer, 0, (updates + 1) * STEP_STRIDE);
      // Each update turns to the other side.
      const sideAfter = (made: number) => ((side + made) % 2) as Side;
      const floats = (updates + 1) * groups * 4;
      const data = await submit((encoder) => {
        const pass = encoder.beginComputePass();
        pass.setPipeline(programs.step);
        for (let i = 0; i <= updates; i++) {
          pass.setBindGroup(0, bindings[sideAfter(i)], [i * STEP_STRIDE]);
          pass.dispatchWorkgroups(groups);
        }
        pass.end();
        encoder.copyBufferToBuffer(memory.sums, 0, memory.staging, 0, 4 * floats);
        const factors = memory.factors[sideAfter(updates)];
        encoder.copyBufferToBuffer(factors, 0, memory.staging, 4 * floats, 4 * layout.factors);
      }, floats + layout.factors);
      return { sums: data.subarray(0, floats), factors: data.subarray(floats), side: sideAfter(updates) };
    },
  };
}
