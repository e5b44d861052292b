/** The first visit, what an experiment asks one to watch, and About. */

import type { Page } from '@playwright/test';
import { axeFindsNothing } from './axe.ts';
import { link, ready, runOf, train } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test.use({ firstVisit: true });

const caption = (page: Page) => page.locator('.caption .claim');

/** The page's clock is the test's, so that nobody waits for the first step. */
async function visit(page: Page, address = './?backend=cpu') {
  await page.clock.install();
  await page.goto(address);
  await ready(page);
}

/** What the captions say from now on, each once, and the most lines that lead from one: nothing has to be caught in time. */
async function watched(page: Page): Promise<() => Promise<{ captions: string[]; lines: number }>> {
  await page.evaluate(() => {
    const seen = { captions: [] as string[], lines: 0 };
    const look = () => {
      const said = document.querySelector('.caption .claim')?.textContent ?? '';
      if (said && !seen.captions.includes(said)) seen.captions.push(said);
      seen.lines = Math.max(seen.lines, document.querySelectorAll('.marks path').length);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { seen });
  });
  return () => page.evaluate(() => (window as unknown as { seen: { captions: string[]; lines: number } }).seen);
}

test('the first visit plays by itself, once, and ends with something to press', async ({ page }) => {
  await visit(page);
  await expect(caption(page)).toHaveText('The owl W₀ stays frozen. B starts at zero, so W is the same owl.');
  await expect(page.locator('.marks path')).toHaveCount(3);
  const seen = await watched(page);
  await page.clock.runFor(3000);
  await page.clock.resume();
  await expect(caption(page)).toHaveText(
    'Rank 8 is enough for good sunglasses. The error is as low as rank 8 allows. Your turn:',
    { timeout: 60_000 },
  );
  const { captions, lines } = await seen();
  const only = 'Only B and A are trained. Their product ΔW draws sunglasses';
  expect(captions).toEqual(expect.arrayContaining([`${only}.`, `${only}, and W wears them.`]));
  expect(lines).toBe(4);
  await expect(page.locator('.marks .frame')).toHaveCount(1);
  await expect(page.locator('.marks .ring')).toHaveCount(1);
  await page.getByRole('button', { name: 'Rank 1' }).click();
  await expect(caption(page)).toHaveText(
    /^Rank 1 is one column times one row: a dark bar, and the eyes shine through./,
  );
  expect(await link(page)).toMatch(/rank=1&alpha=2&/);
  expect((await runOf(page)).trace.relativeError.at(-1)).toBeCloseTo(0.644, 2);
  // Whoever opens the editor and cancels has lost nothing.
  await page.getByRole('button', { name: 'Draw on the owl' }).click();
  await expect(page.locator('.editor')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(caption(page)).toHaveText(/Your turn:$/);
  await page.getByRole('button', { name: 'Play again' }).click();
  await expect(caption(page)).toHaveText(/^The owl W₀ stays frozen|^Only B and A/);
  await page.getByRole('slider', { name: 'Rank r' }).press('ArrowRight');
  await expect(page.locator('.caption')).toHaveCount(0);
  // Never twice.
  await page.goto('about:blank');
  await page.goto('./?backend=cpu');
  await ready(page);
  await expect(page.getByText('W₀ stays frozen', { exact: false }).first()).toBeVisible();
  await expect(page.locator('.caption')).toHaveCount(0);
});

test('Esc and Skip end it, and a run goes on', async ({ page }) => {
  await visit(page);
  await expect(caption(page)).toBeVisible();
  const focused = () => page.evaluate(() => document.activeElement?.id);
  // Who skips the bar and the rail does not skip the caption.
  const skipLink = page.getByRole('button', { name: 'Skip to the matrices' });
  await skipLink.press('Enter');
  const introduction = page.getByRole('region', { name: 'Introduction in three captions' });
  await expect(introduction).toBeFocused();
  await expect(introduction).toHaveAccessibleDescription(/^The owl W₀ stays frozen/);
  await page.keyboard.press('Escape');
  await expect(page.locator('.caption')).toHaveCount(0);
  expect(await focused()).toBe('main');
  await skipLink.press('Enter');
  expect(await focused()).toBe('main');
  await page.evaluate(() => localStorage.clear());
  await page.goto('about:blank');
  await page.goto('./?backend=cpu');
  await page.getByRole('button', { name: 'Caption 2 of 3' }).click();
  await expect.poll(async () => (await runOf(page)).status).toBe('training');
  await page.getByRole('button', { name: 'Skip', exact: true }).click();
  await expect(page.locator('.caption')).toHaveCount(0);
  expect(await focused()).toBe('main');
  // At the pace of the page, to its end.
  expect(['training', 'finished']).toContain((await runOf(page)).status);
});

test('it never plays on a link', async ({ page }) => {
  for (const address of ['./?backend=cpu#v=1', './?backend=cpu#v=1&target=edit&view=embed']) {
    await page.goto('about:blank');
    await page.goto(address);
    await ready(page);
    await expect(page.locator('.strip')).toBeVisible();
    await expect(page.locator('.caption')).toHaveCount(0);
  }
});

test('a script that trains ends it', async ({ page }) => {
  await visit(page);
  expect((await train(page, 5)).trace.loss).toHaveLength(6);
  await expect(page.locator('.caption')).toHaveCount(0);
});

test.describe('with less motion', () => {
  test.use({ reducedMotion: 'reduce' });

  test('it waits for Next', async ({ page }) => {
    await page.goto('./?backend=cpu');
    await ready(page);
    const next = page.getByRole('button', { name: 'Next' });
    await expect(next).toBeVisible();
    await next.click();
    await expect(page.getByText('step 20 of 300').first()).toBeVisible();
    await expect(caption(page)).toHaveText(
      'Only B and A are trained. Their product ΔW draws sunglasses, and W wears them.',
    );
    await next.click();
    await expect(caption(page)).toHaveText(/Your turn:$/);
    await expect(next).toHaveCount(0);
  });
});

test('on a phone what a caption names is framed, and no line is drawn', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await visit(page);
  await expect(page.locator('.marks .frame')).not.toHaveCount(0);
  await expect(page.locator('.marks path')).toHaveCount(0);
  await axeFindsNothing(page, 'the opening on a phone');
});

test.describe('an experiment', () => {
  test.use({ firstVisit: false });

  test('says what to watch, with its act, until that is hidden; About names version and papers', async ({ page }) => {
    await page.goto('./?backend=cpu');
    await ready(page);
    await page.getByRole('combobox', { name: 'Experiment' }).selectOption({ label: 'Dead start: A = B = 0' });
    const note = page.getByRole('note', { name: 'About this experiment' });
    await expect(note).toContainText('Watch:');
    await note.getByRole('button', { name: 'Limits' }).click();
    await expect(note).toContainText('Limits:');
    await note.getByRole('button', { name: 'Use kaiming instead' }).click();
    await expect.poll(() => link(page)).toContain('init=kaiming-uniform');
    await expect.poll(async () => (await runOf(page)).trace.loss.length).toBeGreaterThan(1);
    await page.getByRole('combobox', { name: 'Experiment' }).selectOption({ label: 'Merging in bfloat16' });
    await note.getByRole('button', { name: 'Merge now' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await note.getByRole('button', { name: 'Hide this note' }).click();
    await expect(note).toHaveCount(0);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'About' }).click();
    await expect(page.getByRole('dialog')).toContainText('arXiv 2106.09685');
    await axeFindsNothing(page, 'About');
  });
});

test.describe('What is LoRA?', () => {
  test.use({ firstVisit: false });

  test('takes the place of the rail, works the lab step by step, with keys alone, and goes back to it', async ({
    page,
  }) => {
    await page.goto('./?backend=cpu#v=1&pace=0.1');
    await ready(page);
    await page.getByRole('button', { name: /What is LoRA/ }).click();
    const lesson = page.getByRole('complementary', { name: 'Lesson: What is LoRA?' });
    await expect(lesson).toContainText('One large matrix is frozen');
    expect(await link(page)).toContain('lesson=what-is-lora');
    await expect(page.locator('.rail')).toHaveCount(0);
    const act = async (name: string) => {
      await lesson.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
      await expect(lesson.locator('.seen')).not.toBeEmpty();
    };
    const next = async () => {
      await lesson.getByRole('button', { name: 'Next' }).focus();
      await page.keyboard.press('Enter');
    };
    await expect(page.locator('.marks .frame')).toHaveCount(1);
    await act('Train 20 steps');
    expect((await runOf(page)).trace.loss).toHaveLength(21);
    await next();
    await act('Train');
    await next();
    await expect(lesson.getByRole('heading', { name: 'The rank is the limit' })).toBeFocused();
    await axeFindsNothing(page, 'a lesson');
    await act('Set rank 1');
    await expect(lesson.locator('.seen')).toContainText('The error stops at 0.644.');
    await next();
    await act('Set rank 8');
    await next();
    await expect(page.getByText(/Finished, 30 of 30 steps/).first()).toBeVisible();
    await act('Set α = 16');
    expect(await link(page)).toMatch(/alpha=16&.*lr=0.005/);
    await lesson.getByRole('button', { name: 'Go to the lab' }).click();
    await expect(page.locator('.rail')).toBeVisible();
    expect(await link(page)).not.toContain('lesson=');
    // No act has waited for the pace of the page, and none has changed it.
    expect(await link(page)).toContain('pace=0.1');
  });
});
