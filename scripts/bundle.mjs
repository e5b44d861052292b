// A script in TypeScript, which Node 20 does not run: it is bundled into one file, cached until a source changes.

import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT } from './command.mjs';
import { ensurePackages } from './packages.mjs';

const OUT = join(PROJECT, 'node_modules', '.cache', 'lora-explorer');

/** The latest change of a file in or below this path, in ms. @param {string} path @returns {number} */
function changed(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => changed(join(path, name))));
}

/** The exports of scripts/NAME/main.ts; `sources` are the other files and folders that it is made of. @param {string} name @param {readonly string[]} sources */
export async function importBundled(name, sources) {
  // Output may be JSON for another program, so messages about installing go to the error stream.
  const { log } = console;
  console.log = console.error;
  await ensurePackages();
  console.log = log;
  const script = join(OUT, `${name}.mjs`);
  const all = [`scripts/${name}`, 'package-lock.json', ...sources];
  const newest = Math.max(...all.map((source) => changed(join(PROJECT, source))));
  if (!existsSync(script) || statSync(script).mtimeMs < newest) {
    const { build } = await import('vite');
    // Whole before it has its name: a build that is interrupted is made again.
    const part = `${name}.${process.pid}.part`;
    await build({
      configFile: false,
      root: PROJECT,
      logLevel: 'error',
      publicDir: false,
      build: {
        ssr: `scripts/${name}/main.ts`,
        outDir: OUT,
        emptyOutDir: false,
        rollupOptions: { output: { entryFileNames: part, codeSplitting: false } },
      },
    });
    renameSync(join(OUT, part), script);
  }
  return import(pathToFileURL(script).href);
}
