import { expectNoViolations } from './axe.ts';
import { currentLink, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

function read(text: string): number {
  const [digits, power = ''] = text.split('·10');
  const exponent = [...power].map((c) => (c === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))).join('');
  return Number(digits) * 10 ** Number(exponent || 0);
}

test('PiSSA shows that W₀ moves, that the output does not, and trains', async ({ page }) => {
  await page.goto('./?backend=cpu#v=1&init=pissa&d=48&k=40&rank=4&steps=30');
  await waitUntilReady(page);
  // W₀ itself, and ΔW: exactly zero before the first step.
  await expect(page.getByRole('img', { name: /Heat map of W₀, the weight before/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /s·B·A − s₀·B₀·A₀.*every entry is 0/ })).toBeVisible();
  await expect(page.getByText('nothing learned yet')).toBeVisible();
  const note = page.getByText(/output unchanged: largest difference/).first();
  await expect(note).toBeVisible();
  const [, difference, bound] = /difference (\S+), rounding allows up to (\S+?)\.?( |$)/.exec(
    (await note.textContent()) ?? '',
  ) ?? ['', '', ''];
  expect(read(difference)).toBeGreaterThanOrEqual(0);
  expect(read(difference)).toBeLessThanOrEqual(read(bound));
  expect(read(bound)).toBeLessThan(1e-5);

  await page.getByLabel('View:').selectOption({ label: 'W = W frozen + s·B·A' });
  await expect(
    page.getByRole('img', { name: /Heat map of W frozen = W₀ − s₀·B₀·A₀, the frozen weight/ }),
  ).toBeVisible();
  await expect(page.getByText('nothing learned yet')).toBeHidden();

  // In the middle of a run: a finished one would restart with another s.
  const { trace } = await trainRun(page, 20);
  expect(trace.relativeError[0]).toBeCloseTo(1, 6);
  expect(trace.relativeError.at(-1)).toBeLessThan(0.95);

  // s changes during the run: the remainder of W₀ stays, and the page reports the effect.
  await page.getByRole('combobox', { name: 'Scaling rule' }).selectOption('rslora');
  await expect(page.getByText(/W_frozen was made with s₀ = 4/)).toBeVisible();
});

test('an initialisation that is not available says why and offers the nearest setting, by keyboard', async ({
  page,
}) => {
  await page.goto('./?backend=cpu#v=1&d=48&k=40&rank=4&steps=30');
  await waitUntilReady(page);
  await page.getByRole('button', { name: /^All \d+ …$/ }).focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Initialisation of A and B' });
  await expect(panel.getByRole('button', { name: 'Use Task-informed (EVA) for this run' })).toBeDisabled();
  const offer = panel.getByRole('button', { name: 'use the regression target' });
  await expect(offer).toHaveAccessibleDescription(/Not possible with these settings\. .* needs task inputs/);
  await expectNoViolations(page);
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if (await offer.evaluate((button) => button === document.activeElement)) break;
  }
  await expect(offer).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(panel).toBeHidden();
  await expect(page.getByText('Ready, step 0 of 30').first()).toBeVisible();
  expect(await currentLink(page)).toMatch(/target=regression.*init=task-informed/);

  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(page.getByText('Ready, step 0 of 30').first()).toBeVisible();
  expect(await currentLink(page)).not.toMatch(/regression|task-informed/);
});

test('a link to such an initialisation is refused, with the nearest setting one click away', async ({ page }) => {
  await page.goto('./?backend=cpu#v=1&init=orthogonal&d=16&k=16&rank=5&steps=10');
  await page.getByRole('button', { name: 'Use rank 4' }).click();
  await expect(page.getByText(/B·A = 0 except for rounding/).first()).toBeVisible();
});
