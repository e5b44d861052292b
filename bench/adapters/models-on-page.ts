import { expect, type Page } from '@playwright/test';
import { peakMemory, processMemory } from '../page/memory.ts';
import { openAdapters, seconds } from './on-page.ts';

export interface ModelsOnPage {
  /** From the choice of the second model until every tensor is measured, then until the LoRA is read back; s. */
  readonly figures: number;
  readonly written: number;
  /** MB of the browser's page and graphics processes and the worker. */
  readonly before: number;
  readonly measuring: number;
  readonly writing: number;
  /** The LoRA's error, measured and predicted by the page. */
  readonly said: string;
}

const PATIENCE = 3_000_000;

/** Opens two models, folders of shards, and writes a LoRA of rank 16 to the browser's private storage. */
export async function compareOnPage(page: Page, folders: readonly [base: string, fine: string]): Promise<ModelsOnPage> {
  await openAdapters(page);
  await page.getByRole('button', { name: 'Compare two whole models' }).click();
  const before = await processMemory(page);
  const choose = async (model: string, folder: string) => {
    const button = page.getByRole('button', { name: `Choose a folder: ${model}` });
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click()]);
    await chooser.setFiles(folder);
  };
  await choose('Base model', folders[0]);
  const measured = await peakMemory(
    page,
    seconds(async () => {
      await choose('Fine-tuned model', folders[1]);
      await expect(page.getByText(/^All \d+ tensors of both models are measured\.$/)).toBeAttached({
        timeout: PATIENCE,
      });
    }),
  );
  const said = page.getByText(/Read back: error [\d.]+, predicted/);
  const written = await peakMemory(
    page,
    seconds(async () => {
      await page.getByRole('button', { name: 'Write the LoRA' }).click();
      await expect(said).toBeVisible({ timeout: PATIENCE });
    }),
  );
  return {
    ...{ figures: measured.result, written: written.result },
    ...{ before, measuring: measured.peak, writing: written.peak },
    said: /error [\d.]+, predicted [\d.]+\d/.exec((await said.textContent()) ?? '')?.[0] ?? '',
  };
}
