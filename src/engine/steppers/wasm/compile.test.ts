import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { asSource, compile } from './compile.mjs';
import { wasmMissing } from './instance.ts';

it('holds the module that its source compiles to, which imports nothing', async () => {
  const held = readFileSync(new URL('module.ts', import.meta.url), 'utf8');
  const bytes = await compile();
  expect(asSource(bytes), 'module.ts is old: npm run wasm').toBe(held);
  expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([]);
});

it('is missing nothing here', () => {
  expect(wasmMissing()).toBeNull();
});
