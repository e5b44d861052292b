// Each bench/*.bench.ts prints Markdown and adds its figures to bench/results.json, which git ignores: figures are
// specific to a machine.

import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { writeDocs } from '../bench/docs.mjs';
import { ensureChromium } from './browser.mjs';
import { PROJECT, tool } from './command.mjs';
import { ensurePackages } from './packages.mjs';
import { listen } from './serve.mjs';

const FIRST_PORT = 4279;
const RESULTS = join(PROJECT, 'bench', 'results.json');
/** A partial bench leaves the tables of the others unchanged. */
const PAGES = ['performance.md', 'initialisations.md'];

/** @param {readonly string[]} args */
export async function runBench(args) {
  const own = ['--quick', '--large', '--write-docs'];
  const flag = (/** @type {string} */ name) => (args.includes(name) ? '1' : '0');
  const since = performance.now();
  await ensurePackages();
  if (!(await ensureChromium())) process.exit(1);
  const built = await tool('vite', ['build', '--logLevel', 'warn']);
  if (built !== 0) process.exit(built);
  rmSync(RESULTS, { force: true });
  // A free port, since otherwise another server could be measured.
  const probe = createServer();
  const port = await listen(probe, FIRST_PORT);
  probe.close();
  const env = {
    E2E_PORT: String(port),
    BENCH_QUICK: flag('--quick'),
    BENCH_LARGE: flag('--large'),
    BENCH_DOCS: flag('--write-docs'),
  };
  const rest = args.filter((arg) => !own.includes(arg));
  process.exitCode = await tool('playwright', ['test', '-c', 'bench/playwright.config.ts', ...rest], { env });
  if (args.includes('--write-docs')) for (const page of PAGES) writeDocs(RESULTS, join(PROJECT, 'docs', page));
  console.error(`All of it took ${((performance.now() - since) / 1000).toFixed(0)} s.`);
}
