import { currentLink, openAndWait, runOf, SMALL_RUN, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test('rank changes restart from the same seed; undo and redo; the address follows; back works', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  const rank = page.getByRole('textbox', { name: 'Rank r, typed' });
  await rank.fill('12');
  await rank.press('Enter');
  await expect.poll(() => currentLink(page)).toContain('rank=12');
  await waitUntilReady(page);
  await expect.poll(() => new URL(page.url()).hash).toContain('rank=12');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => currentLink(page)).toContain('rank=8');
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect.poll(() => currentLink(page)).toContain('rank=12');
  await page.getByRole('combobox', { name: 'Experiment' }).selectOption({ label: 'True rank 8' });
  await expect.poll(() => new URL(page.url()).hash).toContain('target=low-rank');
  await page.goBack();
  await expect.poll(() => currentLink(page)).toContain('target=picture');
});

test('another rank trains again at once, and Undo brings the finished run back, number for number', async ({
  page,
}) => {
  await openAndWait(page, SMALL_RUN);
  const first = await trainRun(page);
  const rank = page.getByRole('textbox', { name: 'Rank r, typed' });
  await rank.fill('2');
  await rank.press('Enter');
  await expect.poll(async () => (await runOf(page)).config.rank).toBe(2);
  expect(await runOf(page)).toMatchObject({ status: 'finished', trace: { step: { length: 61 } } });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await runOf(page)).config.rank).toBe(8);
  const back = await runOf(page);
  expect([back.trace, back.layers[0].final, back.status]).toEqual([first.trace, first.layers[0].final, 'finished']);
  // It can continue: its last entry is measured again.
  const { trace } = await trainRun(page, 5);
  expect(trace.loss).toHaveLength(66);
  expect(trace.loss.slice(0, 61)).toEqual(first.trace.loss);
});
