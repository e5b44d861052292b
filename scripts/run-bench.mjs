// Each bench/*.bench.ts prints Markdown and adds its figures to bench/results.json, which git ignores: figures belong to a machine.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from './browser.mjs';
import { PROJECT, tool } from './command.mjs';
import { ensurePackages } from './packages.mjs';

/** @param {readonly string[]} args */
export async function runBench(args) {
  await ensurePackages();
  if (!(await ensureChromium())) process.exit(1);
  const built = await tool('vite', ['build', '--logLevel', 'warn']);
  if (built !== 0) process.exit(built);
  rmSync(join(PROJECT, 'bench', 'results.json'), { force: true });
  process.exitCode = await tool('playwright', ['test', '-c', 'bench/playwright.config.ts', ...args]);
}
