import { afterEach, expect, it, vi } from 'vitest';
import { adapterName, findAdapter, isEmulated, requestDevice } from './graphics.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const adapterOf = (info: Partial<GPUAdapterInfo>, requestDevice: () => Promise<GPUDevice> = vi.fn()) =>
  ({ info, limits: {}, requestDevice }) as unknown as GPUAdapter;
const foundWith = (requestAdapter: () => Promise<GPUAdapter | null>) => {
  vi.stubGlobal('navigator', { gpu: { requestAdapter } });
  return findAdapter();
};
const never = () => new Promise<never>(() => {});

it('says why there is no graphics adapter', async () => {
  vi.stubGlobal('navigator', {});
  expect(await findAdapter()).toEqual({ missing: 'This browser has no WebGPU.' });
  expect(await foundWith(async () => null)).toEqual({
    missing: 'The browser has WebGPU but offers no graphics adapter.',
  });
  expect(await foundWith(() => Promise.reject(new Error('blocked.')))).toEqual({
    missing: 'The browser refused a graphics adapter: blocked.',
  });
});

it('waits ten seconds for a graphics process that hangs, and no longer', async () => {
  vi.useFakeTimers();
  const adapter = foundWith(never);
  const device = requestDevice(adapterOf({}, never));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await adapter).toEqual({
    missing: 'The browser refused a graphics adapter: it did not answer within ten seconds.',
  });
  expect(await device).toEqual({
    missing: 'The graphics adapter failed to start: it did not answer within ten seconds.',
  });
});

it('knows an adapter by what the browser tells of it, and an emulated one', () => {
  expect(adapterName(adapterOf({ description: '', device: '', vendor: 'acme', architecture: 'one' }))).toBe('acme one');
  expect(adapterName(adapterOf({ description: '', device: '', vendor: '', architecture: '' }))).toBe('graphics device');
  expect(isEmulated(adapterOf({ vendor: 'google', architecture: 'swiftshader' }))).toBe(true);
  expect(isEmulated(adapterOf({ vendor: 'mesa', description: 'llvmpipe (LLVM 19)' }))).toBe(true);
  expect(isEmulated(adapterOf({ isFallbackAdapter: true, description: 'acme' }))).toBe(true);
  expect(isEmulated(adapterOf({ vendor: 'acme', description: 'Warped Graphics 3' }))).toBe(false);
});
