/** Paste your own: a config, losses or an adapter, and the complaints that fit. */

import { writeSafetensors } from '../src/experiment/export/safetensors.ts';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { drop } from './drop.ts';
import { openAndWait } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const LIST = './#v=1&d=8&k=8&steps=3&view=clinic';
const CONFIG = `LoraConfig(
  r=64, lora_alpha=16,
  target_modules=["q_proj", "v_proj"],
)
TrainingArguments(optim="sgd", learning_rate=2e-2)`;

test('a pasted config leads to its complaint, and is there on the way back, but not in the address', async ({
  page,
}) => {
  const readers: string[] = [];
  page.on('worker', (worker) => /reader-worker/.test(worker.url()) && readers.push(worker.url()));
  await openAndWait(page, LIST);
  const panel = page.getByRole('region', { name: 'Or paste your own' });
  const field = panel.getByRole('textbox');
  await field.fill(CONFIG);
  expect(readers).toEqual([]);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('status')).toHaveText('Three that fit, the likeliest first');
  const fitting = panel.locator('.fitting > li');
  await expect(fitting).toHaveCount(3);
  await expect(fitting.first()).toContainText('s = 16/64 = 0.25, and SGD feels it: at rank 8 it would be 2.');
  // What is underlined is what the hits rest on.
  expect(await panel.locator('mark').allTextContents()).toEqual([
    ...['r=64', 'lora_alpha=16', 'target_modules=["q_proj", "v_proj"]', 'optim="sgd"'],
  ]);
  await fitting.first().getByRole('button', { name: 'line 5: optim="sgd"' }).click();
  const selected = await field.evaluate((area: HTMLTextAreaElement) =>
    area.value.slice(area.selectionStart, area.selectionEnd),
  );
  expect(selected).toBe('optim="sgd"');
  await expectNoViolations(page, 'three hits');
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'three hits in the dark');
  await setColorScheme(page, 'light');

  await fitting
    .first()
    .getByRole('link', { name: /^Reproduce/ })
    .click();
  await expect(page).toHaveTitle(/^Rank 64 is worse than rank 8 · Clinic/);
  expect(page.url()).not.toContain('lora_alpha');
  await page.goBack();
  await expect(field).toHaveValue(CONFIG);
  await expect(fitting).toHaveCount(3);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain('lora_alpha');

  await panel.getByRole('button', { name: 'Clear' }).click();
  await expect(field).toBeFocused();
  await expect(fitting).toHaveCount(0);
  await field.fill('lora_rank: 8\nlora_target: all\nlearning_rate: 1.0e-4\n');
  await panel.getByRole('button', { name: 'Look' }).click();
  await expect(panel.getByRole('status')).toHaveText(/^Nothing here fits one of the twelve\./);
  await expect(panel).toContainText('Looked at: 3 settings in the words of LLaMA-Factory (YAML)');
  await field.fill('Roses are red.');
  await panel.getByRole('button', { name: 'Look' }).click();
  await expect(panel.getByRole('status')).toContainText('What can be read: a config');
  expect(readers).toHaveLength(3);
});

test.describe('if there is no answer', () => {
  test.use({ allow: { complaints: [/reader-worker/] } });

  test('it is said, and so is a paste that is too long; the same text may be looked at again', async ({ page }) => {
    await openAndWait(page, LIST);
    const panel = page.getByRole('region', { name: 'Or paste your own' });
    const look = panel.getByRole('button', { name: 'Look' });
    const status = panel.getByRole('status');
    await page.route(/reader-worker/, (route) => route.abort());
    await panel.getByRole('textbox').fill(CONFIG);
    await look.click();
    await expect(status).toHaveText('No answer: the reader stopped. Look again.');
    await page.unroute(/reader-worker/);
    await look.click();
    await expect(status).toHaveText('Three that fit, the likeliest first');
    await panel.getByRole('textbox').evaluate((area) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', 'x'.repeat(500_000));
      area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    for (const press of [false, true]) {
      if (press) await look.click();
      await expect(status).toHaveText('This is longer than is read. Up to 500,000 characters are read.');
    }
  });
});

test('files: losses are read in the list, an adapter opens among Adapters', async ({ page }) => {
  await openAndWait(page, LIST);
  const panel = page.getByRole('region', { name: 'Or paste your own' });
  // It takes drops once it is there.
  await expect(panel).toBeVisible();
  await drop(page, [['loss.csv', 'step,loss\n0,1.5\n10,32\n20,nan\n']]);
  await expect(panel.getByRole('status')).toHaveText('One that fits');
  await expect(panel.locator('.fitting')).toContainText('The loss is NaN at step 20; before, it was 32.0.');
  await expect(page).toHaveTitle(/^Clinic · Experiments/);
  // On a complaint, too: the list opens with its answer.
  await panel.getByRole('link', { name: /^Reproduce/ }).click();
  await expect(page).toHaveTitle(/^The loss is NaN · Clinic/);
  await drop(page, [['adapter_config.json', '{ "peft_type": "LORA", "r": 64, "lora_alpha": 16 }']]);
  await expect(page).toHaveTitle(/^Clinic · Experiments/);
  await expect(panel.getByRole('textbox')).toHaveValue(/"lora_alpha": 16/);
  await expect(panel.getByRole('status')).toHaveText(/fits?\b/);

  const chooser = page.waitForEvent('filechooser');
  await panel.getByRole('button', { name: 'Choose a file …' }).click();
  const A = new Float32Array(8).fill(0.5);
  const adapter = writeSafetensors([
    { name: 'base_model.model.q_proj.lora_A.weight', shape: [2, 4], data: A },
    { name: 'base_model.model.q_proj.lora_B.weight', shape: [4, 2], data: A },
  ]);
  await (await chooser).setFiles([
    { name: 'a.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from(adapter) },
  ]);
  await expect(page).toHaveURL(/view=(adapters|modules)/);
  await expect(page.getByText('q_proj').first()).toBeVisible();
});
