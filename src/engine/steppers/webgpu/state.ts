import { BINDINGS } from '../../kernels/bindings.ts';
import type { Memory, Saved } from './memory.ts';
import type { FusedPrograms } from './programs.ts';

/** Bytes that a dispatch sees of the steps' buffer. */
const STEP_WINDOW = 64;

/** One bind group for each of the two ways round: the factors that it reads, and those that it writes. */
export function bindGroups(device: GPUDevice, { layout }: FusedPrograms, memory: Memory): [GPUBindGroup, GPUBindGroup] {
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

/** Copies what changes from step to step; `present` is the side of the factors that stand. */
export function copyOut(encoder: GPUCommandEncoder, memory: Memory, present: 0 | 1, to: Saved): void {
  copy(encoder, memory.factors[present], to.factors);
  copy(encoder, memory.moments, to.moments);
  copy(encoder, memory.grams[present], to.grams);
}

export function copyBack(encoder: GPUCommandEncoder, memory: Memory, present: 0 | 1, from: Saved): void {
  copy(encoder, from.factors, memory.factors[present]);
  copy(encoder, from.moments, memory.moments);
  copy(encoder, from.grams, memory.grams[present]);
}

function copy(encoder: GPUCommandEncoder, from: GPUBuffer, to: GPUBuffer): void {
  encoder.copyBufferToBuffer(from, 0, to, 0, from.size);
}
