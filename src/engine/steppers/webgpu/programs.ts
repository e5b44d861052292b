import type { LayerSize } from '../../../experiment/settings/kinds.ts';
import { BINDINGS, READ_ONLY } from '../../kernels/bindings.ts';
import { stepText } from '../../kernels/step.ts';
import { type Form, sharedEntriesOf, type Tiling, threadsOf, tilingFor } from '../../kernels/tiling.ts';
import { bytesOf } from './memory.ts';
import { layoutOf } from './packing.ts';

export interface FusedShape extends LayerSize {
  readonly form: Form;
}

export interface FusedPrograms {
  readonly tiling: Tiling;
  readonly layout: GPUBindGroupLayout;
  readonly step: GPUComputePipeline;
}

const compiled = new WeakMap<GPUDevice, Map<string, Promise<FusedPrograms>>>();

/**
 * Compiles the step for a rank and form, asynchronously; optimisers are a branch in it, sizes need no recompilation. At
 * a rank at which the algebraic form does not pay, it is the direct one.
 */
export function compileFused(device: GPUDevice, { rank, form }: FusedShape, emulated: boolean): Promise<FusedPrograms> {
  const known = compiled.get(device) ?? new Map<string, Promise<FusedPrograms>>();
  compiled.set(device, known);
  const tiling = tilingFor(rank, form, emulated);
  const key = JSON.stringify(tiling);
  const found = known.get(key) ?? compile(device, tiling);
  known.set(key, found);
  found.catch(() => known.delete(key));
  return found;
}

async function compile(device: GPUDevice, tiling: Tiling): Promise<FusedPrograms> {
  const layout = device.createBindGroupLayout({
    entries: BINDINGS.map((name, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer:
        name === 'step'
          ? { type: 'uniform', hasDynamicOffset: true }
          : { type: READ_ONLY.includes(name) ? 'read-only-storage' : 'storage' },
    })),
  });
  const step = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ code: stepText(tiling) }), entryPoint: 'main' },
  });
  return { tiling, layout, step };
}

/** The limits of a device that a fused run can meet. */
export type Limits = Pick<
  GPUSupportedLimits,
  | 'maxStorageBufferBindingSize'
  | 'maxBufferSize'
  | 'maxComputeWorkgroupStorageSize'
  | 'maxComputeInvocationsPerWorkgroup'
  | 'maxComputeWorkgroupSizeX'
  | 'maxComputeWorkgroupsPerDimension'
  | 'maxStorageBuffersPerShaderStage'
>;

/** A sentence about the device limit that this run would break, or null. */
export function fusedObstacle(limits: Limits, shape: FusedShape, emulated: boolean): string | null {
  const tiling = tilingFor(shape.rank, shape.form, emulated);
  const layout = layoutOf(shape, tiling);
  const { steps, staging, ...bound } = bytesOf(layout);
  const binding = Math.max(...Object.values(bound));
  const needs: Readonly<Record<keyof Limits, number>> = {
    maxStorageBufferBindingSize: binding,
    maxBufferSize: Math.max(binding, staging, steps),
    maxComputeWorkgroupStorageSize: 16 * sharedEntriesOf(tiling),
    maxComputeInvocationsPerWorkgroup: threadsOf(tiling),
    maxComputeWorkgroupSizeX: threadsOf(tiling),
    maxComputeWorkgroupsPerDimension: layout.groupsA + 2 * layout.groupsB,
    maxStorageBuffersPerShaderStage: BINDINGS.length - 1,
  };
  for (const [name, need] of Object.entries(needs) as [keyof Limits, number][]) {
    if (limits[name] < need) {
      return `${shape.d} × ${shape.k} at rank ${shape.rank} needs ${name} ≥ ${need}; this graphics device has ${limits[name]}.`;
    }
  }
  return null;
}
