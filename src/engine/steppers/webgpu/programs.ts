import { BINDINGS, READ_ONLY } from '../../kernels/bindings.ts';
import { stepText } from '../../kernels/step.ts';
import { type Form, type Tiling, tilingFor } from '../../kernels/tiling.ts';

/** What of a run decides its code. */
export interface FusedShape {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly form: Form;
}

export interface FusedPrograms {
  readonly tiling: Tiling;
  readonly layout: GPUBindGroupLayout;
  readonly step: GPUComputePipeline;
}

const compiled = new WeakMap<GPUDevice, Map<string, Promise<FusedPrograms>>>();

/**
 * Compiles the step for a shape, asynchronously. The code depends on the rank and the form alone, optimisers are a branch
 * in it: other sizes and settings cost nothing again. At a rank where the algebraic form does not pay, it is the direct one.
 */
export function compileFused(device: GPUDevice, { rank, form }: FusedShape, emulated: boolean): Promise<FusedPrograms> {
  const known = compiled.get(device) ?? new Map<string, Promise<FusedPrograms>>();
  compiled.set(device, known);
  const tiling = tilingFor(rank, form, emulated);
  const key = JSON.stringify(tiling);
  const found = known.get(key) ?? compile(device, tiling);
  known.set(key, found);
  // What failed once may be asked for again.
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
