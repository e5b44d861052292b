import { noRule, type OptimiserName, USUAL_EPSILON } from '../../../experiment/optimisers.ts';
import {
  BINDINGS,
  OPTIMISER_CODES,
  type RateValues,
  STEP_STRIDE,
  type StepSettings,
  writeStep,
} from '../../kernels/bindings.ts';
import type { Settings } from '../stepper.ts';
import { type GpuMemory, type OptimiserMemory, slotCountOf } from './memory.ts';
import type { BufferLayout } from './packing.ts';
import type { FusedPrograms } from './programs.ts';

/** Which of the two buffers holds the factors. */
export type Side = 0 | 1;
export type GpuCommand = (encoder: GPUCommandEncoder) => void;

export interface PackOrder {
  readonly updates: number;
  /** Those of each update, from the first. */
  readonly settingsAt: (update: number) => Settings;
  readonly frozen: 'A' | 'B' | null;
  readonly side: Side;
  readonly t: number;
  readonly groups: number;
}

/** Sums of updates + 1 consecutive states, and the packed factors after them. */
export interface PackSums {
  readonly sums: Float32Array;
  readonly factors: Float32Array;
  readonly side: Side;
}

/** The way to the device and back: one submit and one read for each call. */
export function deviceLine(device: GPUDevice, programs: FusedPrograms, layout: BufferLayout, memory: GpuMemory) {
  const bindings = bindGroups(device, programs, memory);
  const max = slotCountOf(layout) - 1;
  const stepData = new DataView(new ArrayBuffer((max + 1) * STEP_STRIDE));
  let waiting: GpuCommand[] = [];

  async function submit(command: GpuCommand, floats: number): Promise<Float32Array> {
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
    maxUpdates: max,
    /** Goes with the next submit, before all else. */
    first: (command: GpuCommand) => waiting.push(command),
    /** Floats from the beginning of a buffer. */
    read: (from: GPUBuffer, floats: number) =>
      submit((encoder) => encoder.copyBufferToBuffer(from, 0, memory.staging, 0, 4 * floats), floats),
    async order({ updates, settingsAt, frozen, side, t, groups }: PackOrder): Promise<PackSums> {
      for (let i = 0; i <= updates; i++) {
        const step = stepSettings(layout, settingsAt(i), frozen, i * groups, i < updates ? t + i + 1 : null);
        writeStep(stepData, i * STEP_STRIDE, step);
      }
      device.queue.writeBuffer(memory.steps, 0, stepData.buffer, 0, (updates + 1) * STEP_STRIDE);
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

function codeOf(opt: OptimiserName): number {
  const code = OPTIMISER_CODES[opt];
  if (code === null) throw new Error(noRule('WebGPU', opt));
  return code;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const DECAY = 0.01;

/** Parameters of a dispatch. `t`: the update's number, from 1, or null to measure and change nothing. */
export function stepSettings(
  { paddedA, paddedB, d, k }: BufferLayout,
  { scaling, opt, lr, ratio, epsilon = USUAL_EPSILON }: Settings,
  frozen: 'A' | 'B' | null,
  slot: number,
  t: number | null,
): StepSettings {
  // In float64 here: float32 would lose the digits of 1 − βᵗ.
  const rate = (of: 'A' | 'B', lr: number): RateValues => [
    lr,
    lr / (1 - BETA1 ** (t ?? 1)),
    lr * DECAY,
    frozen === of ? 0 : 1,
  ];
  return {
    paddedA,
    paddedB,
    k,
    d,
    slot,
    optimiser: t === null ? 0 : codeOf(opt),
    scaling,
    correction: 1 / Math.sqrt(1 - BETA2 ** (t ?? 1)),
    rateA: rate('A', lr),
    rateB: rate('B', ratio * lr),
    epsilon,
  };
}

/** Bytes of the steps' buffer that a dispatch sees. */
const STEP_WINDOW = 80;

export function bindGroups(
  device: GPUDevice,
  { layout }: FusedPrograms,
  memory: GpuMemory,
): [GPUBindGroup, GPUBindGroup] {
  const { goal, moments, sums, factors, grams } = memory;
  const group = (from: 0 | 1, to: 0 | 1) => {
    const buffers: Record<(typeof BINDINGS)[number], GPUBuffer> = {
      step: memory.steps,
      goal,
      old: factors[from],
      next: factors[to],
      moments,
      sums,
      gram: grams[from],
      nextGram: grams[to],
    };
    return device.createBindGroup({
      layout,
      entries: BINDINGS.map((name, binding) => ({
        binding,
        resource: { buffer: buffers[name], size: name === 'step' ? STEP_WINDOW : undefined },
      })),
    });
  };
  return [group(0, 1), group(1, 0)];
}

/** Copies the state that changes from step to step; `present` is the side of the current factors. */
export function copyState(encoder: GPUCommandEncoder, memory: GpuMemory, present: 0 | 1, to: OptimiserMemory): void {
  copy(encoder, memory.factors[present], to.factors);
  copy(encoder, memory.moments, to.moments);
  copy(encoder, memory.grams[present], to.grams);
}

export function restoreState(
  encoder: GPUCommandEncoder,
  memory: GpuMemory,
  present: 0 | 1,
  from: OptimiserMemory,
): void {
  copy(encoder, from.factors, memory.factors[present]);
  copy(encoder, from.moments, memory.moments);
  copy(encoder, from.grams, memory.grams[present]);
}

function copy(encoder: GPUCommandEncoder, from: GPUBuffer, to: GPUBuffer): void {
  encoder.copyBufferToBuffer(from, 0, to, 0, from.size);
}
