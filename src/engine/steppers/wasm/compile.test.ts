import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { asSource, compile } from './compile.mjs';
import { wasmMissing } from './instance.ts';

it('holds the modules that their source compiles to, which import nothing', async () => {
  const held = readFileSync(new URL('module.ts', import.meta.url), 'utf8');
  const [plain, relaxed] = [await compile('plain'), await compile('relaxed')];
  expect(asSource({ plain, relaxed }), 'module.ts is old: npm run wasm').toBe(held);
  expect(WebAssembly.Module.imports(new WebAssembly.Module(plain))).toEqual([]);
});

it('is missing nothing here', () => {
  expect(wasmMissing()).toBeNull();
});
