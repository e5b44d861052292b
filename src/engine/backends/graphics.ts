import { adapterName, findAdapter, isEmulated, requestDevice } from './adapter.ts';
import type { Missing } from './backend.ts';
import { type DeviceWatch, watchDevice } from './guard.ts';

/** The one graphics device of this worker: the fused kernels and TensorFlow.js share it. */
export interface Graphics {
  readonly adapter: GPUAdapter;
  readonly device: GPUDevice;
  readonly watch: DeviceWatch;
  readonly name: string;
  /** True where the processor imitates it. */
  readonly emulated: boolean;
}

let found: Promise<Graphics | Missing> | null = null;

/** Asked for once; every later call has the same answer. */
export function startGraphics(): Promise<Graphics | Missing> {
  found ??= start();
  return found;
}

async function start(): Promise<Graphics | Missing> {
  const adapter = await findAdapter();
  if ('missing' in adapter) return adapter;
  const device = await requestDevice(adapter);
  if ('missing' in device) return device;
  return { adapter, device, watch: watchDevice(device), name: adapterName(adapter), emulated: isEmulated(adapter) };
}
