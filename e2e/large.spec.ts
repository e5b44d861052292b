import type { Page } from '@playwright/test';
import { expectNoViolations } from './axe.ts';
import { trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const [D, K, RANK] = [1536, 1200, 8];
/** Blocks of 6 × 5 entries, so that no side has more than 256 cells. */
const CELLS = [256, 240];

/** Length of the longest array of numbers that a worker sends. */
async function countNumbers(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const found = { longest: 0 };
    const visit = (value: unknown): void => {
      if (ArrayBuffer.isView(value)) found.longest = Math.max(found.longest, value.byteLength / 4);
      else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
    };
    const Plain = window.Worker;
    window.Worker = class extends Plain {
      constructor(...args: ConstructorParameters<typeof Plain>) {
        super(...args);
        this.addEventListener('message', ({ data }) => visit(data));
      }
    };
    Object.assign(window, { found });
  });
  return () => page.evaluate(() => (window as unknown as { found: { longest: number } }).found.longest);
}

function painted(page: Page, name: RegExp) {
  return page.getByRole('img', { name }).evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray(4);
    const pixels = new Uint32Array(data.buffer);
    return { size: [height, width], differ: pixels.filter((p) => p !== pixels[0]).length };
  });
}

test('a large layer trains: reduced in the worker, drawn and read in blocks', async ({ page }) => {
  const longest = await countNumbers(page);
  await page.goto(`./?backend=wasm#v=1&target=low-rank&truerank=8&d=${D}&k=${K}&rank=${RANK}&steps=60`);
  const { backend } = await waitUntilReady(page);
  const run = await trainRun(page, 12);
  const { loss } = run.trace;
  expect(loss).toHaveLength(13);
  expect(loss[12]).toBeLessThan(0.7 * loss[0]);
  expect(run.layers[0]).toMatchObject({ base: null, target: null });
  expect([run.layers[0].final.A.length, run.layers[0].final.B.length]).toEqual([RANK, D]);

  // Of each matrix the worker sends as many numbers as are drawn, whatever its size.
  expect(await longest()).toBeLessThanOrEqual(CELLS[0] * CELLS[1]);
  for (const name of [/^Heat map of W₀,/, /^Heat map of ΔW =/, /^Heat map of ΔW\*/, /^Heat map of E/]) {
    await expect.poll(async () => (await painted(page, name)).differ).toBeGreaterThan(1000);
    expect((await painted(page, name)).size).toEqual(CELLS);
  }

  await page.getByRole('group', { name: /Cells of ΔW/ }).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('End');
  await page.keyboard.press('PageDown');
  await expect(page.locator('.drawn')).toContainText('6 × 5 entries: rows 1,531–1,536, columns 1,196–1,200');
  await expect(page.getByText(/^mean −?\d/)).toHaveCount(5);
  await expect(page.getByText(/^largest −?\d/)).toHaveCount(5);
  await page.keyboard.press('Escape');

  // Said above the matrices: their captions have no room for it.
  await expect(page.locator('.drawn')).toContainText('of 6 × 5 entries');
  await expect(page.getByRole('img', { name: /ΔW = .* block means from/ })).toBeVisible();
  await page.getByLabel('What each pixel shows of its block').selectOption({ label: 'largest entry' });
  await expect(page.getByRole('img', { name: /ΔW = .* largest entries of blocks from/ })).toBeVisible();

  await expectNoViolations(page, 'large layer', '.hero');

  const memory = await page.evaluate(() => {
    const { memory: heap } = performance as unknown as { memory?: { usedJSHeapSize: number } };
    return heap ? `${Math.round(heap.usedJSHeapSize / 1e6)} MB of script heap on the page` : 'the heap is not told';
  });
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'About' }).click();
  await page.getByRole('button', { name: 'How it is computed' }).click();
  const estimate = await page.getByText(/at most about .* MB for this run/).textContent();
  console.log(`${D} × ${K}, r = ${RANK} on ${backend}: ${memory}; ${estimate}`);
});
