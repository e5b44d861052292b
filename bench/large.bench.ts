/** A layer of 4096 × 4096 at r = 16 on the page. */

import { type Page, test } from '@playwright/test';
import { machineOf, QUICK } from './machine.ts';
import { peakMemory } from './page/memory.ts';
import { watchTraining } from './page/training.ts';
import { report, say } from './report.ts';
import { digits } from './statistics.ts';

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
async function opened(page: Page, address: string): Promise<{ ready: number } | { why: string }> {
  const from = performance.now();
  await page.goto('about:blank');
  await page.goto(address);
  const why = await page.evaluate(async (patience) => {
    const late = new Promise<string>((done) => setTimeout(done, patience, 'not ready in time'));
    const refused = await Promise.race([
      late,
      window.loraExplorer.ready.then(
        () => '',
        (error: Error) => error.message,
      ),
    ]);
    if (refused) return refused;
    if (window.loraExplorer.link().includes('d=4096')) return '';
    return document.querySelector('.notice')?.textContent ?? 'the page has opened another size';
  }, PATIENCE);
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
