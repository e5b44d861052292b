import { beforeTimeout } from '../run/task-queue.ts';
import { errorText, type NoBackend } from './backend.ts';
import { type DeviceWatch, watchDevice } from './guard.ts';

export interface Graphics {
  readonly adapter: GPUAdapter;
  readonly device: GPUDevice;
  readonly watch: DeviceWatch;
  readonly name: string;
  readonly emulated: boolean;
}

let found: Promise<Graphics | NoBackend> | null = null;

export function startGraphics(): Promise<Graphics | NoBackend> {
  found ??= start();
  return found;
}

async function start(): Promise<Graphics | NoBackend> {
  const adapter = await findAdapter();
  if ('missing' in adapter) return adapter;
  const device = await requestDevice(adapter);
  if ('missing' in device) return device;
  return { adapter, device, watch: watchDevice(device), name: adapterName(adapter), emulated: isEmulated(adapter) };
}

/** A browser whose graphics process hangs must not hang the page: after this the next back end is tried. */
const PATIENCE_MS = 10_000;
const EMULATORS = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

export async function findAdapter(): Promise<GPUAdapter | NoBackend> {
  if (!('gpu' in navigator) || !navigator.gpu) return { missing: 'This browser has no WebGPU.' };
  try {
    const adapter = await inTime(navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }));
    return adapter ?? { missing: 'The browser has WebGPU but offers no graphics adapter.' };
  } catch (error) {
    return { missing: `The browser refused a graphics adapter: ${errorText(error)}` };
  }
}

/** A device with the adapter's own limits if large matrices need them. */
export async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice | NoBackend> {
  const { limits } = adapter;
  try {
    return await inTime(
      adapter.requestDevice({
        requiredLimits: {
          maxBufferSize: limits.maxBufferSize,
          maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
          maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
          maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
          maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
          maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
        },
      }),
    );
  } catch (error) {
    return { missing: `The graphics adapter failed to start: ${errorText(error)}` };
  }
}

export function adapterName({ info }: GPUAdapter): string {
  return (
    info.description || info.device || [info.vendor, info.architecture].filter(Boolean).join(' ') || 'graphics device'
  );
}

export function isEmulated(adapter: GPUAdapter): boolean {
  const { vendor, architecture, device, description } = adapter.info;
  return adapter.info.isFallbackAdapter || EMULATORS.test([vendor, architecture, device, description].join(' '));
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  const answer = await beforeTimeout(
    promise.then((value) => ({ value })),
    PATIENCE_MS,
  );
  if (!answer) throw new Error('it did not answer within ten seconds.');
  return answer.value;
}
