import { quarterOf } from '../src/math/testing/part-of.ts';
import { openLink, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test('no long task on the page’s thread while 256 × 256, rank 16 trains', async ({ page }) => {
  await page.addInitScript(() => {
    const longTasks: number[] = [];
    Object.assign(window, { longTasks, quietSince: 0 });
    new PerformanceObserver((list) => {
      for (const { duration, startTime } of list.getEntries()) {
        longTasks.push(duration);
        Object.assign(window, { quietSince: startTime + duration });
      }
    }).observe({ type: 'longtask' });
  });
  await page.goto('./?backend=cpu#v=1&target=decay&d=256&k=256&rank=16&steps=3000');
  await waitUntilReady(page);
  // Not the cost of loading: training begins once all has loaded and half a second has passed without a long task.
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => performance.now() - (window as unknown as { quietSince: number }).quietSince > 500);
  const tasks = await page.evaluate(async () => {
    const { longTasks } = window as unknown as { longTasks: number[] };
    longTasks.length = 0;
    const frames = { count: 0 };
    const tick = () => {
      frames.count++;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    const from = performance.now();
    await window.loraExplorer.train(400);
    return { long: [...longTasks], frames: frames.count, seconds: (performance.now() - from) / 1000 };
  });
  console.log(
    `256 × 256, r = 16: longest task ${Math.max(0, ...tasks.long)} ms; ${(tasks.frames / tasks.seconds).toFixed(0)} frames a second`,
  );
  // Absolute times are printed, not asserted; the page must keep drawing while it trains.
  expect(tasks.frames).toBeGreaterThan(3);
});

test('many runs in a row leave the worker’s tensors and GPU buffers as they were', async ({ page }) => {
  test.setTimeout(240_000);
  await page.goto('./?backend=webgpu&stepper=tfjs#v=1&target=picture&d=32&k=32&rank=4&steps=6');
  const { backend } = await waitUntilReady(page);
  expect(backend).toBe('webgpu');
  const counts = async () =>
    page
      .workers()[0]
      .evaluate(() => (self as unknown as { engineCounts: () => { tensors: number; buffers: number } }).engineCounts());
  await trainRun(page);
  await openLink(page, '#v=1&target=picture&d=32&k=32&rank=4&steps=6&seed=0');
  await trainRun(page);
  const before = await counts();
  for (let seed = 1; seed <= quarterOf(20); seed++) {
    await openLink(page, `#v=1&target=picture&d=32&k=32&rank=4&steps=6&seed=${seed}`);
    await trainRun(page);
  }
  expect(await counts()).toEqual(before);
});
