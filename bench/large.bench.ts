/** Layers on the page until they are ready, against NumPy, and one of 4096 × 4096 at r = 16. */

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Page, test } from '@playwright/test';
import { machineOf, QUICK } from './machine.ts';
import { peakMemory } from './page/memory.ts';
import { watchTraining } from './page/training.ts';
import { report, say } from './report.ts';
import { digits, median, quartilesText, spread } from './statistics.ts';
import { reached } from './steppers/goal.ts';
import { conversation, ONE_THREAD, PYTHON } from './steppers/pytorch.ts';
import { sizeWords } from './steppers/start.ts';

const CASES = QUICK
  ? [{ backend: 'wasm', steps: 5 }]
  : [
      { backend: 'wasm', steps: 30 },
      { backend: 'webgpu', steps: 30 },
    ];
const PATIENCE = 200_000;
/** The run is paused after this time, however far it is. */
const MOST_MS = 60_000;

const link = (steps: number) => `#v=1&target=decay&d=4096&k=4096&rank=16&steps=${steps}`;

/** Milliseconds until the page is ready, or the reason on screen why it is not. */
async function opened(page: Page, address: string, d = 4096): Promise<{ ready: number } | { why: string }> {
  const from = performance.now();
  await page.goto('about:blank');
  await page.goto(address);
  const why = await page.evaluate(
    async ([patience, size]) => {
      const late = new Promise<string>((done) => setTimeout(done, patience, 'not ready in time'));
      const refused = await Promise.race([
        late,
        window.loraExplorer.ready.then(
          () => '',
          (error: Error) => error.message,
        ),
      ]);
      if (refused) return refused;
      if (window.loraExplorer.link().includes(`d=${size}`)) return '';
      return document.querySelector('.notice')?.textContent ?? 'the page has opened another size';
    },
    [PATIENCE, d] as const,
  );
  return why ? { why } : { ready: performance.now() - from };
}

test('4096 × 4096, r = 16', async ({ page }) => {
  const rows = [];
  for (const { backend, steps } of CASES) {
    say(`4096 × 4096, r = 16 on ${backend}: the page opens it`);
    const head = { 'back end': backend };
    const start = await peakMemory(page, opened(page, `./?backend=${backend}${link(steps)}`));
    if ('why' in start.result) {
      rows.push({ ...head, ...EMPTY, result: start.result.why.replaceAll('|', '/') });
      continue;
    }
    say(`4096 × 4096, r = 16 on ${backend}: ${steps} steps`);
    const { peak, result: run } = await peakMemory(page, watchTraining(page, { steps, ms: MOST_MS }));
    rows.push({
      ...head,
      steps: run.steps,
      'ready after, s': digits(start.result.ready / 1000),
      'ms per step': digits(run.ms / run.steps),
      'loss at the start': digits(run.firstLoss),
      'at the end': digits(run.lastLoss),
      'longest task, ms': run.longest === 0 ? 'under 50' : digits(run.longest),
      'new steps shown': run.drawn,
      'most memory, MB': digits(Math.max(start.peak, peak)),
      result: `${run.status} on ${run.backend}, ${run.complete ? 'every step kept' : 'steps are missing'}`,
    });
  }
  report('large', 'The page at 4096 × 4096, r = 16', await machineOf(page), rows, [
    'Memory is what the browser’s page and graphics processes hold together at their most.',
  ]);
});

const EMPTY = {
  steps: '–',
  'ready after, s': '–',
  'ms per step': '–',
  'loss at the start': '–',
  'at the end': '–',
  'longest task, ms': '–',
  'new steps shown': '–',
  'most memory, MB': '–',
};

const SCRIPT = fileURLToPath(new URL('matrices.py', import.meta.url));
const RANK = 16;
const SIZES = QUICK ? [512] : [512, 1024, 4096];
/** Of each size, after one that warms up. */
const roundsOf = (d: number) => (QUICK || d > 2000 ? 3 : 7);
/** How many times NumPy's time, and seconds from asking for the page. */
const MOST = 1.5;
const MOST_AT_FIRST: Readonly<Record<number, number>> = { 4096: 5 };
const ABSENT =
  'NumPy: not present. It is measured where python3 has it (Debian: `apt-get install python3-numpy libopenblas0-pthread`); ' +
  'PYTHON names another interpreter.';

test('ready against NumPy', async ({ page }) => {
  const child = spawn(PYTHON, [SCRIPT], { stdio: ['pipe', 'pipe', 'ignore'], env: ONE_THREAD });
  const ask = conversation(child);
  const hello = await ask(null);
  const words = hello ? (JSON.parse(hello) as { readonly words: string }).words : ABSENT;
  const rows = [];
  for (const d of SIZES) {
    say(`${d} × ${d} until ready`);
    const address = `#v=1&target=decay&d=${d}&k=${d}&rank=${RANK}&seed=`;
    const first = await opened(page, `./?backend=wasm${address}1`, d);
    if ('why' in first) throw new Error(first.why);
    const times: { page: number; numpy: number }[] = [];
    for (let round = 0; round <= roundsOf(d); round++) {
      const answer = hello && (await ask(JSON.stringify({ d, rank: RANK, seed: round })));
      // A run that has begun ends what it does beside its matrices.
      await page.waitForTimeout(1000);
      const ms = await page.evaluate(
        async (link) => {
          const before = performance.now();
          await window.loraExplorer.open(link);
          return performance.now() - before;
        },
        `${address}${round + 2}`,
      );
      const numpy = answer ? (JSON.parse(answer) as { readonly ms: number }).ms : Number.NaN;
      if (round > 0) times.push({ page: ms, numpy });
    }
    const numpy = times.map((time) => time.numpy);
    const ratio = median(times.map((time) => time.page)) / median(numpy);
    const most = MOST_AT_FIRST[d];
    rows.push({
      'd = k, r': sizeWords({ d, rank: RANK }),
      'ready on an open page, ms': quartilesText(spread(times.map((time) => time.page))),
      'NumPy, ms': hello ? quartilesText(spread(numpy)) : '–',
      'page / NumPy': digits(ratio),
      'at most': MOST,
      reached: reached(hello ? ratio <= MOST : undefined),
      'from asking for the page, s': digits(first.ready / 1000),
      'at most, s': most ?? '–',
      'in time': reached(most ? first.ready <= 1000 * most : undefined),
    });
  }
  child.stdin.end();
  report('ready', 'Ready against NumPy making the same matrices', await machineOf(page), rows, [
    `${words}. In turns, each time with another seed. On an open page: from the call of open() until its run is ready, with its stepper opened and timed, its picture and its first loss.`,
  ]);
});
