import { expectNoViolations, setColorScheme } from './axe.ts';
import { openLink, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const LINK =
  './?backend=cpu#v=1&target=regression&d=24&k=20&rank=8&truerank=3&samples=40&labelnoise=0.3&condition=5&batch=8&steps=60';

test('draws both losses with the floors that belong to them, in light and dark', async ({ page }) => {
  await page.goto(LINK);
  await waitUntilReady(page);
  const file = await trainRun(page);
  const { heldOutLoss, trainingLoss, loss } = file.trace as unknown as Record<string, { step: number[] }>;
  expect(trainingLoss.step).toEqual(heldOutLoss.step);
  expect([heldOutLoss.step[0], heldOutLoss.step.at(-1)]).toEqual([0, 60]);
  expect(loss).toHaveLength(61);
  const chart = page.locator('figure[data-chart=losses]');
  // Side by side if close, else each at its own line.
  for (const name of ['training', 'held-out'])
    await expect(chart.locator('svg')).toContainText(new RegExp(`${name} floor|floors at rank 8: .*${name}`));
  await expect(chart).toContainText('At step 60: training loss');
  await expect(page.getByText(/^held-out loss .*; floor .* for r\s=\s8/).first()).toBeVisible();
  await expect(page.locator('figure[data-chart=error]')).toContainText('may end above it');
  for (const colorScheme of ['light', 'dark'] as const) {
    await setColorScheme(page, colorScheme);
    await expectNoViolations(page, colorScheme);
  }
});

test('the gradient norms are one click away, and come back as the losses', async ({ page }) => {
  await page.goto(LINK);
  await waitUntilReady(page);
  await expect(page.locator('figure[data-chart=losses] svg')).toBeVisible();
  await page.getByRole('button', { name: 'Show the gradient norms instead' }).click();
  await expect(page.locator('figure[data-chart=gradients] svg')).toBeVisible();
  await page.getByRole('button', { name: 'Show the losses instead' }).click();
  await expect(page.locator('figure[data-chart=losses] svg')).toBeVisible();
  await openLink(page, '#v=1&d=12&k=12');
  await expect(page.locator('figure[data-chart=gradients] svg')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show the losses instead' })).toHaveCount(0);
});

test('a dropped run file shows its losses', async ({ page }) => {
  await page.goto(LINK);
  await waitUntilReady(page);
  const text = JSON.stringify(await trainRun(page));
  const described = await page.locator('figure[data-chart=losses] .unseen').last().textContent();
  await page.goto('./?backend=cpu#v=1&d=12&k=12');
  await waitUntilReady(page);
  await page.evaluate((content) => {
    const data = new DataTransfer();
    data.items.add(new File([content], 'run.json', { type: 'application/json' }));
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, text);
  await expect(page.locator('figure[data-chart=losses]')).toContainText(described ?? 'nothing');
});
