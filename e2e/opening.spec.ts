/** The notes on an experiment, About, and the lesson for beginners. */

import { expectNoViolations } from './axe.ts';
import { currentLink, runOf, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test.describe('an experiment', () => {
  test('says what to watch, with its act, until that is hidden; About names version and papers', async ({ page }) => {
    await page.goto('./?backend=cpu');
    await waitUntilReady(page);
    await page.getByRole('combobox', { name: 'Experiment' }).selectOption({ label: 'Dead start: A = B = 0' });
    const note = page.getByRole('note', { name: 'About this experiment' });
    await expect(note).toContainText('Watch:');
    await note.getByRole('button', { name: 'Limits' }).click();
    await expect(note).toContainText('Limits:');
    await note.getByRole('button', { name: 'Use kaiming instead' }).click();
    await expect.poll(() => currentLink(page)).toContain('init=kaiming-uniform');
    await expect.poll(async () => (await runOf(page)).trace.loss.length).toBeGreaterThan(1);
    await page.getByRole('combobox', { name: 'Experiment' }).selectOption({ label: 'Merging in bfloat16' });
    await note.getByRole('button', { name: 'Merge now' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await note.getByRole('button', { name: 'Hide this note' }).click();
    await expect(note).toHaveCount(0);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('button', { name: 'About' }).click();
    await expect(page.getByRole('dialog')).toContainText('arXiv 2106.09685');
    await expectNoViolations(page, 'About');
  });
});

test.describe('What is LoRA?', () => {
  test('takes the place of the rail, works the lab step by step, with keys alone, and goes back to it', async ({
    page,
  }) => {
    await page.goto('./?backend=cpu#v=1&pace=0.1');
    await waitUntilReady(page);
    await page.getByRole('button', { name: /What is LoRA/ }).click();
    const lesson = page.getByRole('complementary', { name: 'Lesson: What is LoRA?' });
    await expect(lesson.getByRole('heading', { name: 'One large matrix is frozen' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(lesson).toHaveCount(0);
    await expect(page.getByRole('button', { name: /What is LoRA/ })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(lesson.getByRole('heading', { name: 'One large matrix is frozen' })).toBeFocused();
    expect(await currentLink(page)).toContain('lesson=what-is-lora');
    await expect(page.locator('.rail')).toHaveCount(0);
    const act = async (name: string) => {
      await lesson.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
      await expect(lesson.locator('.try:not(.guess) .seen')).not.toBeEmpty();
    };
    const next = async () => {
      await lesson.getByRole('button', { name: 'Next' }).focus();
      await page.keyboard.press('Enter');
    };
    await expect(page.locator('.marks .frame')).toHaveCount(1);
    await expect(lesson.getByRole('radiogroup')).toContainText('None');
    // Nothing is done before the guess is made or skipped.
    await expect(lesson.getByRole('button', { name: 'Train 20 steps' })).toHaveCount(0);
    await lesson.getByRole('button', { name: 'Skip the guess' }).focus();
    await page.keyboard.press('Enter');
    await act('Train 20 steps');
    expect((await runOf(page)).trace.loss).toHaveLength(21);
    await next();
    await act('Train');
    await next();
    await expect(lesson.getByRole('heading', { name: 'The rank is the limit' })).toBeFocused();
    await expectNoViolations(page, 'a lesson');
    await act('Set rank 1');
    await expect(lesson.locator('.try .seen')).toContainText('The error stops at 0.644.');
    await next();
    await act('Set rank 8');
    await next();
    await expect(lesson.getByRole('heading', { name: 'Draw the sunglasses yourself' })).toBeFocused();
    await next();
    await expect(page.getByText(/Finished, 30 of 30 steps/).first()).toBeVisible();
    // Nothing of a previous run is shown next to it until that is pressed.
    await expect(page.getByText(/^previous, /)).toHaveCount(0);
    await act('Set α = 16');
    await expect(lesson.getByRole('heading', { name: 'In short' })).toBeInViewport();
    expect(await currentLink(page)).toMatch(/alpha=16&.*lr=0.005/);
    await next();
    await expect(lesson.getByRole('heading', { name: 'Questions' })).toBeFocused();
    await next();
    await expect(lesson.getByRole('heading', { name: 'What you know now' })).toBeFocused();
    await expect(lesson.getByRole('button', { name: /^Next: The layer, by hand\s*\d+ min/ })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.locator('.rail')).toBeVisible();
    // The previous state returns; no action has waited for the page's pace, and none has changed it.
    await expect.poll(() => currentLink(page)).toMatch(/^#v=1&target=low-rank&.*pace=0.1/);
    expect(await currentLink(page)).not.toContain('lesson=');
  });
});
