import { expectNoViolations } from './axe.ts';
import { drop } from './drop.ts';
import { exportFile } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test('a transformer is adapted to sort downwards: its answers before and now, its twelve matrices', async ({
  page,
}) => {
  await page.goto('/#v=1&target=transformer&steps=5&batch=4&run=1&pace=max');
  const answers = page.getByRole('region', { name: 'downwards' });
  await expect(answers.getByRole('row', { name: /symbols right/ })).toBeVisible();
  await expect(page.getByText('Finished, 5 of 5 steps')).toBeVisible();
  await expect(page.getByRole('grid', { name: /^Modules/ })).toBeVisible();
  const first = await answers.getByRole('rowheader').first().textContent();
  await answers.getByRole('button', { name: 'Questions after' }).click();
  await expect(answers.getByRole('rowheader').first()).not.toHaveText(first ?? '');
  await page.getByRole('button', { name: 'reverse', exact: true }).click();
  await expect(page).toHaveURL(/adapt=copy-reverse/);
});

test('attention of each head is shown before and now, by keys and in words', async ({ page }) => {
  await page.goto('/#v=1&target=transformer&adapt=copy-reverse&steps=2&batch=4&run=1&pace=max');
  await page.getByRole('tab', { name: 'Attention' }).click();
  const heads = page.getByRole('grid', { name: 'Heads' });
  await expect(heads.getByRole('gridcell')).toHaveCount(8);
  await heads.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await expect(heads.getByRole('gridcell', { selected: true })).toHaveAccessibleName(
    /^layer 1, head 3: the answers look/,
  );
  await expect(page.getByText('Layer 1, head 3.')).toBeVisible();
  await page.keyboard.press('Tab');
  const now = page.getByRole('grid', { name: 'Attention now and before' });
  await expect(now).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByText(/^answer 2, \w, on \w at position 1: 0\.\d\d, before 0\.\d\d$/)).toBeVisible();
  // Of 8 answers and 16 positions, those up to the answer's own.
  await expect(now.getByRole('gridcell')).toHaveCount(100);
  await expectNoViolations(page, 'attention', '.network');
});

test('the adapter file of a decoder opens in Adapters with its layers, and a module of it in the Lab', async ({
  page,
}) => {
  await page.goto(
    '/#v=1&target=transformer&adapt=copy-reverse&modules=q,v&rank=4&alpha=8&steps=3&batch=4&run=1&pace=max',
  );
  await expect(page.getByText('Finished, 3 of 3 steps')).toBeVisible();
  const { name, bytes } = await exportFile(page, 'peft');
  await page.getByRole('button', { name: 'Adapters', exact: true }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose files', exact: true }).click(),
  ]);
  await chooser.setFiles({ name, mimeType: 'application/zip', buffer: bytes });
  const modules = page.getByRole('grid', { name: /^Modules/ });
  await expect(modules.getByRole('rowheader')).toHaveText(['layer 0', 'layer 1']);
  await expect(modules.getByRole('gridcell')).toHaveCount(4);
  await page.getByRole('button', { name: 'Open in the Lab' }).click();
  await expect(page.getByText(/^Opened as the target: ΔW of/)).toBeVisible();
  // Or all of it on its network, whose answers it changes.
  await page.getByRole('button', { name: 'Back to Adapters' }).click();
  await page.getByRole('button', { name: 'Open on its network' }).press('Enter');
  await expect(page.getByText(/^Opened on its network: /)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('row', { name: /^symbols right/ })).toBeVisible();
});

test('an adapter file dropped on the Lab of its network shows what it reads before and with it; one that does not fit says why', async ({
  page,
}) => {
  await page.goto('/#v=1&target=digits&adapt=mirror&rank=4&run=1&pace=max');
  await expect(page.getByText('Finished, 300 of 300 steps')).toBeVisible();
  const accuracy = await page.evaluate(() => window.loraExplorer.run().trace.accuracy?.values.at(-1));
  const { name, bytes } = await exportFile(page, 'peft');
  await page.goto('about:blank');
  await page.goto('/#v=1&target=digits');
  await expect(page.getByRole('grid', { name: 'Held-out digits: turned' })).toBeVisible();
  await drop(page, [[name, new Uint8Array(bytes)]]);
  await expect(page.getByText(/^Opened on its network: /)).toBeVisible({ timeout: 60_000 });
  const percent = Math.round(100 * (accuracy ?? 0));
  await expect(page.getByText(`New task, mirrored: ${percent}% of the held-out answers are right`)).toBeVisible();
  await expect(page.getByRole('grid', { name: 'Held-out digits: mirrored' })).toBeVisible();
  await expectNoViolations(page);
  // Training begins anew, and contradicts nothing.
  await page.getByRole('button', { name: 'Train more' }).click();
  await expect(page.getByText(/^(Training, step|Finished, 300)/).first()).toBeVisible();
  await expect(page.getByText('This run file does not end where its link does')).toHaveCount(0);
  // What cannot be read is named among Adapters.
  await drop(page, [['other.safetensors', new TextEncoder().encode('nothing')]]);
  await expect(page.getByRole('button', { name: 'Adapters', exact: true })).toHaveAttribute('aria-current', 'page');
});

test('a classifier of points shows how it divides the plane, before and now', async ({ page }) => {
  await page.goto('/#v=1&target=classifier&adapt=moons-rotated&run=1&pace=max');
  await expect(page.getByText('Finished, 400 of 400 steps')).toBeVisible();
  await expect(page.getByRole('img', { name: /^turned, now: (1\.0|0\.9)/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^turned, before: 0\.[0-8]/ })).toBeVisible();
  await expectNoViolations(page, 'pictures', '.network');
});
