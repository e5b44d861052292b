import { STEP_STRIDE } from '../../kernels/bindings.ts';
import { type StepperStart, singleModule } from '../stepper.ts';
import { type BufferLayout, goalPieces, packFactors, packGrams } from './packing.ts';

const FLOAT = 4;
const SUMS = 4;
/** Limits of one submit: steps, and bytes of sums. */
const MOST_STEPS = 512;
const MOST_BYTES = 4 * 2 ** 20;
/** Floats of ΔW* in transit to the device at a time. */
const PIECE = 2 ** 20;
/** Of a binding that the form does not use. */
const UNUSED = 16;

let alive = 0;
export const buffersAlive = () => alive;

export interface OptimiserMemory {
  readonly factors: GPUBuffer;
  readonly moments: GPUBuffer;
  readonly grams: GPUBuffer;
}

export type GpuMemory = Readonly<ReturnType<typeof allocate>>;

export function slotCountOf({ groupsA, groupsB }: BufferLayout): number {
  return Math.max(2, Math.min(MOST_STEPS, Math.floor(MOST_BYTES / (stride(groupsA, groupsB) * FLOAT)))) + 1;
}

/** Floats of one step's sums: of every workgroup, and of those that measure the loss directly. */
const stride = (groupsA: number, groupsB: number) => (groupsA + 2 * groupsB) * SUMS;

export function bytesOf(layout: BufferLayout) {
  const slots = slotCountOf(layout);
  const sums = slots * stride(layout.groupsA, layout.groupsB) * FLOAT;
  const factors = layout.factors * FLOAT;
  return {
    steps: slots * STEP_STRIDE,
    goal: layout.goal * FLOAT,
    factors,
    moments: 2 * factors,
    grams: Math.max(UNUSED, layout.grams * FLOAT),
    sums,
    staging: Math.max(sums + factors, 2 * factors),
  };
}

/** All buffers of a run, filled for its first step. */
export function allocate(device: GPUDevice, layout: BufferLayout, start: StepperStart) {
  const { target, A, B, moments: known } = singleModule(start);
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const bytes = bytesOf(layout);
  const made: GPUBuffer[] = [];
  const make = (size: number, usage: number, fill?: (into: Float32Array) => void) => {
    const buffer = device.createBuffer({ size, usage, mappedAtCreation: !!fill });
    if (fill) {
      fill(new Float32Array(buffer.getMappedRange()));
      buffer.unmap();
    }
    made.push(buffer);
    alive += 1;
    return buffer;
  };
  const kept = STORAGE | COPY_SRC | COPY_DST;
  // Piece by piece, each gone before the next: in one piece the graphics process would hold two or three times as much.
  const send = (to: GPUBuffer) => {
    for (const { at, data } of goalPieces(layout, target, PIECE)) {
      const size = data.byteLength;
      const piece = device.createBuffer({ size, usage: COPY_SRC, mappedAtCreation: true });
      new Float32Array(piece.getMappedRange()).set(data);
      piece.unmap();
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(piece, 0, to, at * FLOAT, size);
      device.queue.submit([encoder.finish()]);
      piece.destroy();
    }
    return to;
  };
  const packed = packFactors(layout, A, B);
  const { factors, moments, grams } = bytes;
  /** Allocates a copy; `destroy` frees it with the rest. */
  const save = (): OptimiserMemory => ({
    factors: make(factors, kept),
    moments: make(moments, kept),
    grams: make(grams, kept),
  });
  return {
    steps: make(bytes.steps, UNIFORM | COPY_DST),
    goal: send(make(bytes.goal, STORAGE | COPY_DST)),
    factors: [make(factors, kept, (into) => into.set(packed)), make(factors, kept)],
    grams: [make(grams, kept, (into) => into.set(packGrams(layout, packed))), make(grams, kept)],
    moments: make(moments, kept, (into) => {
      if (!known) return;
      for (const [i, m] of known.A.entries()) into.set(packFactors(layout, m, known.B[i]), i * layout.factors);
    }),
    sums: make(bytes.sums, STORAGE | COPY_SRC),
    staging: make(bytes.staging, MAP_READ | COPY_DST),
    save,
    destroy: () => {
      for (const buffer of made.splice(0)) {
        buffer.destroy();
        alive -= 1;
      }
    },
  };
}
