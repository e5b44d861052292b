import { expectNoViolations, setColorScheme } from './axe.ts';
import { expect, test } from './fixtures.ts';

test('a run is planned by mouse and keyboard, copied, shared and opened again', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.goto('./?backend=cpu#v=1');
  await page.getByRole('button', { name: 'Plan a run' }).click();
  await expect(
    page.getByRole('heading', { name: /^Rank 16 on the attention of a 7B decoder is a 33.6 MB/ }),
  ).toBeVisible();
  await expect(page).toHaveTitle('7B decoder, rank 16 · Plan a run · LoRA Explorer');
  await page.getByRole('group', { name: 'Adapt' }).getByRole('button', { name: 'all linear' }).click();
  await expect(page.getByRole('heading', { name: /every module of a 7B decoder is an 80 MB file/ })).toBeVisible();
  await expect(page.locator('.totals')).toContainText('39,976,960');
  await expect(page.locator('.totals')).toContainText('about 34 min');
  // The answer for a GPU stands in the first view; it is computed again for another, and a press takes it over.
  const desk = page.viewportSize() ?? { width: 1280, height: 720 };
  await page.setViewportSize({ width: 1440, height: 900 });
  const gpu = page.getByRole('region', { name: 'Your GPU' });
  await expect(gpu).toContainText('Fits on 24 GB: 14.4 GiB, 9.6 left.');
  await expect(gpu).toContainText('For 24 GB: rank 16 on all linear modules with LoRA, 14.4 GiB.');
  await expect(gpu.getByRole('row', { name: /^LoRA/ })).toContainText('219');
  await expect(gpu).toBeInViewport({ ratio: 1 });
  await gpu.getByLabel('Your GPU').selectOption('12');
  await expect(gpu).toContainText('Does not fit on 12 GB: 14.4 GiB, 2.4 too many.');
  await expectNoViolations(page, 'does not fit');
  await gpu.getByRole('button', { name: 'QLoRA', exact: true }).press('Enter');
  await expect(gpu).toContainText('Fits on 12 GB: 5.5 GiB, 6.5 left.');
  await expect(page.getByRole('group', { name: 'Method' }).getByRole('button', { name: 'QLoRA' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(page).toHaveURL(/card:12,quantised:1/);
  await page.getByRole('group', { name: 'Method' }).getByRole('button', { name: 'LoRA', exact: true }).click();
  await gpu.getByLabel('Your GPU').selectOption('24');
  await page.setViewportSize(desk);
  await page.getByRole('checkbox', { name: 'Adapt down_proj' }).press('Space');
  await page.getByRole('textbox', { name: 'Rank for all' }).fill('32');
  await page.getByRole('textbox', { name: 'α' }).fill('16');
  await page.getByRole('button', { name: 'Copy', exact: true }).press('Enter');
  await expect(page.getByText('Copied', { exact: true })).toBeVisible();
  expect(await clipboard()).toContain('r=32,\n    lora_alpha=16,');
  await page.getByRole('button', { name: 'kohya' }).click();
  await expect(page.getByText(/train image models/)).toBeVisible();
  await page.getByLabel('Model').selectOption('sd15-unet');
  await expect(page.getByText('--network_dim=16 --network_alpha=16')).toBeVisible();
  await expect(page.locator('.totals')).toContainText('29.3×');
  await expectNoViolations(page, 'plan');
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'plan, dark');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.getByText('Link copied.')).toBeVisible();
  const link = await clipboard();
  expect(link).toMatch(/#v=1&view=plan&cost=model:sd15-unet,self-q:16,.*alpha:16$/);
  await page.getByRole('link', { name: 'A hat: 4 directions' }).click();
  await expect(page).toHaveTitle('A hat: four directions, rank 4 · Lab · LoRA Explorer');
  await page.goBack();
  await expect(page).toHaveTitle('U-Net of Stable Diffusion 1.5, rank 16 · Plan a run · LoRA Explorer');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.locator('.plan-dock')).toContainText('6.4 MB · 1.7 GiB of 24 GB');
  await page.getByRole('button', { name: 'Copy LoraConfig' }).click();
  expect(await clipboard()).toContain('target_modules=["attn1.to_q",');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await expectNoViolations(page, 'plan on a phone');
});
