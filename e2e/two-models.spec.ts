import { readFileSync } from 'node:fs';
import { madeUpPair } from '../src/adapters/file/checkpoints/testing/made-up-pair.ts';
import { expectNoViolations } from './axe.ts';
import { choose, fileOf } from './choose-files.ts';
import { expect, test } from './fixtures.ts';

const hypot = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, x) => sum + x * x, 0));

test('two whole models: what changed, a LoRA of it, and what cannot be compared', async ({ page }) => {
  const { base, fine, deltas } = madeUpPair();
  const [first, second] = [await fileOf('base.safetensors', base), await fileOf('tuned.safetensors', fine)];
  await page.addInitScript(() => Object.assign(window, { showSaveFilePicker: undefined }));
  await page.goto('./?backend=cpu#v=1&view=adapters');

  // A whole model is no adapter, and the page says where it belongs.
  await choose(page, 'Choose files', first);
  await expect(page.getByText(/look like a whole model/)).toBeVisible();
  await page.getByRole('button', { name: 'Compare two models' }).click();
  await expect(page.getByRole('region', { name: 'Base model' })).toContainText('base.safetensors');
  await expectNoViolations(page);

  const other = await fileOf('other.safetensors', [{ name: 'stranger.weight', shape: [2, 2], values: [1, 2, 3, 4] }]);
  await choose(page, 'Choose files: Fine-tuned model', other);
  await expect(page.getByText('The two models have no tensor in common.')).toBeVisible();
  await choose(page, 'Choose files: Fine-tuned model', second);

  const claim = page.locator('p.claim');
  await expect(claim).toContainText(`Fine-tuning changed ${deltas.size} of ${base.length} tensors`);
  const grid = page.getByRole('grid', { name: 'Matrices, coloured by rank for 95%' });
  await expect(grid.getByRole('gridcell', { name: /^layer 3, attention v: unchanged/ })).toHaveCount(1);

  // ‖ΔW‖ of a tensor is that of the numbers in both files.
  await grid.focus();
  for (const key of ['Home', 'ArrowDown', 'ArrowDown', 'Enter']) await grid.press(key);
  const panel = page.getByRole('region', { name: 'Tensor' });
  const name = 'model.layers.2.self_attn.q_proj.weight';
  await expect(panel.locator('.key')).toHaveText(name);
  const norm = hypot(deltas.get(name)?.data ?? []);
  await expect(panel.getByRole('row', { name: /‖ΔW‖, Frobenius/ })).toContainText(String(Number(norm.toPrecision(3))));
  await expect(panel.getByRole('row', { name: /rank for 90, 95, 99%/ })).toContainText('2, 2, 3');
  const start = panel.getByRole('button', { name: 'Count intruder dimensions' });
  // In one task of the page, before a result can come: started, and cancelled by the same button.
  const pressed = await start.evaluate(async (button: HTMLButtonElement) => {
    button.focus();
    button.click();
    await Promise.resolve();
    const { textContent } = button;
    button.click();
    return [textContent, document.activeElement === button];
  });
  expect(pressed).toEqual(['Cancel', true]);
  await start.press('Enter');
  await expect(panel.getByRole('row', { name: /intruders among the leading 10/ })).toBeVisible();
  await expect(panel).toBeFocused();
  await expectNoViolations(page);

  // The table of all tensors has the numbers of the page.
  const rail = page.getByRole('complementary', { name: 'Two models' });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    rail.getByRole('button', { name: 'Save all tensors as CSV' }).click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split(/\r?\n/);
  expect(lines.filter((line) => !line.startsWith('#'))).toHaveLength(1 + base.length);
  const [, , , , change, written] = lines.find((line) => line.startsWith(name))?.split(',') ?? [];
  expect(change).toBe('changed');
  expect(Number(written)).toBeCloseTo(norm, 10);

  // Rank 3 holds all but the noise; the written file has the error that was foretold.
  await rail.getByRole('textbox', { name: 'Rank of every module, typed' }).fill('3');
  await rail.getByRole('textbox', { name: 'Rank of every module, typed' }).press('Enter');
  await expect(rail.getByText(/^error 0\.0/)).toBeVisible();
  await rail.getByRole('button', { name: 'Write the LoRA' }).click();
  const said = page.getByText(/Read back: error \S+, predicted/);
  await expect(said).toBeVisible();
  const [, error, foretold] = /error (\S+), predicted (\S+?)\. /.exec((await said.textContent()) ?? '') ?? [];
  expect(error).toBe(foretold);
  await page.getByRole('button', { name: 'Open it here' }).click();
  await expect(page.getByText('tuned-lora.safetensors').first()).toBeVisible();
  await expect(page.locator('.facts > div', { hasText: 'rank' }).first()).toContainText('3');
  await page.getByRole('button', { name: 'Back to the two models' }).click();
  await expect(claim).toContainText('Fine-tuning changed');

  // Its ΔW is the target of the Lab, with its W₀; Back returns to both models.
  await panel.getByRole('button', { name: 'Open in the Lab' }).click();
  await expect(page.getByText('Opened as the target: ΔW of')).toBeVisible();
  await expect(page.getByText('From two models, 32 × 32')).toBeVisible();
  await expect(page.getByText('W₀ is that of base.safetensors.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Back to Adapters' }).click();
  await expect(panel.locator('.key')).toHaveText(name);
});
