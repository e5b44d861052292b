/** Compiles module/ and, run as a command, writes plain.wasm and relaxed.wasm: `npm run wasm`. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/** No garbage collector, no run time, no imports. -O1: higher levels need more registers than there are. */
const OPTIONS = ['--runtime', 'stub', '--enable', 'simd', '-O1', '--noAssert', '--disableWarning'];
/** Features of a build: the plain one uses nothing that a browser with fixed SIMD lacks. */
const BUILDS = { plain: [], relaxed: ['--enable', 'relaxed-simd'] };

/**
 * The bytes of a build: the same on every machine for one version of the compiler, which package.json pins.
 * @param {keyof typeof BUILDS} build
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function compile(build) {
  /** @type {Uint8Array | undefined} */
  let bytes;
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'module.wasm', ...OPTIONS, ...BUILDS[build]], {
    // The compiler asks for .ts; the files end in .as, so that nothing takes them for TypeScript.
    readFile: (name) => {
      const path = here(`module/${name.replace(/\.ts$/, '.as')}`);
      return existsSync(path) ? readFileSync(path, 'utf8') : null;
    },
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') bytes = contents;
    },
    listFiles: () => [],
  });
  if (error || !bytes) throw new Error(`The module does not compile.\n${stderr}`);
  return new Uint8Array(bytes);
}

if (argv[1] === here('compile.mjs')) {
  for (const build of /** @type {const} */ (['plain', 'relaxed'])) {
    const bytes = await compile(build);
    writeFileSync(here(`${build}.wasm`), bytes);
    console.log(`${build}.wasm has ${bytes.length} bytes`);
  }
}
