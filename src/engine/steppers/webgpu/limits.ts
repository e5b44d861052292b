import { BINDINGS } from '../../kernels/bindings.ts';
import { sharedOf, threadsOf, tilingFor } from '../../kernels/tiling.ts';
import { bytesOf } from './memory.ts';
import { layoutOf } from './packing.ts';
import type { FusedShape } from './programs.ts';

/** Those of a device's limits that a fused run can meet. */
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

/** The limit of the device that this run would break, as a sentence, or null. */
export function fusedMissing(limits: Limits, shape: FusedShape, emulated: boolean): string | null {
  const tiling = tilingFor(shape.rank, shape.form, emulated);
  const layout = layoutOf(shape, tiling);
  const { steps, staging, ...bound } = bytesOf(layout);
  const binding = Math.max(...Object.values(bound));
  const needs: Readonly<Record<keyof Limits, number>> = {
    maxStorageBufferBindingSize: binding,
    maxBufferSize: Math.max(binding, staging, steps),
    maxComputeWorkgroupStorageSize: 16 * sharedOf(tiling),
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
