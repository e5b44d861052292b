import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { partOf } from '../../../math/testing/part-of.ts';
import { compile } from './compile.mjs';
import { wasmObstacle } from './instance.ts';

// Both builds come from the same sources.
it.each(partOf(['plain', 'relaxed'] as const, 2, 1))(
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
