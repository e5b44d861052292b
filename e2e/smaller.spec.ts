import { expectNoViolations, setColorScheme } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { walkWidths } from './widths.ts';

test('a file is made smaller by keyboard: chosen, written, read back, shown in Resize; a phone holds it', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const showSaveFilePicker = async ({ suggestedName }: { suggestedName: string }) =>
      (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
    Object.assign(window, { showSaveFilePicker });
  });
  await page.goto('./?backend=cpu#v=1&view=adapters');
  await page.getByRole('main').getByRole('button', { name: 'Make it smaller' }).click();
  await expect(page).toHaveURL(/view=smaller/);
  await expect(page.getByRole('button', { name: 'Choose a file' })).toBeVisible();
  await expectNoViolations(page, 'empty');
  await page.getByRole('button', { name: 'Try it with an example' }).click();
  const knee = page.getByRole('radio', { name: 'As small as it goes' });
  await expect(knee).toBeChecked();
  await expect(page).toHaveTitle('example.safetensors · Adapters · LoRA Explorer');
  await expectNoViolations(page, 'choices');

  // On a low laptop the button stands above the fold.
  const desk = page.viewportSize() ?? { width: 1280, height: 720 };
  await page.setViewportSize({ width: 1366, height: 640 });
  await expect(page.getByRole('button', { name: /^Write the/ })).toBeInViewport({ ratio: 1 });
  await page.setViewportSize(desk);

  // Arrows walk the choices; a typed size is one of them.
  await knee.focus();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('radio', { name: 'Half the size' })).toBeChecked();
  await expect(page.locator('.size-goal[data-chosen]')).toContainText(/strength from 1 to 0\.\d\d/);
  await page.getByRole('textbox', { name: 'At most, in kB' }).fill('60');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('radio', { name: 'At most' })).toBeChecked();
  const most = page.getByRole('button', { name: /^Write the [\d.]+ kB file$/ });
  expect(Number.parseFloat((await most.textContent())?.slice(10) ?? '')).toBeLessThanOrEqual(60);
  await page.getByRole('radio', { name: 'Half the size' }).check();
  const write = page.getByRole('button', { name: /^Write the [\d.]+ kB file$/ });
  const size = /[\d.]+ kB/.exec((await write.textContent()) ?? '')?.[0] ?? '';
  await write.press('Enter');
  await expect(
    page.getByText(`Saved: example-${Math.round(Number.parseFloat(size))}kB.safetensors, ${size}.`),
  ).toBeVisible();
  await expect(page.getByText(/^Read back and compared: [\d.]+% off, as predicted\.$/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Write it again' })).toBeVisible();
  await expectNoViolations(page, 'written');
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'written, dark');

  const faults: string[] = [];
  await walkWidths(page, 'smaller', faults, /px: “|lies on|is cut|is outside/);
  expect(faults).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoViolations(page, 'phone');
  await page.getByRole('button', { name: 'Details' }).click();
  await expect(page).toHaveURL(/view=resize/);
  await expect(page.locator('.foretold-brief')).toContainText(size.split(' ')[0]);
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Write it again' })).toBeVisible();
});
