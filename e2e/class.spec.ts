import type { Page } from '@playwright/test';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { currentLink, openAndWait, runOf, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';
import { decodedQr } from './qr.ts';

/** Target rank 2, initial rank 1: with one more the error falls to 0. */
const LAB = '#v=1&target=low-rank&truerank=2&noise=0&d=32&k=32&rank=1&steps=200&pace=max';
const EXERCISE = `${LAB}&show=rank,alpha&lock=steps,init&goal=error:0.05,numbers:150&handin=1&title=Rank&task=Reach+it.`;

/** Tabs until an element of that name is focused; returns the number of presses. */
async function tabTo(
  page: Page,
  role: 'button' | 'link' | 'textbox' | 'checkbox',
  name: string | RegExp,
): Promise<number> {
  const wanted = page.getByRole(role, { name, exact: true }).first();
  for (let presses = 1; presses < 90; presses++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return presses;
  }
  throw new Error(`Tab does not lead to ${role} ${name}`);
}

async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

test('a lecturer makes a link with two sliders and a goal by keyboard alone; its code is read from the projector; a student reaches the goal', async ({
  page,
}) => {
  await openAndWait(page, `./?backend=cpu${LAB}`);
  await tabTo(page, 'button', 'Teach');
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', 'Class link');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Make a class link' })).toBeVisible();
  await tabTo(page, 'textbox', 'Title');
  await type(page, 'Two sliders');
  await tabTo(page, 'textbox', 'Task');
  await type(page, 'Bring the error down to 0.05.');
  await tabTo(page, 'checkbox', 'Goal');
  await page.keyboard.press('Space');
  await tabTo(page, 'textbox', 'error ≤');
  await type(page, '0,04');
  await tabTo(page, 'textbox', 'numbers ≤');
  await type(page, '150');
  const made = page.getByRole('textbox', { name: 'Link', exact: true });
  await expect(made).toHaveValue(/goal=error:0\.04,numbers:150/);
  const address = await made.inputValue();
  expect(address).toContain('&show=rank,alpha&');
  expect(address).not.toMatch(/[#&](lr|lock)=/);
  await expect(page.getByRole('link', { name: 'Open as a student' })).toHaveAttribute('href', address);
  await tabTo(page, 'button', 'Show large');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'QR code, large' })).toBeVisible();
  expect(await decodedQr(page)).toBe(address);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();

  await openAndWait(page, `./?backend=cpu${new URL(address).hash}`);
  await page.reload();
  await waitUntilReady(page);
  await expect(page.getByText('Two sliders')).toBeVisible();
  await expect(page.getByText('Bring the error down to 0.05.')).toBeVisible();
  await expect(page.locator('.goal')).toContainText('numbers ≤ 150: 64 ✓');
  expect(
    await page.locator('.rail [data-param]').evaluateAll((all) => all.map((one) => one.getAttribute('data-param'))),
  ).toEqual(['rank', 'alpha']);
  await page.keyboard.press('+');
  await waitUntilReady(page);
  await page.keyboard.press('t');
  await expect(page.locator('.goal')).toContainText('Goal reached at step');
  await expect(page.locator('.goal [role=status]')).toHaveText(
    /Goal reached at step \d+: error 0\.0\d+ with 128 trained parameters\./,
  );
});

test('a goal is missed, what is locked stays, and the run is handed in under a nickname', async ({ page }) => {
  await openAndWait(page, `./?backend=cpu${EXERCISE}`);
  const before = await currentLink(page);
  await page.keyboard.press('n');
  await page.keyboard.press('.');
  await expect(page.getByText(/cannot be changed in this exercise/)).toBeVisible();
  expect(await currentLink(page)).toBe(before);
  await expect(page.locator('.locked')).toHaveText([/Kaiming.*, locked/, /200, locked/]);
  await expect(page.getByRole('banner').getByRole('button', { name: 'Undo' })).toBeVisible();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Sweep' })).toBeHidden();
  await trainRun(page);
  await expect(page.locator('.goal')).toContainText('Goal missed:');
  await page.getByRole('button', { name: 'Hand in …' }).click();
  await page.getByRole('button', { name: 'Save run file' }).click();
  await expect(page.getByText('Type a nickname, so that')).toBeVisible();
  await page.getByRole('textbox', { name: 'Nickname' }).fill('Mei');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save run file' }).click();
  await saved;
  const file = await runOf(page);
  expect(file.link).toMatch(/[#&]by=Mei/);
  expect(file.link).toContain('goal=error:0.05,numbers:150');
  await page.keyboard.press('Escape');
  await page.keyboard.press('+');
  await waitUntilReady(page);
  await page.keyboard.press('0');
  await expect.poll(async () => new URLSearchParams((await currentLink(page)).slice(1)).get('rank')).toBe('1');
  await page.reload();
  await waitUntilReady(page);
  await page.getByRole('button', { name: 'Hand in …' }).click();
  await expect(page.getByRole('textbox', { name: 'Nickname' })).toHaveValue('Mei');
});

test('builder and student page are accessible, in light and dark, and fit a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openAndWait(page, `./?backend=cpu${EXERCISE}`);
  await expectNoViolations(page, 'student');
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'student, dark');
  for (const scheme of ['light', 'dark'] as const) {
    await setColorScheme(page, scheme);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    if (scheme === 'light') {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('button', { name: 'Class link …' }).click();
      await expect(page.getByRole('heading', { name: 'Make a class link' })).toBeVisible();
    }
    await expectNoViolations(page, `builder, ${scheme}`);
  }
  await setColorScheme(page, 'light');
  await page.setViewportSize({ width: 1440, height: 900 });
  await expectNoViolations(page, 'builder on a desk');
});

test('a long word of a title or a task breaks, and runs over nothing beside it', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${LAB}&show=rank&handin=1&title=${'W'.repeat(60)}&task=${'W'.repeat(200)}`);
  await waitUntilReady(page);
  const beside = () =>
    page.evaluate(() => {
      const words = [...document.querySelectorAll('.task, .bar .exercise, .bar button')];
      const wide = words.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent);
      return [...wide, document.documentElement.scrollWidth - document.documentElement.clientWidth];
    });
  expect(await beside()).toEqual([0]);
  await page.setViewportSize({ width: 390, height: 800 });
  await expect.poll(beside).toEqual([0]);
});
