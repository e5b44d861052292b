// The library is TypeScript, which Node 20 does not run: it is bundled into one script, cached until a source changes.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT } from './command.mjs';
import { ensurePackages } from './packages.mjs';

const OUT = join(PROJECT, 'node_modules', '.cache', 'lora-explorer');
const SOURCES = ['scripts/adapter', 'src/adapters/file', 'src/math', 'scripts/adapter-files.mjs', 'package-lock.json'];

/** The latest change of a file in or below this path, in ms. @param {string} path @returns {number} */
function changed(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => changed(join(path, name))));
}

/** @param {readonly string[]} args */
export async function runAdapter(args) {
  // Output may be JSON for another program, so messages about installing go to the error stream.
  const { log } = console;
  console.log = console.error;
  await ensurePackages();
  console.log = log;
  const script = join(OUT, 'adapter.mjs');
  const newest = Math.max(...SOURCES.map((source) => changed(join(PROJECT, source))));
  if (!existsSync(script) || statSync(script).mtimeMs < newest) {
    const { build } = await import('vite');
    await build({
      configFile: false,
      root: PROJECT,
      logLevel: 'error',
      publicDir: false,
      build: {
        ssr: 'scripts/adapter/main.ts',
        outDir: OUT,
        emptyOutDir: false,
        rollupOptions: { output: { entryFileNames: 'adapter.mjs', codeSplitting: false } },
      },
    });
  }
  const { main } = await import(pathToFileURL(script).href);
  process.exitCode = await main(args);
}
