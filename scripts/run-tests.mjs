// Build, types, lint and unit tests side by side, then end-to-end tests; these need the build alone.

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { ensureChromium, ensureFirefox } from './browser.mjs';
import { PROJECT, tool } from './command.mjs';
import { ensurePackages } from './packages.mjs';
import { listen } from './serve.mjs';

const REPORTS = join(PROJECT, 'node_modules', '.cache', 'test-reports');
const FIRST_E2E_PORT = 4179;

/** @typedef {{ passed: number, failed: number }} Count */

/** A check that has one result: it counts as one test.
 * @param {number} code @returns {Count} */
const one = (code) => (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

/** The counts of a runner's report. A runner that failed without a failed test (an error on loading, say) counts as one.
 * @param {number} code @param {string} file @param {(report: any) => Count} read @returns {Count} */
function counted(code, file, read) {
  let count = { passed: 0, failed: 0 };
  try {
    count = read(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    console.log('The runner left no report.');
  }
  if (count.failed === 0 && (code !== 0 || count.passed === 0)) count.failed = 1;
  return count;
}

async function unitTests() {
  const file = join(REPORTS, 'unit.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await tool('vitest', args, { limit: 600 });
  return counted(code, file, (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests }));
}

async function endToEndTests() {
  if (!(await ensureChromium())) return { passed: 0, failed: 1 };
  await ensureFirefox();
  const file = join(REPORTS, 'e2e.json');
  // A free port, so that two runs of the tests do not share a server.
  const probe = createServer();
  const port = await listen(probe, FIRST_E2E_PORT);
  probe.close();
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: file, E2E_PORT: String(port) };
  const code = await tool('playwright', ['test', '--reporter=list,json'], { env, limit: 1520 });
  return counted(code, file, ({ stats }) => ({ passed: stats.expected + stats.flaky, failed: stats.unexpected }));
}

export async function runTests() {
  const start = performance.now();
  const total = { passed: 0, failed: 0 };
  /** @param {string} name @param {() => Promise<Count>} work @returns {Promise<boolean>} whether it went well */
  const phase = async (name, work) => {
    console.log(`\n== ${name} ==`);
    const since = performance.now();
    const count = await work().catch((error) => {
      console.log(error instanceof Error ? error.message : error);
      return { passed: 0, failed: 1 };
    });
    total.passed += count.passed;
    total.failed += count.failed;
    console.log(`-- ${name}: ${count.passed} passed, ${count.failed} failed in ${seconds(since)}`);
    return count.failed === 0;
  };

  await ensurePackages();
  rmSync(REPORTS, { recursive: true, force: true });
  mkdirSync(REPORTS, { recursive: true });
  // None of these four keeps two cores busy from its beginning to its end.
  const [built] = await Promise.all([
    phase('Build', async () => one(await tool('vite', ['build', '--logLevel', 'warn']))),
    phase('Types', async () => one(await tool('tsc', ['-p', 'tsconfig.json', '--noEmit']))),
    phase('Lint', async () => one(await tool('biome', ['check', '.']))),
    phase('Unit tests', unitTests),
  ]);
  if (built) await phase('End to end', endToEndTests);
  else console.log('\nNo end-to-end tests, since there is no build.');

  console.log(`\nAll of it took ${seconds(start)}.`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
  console.log(`${total.passed} passed, ${total.failed} failed`);
}

/** @param {number} since */
function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
