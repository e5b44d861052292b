import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WasmBuild } from './instance.ts';

beforeEach(() => {
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const bytesOf = (build: WasmBuild) => readFileSync(new URL(`${build}.wasm`, import.meta.url));

/** Takes the fastest build of a server that has both, and notes the requests. */
async function begun(answer: (build: WasmBuild) => BufferSource | null = bytesOf) {
  const wasm = await import('./instance.ts');
  const asked: WasmBuild[] = [];
  await wasm.takeFastest(async (build) => {
    asked.push(build);
    return answer(build);
  });
  return { ...wasm, asked };
}

const missing = async () => (await begun()).wasmObstacle();

it('is there, and one build alone has been fetched', async () => {
  const { wasmObstacle, asked } = await begun();
  expect(wasmObstacle()).toBeNull();
  expect(asked).toEqual(['relaxed']);
});

it('goes on without what does not come', async () => {
  const plain = await begun((build) => (build === 'plain' ? bytesOf(build) : null));
  expect([plain.wasmObstacle(), plain.hasFusedMultiplyAdd(), plain.asked]).toEqual([null, false, ['relaxed', 'plain']]);
  vi.resetModules();
  expect((await begun(() => null)).wasmObstacle()).toBe('The WebAssembly of this page could not be loaded.');
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
  const { openKernel } = await begun();
  expect(() => openKernel(8, 8, 2, null)).toThrow('This page is not allowed to compile WebAssembly');
});

const isRelaxed = (bytes: BufferSource) => Buffer.from(bytes as Uint8Array).includes(Buffer.of(0xfd, 0x85, 0x02));

const odd: readonly {
  readonly browser: string;
  readonly relaxed: () => boolean;
  readonly why: string;
  readonly fetched: readonly WasmBuild[];
}[] = [
  {
    browser: 'has no relaxed SIMD',
    relaxed: () => false,
    why: 'This browser’s WebAssembly has no relaxed SIMD.',
    fetched: ['plain'],
  },
  {
    browser: 'throws at the question',
    relaxed: () => {
      throw new TypeError('what is this?');
    },
    why: 'This page is not allowed to compile WebAssembly: what is this?',
    fetched: ['plain'],
  },
  {
    browser: 'says yes and does not compile it',
    relaxed: () => true,
    why: 'This page is not allowed to compile WebAssembly: on second thoughts',
    fetched: ['relaxed', 'plain'],
  },
];

it.each(odd)('takes the plain build where the browser $browser', async ({ relaxed, why, fetched }) => {
  const { validate, Module, Instance } = WebAssembly;
  const compiles = function compile(bytes: BufferSource) {
    if (isRelaxed(bytes)) throw new Error('on second thoughts');
    return new Module(bytes);
  };
  const validates = (bytes: BufferSource) => (isRelaxed(bytes) ? relaxed() : validate(bytes));
  vi.stubGlobal('WebAssembly', { validate: validates, Module: compiles, Instance });
  const { openKernel, hasFusedMultiplyAdd, wasmObstacle, asked } = await begun();
  expect(asked).toEqual(fetched);
  expect(wasmObstacle('relaxed')).toBe(why);
  expect(wasmObstacle()).toBeNull();
  expect(hasFusedMultiplyAdd()).toBe(false);
  expect(openKernel(8, 8, 2, null).memory.buffer.byteLength).toBeGreaterThan(0);
  expect(() => openKernel(8, 8, 2, null, 'relaxed')).toThrow(why);
});

it('says why there is neither where every question throws', async () => {
  vi.stubGlobal('WebAssembly', {
    validate: () => {
      throw new TypeError('what is this?');
    },
  });
  expect(await missing()).toBe('This page is not allowed to compile WebAssembly: what is this?');
});
