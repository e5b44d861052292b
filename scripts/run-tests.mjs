// Build, types, lint and unit tests side by side, then end-to-end tests; these need the build alone.

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureChromium, ensureFirefox } from './browser.mjs';
import { PROJECT, tool } from './command.mjs';
import { ensurePackages } from './packages.mjs';
import { listen } from './serve.mjs';

const REPORTS = join(PROJECT, 'node_modules', '.cache', 'test-reports');
const FIRST_E2E_PORT = 4179;
/** What is printed of a failure at the end. */
const ERROR_LINES = 12;

/** `names`: what failed, by name and with its first error. @typedef {{ passed: number, failed: number, names: string[] }} Count */

/** A check that has one result: it counts as one test.
 * @param {number} code @returns {Count} */
const one = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, names: [] });

/** The counts of a runner's report. A runner that failed without a failed test (an error on loading, say) counts as one.
 * @param {number} code @param {string} file @param {(report: any) => Count} read @returns {Count} */
function counted(code, file, read) {
  let count = { passed: 0, failed: 0, names: /** @type {string[]} */ ([]) };
  try {
    count = read(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    console.log('The runner left no report.');
  }
  if (count.failed === 0 && (code !== 0 || count.passed === 0)) {
    count.failed = 1;
    count.names.push(`the runner ended with code ${code}, though no test failed: see its errors above`);
  }
  return count;
}

/** The unit tests of a report that failed; a file that could not be loaded has an error and no test.
 * @param {any[]} files @returns {string[]} */
const failedUnits = (files) =>
  files.flatMap(({ name, message, assertionResults }) => [
    ...(assertionResults.length === 0 && message ? [`${relative(PROJECT, name)}\n${message}`] : []),
    ...assertionResults
      .filter((/** @type {any} */ test) => test.status === 'failed')
      .map(
        (/** @type {any} */ test) => `${relative(PROJECT, name)} › ${test.fullName}\n${test.failureMessages[0] ?? ''}`,
      ),
  ]);

/** The browser tests below a suite of a report that failed, or failed once.
 * @param {any} suite @returns {string[]} */
const failedSpecs = ({ suites = [], specs = [] }) => [
  ...specs.flatMap((/** @type {any} */ spec) =>
    spec.tests
      .filter((/** @type {any} */ test) => test.status === 'unexpected' || test.status === 'flaky')
      .map((/** @type {any} */ test) => {
        const tries = test.status === 'flaky' ? ' (passed at its second try)' : '';
        const error = test.results.find((/** @type {any} */ result) => result.error)?.error.message ?? '';
        return `[${test.projectName}] ${spec.file}:${spec.line} › ${spec.title}${tries}\n${error}`;
      }),
  ),
  ...suites.flatMap(failedSpecs),
];

async function unitTests() {
  const file = join(REPORTS, 'unit.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await tool('vitest', args, { limit: 900 });
  return counted(code, file, (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    names: failedUnits(report.testResults),
  }));
}

async function endToEndTests() {
  if (!(await ensureChromium())) return one(1);
  await ensureFirefox();
  const file = join(REPORTS, 'e2e.json');
  // A free port, so that two runs of the tests do not share a server.
  const probe = createServer();
  const port = await listen(probe, FIRST_E2E_PORT);
  probe.close();
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: file, E2E_PORT: String(port) };
  const code = await tool('playwright', ['test', '--reporter=list,json'], { env, limit: 2420 });
  return counted(code, file, (report) => ({
    passed: report.stats.expected + report.stats.flaky,
    failed: report.stats.unexpected,
    names: failedSpecs(report),
  }));
}

export async function runTests() {
  const start = performance.now();
  const total = { passed: 0, failed: 0 };
  const failures = /** @type {string[]} */ ([]);
  /** @param {string} name @param {() => Promise<Count>} work @returns {Promise<boolean>} whether it went well */
  const phase = async (name, work) => {
    console.log(`\n== ${name} ==`);
    const since = performance.now();
    const count = await work().catch((error) => {
      console.log(error instanceof Error ? error.message : error);
      return one(1);
    });
    total.passed += count.passed;
    total.failed += count.failed;
    failures.push(...count.names.map((text) => `${name}: ${text}`));
    if (count.failed > 0 && count.names.length === 0) failures.push(name);
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

  // At the end once more: what failed minutes ago has scrolled away, and a log may be cut.
  for (const text of failures)
    console.log(`\nNot right: ${stripVTControlCharacters(text).split('\n').slice(0, ERROR_LINES).join('\n  ')}`);
  console.log(`\nAll of it took ${seconds(start)}.`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
  console.log(`${total.passed} passed, ${total.failed} failed`);
}

/** @param {number} since */
function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
