import { OPTIMISER_CODES, STEP_STRIDE, type StepSettings, writeStep } from '../../src/engine/kernels/bindings.ts';
import type { Form } from '../../src/engine/kernels/tiling.ts';
import { bindGroups, stepSettings } from '../../src/engine/steppers/webgpu/device-line.ts';
import { allocate } from '../../src/engine/steppers/webgpu/memory.ts';
import { goalPieces, layoutOf, packFactors, packGrams } from '../../src/engine/steppers/webgpu/packing.ts';
import { compileFused } from '../../src/engine/steppers/webgpu/programs.ts';
import { type OneStart, startOfMatrix } from '../../src/engine/testing/one-matrix.ts';
import { referenceStep } from '../../src/engine/testing/reference-step.ts';
import { graphics } from './open.ts';

/**
 * One dispatch on the device and its twin on the processor: the largest difference per output, over its largest entry.
 */
export async function twinErrors(form: Form, emulated: boolean, start: OneStart) {
  const { device, watch } = await graphics();
  return watch.check(async () => {
    const programs = await compileFused(device, { ...start, form }, emulated);
    const layout = layoutOf(start, programs.tiling);
    const memory = allocate(device, layout, startOfMatrix(start));
    const t = (start.state?.t ?? 0) + 1;
    const step = stepSettings(layout, start.settings, start.frozen ?? null, 0, t);
    const groups = layout.groupsA + layout.groupsB + (programs.tiling.form === 'algebraic' ? layout.groupsB : 0);
    dispatch(device, bindGroups(device, programs, memory)[0], programs.step, memory.steps, step, groups);
    const old = packFactors(layout, start.A, start.B);
    const goal = new Float32Array(layout.goal);
    for (const { at, data } of goalPieces(layout, start.target, layout.goal)) goal.set(data, at);
    const moments = new Float32Array(2 * layout.factors);
    for (const [i, m] of (start.state?.A ?? []).entries()) {
      moments.set(packFactors(layout, m, start.state?.B[i] ?? m), i * layout.factors);
    }
    const wanted = referenceStep(programs.tiling, step, t, { goal, old, moments, gram: packGrams(layout, old) });
    const read = (buffer: GPUBuffer, floats: number) => readBuffer(device, buffer, floats);
    const errors = {
      factors: difference(await read(memory.factors[1], layout.factors), wanted.next),
      moments: difference(await read(memory.moments, 2 * layout.factors), wanted.moments),
      sums: fieldsOf(await read(memory.sums, 4 * groups), wanted.sums),
      grams: difference(await read(memory.grams[1], layout.grams), wanted.nextGram),
      codes: Object.keys(OPTIMISER_CODES).length,
    };
    memory.destroy();
    return errors;
  });
}

function dispatch(
  device: GPUDevice,
  bindings: GPUBindGroup,
  pipeline: GPUComputePipeline,
  steps: GPUBuffer,
  step: StepSettings,
  groups: number,
) {
  const told = new DataView(new ArrayBuffer(STEP_STRIDE));
  writeStep(told, 0, step);
  device.queue.writeBuffer(steps, 0, told.buffer);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindings, [0]);
  pass.dispatchWorkgroups(groups);
  pass.end();
  device.queue.submit([encoder.finish()]);
}

async function readBuffer(device: GPUDevice, from: GPUBuffer, floats: number): Promise<Float32Array> {
  if (floats === 0) return new Float32Array();
  const staging = device.createBuffer({ size: 4 * floats, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(from, 0, staging, 0, 4 * floats);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const data = new Float32Array(staging.getMappedRange()).slice();
  staging.destroy();
  return data;
}

function difference(x: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const largest = (list: ArrayLike<number>) => Array.from(list).reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  const off = Array.from(wanted, (y, i) => y - x[i]);
  return largest(off) === 0 ? 0 : largest(off) / largest(wanted);
}

/** The four sums of a workgroup differ in scale, so each is compared within its kind. */
function fieldsOf(x: ArrayLike<number>, wanted: ArrayLike<number>): number[] {
  const field = (list: ArrayLike<number>, f: number) => Array.from(list).filter((_, i) => i % 4 === f);
  return [0, 1, 2, 3].map((f) => difference(field(x, f), field(wanted, f)));
}
