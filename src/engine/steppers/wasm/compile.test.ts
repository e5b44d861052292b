import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compile } from './compile.mjs';
import { wasmObstacle } from './instance.ts';

it.each(['plain', 'relaxed'] as const)(
  '%s.wasm holds what its source compiles to, which imports nothing',
  async (build) => {
    const held = readFileSync(new URL(`${build}.wasm`, import.meta.url));
    const bytes = await compile(build);
    expect(held.equals(bytes), `${build}.wasm is old: npm run wasm`).toBe(true);
    expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([]);
  },
);

it('is missing nothing here', () => {
  expect(wasmObstacle()).toBeNull();
});
