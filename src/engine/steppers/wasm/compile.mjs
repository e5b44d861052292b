/** Compiles module/, network/, math/simd/ and math/dense/ and, run as a command, writes their builds: `npm run wasm`. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/** No garbage collector, no run time, no imports. -O1: higher levels need more registers than there are. */
const OPTIONS = ['--runtime', 'stub', '--enable', 'simd', '-O1', '--noAssert', '--disableWarning'];
/** Features of a build: the plain one uses nothing that a browser with fixed SIMD lacks. */
const BUILDS = { plain: [], relaxed: ['--enable', 'relaxed-simd'] };

/** The files of each module's builds, from here, and the memory that it begins with, in pages. */
const MODULES = {
  module: { files: { plain: 'plain.wasm', relaxed: 'relaxed.wasm' }, pages: [] },
  // Its arrays are views of the memory, which must not grow below them.
  network: {
    files: { plain: 'network-plain.wasm', relaxed: 'network-relaxed.wasm' },
    pages: ['--initialMemory', '1024'],
  },
  // The same bits everywhere.
  simd: { files: { plain: '../../../math/simd/kernel.wasm' }, pages: [] },
  dense: { files: { plain: '../../../math/dense/loops.wasm' }, pages: [] },
};
/** Of modules whose folders are not here. */
const FOLDERS = '../../../math/';

/**
 * The bytes of a build: the same on every machine for one version of the compiler, which package.json pins.
 * @param {keyof typeof BUILDS} build @param {keyof typeof MODULES} module
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function compile(build, module = 'module') {
  /** @type {Uint8Array | undefined} */
  let bytes;
  const { error, stderr } = await asc.main(
    [`${module}/index.ts`, '--outFile', 'module.wasm', ...OPTIONS, ...BUILDS[build], ...MODULES[module].pages],
    {
      // The compiler asks for .ts; the files end in .as, so that nothing takes them for TypeScript.
      readFile: (name) => {
        const path = here(name.replace(/\.ts$/, '.as').replace(/^(?=(simd|dense)\/)/, FOLDERS));
        return existsSync(path) ? readFileSync(path, 'utf8') : null;
      },
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || !bytes) throw new Error(`The module does not compile.\n${stderr}`);
  return new Uint8Array(bytes);
}

if (argv[1] === here('compile.mjs')) {
  for (const [module, { files }] of Object.entries(MODULES))
    for (const [build, name] of Object.entries(files)) {
      const bytes = await compile(
        /** @type {keyof typeof BUILDS} */ (build),
        /** @type {keyof typeof MODULES} */ (module),
      );
      writeFileSync(here(name), bytes);
      console.log(`${name} has ${bytes.length} bytes`);
    }
}
