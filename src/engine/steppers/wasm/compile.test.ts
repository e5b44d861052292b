import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { asSource, compile } from './compile.mjs';
import { wasmMissing } from './instance.ts';

it('holds the module that its source compiles to', async () => {
  const held = readFileSync(new URL('module.ts', import.meta.url), 'utf8');
  expect(asSource(await compile()), 'module.ts is old: npm run wasm').toBe(held);
});

it('imports nothing', async () => {
  expect(WebAssembly.Module.imports(new WebAssembly.Module(await compile()))).toEqual([]);
});

it('is missing nothing here', () => {
  expect(wasmMissing()).toBeNull();
});
