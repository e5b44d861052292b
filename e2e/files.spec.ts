import { openAndWait, openLink, runOf, SMALL_RUN, storedRun, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test('a run file comes out, and dropped on the page it comes back; a broken one is refused by name', async ({
  page,
}) => {
  await openAndWait(page, SMALL_RUN);
  const file = await trainRun(page);
  await openLink(page, '#v=1&d=8&k=8');
  const drop = (name: string, text: string) =>
    page.evaluate(
      ([n, t]) => {
        const data = new DataTransfer();
        data.items.add(new File([t], n, { type: 'application/json' }));
        for (const type of ['dragenter', 'dragover', 'drop'])
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      },
      [name, text],
    );
  await drop('bad.json', JSON.stringify({ ...file, version: 7 }));
  await expect(page.getByText(/version: found 7, expected 1/).first()).toBeVisible();
  expect((await runOf(page)).config).toMatchObject({ d: 8 });
  await drop('run.json', JSON.stringify(file));
  await expect.poll(async () => (await runOf(page)).trace.loss.length).toBe(61);
  const back = await runOf(page);
  expect(back.trace).toEqual(file.trace);
  expect(back.layers[0].final).toEqual(file.layers[0].final);
  expect(back.status).toBe('finished');
  // It can continue: its steps are repeated first.
  expect((await trainRun(page, 5)).trace.loss).toHaveLength(66);
});

test('downloads: run, trace, chart as SVG, PNG and CSV', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  await trainRun(page);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const names: string[] = [];
  const buttons = page.getByRole('dialog').getByRole('button', { name: /JSON|CSV|SVG|PNG/ });
  await expect(buttons.first()).toBeVisible();
  expect(await buttons.count()).toBeGreaterThan(8);
  // A browser lets a page save ten files in a row; the others differ in the chart only.
  for (const button of (await buttons.all()).slice(0, 8)) {
    const [download] = await Promise.all([page.waitForEvent('download', { timeout: 20_000 }), button.click()]);
    names.push(download.suggestedFilename());
  }
  for (const end of ['.json', '-trace.csv', '.svg', '.png'])
    expect(
      names.some((n) => n.endsWith(end)),
      end,
    ).toBe(true);
});

test('a finished run is back after a reload, and offered to the next visit', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  const file = await trainRun(page);
  // It is written half a second after it ends.
  await expect.poll(() => storedRun(page)).toContain('"status":"finished"');
  await page.reload();
  await waitUntilReady(page);
  await expect.poll(async () => (await runOf(page)).trace.loss.length).toBe(61);
  expect((await runOf(page)).trace).toEqual(file.trace);
  await page.goto('about:blank');
  await openAndWait(page, SMALL_RUN);
  await page.getByRole('button', { name: 'Reopen' }).click();
  await expect.poll(async () => (await runOf(page)).trace.loss.length).toBe(61);
});

test('a run that still trains is back after a reload in the middle of it, and goes on', async ({ page }) => {
  await openAndWait(page, './?backend=cpu#v=1&d=16&k=16&rank=4&steps=100000&pace=50');
  await page.getByRole('region', { name: 'Run' }).getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(async () => (await runOf(page)).trace.loss.length).toBeGreaterThan(60);
  const before = (await runOf(page)).trace.loss;
  await page.reload();
  await waitUntilReady(page);
  await expect.poll(async () => (await runOf(page)).trace.loss.length).toBeGreaterThanOrEqual(before.length);
  const kept = await runOf(page);
  expect(kept.trace.loss.slice(0, before.length)).toEqual(before);
  expect(kept.status).toBe('paused');
  expect((await trainRun(page, 5)).trace.loss).toHaveLength(kept.trace.loss.length + 5);
});
