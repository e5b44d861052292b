import { afterEach, beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => {
  // The module is compiled once and kept.
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const missing = async () => (await import('./instance.ts')).wasmMissing();

it('is there', async () => {
  expect(await missing()).toBeNull();
});

it('says why it is not: no WebAssembly, none with SIMD, or a policy against it', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  expect(await missing()).toBe('This browser has no WebAssembly.');
  vi.resetModules();
  vi.stubGlobal('WebAssembly', { validate: () => false });
  expect(await missing()).toBe('This browser’s WebAssembly has no SIMD.');
  vi.resetModules();
  const refuses = function Module() {
    throw new Error('blocked by the content security policy');
  };
  vi.stubGlobal('WebAssembly', { validate: () => true, Module: refuses });
  expect(await missing()).toBe(
    'This page is not allowed to compile WebAssembly: blocked by the content security policy',
  );
  const { openKernel } = await import('./instance.ts');
  expect(() => openKernel(8, 8, 2, null)).toThrow('This page is not allowed to compile WebAssembly');
});
