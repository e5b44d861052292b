import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compile } from '../../engine/steppers/wasm/compile.mjs';

it('is what its source compiles to, which imports nothing', async () => {
  const held = readFileSync(new URL('kernel.wasm', import.meta.url));
  const bytes = await compile('plain', 'simd');
  expect(held.equals(bytes), 'kernel.wasm is old: npm run wasm').toBe(true);
  expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([]);
});
